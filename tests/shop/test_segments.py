"""Segments: one shopper alone and all at once are told the same; rules, letters and doors take their names."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.proof.experiment_shapes import AdoptExperimentRequest, ExperimentRequest, NewExperimentRequest
from bottega.actions.proof.experiments import adopt_experiment, new_experiment, start_experiment, stop_experiment
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.actions.shoppers import chances as chances_module
from bottega.actions.shoppers.chance_shapes import ChancesRequest, SegmentSizesRequest
from bottega.actions.shoppers.chances import shopper_chances, shopper_segments
from bottega.errors import ShopperUnknown
from bottega.models.recommend.purchases.chances import Chances, Odds
from bottega.models.recommend.purchases.shopper_columns import COLUMNS
from bottega.shop import slow_counts
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import RuleKind, SavedRule
from bottega.shop.segments.crowd import Crowd, Whom
from bottega.shop.segments.names import SEGMENTS
from bottega.shop.slow_counts import is_old

NOW_S = time.time()
DAY_S = 86_400
NAMES = [*SEGMENTS, "brand:Nord", "category:Lamps", "category:Home > Lamps", "brand:Nobody"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        products: list[dict[str, Any]] = [
            {"id": f"{kind}-{i}", "title": f"{kind} {i}", "brand": brand, "category": ["Home", f"{kind.title()}s"]}
            for kind, brand in (("lamp", "Nord"), ("mug", "Clay"))
            for i in range(4)
        ]
        upsert_products(opened, UpsertRequest(products=products))
        did: dict[str, list[tuple[str, str, float]]] = {
            "ann": [("view", "lamp-0", 3), ("view", "lamp-1", 2), ("view", "mug-0", 2), ("view", "lamp-0", 1)],
            "bob": [("purchase", "mug-1", 90), ("purchase", "mug-2", 60)],
            "cyd": [("add_to_cart", "mug-1", 2), ("add_to_cart", "mug-2", 2), ("remove_from_cart", "mug-2", 1)],
            "dot": [("add_to_cart", "mug-1", 2), ("purchase", "mug-1", 1)],
            "eve": [("view", one, 2 - n / 100) for n, one in enumerate(("mug-0", "mug-1", "mug-0", "mug-1"))],
        }
        rows = [
            {"shopper_id": who, "kind": kind, "product_id": product, "time": NOW_S - days * DAY_S}
            for who, events in did.items()
            for kind, product, days in events
        ]
        record_events(opened, RecordRequest(events=rows))
        with opened.floor() as floor:
            weights = tuple(-1.0 if name == "log_days_since_order" else 0.0 for name in COLUMNS)
            odds = Odds(weights, (0.0,) * len(COLUMNS), (1.0,) * len(COLUMNS))
            known = Chances(soon=odds, leave=odds, leave_days=91, likely=0.2, leaving=0.1, lapsed_days=40)
            object.__setattr__(floor.side_models, "chances", known)
        yield opened


def members(shop: OpenShop, segment: str) -> set[str]:
    with shop.floor() as floor:
        crowd = Crowd.everybody(shop.store, floor)
        found = crowd.of(segment, int(NOW_S * 1000))
        return {name for name, is_of in zip(crowd.shoppers, found.tolist(), strict=True) if is_of}


@pytest.mark.parametrize(
    ("segment", "wanted"),
    [
        ("buyers", {"bob", "dot"}),
        ("likely_to_buy", {"dot"}),
        ("lapsed", {"bob"}),
        ("left_cart", {"cyd"}),
        ("hesitating", {"eve"}),
        ("brand:Nord", {"ann"}),
        ("category:Home > Mugs", {"eve"}),
    ],
)
def test_who_is_of_which(shop: OpenShop, segment: str, wanted: set[str]) -> None:
    assert members(shop, segment) == wanted


def test_one_alone_is_told_as_all_are(shop: OpenShop) -> None:
    now_ms = int(NOW_S * 1000)
    with shop.floor() as floor:
        crowd = Crowd.everybody(shop.store, floor)
        for name in NAMES:
            together = dict(zip(crowd.shoppers, crowd.of(name, now_ms).tolist(), strict=True))
            alone = {who: Whom(floor, floor.past(who), now_ms).is_of(name) for who in crowd.shoppers}
            assert alone == together, name
        nobody = Whom(floor, floor.past("stranger"), now_ms)
        assert [name for name in NAMES if nobody.is_of(name)] == ["new"]


def test_a_rule_for_a_segment_acts_on_it_alone(shop: OpenShop) -> None:
    rule = SavedRule(id="r", kind=RuleKind.PIN, product_ids=["lamp-3"], placements=["home"], segments=["left_cart"])
    for who, first in (("cyd", True), ("dot", False)):
        request = RecommendationRequest(placement="home", shopper=who, n=3)
        answer = recommend(shop, request, saved=[rule])
        assert (answer.items[0].product_id == "lamp-3" and answer.rules == ["r"]) is first


def test_an_experiment_for_a_segment_divides_it_alone(shop: OpenShop) -> None:
    variants = [{"name": "as it is"}, {"name": "varied", "dials": {"diversity": 0.7}}]
    asked = {"name": "carts", "variants": variants, "segments": ["left_cart", "lapsed"]}
    assert new_experiment(shop, NewExperimentRequest.model_validate(asked)).segments == ["left_cart", "lapsed"]
    start_experiment(shop, ExperimentRequest(name="carts"))
    request = RecommendationRequest(placement="home")

    def given(who: str) -> bool:
        with shop.floor() as floor:
            whom = Whom(floor, floor.past(who), int(NOW_S * 1000))
            tried = shop.experiments.of_request("home", request, who, whom)
            return tried is not None and "carts" in tried.given

    assert [given(who) for who in ("ann", "bob", "cyd", "dot", "stranger")] == [False, True, True, False, False]
    adopt_experiment(shop, AdoptExperimentRequest(name="carts", variant="varied"))
    with shop.floor() as floor:
        for who, sets in (("cyd", {"diversity": 0.7}), ("dot", None)):
            tried = shop.experiments.of_request("home", request, who, Whom(floor, floor.past(who), int(NOW_S * 1000)))
            assert (tried.sets if tried else None) == sets
    assert shop.experiments.of_request("home", request, None) is None
    stop_experiment(shop, ExperimentRequest(name="carts"))


def test_a_misspelt_segment_is_refused_in_words() -> None:
    for name in ("likely", "brand:", "colour:red"):
        with pytest.raises(ValidationError, match="segments are new, returning"):
            SavedRule(id="r", kind=RuleKind.PIN, product_ids=["lamp-3"], segments=[name])


def test_sizes_are_counted_once_in_five_minutes_and_told_to_who_does_not_wait(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = SegmentSizesRequest(wait=False, loved=3)
    unknown = shopper_segments(shop, quick)
    assert unknown.counted_at is None and unknown.segments == []
    first = shopper_segments(shop, SegmentSizesRequest(loved=3))
    assert first.shoppers == 5 and first.counted_at is not None
    monkeypatch.setattr(chances_module, "Crowd", None)
    assert shopper_segments(shop, SegmentSizesRequest(loved=3)) == first == shopper_segments(shop, quick)
    assert shopper_segments(shop, SegmentSizesRequest(wait=False)).counted_at is None, "another count"
    monkeypatch.setattr(slow_counts, "KEPT_MS", -1)
    assert shopper_segments(shop, quick) == first and is_old(first.counted_at)
    with pytest.raises(AttributeError):
        shopper_segments(shop, SegmentSizesRequest(loved=3))


def test_sizes_and_chances(shop: OpenShop) -> None:
    sizes = {
        one.name: one for one in shopper_segments(shop, SegmentSizesRequest(also=["brand:Nord"], loved=20)).segments
    }
    assert sizes["left_cart"].shoppers == 1 and sizes["brand:Nord"].share == 0.2 and "brand:Clay" in sizes
    first = shopper_chances(shop, ChancesRequest(n=1))
    assert [one.shopper for one in first.shoppers] == ["dot"] and first.total == 5 and first.next == 1
    assert "likely_to_buy" in first.shoppers[0].segments and first.shoppers[0].orders == 1
    leaves = shopper_chances(shop, ChancesRequest(order="leaves", segment="buyers"))
    assert [one.shopper for one in leaves.shoppers] == ["bob", "dot"] and leaves.next is None
    assert shopper_chances(shop, ChancesRequest(shopper="ann")).shoppers[0].leaves is None
    with pytest.raises(ShopperUnknown):
        shopper_chances(shop, ChancesRequest(shopper="nobody-here"))
