"""Suggestions: listed surest first, decided once, never proposed again, and no product touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.store.store import Store
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState, SuggestionsWanted

FILL, DOUBT = SuggestionKind.FILL, SuggestionKind.DOUBT
DOUBTS = SuggestionsWanted(kind=DOUBT)
ACCEPTED, REJECTED = SuggestionState.ACCEPTED, SuggestionState.REJECTED


def suggest(product_id: str, value: str, confidence: float = 0.9, **more: Any) -> Suggestion:
    given: dict[str, Any] = {"kind": FILL, "attribute": "color", "maker": "eye", "version": "1", "time_ms": 5} | more
    return Suggestion(product_id=product_id, value=value, confidence=confidence, **given)


def open_values(store: Store, **how: Any) -> list[tuple[str, str]]:
    return [(one.product_id, one.value) for one in store.suggestions.page(**how)[0]]


def test_the_surest_come_first_page_by_page(store: Store) -> None:
    sure = [0.1, 0.7, 0.7, 0.7, 0.3, 1 / 3, 0.99]
    assert store.suggestions.put([suggest(f"p{n}", "navy", one) for n, one in enumerate(sure)]) == 7
    for surest_first in (True, False):
        seen: list[Suggestion] = []
        after = None
        while True:
            page, after = store.suggestions.page(limit=2, after=after, surest_first=surest_first)
            seen += page
            if after is None:
                break
        assert [one.confidence for one in seen] == sorted(sure, reverse=surest_first)
        assert len({one.number for one in seen}) == 7
    assert seen[0] == replace(suggest("p0", "navy", 0.1), number=seen[0].number)


def test_kinds_are_listed_apart(store: Store) -> None:
    store.suggestions.put([suggest("a", "navy"), suggest("a", "Shirts", kind=DOUBT, attribute="type", present="Tops")])
    assert open_values(store, wanted=DOUBTS) == [("a", "Shirts")]
    assert store.suggestions.page(wanted=DOUBTS)[0][0].present == "Tops"
    assert store.suggestions.counts() == {(FILL, SuggestionState.OPEN): 1, (DOUBT, SuggestionState.OPEN): 1}


def test_a_newer_suggestion_takes_the_place_of_an_open_one(store: Store) -> None:
    store.suggestions.put([suggest("a", "navy"), suggest("b", "red"), suggest("a", "cotton", attribute="material")])
    assert store.suggestions.put([suggest("a", "blue", 0.5), suggest("a", "teal", 0.4)]) == 2
    assert sorted(open_values(store)) == [("a", "blue"), ("a", "cotton"), ("a", "teal"), ("b", "red")]
    assert store.suggestions.put([suggest("b", "red", 0.2, version="2")]) == 1
    again = [one for one in store.suggestions.page()[0] if one.product_id == "b"]
    assert [(one.confidence, one.version) for one in again] == [(0.2, "2")]


@pytest.mark.parametrize("accept", [True, False])
def test_what_was_decided_is_never_proposed_again(store: Store, accept: bool) -> None:
    store.products.upsert([Product(id="a", title="Shirt", attributes={"material": ("cotton",)})])
    before = store.products.get("a")
    store.suggestions.put([suggest("a", "navy"), suggest("b", "red")])
    number = next(one.number for one in store.suggestions.page()[0] if one.product_id == "a")
    decided = store.suggestions.decide([number, 99_999], accept=accept, time_ms=8)
    assert [(one.product_id, one.state, one.decided_ms) for one in decided] == [
        ("a", ACCEPTED if accept else REJECTED, 8)
    ]
    assert store.products.get("a") == before, "no product is touched"
    assert store.suggestions.put([suggest("a", "navy", version="2"), suggest("a", "blue", version="2")]) == 1
    assert sorted(open_values(store)) == [("a", "blue"), ("b", "red")]
    assert open_values(store, state=decided[0].state) == [("a", "navy")]
    states = [state for state in (ACCEPTED, REJECTED) if open_values(store, state=state)]
    assert [value for state in states for name, value in open_values(store, state=state)] == ["navy"]
    assert store.suggestions.put([]) == 0


def test_a_decision_may_be_changed(store: Store) -> None:
    store.suggestions.put([suggest("a", "navy")])
    number = store.suggestions.page()[0][0].number
    store.suggestions.decide([number], accept=True, time_ms=8)
    assert store.suggestions.decide([number], accept=False, time_ms=9)[0].state is REJECTED
    assert store.suggestions.counts() == {(FILL, REJECTED): 1}


def test_found_by_number_and_by_what_was_accepted(store: Store) -> None:
    store.suggestions.put([suggest("a", "navy"), suggest("b", "red")])
    numbers = {one.product_id: one.number for one in store.suggestions.page()[0]}
    assert [one.value for one in store.suggestions.get([numbers["b"], numbers["a"], 99_999])] == ["navy", "red"]
    store.suggestions.decide([numbers["a"]], accept=True, time_ms=8)
    store.suggestions.put([suggest("a", "blue")])
    store.suggestions.decide([store.suggestions.page()[0][0].number], accept=False, time_ms=9)
    assert [one.value for one in store.suggestions.accepted(["a", "b", "c"])] == ["navy"]
    later = suggest("a", "white")
    store.suggestions.put([later])
    number = next(one.number for one in store.suggestions.page()[0] if one.value == "white")
    store.suggestions.decide([number], accept=True, time_ms=10)
    assert [one.value for one in store.suggestions.accepted(["a"])] == ["white", "navy"], "the newest first"


def test_more_than_fit_into_one_statement(store: Store) -> None:
    batch = [suggest(f"p{n}", "navy") for n in range(2600)]
    assert store.suggestions.put(batch) == store.suggestions.put(batch) == 2600
    assert store.suggestions.counts() == {(FILL, SuggestionState.OPEN): 2600}


def test_a_cursor_of_another_make_is_refused(store: Store) -> None:
    with pytest.raises(RequestInvalid, match=r"The cursor is 'x'.* It must be the `next` of the page before"):
        store.suggestions.page(after="x")
