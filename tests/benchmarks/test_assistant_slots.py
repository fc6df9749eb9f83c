"""A line as one intent and its slots, in the shop's own names for things."""

from __future__ import annotations

from typing import Any

import pytest

from assistant_reading import SlotCount, brand_in
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


@pytest.fixture(scope="module")
def branded() -> WordSearch:
    search = WordSearch()
    things = [("Jackets", "Brown", "Puma"), ("Watches", "Black", "Titan"), ("Belts", "Black", "Red Tape")]
    people = ("Men", "Women", "Boys", "Girls")
    listings = [
        Listing(f"{brand} {who} {kind}", (kind,), {"gender": (who,), "base_colour": (colour,)}, brand=brand)
        for kind, colour, brand in things
        for who in people
    ]
    search.add(list(range(len(listings))), listings)
    return search


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("do you have a jacket from Puma?", {"type": "Jackets", "brand": "Puma"}),
        ("suche eine braune Lederjacke", {"type": "Jackets", "colour": "Brown", "material": "Leder"}),
        ("a denim jacket for women", {"type": "Jackets", "gender": "Women", "material": "denim"}),
        ("orologio Titan da donna", {"type": "Watches", "gender": "Women", "brand": "Titan"}),
        ("no leather please", {"exclude": "leather"}),
        ("does it come in black?", {"colour": "Black"}),
        ("une montre pour fille", {"type": "Watches", "gender": "Girls"}),
        ("une montre pour ma fille", {"type": "Watches"}),
    ],
)
def test_brand_and_material(branded: WordSearch, reader: TalkReader, text: str, slots: dict[str, Any]) -> None:
    found = reader.read(text, TalkState())
    assert line_slots(text, found, branded.understood, branded.vocabulary) == slots


def test_pairs_are_counted() -> None:
    count = SlotCount()
    count.add({"type": "Belts"}, {"type": "Belts", "colour": "Red"})
    count.add({"type": "Belts", "size": "M"}, {"type": "Belts"})
    assert (count.right, count.extra, count.missed) == (2, 1, 1) and count.score() == "F1 0.667"


@pytest.mark.parametrize(
    ("title", "brand"),
    [("Peter England Men Party Blue Jeans", "Peter England"), ("Nike Blue Backpack", "Nike"), ("Men Belt", "Men")],
)
def test_titles_begin_with_the_brand(title: str, brand: str) -> None:
    assert brand_in(title) == brand
