"""Lists a second in batch: ours with rules and reasons from live events, peers' bare numbers; page: batch_peers.md.

    python benchmarks/batch_peers.py [--shop FOLDER] [--products 12000] [--shoppers 2000] [--json]

All learn from the same events of one shop and answer for the same shoppers, ten products each, what they had already
left out, on one thread, in one run. Peers come from their own packages (the extra `peers`); one that is not installed
is named. A list's cost is processor time, so that what else the machine does counts for nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bottega.actions.recommend.recommend import recommend_many
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.datasets.load import load_dataset
from bottega.shop.open_shop import OpenShop
from common import machine
from serving import make_shop

COUNT = 10
"""Products of a list."""
SEED = 5
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One thread for everybody; libraries read these when they are loaded."""
BATCHES = (1, 16, 256)
"""Shoppers that ours are asked for at a time."""


@dataclass(frozen=True)
class Row:
    """What one of them did."""

    who: str
    trained_s: float
    lists: int
    cpu_ms: float
    """Processor milliseconds a list."""
    lists_a_second: float
    """Of one core."""


def timed(who: str, trained_s: float, lists: int, answer: Callable[[], object]) -> Row:
    answer()  # what is compiled or loaded at the first call is no answer's cost
    started = time.process_time()
    answer()
    spent = time.process_time() - started
    row = Row(who, round(trained_s, 1), lists, round(1000 * spent / lists, 3), round(lists / spent, 1))
    print(row, file=sys.stderr, flush=True)
    return row


def ours(shop: OpenShop, shoppers: list[str]) -> Iterator[Row]:
    """The default, asked as the HTTP door asks it, at several sizes of a batch, with and without reasons."""
    for explain in (True, False):
        asked = [RecommendationRequest(shopper=name, n=COUNT, explain=explain) for name in shoppers]
        for size in BATCHES:
            few = asked[: max(size, 400)] if size == 1 else asked

            def answer(few: list[RecommendationRequest] = few, size: int = size) -> None:
                for start in range(0, len(few), size):
                    recommend_many(shop, few[start : start + size])

            told = "" if explain else ", no reasons"
            yield timed(f"Bottega, {size} at a time{told}", float("nan"), len(few), answer)


def implicit_rows(events: sparse.csr_matrix, rows: np.ndarray) -> Iterator[Row]:
    """ALS and BM25 neighbours of the package implicit."""
    als, neighbours = import_module("implicit.als"), import_module("implicit.nearest_neighbours")
    models: dict[str, Any] = {
        "implicit ALS, 64 factors": als.AlternatingLeastSquares(factors=64, num_threads=1, random_state=SEED),
        "implicit BM25, 100 neighbours": neighbours.BM25Recommender(K=100, num_threads=1),
    }
    for who, model in models.items():
        started = time.process_time()
        model.fit(events, show_progress=False)
        trained_s = time.process_time() - started
        yield timed(who, trained_s, len(rows), partial(model.recommend, rows, events[rows], N=COUNT))


def rectools_rows(events: sparse.csr_matrix, rows: np.ndarray) -> Iterator[Row]:
    """EASE of the package RecTools, answers as its data frames."""
    columns, dataset_of = import_module("rectools").Columns, import_module("rectools.dataset").Dataset
    told = events.tocoo()
    frame = import_module("pandas").DataFrame(
        {columns.User: told.row, columns.Item: told.col, columns.Weight: told.data}
    )
    frame[columns.Datetime] = "2026-01-01"
    dataset = dataset_of.construct(frame)
    model = import_module("rectools.models").EASEModel(regularization=500.0, recommend_n_threads=1)
    started = time.process_time()
    model.fit(dataset)
    trained_s = time.process_time() - started
    yield timed(
        "RecTools EASE",
        trained_s,
        len(rows),
        lambda: model.recommend(users=rows, dataset=dataset, k=COUNT, filter_viewed=True),
    )


def benchmark(folder: Path, count: int) -> tuple[list[Row], list[str]]:
    with OpenShop.open(folder, threads=1) as shop:
        shop.warm()
        dataset = load_dataset(shop.store)
        events = sparse.csr_matrix(dataset.histories.matrix(), dtype=np.float32)
        active = np.flatnonzero(np.diff(events.indptr))
        rows = np.sort(np.random.default_rng(SEED).permutation(active)[:count]).astype(np.int32)
        found = list(ours(shop, [dataset.shoppers[row] for row in rows.tolist()]))
    missing = []
    for package, peers in (("implicit", implicit_rows), ("rectools", rectools_rows)):
        try:
            found += peers(events, rows)
        except ImportError as error:
            missing.append(f"{package} ({error})")
    return found, missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, help="a trained shop instead of a new demo shop")
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--shoppers", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if THREADS.items() - os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | THREADS)
    warnings.simplefilter("ignore")  # peers'
    with tempfile.TemporaryDirectory() as work:
        folder = chosen.shop or Path(work) / "shop"
        if chosen.shop is None:
            make_shop(folder, chosen.products, "blend")
        found, missing = benchmark(folder, chosen.shoppers)
    if chosen.json:
        for row in found:
            print(json.dumps(asdict(row)))
        print(json.dumps({"missing": missing, "machine": machine()}))
        return
    print(f"\n{machine()}; {COUNT} products a list\n")
    print("| who | trained in | CPU ms a list | lists a second of a core |\n|---|---|---|---|")
    for row in found:
        trained = "" if np.isnan(row.trained_s) else f"{row.trained_s} s"
        print(f"| {row.who} | {trained} | {row.cpu_ms} | {row.lists_a_second} |")
    for name in missing:
        print(f"\nnot installed: {name}")


if __name__ == "__main__":
    main()
