"""What another way to choose would have earned, of a log with planted chances and clicks; and what is refused."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.actions.proof.explored import explore

from bottega.actions.proof.off_policy import off_policy
from bottega.actions.proof.off_policy_shapes import OffPolicyRequest
from bottega.actions.recommend.exploring import explored
from bottega.actions.recommend.list_filling import Chosen, FilledList
from bottega.actions.recommend.list_source import ListSource
from bottega.errors import RequestInvalid, RuleUnknown
from bottega.shop.open_shop import OpenShop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path_factory.mktemp("explored")) as shop:
        explore(shop)
        yield shop


def asked(shop: OpenShop, **fields: Any) -> Any:
    return off_policy(shop, OffPolicyRequest.model_validate(fields))


def test_the_other_product_would_have_earned_more(shop: OpenShop) -> None:
    best = asked(shop)
    boosted = asked(shop, products={"brand": ["South"]}, multiply=2, rank=2)
    assert best.places == 1_200 and best.shoppers == 600 and best.ranks == [2]
    for answer, truth in ((best, 0.1), (boosted, 0.3), (asked(shop, choose="random"), 0.2)):
        assert [one.method for one in answer.estimates] == ["doubly_robust", "self_normalised", "inverse_propensity"]
        assert all(one.low <= truth <= one.high and one.high - one.low < 0.12 for one in answer.estimates), answer
        assert answer.weights == pytest.approx(1.0, abs=0.1)
    assert boosted.as_it_was is not None and boosted.as_it_was.value == pytest.approx(0.18, abs=0.04)
    assert boosted.sentence.startswith("At home, ") and boosted.sentence.endswith("This is an estimate.")


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"placement": "cart"}, "No list of placement 'cart'"),
        ({"rank": 1}, "Place 1 of placement 'home' was never given by chance. Places 2 were"),
        ({"products": {"brand": ["East"]}}, "These products were candidates of 0 of 1,200 explored places"),
        ({"products": {"brand": ["South"]}, "choose": "popular"}, "'popular' does not look at scores"),
        ({"measure": "purchases"}, "No list of placement 'home'"),
    ],
)
def test_what_nobody_can_tell_is_refused(shop: OpenShop, fields: dict[str, Any], seen: str) -> None:
    with pytest.raises(RequestInvalid) as refused:
        asked(shop, **fields)
    assert seen in str(refused.value)


def test_a_rule_is_judged_before_it_is_on(shop: OpenShop) -> None:
    from bottega.actions.rules.save_rule import save_rule
    from bottega.actions.rules.shapes import SaveRuleRequest

    with pytest.raises(RuleUnknown):
        asked(shop, rule="south")
    rule = {"id": "south", "kind": "boost", "products": {"brand": ["South"]}, "multiply": 2, "enabled": False}
    save_rule(shop, SaveRuleRequest.model_validate(rule))
    assert asked(shop, rule="south").estimates == asked(shop, products={"brand": ["South"]}).estimates
    save_rule(shop, SaveRuleRequest.model_validate({"id": "pin", "kind": "pin", "product_ids": ["last"]}))
    with pytest.raises(RequestInvalid, match="is of kind pin"):
        asked(shop, rule="pin")


def test_places_are_given_as_often_as_is_said() -> None:
    values = np.linspace(1.0, 0.5, 30).astype(np.float32)
    floor: Any = SimpleNamespace(shelf=SimpleNamespace(rows_of=lambda item: [item]), shopper_counts=np.full(30, 40))
    candidates: Any = SimpleNamespace(
        pool=SimpleNamespace(items=np.arange(30)),
        values=values,
        rows=np.ones(30, bool),
        source=lambda at: ListSource.MODEL,
    )
    pinned = Chosen(29, 29, 0.0, ListSource.PIN)
    filled = FilledList([pinned, *(Chosen(at, at, float(values[at]), place=at) for at in range(7))], None, 0)
    chance = random.Random(5).random
    firsts, expected, places = 0, 0.0, 0
    for _ in range(600):
        listed, told = explored(floor, filled, candidates, 0.3, chance=chance)
        items = [one.item for one in listed.chosen]
        assert items[0] == 29 and len(set(items)) == len(items) == 8
        for one in told:
            assert 29 not in one.rows and items[one.place] in one.rows and sum(one.propensities) == pytest.approx(1.0)
            firsts += items[one.place] == one.rows[0]
            expected += one.propensities[0]
        places += len(told)
    assert places == pytest.approx(600 * 7 * 0.3, rel=0.1)
    assert firsts == pytest.approx(expected, abs=4 * (expected * 0.5) ** 0.5)
    assert explored(floor, filled, candidates, 0.0, chance=chance) == (filled, [])
