"""Reasons say only what evidence holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from bottega.models.recommend.base import Evidence
from bottega.models.recommend.last_mile.reasons import REASON_CODES, Question, Reason, reason, sentence
from bottega.names import KindCode

ATTRIBUTES = sparse.csr_matrix(np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0], [0, 1, 1], [1, 0, 0]], dtype=np.float32))


class Witness:
    """A member that speaks for an item by the positions of certain other items."""

    def __init__(self, speaks: dict[int, float], attributes: tuple[int, ...] = ()) -> None:
        self.speaks, self.attributes = speaks, attributes

    def evidence(self, history: np.ndarray, item: int, *, count: int = 3) -> list[Evidence]:
        found = [
            Evidence(position, self.speaks[seen], self.attributes)
            for position, seen in enumerate(history.tolist())
            if seen in self.speaks
        ]
        return sorted(found, key=lambda one: -one.weight)[:count]


def question(items: list[int], kinds: list[KindCode], *, own: int, trained: int = 5, **members: Any) -> Question:
    return Question(
        items=np.array(items, dtype=np.int32),
        kinds=np.array(kinds, dtype=np.int8),
        own=own,
        witnesses=members,
        impersonal={"popular"},
        attributes=ATTRIBUTES,
        shopper_counts=np.array([9, 8, 7, 6, 0], dtype=np.int32),
        trained=trained,
    )


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (KindCode.VIEW, "because_you_viewed"),
        (KindCode.CLICK, "because_you_viewed"),
        (KindCode.PURCHASE, "because_you_bought"),
        (KindCode.ADD_TO_CART, "because_in_your_cart"),
        (KindCode.WISHLIST, "because_you_saved"),
    ],
)
def test_the_code_follows_the_kind_of_the_event(kind: KindCode, code: str) -> None:
    asked = question([0, 1], [KindCode.VIEW, kind], own=2, one=Witness({1: 2.0}))
    found = reason(asked, 3, {"one": 1.0})
    assert (found.code, found.positions, found.weight) == (code, (1,), 2.0)


def test_the_member_that_contributed_most_and_can_explain_is_believed() -> None:
    asked = question([0, 1], [KindCode.VIEW] * 2, own=2, one=Witness({0: 1.0}), two=Witness({1: 1.0}))
    assert reason(asked, 3, {"mute": 9.0, "one": 1.0, "two": 2.0}).positions == (1,)
    assert reason(asked, 3, {"mute": 9.0, "one": 3.0, "two": 2.0}).positions == (0,)
    assert reason(asked, 3, {"one": 0.0, "two": 0.0}).code == "popular"


def test_without_the_evidence_the_reason_changes() -> None:
    members: dict[str, Any] = {"one": Witness({0: 3.0, 1: 2.0})}
    both = reason(question([0, 1], [KindCode.PURCHASE, KindCode.VIEW], own=2, **members), 3, {"one": 1.0})
    rest = reason(question([1], [KindCode.VIEW], own=1, **members), 3, {"one": 1.0})
    none = reason(question([2], [KindCode.VIEW], own=1, **members), 3, {"one": 1.0})
    assert [both.code, rest.code, none.code] == ["because_you_bought", "because_you_viewed", "popular"]
    assert none.shoppers == 6


def test_anchors_speak_by_company_or_by_likeness() -> None:
    asked = question([1, 0], [KindCode.PURCHASE, KindCode.VIEW], own=1, one=Witness({0: 1.0}))
    assert reason(asked, 3, {"one": 1.0}).code == "goes_with"
    asked = question([1, 0], [KindCode.PURCHASE, KindCode.VIEW], own=1, one=Witness({0: 1.0}, attributes=(2,)))
    found = reason(asked, 3, {"one": 1.0})
    assert (found.code, found.attributes) == ("similar_to", (2,))


def test_evidence_that_does_not_hold_is_not_believed() -> None:
    class Liar:
        def evidence(self, history: np.ndarray, item: int, *, count: int = 3) -> list[Evidence]:
            return [Evidence(99, 5.0), Evidence(0, 4.0), Evidence(1, 0.0)]

    asked = question([3, 2], [KindCode.VIEW] * 2, own=2, liar=Liar())
    assert reason(asked, 3, {"liar": 1.0}).code == "popular"  # out of range, the item itself, no weight


def test_what_no_member_can_explain_is_told_by_shared_attributes() -> None:
    asked = question([0, 1, 2], [KindCode.PURCHASE, KindCode.VIEW, KindCode.VIEW], own=3)
    found = reason(asked, 3, {"mute": 1.0})
    assert (found.code, found.positions, found.attributes) == ("because_you_viewed", (1,), (1,))
    assert reason(asked, 3, {"unasked": 1.0}).positions == (1,)


def test_popularity_that_spoke_loudest_is_the_reason() -> None:
    asked = question([0], [KindCode.VIEW], own=1, one=Witness({0: 1.0}))
    found = reason(asked, 1, {"popular": 5.0, "one": 1.0})
    assert (found.code, found.shoppers) == ("popular", 8)


def test_new_products_say_so() -> None:
    asked = question([0, 2], [KindCode.VIEW] * 2, own=2, trained=4, one=Witness({0: 1.0}, attributes=(0,)))
    assert reason(asked, 4, {"one": 1.0}).code == "new_in_taste"
    asked = question([2, 0, 2], [KindCode.VIEW] * 3, own=3, trained=4)
    found = reason(asked, 4, {})
    assert (found.code, found.positions, found.attributes) == ("new_in_taste", (1,), (0,))
    assert reason(question([2], [KindCode.VIEW], own=1, trained=4), 4, {}).code == "new"
    assert reason(question([], [], own=0, trained=4), 4, {}).code == "new"


def test_sentences_are_plain_words() -> None:
    assert sentence(Reason("because_you_viewed", (0,)), ["Oak lamp"]) == "Because you looked at Oak lamp"
    assert sentence(Reason("goes_with", (0, 1)), ["Lamp", "Chair", "Mug"]) == "Goes with Lamp and Chair"
    assert sentence(Reason("similar_to", (0,)), ["Lamp"], ["colour: red"]) == "Similar to Lamp (colour: red)"
    assert sentence(Reason("popular", shoppers=1), []) == "Chosen by 1 shopper"
    assert "no shopper" in sentence(Reason("popular", shoppers=0), [])
    for code in REASON_CODES:
        assert sentence(Reason(code, (0,), shoppers=2), ["Lamp"])
