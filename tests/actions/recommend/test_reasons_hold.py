"""Reasons of the shipped default, over the demo shop and over Amazon Beauty: without the evidence they fall."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest, RecordRequest
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.datasets.arrays import Histories
from bottega.datasets.sequences import read_sequences
from bottega.models.recommend.base import rank
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.blend.members import MEMBERS
from bottega.models.recommend.last_mile.reasons import Question, Reason, reason
from bottega.models.recommend.last_mile.reasons_left_out import witnesses
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

SHOPPERS = 6
FALLS = 0.9
"""Least share of reasons whose item must score lower in the whole blend without the products that they name."""
QUICKER: dict[str, dict[str, Any]] = {"variational": {"epochs": 1}, "affinity": {"most_steps": 20}}
"""What would take long, taught for a moment."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder: Path = tmp_path_factory.mktemp("demo")
    files = write_demo(folder / "feed", products=80, shoppers=70, pictures=False)
    with ShopFolder.open(folder) as shop:
        import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=files.catalogue))
        import_events(OpenShop(shop), ImportEventsRequest(source=files.events))
        train(OpenShop(shop), TrainRequest())
    with OpenShop.open(folder) as answerer:
        yield answerer


def test_an_answer_leaves_no_ring_that_holds_what_it_was_made_from(demo: OpenShop) -> None:
    shopper = demo.store.events.frame()["shopper"][0]
    seen = next(product.id for product in demo.store.products.all() if product.recommendable)
    asked = [
        RecommendationRequest(shopper=shopper, n=5),
        RecommendationRequest(placement="product", product_ids=[seen], n=5),
    ]
    for one in asked:
        recommend(demo, one)
    gc.collect()
    gc.disable()
    try:
        for one in asked:
            assert recommend(demo, one).items[0].reasons
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        left = {type(one).__qualname__ for one in gc.garbage if type(one).__module__.startswith("bottega")}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not left, "an old model would be held by it, where the collector no longer looks"


def test_over_the_demo_shop(demo: OpenShop) -> None:
    frame = demo.store.events.frame()
    everyone = frame.group_by("shopper", maintain_order=True).len()
    people = everyone.filter(everyone["len"] >= 8)["shopper"].to_list()[:SHOPPERS]
    by_event, fell = 0, 0
    for shopper in people:
        ask: dict[str, Any] = {"n": 5, "diversity": 0}
        for told in recommend(demo, RecommendationRequest(shopper=shopper, **ask)).items:
            named = {one["product_id"] for one in told.reasons[0].evidence if "time_ms" in one}
            if not named:
                assert told.reasons[0].code in ("popular", "new")
                continue
            with demo.floor() as floor:
                codes = {floor.items.code(name) for name in named}
                item = floor.items.code(told.product_id)
                rows = frame.filter(frame["shopper"] == shopper).drop_nulls("product_id")
                kept = [row for row in rows.iter_rows(named=True) if floor.items.code(row["product_id"]) not in codes]
            other = f"{shopper}-without-{told.product_id}"
            record_events(demo, RecordRequest(events=[_event(row, other) for row in kept]))
            answer = recommend(demo, RecommendationRequest(shopper=other, **ask))
            again = [one.reasons[0] for one in answer.items if one.product_id == told.product_id]
            assert again != told.reasons
            assert not any(one.get("product_id") in named for reasons in again for one in reasons.evidence)
            with demo.floor() as floor:
                model = floor.recommenders()[floor.strategy(None)]
                scores = [float(model.score(floor.past(who).history)[0, item]) for who in (shopper, other)]
            by_event += 1
            fell += scores[1] < scores[0] or not kept
    assert by_event > len(people) and fell >= FALLS * by_event


def _event(row: dict[str, Any], shopper: str) -> dict[str, Any]:
    kinds = ("impression", "view", "click", "wishlist", "add_to_cart", "remove_from_cart", "purchase", "search", "rate")
    event = {"shopper_id": shopper, "kind": kinds[row["kind"]], "product_id": row["product_id"]}
    return event | {"time_ms": row["time_ms"]} | ({"rating": row["rating"]} if row["rating"] is not None else {})


@pytest.mark.real_data
def test_over_beauty(real_data: Callable[[str], Path]) -> None:
    """The members of the default, on a fortieth of the shoppers."""
    path = real_data("amazon/Beauty.txt.gz")
    histories, features, _, _ = read_sequences(path, path.with_name("Beauty_item2attributes.json.gz"))
    some = histories.take(np.arange(0, len(histories), 40))
    members = {label: settings | QUICKER.get(label, {}) for label, settings in MEMBERS.items()}
    blend = Blend(BlendConfig(members=members)).fit(some, features, rng=np.random.default_rng(0))
    asked = some.take(np.arange(15))
    best = rank(blend, asked, count=5).items
    by_event, fell, unlike = 0, 0, 0
    for row in range(len(asked)):
        history = asked.take([row])
        items = best[row].tolist()
        for item in items:
            told = _told(blend, history, items, item, features.attributes)
            if not told.positions:
                continue
            rest = history.keep(~np.isin(history.items, history.items[list(told.positions)]))
            again = _told(blend, rest, items, item, features.attributes)
            named = {int(history.items[position]) for position in told.positions}
            assert not named & {int(rest.items[position]) for position in again.positions}
            unlike += again != told
            fell += bool(blend.score(rest)[0, item] < blend.score(history)[0, item]) or not rest.n_events
            by_event += 1
    assert unlike == by_event > 40 and fell >= FALLS * by_event


def _told(blend: Blend, history: Histories, items: list[int], item: int, attributes: Any) -> Reason:
    asked = witnesses(blend.members_, history, items)
    shares = dict(zip(blend.members_, blend.shares(history)[0, :, item].tolist(), strict=True))
    question = Question(
        items=history.items,
        kinds=history.kinds,
        own=history.n_events,
        witnesses=asked,
        impersonal=blend.members_.keys() - asked.keys(),
        attributes=attributes,
        shopper_counts=np.ones(history.n_items, dtype=np.int32),
        trained=history.n_items,
    )
    return reason(question, item, shares)
