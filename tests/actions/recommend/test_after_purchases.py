"""After a purchase, in whole answers: likes fall, complements gain, what runs out returns, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.recommend.after_purchases import AfterPurchases
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

DAY_MS = 86_400_000
START_MS = 1_767_225_600_000
NOW_MS = START_MS + 200 * DAY_MS
KINDS = ("maker", "coffee", "lamp", "plant", "book")


def bought(shopper: str, product: str, day: float, kind: str = "purchase") -> dict[str, Any]:
    return {"shopper_id": shopper, "kind": kind, "product_id": product, "time_ms": START_MS + int(day * DAY_MS)}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """Makers and lamps are bought once; coffee follows a maker, lasting 20 days, a plant a lamp; books whenever."""
    folder, rng = tmp_path_factory.mktemp("shop"), np.random.default_rng(5)
    with OpenShop.open(folder) as found:
        upsert_products(
            found,
            UpsertRequest(
                products=[
                    {"id": f"{kind}-{i}", "title": f"{kind} {i}", "category": ["Shop", kind.title()]}
                    for kind in KINDS
                    for i in range(8)
                ]
            ),
        )
        events = []
        for shopper in range(160):
            name, i = f"s{shopper}", int(rng.integers(8))
            one, other = ("maker", "coffee") if shopper % 2 else ("lamp", "plant")
            start = float(rng.uniform(0, 60))
            events += [bought(name, f"{one}-{(i + step) % 8}", start + step / 100, "view") for step in range(4)]
            events += [bought(name, f"{one}-{i}", start + 1), bought(name, f"{other}-{i}", start + 3)]
            events += [bought(name, f"book-{int(b)}", float(rng.uniform(0, 180))) for b in rng.integers(0, 8, 2)]
            while other == "coffee" and (start := start + 20 * float(rng.lognormal(0, 0.1))) < 180:
                events.append(bought(name, f"coffee-{i}", start + 3))
        record_events(found, RecordRequest(events=events))
        with ShopFolder.open(folder) as shop:
            train(OpenShop(shop), TrainRequest(model="item_neighbours"))
        found.refresh()
        yield found


def asked(answerer: OpenShop, shopper: str, now_ms: int = NOW_MS, **more: Any) -> RecommendationAnswer:
    return recommend(answerer, RecommendationRequest(shopper=shopper, n=8, diversity=0, **more), now_ms=now_ms)


def kinds(answer: RecommendationAnswer) -> list[str]:
    return [item.product_id.split("-")[0] for item in answer.items]


def test_a_second_treadmill_is_not_offered(answerer: OpenShop) -> None:
    record_events(answerer, RecordRequest(events=[bought("ann", f"lamp-{i}", 199 + i / 10, "view") for i in range(4)]))
    assert "lamp" in kinds(asked(answerer, "ann"))
    record_events(answerer, RecordRequest(events=[bought("ann", "lamp-2", 199.9)]))
    after = asked(answerer, "ann")
    assert "lamp" not in kinds(after) and "lamp-2" not in [item.product_id for item in after.items]
    with answerer.floor() as floor:
        rules = floor.settings
        floor.settings = rules.model_copy(update={"exclude_purchased_durables": False})
        assert "lamp" in kinds(asked(answerer, "ann")), "the setting turns it off"
        floor.settings = rules


def test_complements_gain_and_say_why(answerer: OpenShop) -> None:
    record_events(
        answerer, RecordRequest(events=[bought("bob", "maker-3", 199.5), bought("bob", "book-1", 199.6, "view")])
    )
    first = asked(answerer, "bob").items[0]
    assert first.product_id == "coffee-3" and first.source == "complement"
    (reason,) = first.reasons
    assert reason.code == "goes_with_purchase" and reason.text.startswith(
        "Goes with maker 3, which you bought: 13 shoppers bought both, "
    )
    assert reason.evidence[1]["shoppers"] == 13 and reason.evidence[1]["times_by_chance"] > 10
    assert reason.evidence[0]["product_id"] == "maker-3" and reason.evidence[0]["kind"] == "purchase"
    record_events(answerer, RecordRequest(events=[bought("bobless", "book-1", 199.6, "view")]))
    assert "complement" not in {item.source for item in asked(answerer, "bobless").items}, "no purchase, no such reason"


def test_what_runs_out_falls_and_returns_when_due(answerer: OpenShop) -> None:
    record_events(
        answerer, RecordRequest(events=[bought("cleo", "coffee-5", 150), bought("cleo", "book-2", 151, "view")])
    )
    day = {days: asked(answerer, "cleo", START_MS + (150 + days) * DAY_MS) for days in (1, 20, 90)}
    assert "coffee" not in kinds(day[1])[:3], "just bought"
    due = day[20].items[0]
    assert due.product_id == "coffee-5" and due.source == "due"
    (reason,) = due.reasons
    assert reason.code == "time_to_restock" and reason.text == "Time to restock coffee 5"
    bought_at, interval = reason.evidence
    assert bought_at["product_id"] == "coffee-5" and bought_at["time_ms"] == START_MS + 150 * DAY_MS
    assert 17 < interval["lasts_days"] < 23
    assert interval["due_from_ms"] <= START_MS + 170 * DAY_MS <= interval["due_until_ms"]
    assert "due" not in {item.source for item in day[90].items}, "given up by then"


def test_beside_a_product_nothing_is_due(answerer: OpenShop) -> None:
    record_events(answerer, RecordRequest(events=[bought("dora", "coffee-6", 180)]))
    beside = asked(answerer, "dora", placement="product", product_ids=["book-3"])
    assert not {"due", "complement"} & {item.source for item in beside.items}


def test_nothing_outside_what_may_be_shown_comes_in() -> None:
    after = AfterPurchases(np.zeros(3, np.float32), np.ones(3, np.float32), np.zeros(3, np.int32))
    values = np.array([0.2, -np.inf, -np.inf], dtype=np.float32)
    ruled = after.ruled(values, np.array([True, True, False]))
    np.testing.assert_allclose(ruled, [0.76, 0.7, -np.inf], rtol=1e-5)
    nobody = AfterPurchases.none(np.arange(3, dtype=np.int32))
    np.testing.assert_array_equal(nobody.ruled(values, np.ones(3, np.bool_)), values)
    assert nobody.source(0) == ""
