"""Write a demo shop's files: a catalogue with pictures and the events of simulated shoppers, ready to import."""

from __future__ import annotations

from pathlib import Path

from bottega.datasets.demo_store import DemoFiles, write_demo_shop
from bottega.progress import Progress, silent

__all__ = ["DemoFiles", "write_demo"]


def write_demo(
    folder: Path | str,
    *,
    products: int = 600,
    shoppers: int = 3000,
    seed: int = 7,
    pictures: bool = True,
    now_ms: int | None = None,
    progress: Progress = silent,
) -> DemoFiles:
    """Write catalogue.jsonl, events.csv, shoppers.csv, policies.md, images/ and truth.json into `folder`.

    The same arguments, the same files. With `now_ms` the events end at that moment, else in November 2025.
    Raises `RequestInvalid` when a size is out of range, and `SourceUnreadable` when the folder cannot be made.
    """
    return write_demo_shop(
        Path(folder),
        products=products,
        shoppers=shoppers,
        seed=seed,
        pictures=pictures,
        now_ms=now_ms,
        progress=progress,
    )
