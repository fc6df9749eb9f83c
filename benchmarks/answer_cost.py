"""What an answer costs in process, by stage: all state new, after an event, with no event since; and lists in batch.

    python benchmarks/answer_cost.py [--shop FOLDER | --products 12000 --epochs 3] [--asked 150] [--before SRC] [--json]

CPU of the thread, the least of a few tries of each question (of an event: each once), in microseconds. `--before` is
the `src` folder of another commit: it answers the same questions of the same shop in this run, without stages.
Without --shop a demo shop is written, imported and trained first, its networks for a few epochs.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answer_questions import mixed_questions, opened
from bottega.actions.recommend import recommend as answering
from bottega.actions.recommend import selection
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.open_shop import OpenShop
from common import machine, peak_mb

TRIES = 3
STAGES = (
    (answering, "_look_up", "history, purchases, whom to ask"),
    (selection, "_pool", "candidates and scores"),
    (selection, "calibrated", "one scale"),
    (selection, "_learnt_rules", "cart, purchases, tastes"),
    (selection, "_dialled", "dials"),
    (selection, "fill_list", "places"),
    (answering, "_items", "reasons"),
    (answering, "_json", "JSON"),
)


def made(folder: Path, products: int, epochs: int) -> None:
    """A demo shop, trained."""
    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
    from bottega.actions.recommend.train import train
    from bottega.datasets.demo_store import write_demo_shop
    from bottega.models.recommend.blend.members import MEMBERS

    files = write_demo_shop(folder / "files", products=products, shoppers=products // 2, pictures=False)
    with opened(folder) as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue))
        import_events(shop, ImportEventsRequest(source=files.events))
        MEMBERS["variational"] = {"epochs": epochs}
        train(shop, TrainRequest())


@contextmanager
def watched(spent: dict[str, int]) -> Iterator[None]:
    """Every stage adds what it takes to `spent`."""
    plain: list[tuple[Any, str, Callable[..., Any]]] = []
    for module, name, told in STAGES:
        function = getattr(module, name)
        plain.append((module, name, function))

        def timed(*given: Any, _function: Callable[..., Any] = function, _told: str = told, **named: Any) -> Any:
            started = time.thread_time_ns()
            found = _function(*given, **named)
            spent[_told] += time.thread_time_ns() - started
            return found

        setattr(module, name, functools.wraps(function)(timed))
    try:
        yield
    finally:
        for module, name, function in plain:
            setattr(module, name, function)


def cost(
    shop: OpenShop, asked: list[RecommendationRequest], prepare: Callable[[RecommendationRequest], None], tries: int
) -> dict[str, float]:
    """Microseconds of an answer, whole and by stage; `prepare` is done before each and not counted."""
    sums: dict[str, float] = defaultdict(float)
    spent: dict[str, int] = defaultdict(int)
    with watched(spent):
        for request in asked:
            least: dict[str, int] | None = None
            for _ in range(tries):
                prepare(request)
                spent.clear()
                started = time.thread_time_ns()
                answering.recommend_json(shop, [request])
                whole = time.thread_time_ns() - started
                if least is None or whole < least["all"]:
                    least = {"all": whole, **spent}
            assert least is not None
            for name, value in least.items():
                sums[name] += value / 1000 / len(asked)
    return {name: round(value, 1) for name, value in sums.items()}


def measured(folder: Path, count: int) -> dict[str, Any]:
    """All figures of this commit."""
    with opened(folder) as shop:
        shop.warm()
        started = time.thread_time_ns()
        first = mixed_questions(shop, count)
        answering.recommend_json(shop, first[:1])
        told: dict[str, Any] = {"first_answer_ms": round((time.thread_time_ns() - started) / 1e6, 1)}
        gc.collect()
        gc.freeze()
        for request in first:
            answering.recommend_json(shop, [request])
        products = [product.id for product in shop.store.products.all() if product.recommendable]
        known = [request for request in first if request.shopper and not request.shopper.startswith("stranger")]

        def forget(_: RecommendationRequest) -> None:
            with shop.floor() as floor:
                floor.answering.states.clear()

        def view(request: RecommendationRequest) -> None:
            moment = time.time_ns() // 1_000_000
            seen = products[hash((request.shopper, moment)) % len(products)]
            shop.record([Event(shopper_id=request.shopper, product_id=seen, kind=EventKind.VIEW, time_ms=moment)])
            shop.profile(request.shopper or "")
            with shop.floor() as floor:
                floor.past(request.shopper)  # its rows are read: what that costs is the store's

        told["new state"] = cost(shop, first, forget, TRIES)
        told["no event since"] = cost(shop, first, lambda _: None, TRIES)
        told["after an event"] = cost(shop, known, view, 1)
        for name, explain in (("batch, lists a second", False), ("batch with reasons, lists a second", True)):
            batch = [RecommendationRequest(shopper=request.shopper, explain=explain) for request in known]
            seconds, wall = time.process_time(), time.perf_counter()
            answering.recommend_json(shop, batch)
            told[name] = round(len(batch) / max(time.process_time() - seconds, 1e-9))
            told[f"{name}, by the clock"] = round(len(batch) / (time.perf_counter() - wall))
        told["peak_mb"] = round(peak_mb())
    return told


BEFORE = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.shop.open_shop import OpenShop
import json
with OpenShop.open(sys.argv[1]) as shop:
    shop.warm()
    asked = [RecommendationRequest.model_validate(one) for one in json.loads(Path(sys.argv[2]).read_text())]
    for request in asked:
        recommend(shop, request)
    total = 0
    for request in asked:
        tries = []
        for _ in range(3):
            started = time.thread_time_ns()
            recommend(shop, request).model_dump_json()
            tries.append(time.thread_time_ns() - started)
        total += min(tries)
    print(json.dumps({"all": round(total / 1000 / len(asked), 1)}))
"""


def before(folder: Path, source: Path, count: int) -> dict[str, float]:
    """The same questions answered by another commit."""
    with opened(folder) as shop, tempfile.TemporaryDirectory() as place:
        asked = [
            request.model_dump(mode="json", by_alias=True, exclude_none=True)
            for request in mixed_questions(shop, count)
        ]
        path = Path(place) / "asked.json"
        path.write_text(json.dumps(asked))
        command = [sys.executable, "-c", BEFORE, str(folder), str(path), str(source)]
        found = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(source)}
        )
    told: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shop", type=Path)
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--asked", type=int, default=150)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.shop or Path(temporary)
        if asked.shop is None:
            made(folder, asked.products, asked.epochs)
        told = {"before": before(folder, asked.before, asked.asked)} if asked.before else {}
        told |= measured(folder, asked.asked)
    if asked.json:
        print(json.dumps(told))
        return
    print(machine(), file=sys.stderr)
    for name, value in told.items():
        if isinstance(value, dict):
            print(f"{name}, us")
            for stage, each in value.items():
                print(f"  {stage:35} {each:10,.0f}")
        else:
            print(f"{name:37} {value:10,.0f}")


if __name__ == "__main__":
    main()
