"""Reasons say only what evidence holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from bottega.models.recommend.base import Evidence
from bottega.models.recommend.last_mile.reason_words import head_noun, sentence, shared_sentence, titles_named
from bottega.models.recommend.last_mile.reasons import REASON_CODES, Question, Reason, reason, reasons
from bottega.models.recommend.last_mile.reasons_spread import Spread
from bottega.models.recommend.last_mile.together import Count, Together
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


Pairs = dict[tuple[int, int], Count]


def counts(across: Pairs, within: Pairs | None = None) -> Together:
    """Counts of some pairs of items, across kinds and within."""

    class Counted(Together):
        def goes_with(self, one: int, other: int, kinds: tuple[int, int]) -> Count | None:
            return across.get((one, other))

        def instead_of(self, one: int, other: int) -> Count | None:
            return (within or {}).get((one, other))

    nothing = Together.none(5)
    return Counted(nothing.across, nothing.kinds, nothing.within, "cart", nothing.config)


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
    assert reason(asked, 3, {"one": 1.0}).code == "similar_to"  # they share an attribute
    asked = question([1, 4], [KindCode.PURCHASE, KindCode.VIEW], own=1, one=Witness({4: 1.0}))
    assert reason(asked, 3, {"one": 1.0}).code == "because_you_viewed", "a score alone is no company"
    asked = replace(asked, together=counts({(4, 3): Count(12, 4.1)}))
    found = reason(asked, 3, {"one": 1.0})
    assert (found.code, found.positions, found.pair) == ("goes_with", (1,), Count(12, 4.1))
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
    assert sentence(Reason("because_you_saved", (0, 1)), ["Lamp", "Chair"]) == "Because you liked Lamp and Chair"
    assert sentence(Reason("similar_to", (0,)), ["Lamp"], ["colour: red"]) == "Similar to Lamp (colour: red)"
    assert sentence(Reason("popular", shoppers=1), []) == "Chosen by 1 shopper"
    assert "no shopper" in sentence(Reason("popular", shoppers=0), [])
    for code in REASON_CODES:
        assert sentence(Reason(code, (0,), shoppers=2), ["Lamp"])


def test_no_title_stands_twice_in_a_sentence() -> None:
    assert titles_named("because_you_viewed", ["Gemstone Necklace", "gemstone  necklace"]) == ("Gemstone Necklace",)
    assert titles_named("because_you_viewed", ["Necklace", "Necklace", "Ring", "Mug"]) == ("Necklace", "Ring")
    own = titles_named("because_you_viewed", ["Necklace", "Ring"], "Necklace")
    assert sentence(Reason("because_you_viewed", (0, 1)), own) == "Because you looked at another Necklace and Ring"
    assert titles_named("because_you_viewed", ["Necklace"], "necklace") == ("another Necklace",)
    assert titles_named("time_to_restock", ["Coffee"], "Coffee") == ("Coffee",)
    assert sentence(Reason("similar_to", (0,)), ["another Tea"], ["Tea"]) == "Similar to another Tea"
    kinds = Reason("goes_with", (0,), pair=Count(48, 2.04, of_kinds=True), kinds=(0, 1))
    assert "had both kinds in the cart, twice as often" in sentence(kinds, ["Lamps"], kinds=["Lamps", "Plants"])
    assert "had Lamps and Plants in the cart" in sentence(kinds, ["Oak lamp"], kinds=["Lamps", "Plants"])


def test_one_product_with_many_events_is_named_once_and_by_what_was_done_last_with_it() -> None:
    items, kinds = [1, 1, 1], [KindCode.VIEW, KindCode.PURCHASE, KindCode.VIEW]
    found = reason(question(items, kinds, own=3, one=Witness({1: 1.0})), 3, {"one": 1.0})
    assert (found.code, found.positions) == ("because_you_bought", (1,))


def test_within_a_kind_it_is_instead_of_and_across_goes_with() -> None:
    both = counts({(0, 3): Count(9, 3.0)}, {(1, 3): Count(7, 2.5, deed="looked")})
    asked = replace(
        question([0, 1], [KindCode.VIEW] * 2, own=0, one=Witness({1: 2.0, 0: 1.0})),
        together=both,
        categories=np.array([0, 1, 1, 1, 0], dtype=np.int32),
    )
    told = [one.code for one, _ in reasons(asked, 3, {"one": 1.0})]
    assert told == ["instead_of", "similar_to", "goes_with"]
    first = reason(asked, 3, {"one": 1.0})
    assert sentence(first, ["Mug"]) == "Instead of Mug: 7 shoppers looked at both, 2.5 times as often as by chance"
    own = replace(asked, own=2, kinds=np.array([KindCode.PURCHASE] * 2, dtype=np.int8))
    assert [one.code for one, _ in reasons(own, 3, {"one": 1.0})][:2] == ["because_you_bought", "goes_with_purchase"]
    assert "instead_of" not in {one.code for one, _ in reasons(own, 3, {"one": 1.0})}, "it was bought already"
    called_alike = replace(asked, one_thing=lambda position, item: True)
    assert "goes_with" not in {one.code for one, _ in reasons(called_alike, 3, {"one": 1.0})}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blue teapot, 1 l", "Stoneware teapots in white"),
        ("Théière en grès", "théières (bleu)"),
        ("Teapot", "TEAPOT with lid"),
    ],
)
def test_one_noun_is_one_thing(one: str, other: str) -> None:
    assert head_noun(one) == head_noun(other)


def test_the_dial_spreads_what_is_said_and_tells_repeats_apart() -> None:
    asked = question([0, 1], [KindCode.VIEW] * 2, own=2, one=Witness({0: 2.0, 1: 1.5}))
    said = {}
    for dial in (0.0, 0.5, 1.0):
        spread = Spread(dial)
        picked = [spread.pick(reasons(asked, 3, {"one": 1.0, "popular": 0.4})) for _ in range(3)]
        said[dial] = [(one.code, one.positions) for one in picked]
    both = ("because_you_viewed", (0, 1))
    assert said[0.0] == [both] * 3
    assert len(set(said[0.5])) == 2
    assert said[1.0][0] == both and len(set(said[1.0])) == 3, "everything true before anything twice"
    spread = Spread(0.5)
    for expected in ((), (1,)):
        again = spread.take(Reason("because_you_viewed", (1,)))
        assert spread.told_apart(again, asked, 3).attributes == expected


@pytest.mark.parametrize("seed", range(20))
def test_what_is_worked_out_once_for_a_list_is_what_each_place_says_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = {
        (one, other): Count(int(rng.integers(3, 40)), 2.0) for one in range(5) for other in range(5) if one != other
    }
    drawn = [list(pairs)[place] for place in rng.permutation(len(pairs))[:8].tolist()]
    kinds = [list(KindCode)[int(code)] for code in rng.choice([1, 2, 3, 4, 6, 8], 4)]

    def asked() -> Question:
        plain = question(rng_items, kinds, own=own, trained=4, one=Witness({0: 3.0, 1: 2.0, 2: 1.0, 3: 0.5}))
        both = counts({pair: pairs[pair] for pair in drawn[:4]}, {pair: pairs[pair] for pair in drawn[4:]})
        return replace(plain, together=both, categories=np.array([0, 1, 1, 0, 2], dtype=np.int32))

    rng_items, own = rng.integers(0, 5, 4).tolist(), int(rng.integers(0, 5))
    together = asked()
    for shares in ({"one": 1.0, "popular": 0.3}, {"mute": 1.0}, {"popular": 1.0, "one": 0.5}):
        for item in [*range(5), *range(5)]:
            assert list(reasons(together, item, shares)) == list(reasons(asked(), item, shares))


def test_a_group_says_what_is_true_of_all_of_it() -> None:
    told = [Reason("goes_with", (0,), pair=count) for count in (Count(12, 4.1), Count(30, 1.94))]
    words = shared_sentence(told, ["Lamp"])
    assert words == "Goes with Lamp: 12 shoppers or more had both in the cart, 1.9 times as often as by chance"
    popular = [Reason("popular", shoppers=shoppers) for shoppers in (41, 39)]
    assert shared_sentence(popular, []) == "Chosen by 39 shoppers or more"
