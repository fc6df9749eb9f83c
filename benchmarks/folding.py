"""What folding costs: the look of each writing of events at whether any were folded, and a fold of a million of them.

    python benchmarks/folding.py [--added 100000] [--folded 1000000] [--databases sqlite,postgresql]

The look: events of just now are added in three ways in turns, a call each, so that whatever else the machine does
reaches all alike: as Bottega does, which asks the store only of what is old enough to be folded; asking each time; and
never asking. The fold: two years of events, of which all but the last month go; a process of its own folds them.
PostgreSQL is a server of one's own that is thrown away (with fsync off, as a server with a battery has it).
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.queues import SimpleQueue
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from sqlalchemy import Connection

import postgresql_server as servers
from bottega.events.batch import EVENT_COLUMNS, schema_of
from bottega.store import events as event_store
from bottega.store.folded import folded_until
from bottega.store.store import Store
from common import machine, peak_mb, processor

SHOPPERS, PRODUCTS = 20_000, 10_000
BEGAN_MS, SPAN_MS = 1_704_067_200_000, 730 * 86_400_000
KEPT_MS = BEGAN_MS + SPAN_MS - 30 * 86_400_000
SIZES = {1: 0.03, 100: 0.97}
"""Events in one call, and the share of all that is added so."""
_Rows = list[tuple[Any, ...]]
_Way = Callable[[Connection, _Rows], _Rows]
_TIME = list(EVENT_COLUMNS).index("time_ms")
AT_ONCE = 50_000


def some_events(first: int, count: int, spread: int) -> pl.DataFrame:
    """Events from one number on, of random shoppers on random products, a few popular and many rare (Zipf)."""
    rng, numbers = np.random.default_rng(first), np.arange(first, first + count)
    drawn = pl.DataFrame(
        {
            "event_id": [f"e-{number}" for number in numbers],
            "shopper_id": [f"s-{number}" for number in rng.integers(SHOPPERS, size=count)],
            "kind": rng.choice([1, 4, 6], size=count, p=[0.8, 0.13, 0.07]),
            "product_id": [f"p-{number}" for number in (rng.zipf(1.2, size=count) - 1) % PRODUCTS],
            "time_ms": BEGAN_MS + numbers * (SPAN_MS // spread),
            "quantity": np.ones(count),
        }
    )
    schema = schema_of(EVENT_COLUMNS)
    return drawn.select(
        [
            (pl.col(name) if name in drawn.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in schema.items()
        ]
    )


@contextmanager
def a_store(database: str) -> Iterator[str]:
    """The address of an empty database."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/shop.db"
        return
    programs = servers.postgresql_programs()
    if programs is None:
        raise SystemExit("PostgreSQL's server programs (initdb, pg_ctl) are not installed here.")
    with servers.postgresql_server(programs) as folder:
        yield servers.empty_schema(folder)


def the_look(database: str, added: int) -> None:
    """Lines of the table: processor microseconds an event of each way."""
    ways: dict[str, _Way] = {"never": _never, "each time": _always, "now": event_store._not_folded}
    with a_store(database) as url, Store.open(url) as store:
        store.events.add_frame(some_events(0, 1000, 1_000_000))
        first = 1000
        for size, share in SIZES.items():
            calls = int(added * share) // size // len(ways) * len(ways)
            spent: dict[str, list[float]] = {way: [] for way in ways}
            for call in range(calls):
                way = list(ways)[call % len(ways)]
                frame = some_events(first, size, 1_000_000)
                frame = frame.with_columns(time_ms=pl.lit(time.time_ns() // 1_000_000).cast(pl.Int64))
                first += size
                with patch.object(event_store, "_not_folded", ways[way]):
                    began = time.process_time()
                    store.events.add_frame(frame)
                    spent[way].append(time.process_time() - began)
            us = {way: 1e6 * float(np.mean(all_)) / size for way, all_ in spent.items()}
            told = " | ".join(f"{us[way]:,.1f}" for way in ("never", "each time", "now"))
            more = " | ".join(f"{us[way] / us['never'] - 1:+.1%}" for way in ("each time", "now"))
            print(f"| {database} | {size:,} | {calls * size:,} | {told} | {more} |", flush=True)


def _never(connection: Connection, rows: _Rows) -> _Rows:
    return rows


def _always(connection: Connection, rows: _Rows) -> _Rows:
    until_ms = folded_until(connection)
    return [row for row in rows if row[_TIME] >= until_ms] if until_ms else rows


def _fold(url: str, said: SimpleQueue[tuple[int, float, float, float, float]]) -> None:
    with Store.open(url) as store:
        store.folded.until_ms()
        before, wall, cpu = peak_mb(), time.perf_counter(), time.process_time()
        gone = store.folded.fold(KEPT_MS, "assumed")
        said.put((gone, time.perf_counter() - wall, time.process_time() - cpu, before, peak_mb()))


def the_fold(database: str, folded: int) -> None:
    """A line of the table: seconds and memory of one fold, and what is left."""
    with a_store(database) as url:
        with Store.open(url) as store:
            for first in range(0, folded, AT_ONCE):
                store.events.add_frame(some_events(first, min(AT_ONCE, folded - first), folded))
        context = multiprocessing.get_context("spawn")
        said = context.SimpleQueue()
        process = context.Process(target=_fold, args=(url, said))
        process.start()
        gone, wall, cpu, before, after = said.get()
        process.join()
        with Store.open(url) as store:
            counts = len(store.folded.counts())
    print(
        f"| {database} | {gone:,} of {folded:,} | {counts:,} | {wall:.1f} | {cpu:.1f} | {after - before:.0f} "
        f"| {after:.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--added", type=int, default=100_000)
    parser.add_argument("--folded", type=int, default=1_000_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    asked = parser.parse_args()
    databases = asked.databases.split(",")
    print(processor())
    print(machine(), file=sys.stderr)
    if asked.added:
        print(
            "\n| database | a call | events | CPU us an event, never asking | each time | now "
            "| more, each time | more, now |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for database in databases:
            the_look(database, asked.added)
    if asked.folded:
        print("\n| database | folded | counts made | s | CPU s | more MB | peak MB |\n|---|---|---|---|---|---|---|")
        for database in databases:
            the_fold(database, asked.folded)


if __name__ == "__main__":
    main()
