"""Keep a training: its files put whole where servers find them, and the run written down."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bottega.memory import peak_bytes
from bottega.shop.folder import ShopFolder
from bottega.store.runs import ModelRun

__all__ = ["drawn_name", "keep_run", "marked", "new_version", "sweep_unfinished"]

_mark: ContextVar[str] = ContextVar("mark", default="")


@contextmanager
def marked(mark: str) -> Iterator[None]:
    """Inside, new versions are this one: a job that is taken up again makes the same version, not a second one."""
    token = _mark.set(mark)
    try:
        yield
    finally:
        _mark.reset(token)


def new_version() -> str:
    """A version that tells the time to whoever reads it; which is newer, the numbers of runs say."""
    return _mark.get() or datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def drawn_name(shop: ShopFolder, what: str, size: int) -> str:
    """A name of `size` bytes in hex that nobody can guess; in a job, of its one `what` the same whenever it is taken up
    again, so that what an earlier attempt made is made over and not twice."""
    mark = _mark.get()
    if not mark:
        return secrets.token_hex(size)
    key = shop.store.identity().to_bytes(8, "big")
    return blake2b(f"{what}:{mark}".encode(), key=key, digest_size=size).hexdigest()


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
