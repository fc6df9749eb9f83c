"""List rules: what a request says, then what the shop's settings say, then nothing at all."""

from __future__ import annotations

from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.shapes import Pin, RecommendationRequest
from bottega.models.recommend.last_mile.dials import Dials
from bottega.settings import ShopSettings

SETTINGS = ShopSettings.model_validate(
    {"count": 7, "diversity": 0.3, "novelty": 0.1, "price_fit": 0.2, "diversity_method": "dpp"}
)


def rules(**said: object) -> ListRules:
    return ListRules.of(RecommendationRequest.model_validate(said), SETTINGS)


def test_the_request_is_heard_before_the_settings() -> None:
    assert rules().dials == Dials(diversity=0.3, novelty=0.1, price_fit=0.2, method="dpp") and rules().count == 7
    said = rules(n=3, diversity=0.0, price_fit=1.0, diversity_method="mmr")
    assert said.dials == Dials(diversity=0.0, novelty=0.1, price_fit=1.0, method="mmr") and said.count == 3


def test_pins_are_places_from_zero() -> None:
    assert rules(pin=["a", Pin(product_id="b", rank=5), "c"]).pins == [("a", 0), ("b", 4), ("c", 2)]


def test_groups_limit_what_stands_side_by_side() -> None:
    assert rules().limits == {} and not rules().variants_apart
    assert rules(max_per_brand=2, max_per_category=3).limits == {"brand": 2, "category": 3}
    assert rules(group_by="brand", max_per_brand=2).limits == {"brand": 1}
    assert rules(group_by="none").variants_apart


def test_a_recommender_asked_for_by_name_is_told_from_the_default() -> None:
    assert [rules(**({"strategy": name} if name else {})).named for name in (None, "default", "content")] == [
        False,
        False,
        True,
    ]


def test_a_verb_that_wants_a_plain_list_leaves_every_dial_off() -> None:
    plain = ListRules(count=4)
    assert not plain.dials and not plain.limits and not plain.cutoff and not plain.for_cart
