"""A line as one intent and its slots, in the shop's own names for things."""

from __future__ import annotations

from typing import Any

import pytest

from assistant_slots import flat_intent, line_slots
from bottega.models.dialogue.commands import Intent, LineReading
from bottega.models.dialogue.reader import TalkReader
from bottega.models.dialogue.state import TalkState
from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch


@pytest.fixture(scope="module")
def shop() -> WordSearch:
    search = WordSearch()
    things = [("Dresses", "Red"), ("Belts", "Brown"), ("Sports Shoes", "Black"), ("Handbags", "Green")]
    people = ("Men", "Women")
    listings = [
        Listing(f"Acme {who} {colour} {kind}", (kind,), {"gender": (who,), "base_colour": (colour,)})
        for kind, colour in things
        for who in people
    ]
    search.add(list(range(len(listings))), listings)
    return search


@pytest.fixture(scope="module")
def reader() -> TalkReader:
    return TalkReader()


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("do you have brown belts for men?", "search", {"type": "Belts", "colour": "Brown", "gender": "Men"}),
        ("ich suche ein rotes kleid unter 80 euro", "search", {"type": "Dresses", "colour": "Red", "price_max": 80}),
        ("something cheaper please", "refine", {"price": "less"}),
        ("no leather please", "refine", {"exclude": "leather"}),
        ("compare the first and the third", "compare", {"ref": [1, 3]}),
        ("can I talk to a person please", "human", {}),
        ("how long does delivery take?", "ask_delivery", {}),
    ],
)
def test_slots(shop: WordSearch, reader: TalkReader, text: str, intent: str, slots: dict[str, Any]) -> None:
    found = reader.read(text, TalkState())
    assert flat_intent(found) == intent
    assert line_slots(text, found, shop.understood, shop.vocabulary) == slots


def test_who_may_be_asking_for_a_person_is_one_who_does() -> None:
    assert flat_intent(LineReading((), "en", unsure=(Intent.PERSON, Intent.ASK))) == "human"
    assert flat_intent(LineReading((), "en", unsure=(Intent.ASK,))) == "unsure"


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("ich such ne handtasche", {"type": "Handbags"}),
        ("t'aurais pas une robe rouge", {"type": "Dresses", "colour": "Red"}),
        ("cerco una cintura, non voglio spendere oltre 70 euro", {"type": "Belts", "price_max": 70}),
    ],
)
def test_what_sounds_like_a_no_and_is_none(
    shop: WordSearch, reader: TalkReader, text: str, slots: dict[str, Any]
) -> None:
    found = reader.read(text, TalkState())
    assert line_slots(text, found, shop.understood, shop.vocabulary) == slots
