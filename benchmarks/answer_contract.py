"""Are answers made on candidates as good as those made on the whole catalogue, and do they keep the rules?

    python benchmarks/answer_contract.py [--products 12000] [--asked 5000] [--ruled 10000] [--epochs 3] [--json]

A demo shop is written and imported; each shopper's last product, where it is new to them, is held back; the rest is
trained on (networks for a few epochs: both paths ask the same model). Both paths then answer the same requests.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from answer_questions import mixed_questions, opened, ruled_questions, violations
from bottega.actions.recommend.recommend import recommend_many
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.datasets.demo_store import write_demo_shop
from bottega.events.event import Event
from bottega.models.recommend.answering import pool
from bottega.models.recommend.blend.members import MEMBERS
from bottega.names import POSITIVE_KINDS, EventKind, KindCode
from bottega.shop.open_shop import OpenShop
from common import machine

COUNT = 10
BLOCK = 200


def prepared(folder: Path, products: int, epochs: int) -> tuple[OpenShop, dict[str, str]]:
    """A trained shop, and the next product of each shopper that it never heard of."""
    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest

    files = write_demo_shop(folder / "files", products=products, shoppers=products // 2, pictures=False)
    with opened(folder / "all") as everything:
        import_catalogue(everything, ImportCatalogueRequest(source=files.catalogue))
        import_events(everything, ImportEventsRequest(source=files.events))
        frame = everything.store.events.frame().drop_nulls("product_id").sort("time_ms", maintain_order=True)
    shop = opened(folder / "less")
    import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue))
    targets: dict[str, str] = {}
    kept: list[Event] = []
    for (shopper,), rows in frame.group_by("shopper", maintain_order=True):
        told = list(rows.iter_rows(named=True))
        own, next_one = told, told[-1]
        before = [row for row in told if row["product_id"] != next_one["product_id"]]
        new = len(before) == len(told) - 1 and next_one["kind"] in POSITIVE_KINDS
        if new and len(before) >= 2:
            targets[str(shopper)] = str(next_one["product_id"])
            own = told[:-1]
        kept += [
            Event(
                shopper_id=str(shopper),
                product_id=row["product_id"],
                kind=KindCode(row["kind"]).kind,
                time_ms=row["time_ms"],
                rating=row["rating"],
            )
            for row in own
        ]
    for start in range(0, len(kept), 5000):
        shop.record(kept[start : start + 5000])
    MEMBERS["variational"] = {"epochs": epochs}
    train(shop, TrainRequest())
    return shop, targets


def answers(
    shop: OpenShop, asked: list[RecommendationRequest], now_ms: int, *, whole: bool
) -> list[RecommendationAnswer]:
    """The answers of one path."""
    before, pool.WHOLE = pool.WHOLE, 10**9 if whole else pool.WHOLE
    try:
        found: list[RecommendationAnswer] = []
        for start in range(0, len(asked), BLOCK):
            for one in recommend_many(shop, asked[start : start + BLOCK], now_ms=now_ms):
                assert isinstance(one, RecommendationAnswer), one
                found.append(one)
        return found
    finally:
        pool.WHOLE = before


def gains(answers: list[RecommendationAnswer], targets: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """NDCG@10 and recall@10 of each answer."""
    places = [
        next((item.rank for item in answer.items if item.product_id == target), 0)
        for answer, target in zip(answers, targets, strict=True)
    ]
    ranks = np.array(places, dtype=np.float64)
    return np.where(ranks > 0, 1 / np.log2(np.maximum(ranks, 1) + 1), 0.0), (ranks > 0).astype(np.float64)


def compared(some: list[RecommendationAnswer], everything: list[RecommendationAnswer]) -> dict[str, float]:
    """How alike the lists of both paths are."""
    shared, shown, alike = 0, 0, 0
    for one, other in zip(some, everything, strict=True):
        wanted = {item.product_id: item.reasons for item in other.items}
        shown += len(wanted)
        here = [item for item in one.items if item.product_id in wanted]
        shared += len(here)
        alike += sum(item.reasons == wanted[item.product_id] for item in here)
    return {"overlap": shared / max(shown, 1), "reasons_equal": alike / max(shared, 1)}


def changed(shop: OpenShop, count: int, now_ms: int) -> int:
    """After how many of so many recorded events the shopper's next list is another one."""
    draw = np.random.default_rng(3)
    products = [product.id for product in shop.store.products.all() if product.recommendable]
    shoppers = shop.store.events.frame()["shopper"].unique(maintain_order=True).to_list()[:count]
    moved = 0
    for number, shopper in enumerate(shoppers):
        request = RecommendationRequest(shopper=shopper, explain=False)
        lists = []
        for event in (False, True):
            if event:
                seen = str(products[int(draw.integers(len(products)))])
                shop.record(
                    [Event(shopper_id=shopper, product_id=seen, kind=EventKind.VIEW, time_ms=now_ms - 10**6 + number)]
                )
            [answer] = answers(shop, [request], now_ms, whole=False)
            lists.append([item.product_id for item in answer.items])
        moved += lists[0] != lists[1]
    return moved


def measured(folder: Path, asked: int, ruled: int, products: int, epochs: int) -> dict[str, Any]:
    """All figures."""
    shop, targets = prepared(folder, products, epochs)
    with shop:
        now_ms = int(shop.store.events.frame().select(pl.col("time_ms").max()).item()) + 1000
        shoppers = list(targets)[:asked]
        questions = [RecommendationRequest(shopper=shopper, n=COUNT) for shopper in shoppers]
        some = answers(shop, questions, now_ms, whole=False)
        everything = answers(shop, questions, now_ms, whole=True)
        wanted = [targets[shopper] for shopper in shoppers]
        told: dict[str, Any] = {"asked": len(shoppers), **compared(some, everything)}
        for name, one, other in zip(
            ("ndcg@10", "recall@10"), gains(some, wanted), gains(everything, wanted), strict=True
        ):
            rng = np.random.default_rng(0)
            draws = rng.integers(0, len(one), (2000, len(one)))
            difference = (one - other)[draws].mean(axis=1) / max(other.mean(), 1e-12)
            low, high = np.quantile(difference, [0.025, 0.975])
            told[name] = {"whole": other.mean(), "candidates": one.mean(), "difference": [low, high]}
        mixed = mixed_questions(shop, min(2000, asked))
        told["mixed"] = compared(answers(shop, mixed, now_ms, whole=False), answers(shop, mixed, now_ms, whole=True))
        rules = ruled_questions(shop, ruled)
        with shop.floor() as floor:
            broken = [
                name
                for request, answer in zip(rules, answers(shop, rules, now_ms, whole=False), strict=True)
                for name in violations(floor, request, answer)
            ]
        told["rules"] = {"asked": len(rules), "broken": len(broken), "which": sorted(set(broken))}
        told["events"] = {"recorded": 100, "changed": changed(shop, 100, now_ms)}
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--asked", type=int, default=5000)
    parser.add_argument("--ruled", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = measured(Path(folder), asked.asked, asked.ruled, asked.products, asked.epochs)
    if asked.json:
        print(json.dumps(told))
        return
    print(machine(), file=sys.stderr)
    for name, value in told.items():
        print(f"{name:15} {value}")


if __name__ == "__main__":
    main()
