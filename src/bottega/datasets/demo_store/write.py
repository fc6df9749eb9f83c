"""Writes a demo shop as the files a merchant would export: catalogue.jsonl, events.csv, shoppers.csv, policies.md,
images/; and truth.json."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bottega.datasets.demo_store.catalogue import DAYS, DemoCatalogue, design_catalogue
from bottega.datasets.demo_store.departments import DEPARTMENTS
from bottega.datasets.demo_store.log import Log
from bottega.datasets.demo_store.mess import add_bots, event_table, identify, public_numbers
from bottega.datasets.demo_store.people import people_table
from bottega.datasets.demo_store.pictures import draw_all
from bottega.datasets.demo_store.rules import RULES_NAME, RULES_TEXT
from bottega.datasets.demo_store.sessions import Simulation
from bottega.datasets.demo_store.shelves import Shelves
from bottega.datasets.demo_store.shoppers import draw_shoppers
from bottega.datasets.demo_store.truth import truth_of
from bottega.datasets.demo_store.wording import START_MS, picture_design, product_rows
from bottega.errors import RequestInvalid, SourceUnreadable
from bottega.names import DAY_MS
from bottega.progress import Progress, silent

__all__ = ["DemoFiles", "write_demo_shop"]

_CHUNK = 20_000
"""Shoppers simulated at a time, so that memory stays small."""
_BOT_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What was written, and how much of it."""

    catalogue: Path
    """JSON Lines; keys are the fields of `Product`."""
    events: Path
    """CSV with a header, in order of arrival."""
    images: Path
    """The folder that the catalogue's `images/...` paths lie in; empty without pictures."""
    truth: Path
    """What was true in the simulation. Not for import."""
    shoppers: Path
    """CSV with a header: the names of those who log in."""
    policies: Path
    """Markdown: the shop's rules."""
    n_products: int
    n_events: int
    n_pictures: int


def write_demo_shop(
    folder: Path,
    *,
    products: int = 600,
    shoppers: int = 3000,
    seed: int = 7,
    pictures: bool = True,
    processes: int | None = None,
    now_ms: int | None = None,
    progress: Progress = silent,
) -> DemoFiles:
    """Design a catalogue, draw it, and simulate its shoppers for 120 days. The same arguments write the same bytes.

    With `now_ms` the days are moved by whole weeks, so that weekends stay weekends, to where that moment is among the
    last seven; what would happen after it is left out. Without it they are always the same days of 2025. Makes
    `folder` where it is missing and writes over an older demo shop in it. `pictures=False` leaves `images` of every
    product empty and draws nothing: for catalogues of any size. `processes` draw at the same time (default: one a
    core, at most 4). Raises `RequestInvalid` when a size is out of range, and `SourceUnreadable` when the folder cannot
    be made.
    """
    for name, value, least, most in (("products", products, 60, 10_000_000), ("shoppers", shoppers, 10, 10_000_000)):
        if not least <= value <= most:
            raise RequestInvalid(
                f"{name} is {value}.", allowed=f"It is {least} to {most}.", next_step="Choose another size."
            )
    designs, sales, acts = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3))
    images = folder / "images"
    try:
        images.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceUnreadable(
            f"The folder {folder} cannot be made: {error.strerror}.", next_step="Name a folder that you may write to."
        ) from error
    catalogue = design_catalogue(products, designs)
    start_ms = START_MS if now_ms is None else _start_for(now_ms)
    files = DemoFiles(
        folder / "catalogue.jsonl",
        folder / "events.csv",
        images,
        folder / "truth.json",
        folder / "shoppers.csv",
        folder / RULES_NAME,
        products,
        _write_events(folder, catalogue, shoppers, seed, sales, acts, start_ms, now_ms, progress),
        len(catalogue) if pictures else 0,
    )
    files.policies.write_text(RULES_TEXT, encoding="utf-8")
    with files.catalogue.open("w", encoding="utf-8") as stream:
        for i, row in enumerate(product_rows(catalogue, start_ms=start_ms, pictures=pictures)):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            if i % 1000 == 0:
                progress("writing the catalogue", i, products)
    if pictures:
        jobs = [
            (images / f"{DEPARTMENTS[catalogue.department[i]].code}-{i:05d}.jpg", picture_design(catalogue, i, seed))
            for i in range(len(catalogue))
        ]
        draw_all(jobs, processes=min(os.cpu_count() or 1, 4) if processes is None else processes, progress=progress)
    return files


def _start_for(now_ms: int) -> int:
    """The first moment of a simulation whose last seven days hold this one, as many whole weeks from the usual one."""
    weeks = -(-(now_ms - START_MS - DAYS * DAY_MS) // (7 * DAY_MS))
    return START_MS + weeks * 7 * DAY_MS


def _write_events(
    folder: Path,
    catalogue: DemoCatalogue,
    shoppers: int,
    seed: int,
    people: np.random.Generator,
    acts: np.random.Generator,
    start_ms: int,
    now_ms: int | None,
    progress: Progress,
) -> int:
    """Simulate, make a mess, write events.csv, shoppers.csv and truth.json; returns the number of events."""
    everyone = draw_shoppers(shoppers, people)
    bots = max(1, round(shoppers * _BOT_SHARE))
    who = identify(shoppers, bots, people)
    end_ms = start_ms + DAYS * DAY_MS
    log = Log(start_ms, end_ms if now_ms is None else min(end_ms, now_ms))
    shelves = Shelves(catalogue)
    session = 0
    for first in range(0, shoppers, _CHUNK):
        part = everyone.take(slice(first, first + _CHUNK))
        session = Simulation(catalogue, part, shelves, acts, first_shopper=first, first_session=session).run(
            log, progress=progress
        )
    add_bots(log, catalogue, shoppers + np.arange(bots), session, acts, start_ms=start_ms)
    ids = [
        f"{number}-{d.sizes[k]}" if last - start > 1 else number
        for i, (start, last) in enumerate(
            zip(catalogue.offsets[:-1].tolist(), catalogue.offsets[1:].tolist(), strict=True)
        )
        for d in (DEPARTMENTS[catalogue.department[i]],)
        for number in (f"{d.code}-{i:05d}",)
        for k in range(last - start)
    ]
    sizes = np.concatenate([everyone.size, np.zeros(bots, dtype=np.int32)]).astype(np.int64)
    progress("writing events", 0, None)
    table = event_table(log.columns(), catalogue, ids, sizes, who, acts)
    table.write_csv(folder / "events.csv")
    people_table(shoppers, public_numbers(shoppers + bots), who.guest, seed).write_csv(folder / "shoppers.csv")
    (folder / "truth.json").write_text(
        json.dumps(truth_of(seed, catalogue, everyone, who, start_ms=start_ms)), encoding="utf-8"
    )
    return len(table)
