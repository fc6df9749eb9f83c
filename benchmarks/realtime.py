"""How soon an event changes the answer: one step from a kept state, or the whole history again; page: realtime.md.

    python benchmarks/realtime.py --sequences Beauty.txt.gz [--attributes FILE] [--lengths 10,50,200] [--json]

An event comes in for a shopper who has so many events already; the clock runs until the ten best of all products are
there. The ways take turns, event by event, on one thread, so that whatever else the machine does falls on all alike.
Histories are random products of the catalogue and the models learn for a moment only: neither changes the arithmetic.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table

from bottega.datasets.arrays import Features, Histories
from bottega.datasets.sequences import read_sequences
from bottega.errors import BottegaError
from bottega.models.recommend.base import top
from bottega.models.recommend.sequence.next_item import NextItem
from bottega.models.recommend.sequence.recurrent import Recurrent
from bottega.names import KindCode

KEPT = "recurrent, kept state"
LEARNERS = 300
"""Shoppers that the models learn from before they are timed."""
GAP_MS = 60_000
WARM = 10
"""Events before the clock counts."""

Way = Callable[[int, int], None]
"""Takes an event's place in the run and its product through to the ten best products."""


def ways(histories: Histories, features: Features, length: int, events: int, seed: int) -> dict[str, Way]:
    """The ways from an event to its answer, by name; histories of `length` events, the new one included."""
    rng = np.random.default_rng(seed)
    few = histories.take(slice(0, LEARNERS))
    recurrent = Recurrent(replace(Recurrent().config, epochs=1)).fit(few, features, rng=rng)
    next_item = NextItem(replace(NextItem().config, epochs=1)).fit(few, features, rng=rng)
    before = rng.integers(0, histories.n_items, (events, length - 1))
    states = []
    for row in before.tolist():
        state = recurrent.begin()
        for item in row:
            state = recurrent.step(state, item, KindCode.VIEW, GAP_MS)
        states.append(state)

    def kept(event: int, item: int) -> None:
        after = recurrent.step(states[event], item, KindCode.VIEW, GAP_MS)
        top(recurrent.score_states([after]), 10)

    def again(model: Recurrent | NextItem) -> Way:
        def way(event: int, item: int) -> None:
            row = [[*before[event].tolist(), item]]
            kinds, times = [[int(KindCode.VIEW)] * length], [list(range(0, GAP_MS * length, GAP_MS))]
            whole = Histories.from_lists(row, n_items=histories.n_items, kinds=kinds, times=times)
            top(model.score(whole), 10)

        return way

    return {KEPT: kept, "recurrent, whole history": again(recurrent), "next_item, whole history": again(next_item)}


def measure(histories: Histories, features: Features, length: int, events: int, seed: int) -> list[dict[str, Any]]:
    """One line a way: percentiles in ms, and how many times as long as the kept state its median is."""
    chosen = ways(histories, features, length, events, seed)
    took_ms: dict[str, list[float]] = {name: [] for name in chosen}
    items = np.random.default_rng(seed + 1).integers(0, histories.n_items, events).tolist()
    for event, item in enumerate(items):
        for name, way in chosen.items():
            started = time.perf_counter()
            way(event, item)
            took_ms[name].append(1000 * (time.perf_counter() - started))
    found = {name: np.quantile(values[WARM:], [0.5, 0.99]) for name, values in took_ms.items()}
    return [
        {"way": name, "length": length, "products": histories.n_items, "events": events - WARM}
        | {"p50_ms": round(p50, 3), "p99_ms": round(p99, 3), "times_kept": round(p50 / found[KEPT][0], 2)}
        for name, (p50, p99) in found.items()
    ]


def main(
    sequences: Annotated[Path, typer.Option(help="A line a user, `user item item ...`, oldest first; plain or .gz.")],
    attributes: Annotated[Path | None, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")] = None,
    lengths: Annotated[str, typer.Option(help="Events of a history, the new one included; with commas.")] = "10,50,200",
    events: Annotated[int, typer.Option(min=WARM + 10, help="Events timed for each length.")] = 300,
    seed: Annotated[int, typer.Option(help="Seed of models and histories.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Time the way from an event to the changed answer."""
    torch.set_num_threads(1)
    try:
        histories, features, _, _ = read_sequences(sequences, attributes)
    except BottegaError as error:
        raise SystemExit(str(error)) from error
    lines = []
    for length in lengths.split(","):
        lines += measure(histories, features, int(length), events, seed)
    if as_json:
        for line in lines:
            print(json.dumps(line))
        return
    title = f"{sequences.name}: {histories.n_items:,} products, one thread, {events - WARM} events a row"
    table = Table("way", "events of the history", "p50 ms", "p99 ms", "times the kept state", title=title)
    for line in lines:
        cells = [f"{line['p50_ms']:.2f}", f"{line['p99_ms']:.2f}", f"{line['times_kept']:.1f}"]
        table.add_row(line["way"], str(line["length"]), *cells)
    Console(width=120).print(table)


if __name__ == "__main__":
    typer.run(main)
