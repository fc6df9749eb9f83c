"""Keep a training: its files put whole where servers find them, and the run written down."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bottega.memory import peak_bytes
from bottega.shop.folder import ShopFolder
from bottega.shop.marks import new_version
from bottega.store.runs import ModelRun

__all__ = ["keep_run", "sweep_unfinished"]


def keep_run(
    shop: ShopFolder,
    save: Callable[[Path], None],
    *,
    room: str,
    ability: str,
    name: str,
    folder: Path,
    started: float,
    seed: int,
    products: int,
    version: str | None = None,
    events_seen: int = 0,
    shoppers: int = 0,
    measures: dict[str, Any] | None = None,
    events_until_ms: int | None = None,
) -> ModelRun:
    """Let `save` write into a hidden folder (with an empty `model/` in it), make it `folder/version`, record it.

    `started`: `time.monotonic()` when the training began. A run that is recorded has its files; a stop before leaves
    nothing that a server would read.
    """
    version = version or new_version()
    target = folder / version
    run = ModelRun(
        name=name,
        version=version,
        room=room,
        ability=ability,
        trained_at_ms=time.time_ns() // 1_000_000,
        seconds=round(time.monotonic() - started, 2),
        peak_mb=round((peak_bytes() or 0) / 1024**2, 1),
        products=products,
        events_seen=events_seen,
        shoppers=shoppers,
        folder=str(target.relative_to(shop.root)),
        measures=measures or {},
        events_until_ms=events_until_ms,
    )
    work = target.with_name(f".{version}")
    shutil.rmtree(work, ignore_errors=True)
    try:
        (work / "model").mkdir(parents=True)
        save(work)
        (work / "card.json").write_text(json.dumps({**asdict(run), "seed": seed}, indent=2))
        shutil.rmtree(target, ignore_errors=True)  # left by a stop between here and the next line but one
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    shop.files.share_folder(run.folder)
    shop.store.runs.add(run)
    return run


def sweep_unfinished(shop: ShopFolder, mark: str) -> None:
    """Delete what a training of this mark left behind when it was killed."""
    for work in shop.models.glob(f"*/*/.{mark}"):
        shutil.rmtree(work, ignore_errors=True)
