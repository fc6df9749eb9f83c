"""How shoppers ask: for a purpose, for what others are made for, by what it shall not be, as it is spelt here."""

from __future__ import annotations

import pytest

from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

SHOP = [
    Listing("Marton, 128 GB, white", ("Electronics", "Phones"), {"color": ("white",)}),
    Listing("Ulby phone cover", ("Electronics", "Phone covers"), {"color": ("white",)}),
    Listing("Ulby phone cover", ("Electronics", "Phone covers"), {"color": ("black",)}),
    Listing("Ulby phone cover", ("Electronics", "Phone covers"), {"color": ("red",)}),
    Listing("Silver hands", ("Accessories", "Watches"), {"gender": ("Women",)}),
    Listing("Black dial", ("Accessories", "Watches"), {"gender": ("Men",)}),
    Listing("Blue robe", ("Clothing", "Robe"), {"gender": ("Women",)}),
    Listing("Summer in lilac", ("Clothing", "Dresses"), {"gender": ("Women",)}),
    Listing("Silver drops", ("Accessories", "Earrings"), {}),
    Listing("Ear print", ("Clothing", "T-shirts"), {}),
    Listing("Grey mist", ("Bags", "Backpacks"), {"color": ("gray",)}),
]
BARE = [
    Listing("Rapesco Marlin Stapler, 25 sheets"),
    Listing("Bostitch Staples, 5000 per box"),
    Listing("Jumbo Paper Clips, 100 pack"),
    Listing("Lamy Safari Fountain Pen, blue"),
    Listing("Profile Ballpoint Pens, black"),
    Listing("Quink Refill for Ballpoint Pens"),
    Listing("Fountain Pen Ink Converter"),
    Listing("Electric Pencil Sharpener"),
    Listing("Yellow Pencils, sharpened, 12 count"),
    Listing("Colored Pencils, 24 count"),
    Listing("Cross-Cut Shredder, 6 sheets"),
    Listing("White Envelopes, 100 per box"),
    Listing("Envelope Moistener"),
    Listing("Pink Eraser"),
    Listing("Multipurpose Copy Paper, 500 sheets"),
]


def shop_of(listings: list[Listing]) -> WordSearch:
    search = WordSearch()
    search.add(range(len(listings)), listings)
    return search


@pytest.fixture(scope="module")
def shop() -> WordSearch:
    return shop_of(SHOP)


@pytest.fixture(scope="module")
def bare() -> WordSearch:
    return shop_of(BARE)


def first(search: WordSearch, text: str, count: int = 1) -> set[int]:
    return {int(one) for one in search.search(text, count).ids}


def test_what_a_shopper_has_is_not_asked_for(shop: WordSearch) -> None:
    assert first(shop, "something to protect my phone", 3) == {1, 2, 3}
    assert first(shop, "ein Schutz für mein Handy", 3) == {1, 2, 3}
    assert first(shop, "phone") == {0}
    assert first(shop, "something to wear at my home", 3) <= {6, 7, 9}
    assert first(shop, "I want to carry my books") == {10}, "a purpose calls bags to mind, none of which is called one"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("phone cover other than white", {2, 3}),
        ("phone cover but no black", {1, 3}),
        ("phone cover anything but red", {1, 2}),
        ("phone cover not white or red", {2}),
        ("phone cover neither black nor red", {1}),
        ("Handyhülle außer schwarz", {1, 3}),
        ("coque de téléphone autre que blanche", {2, 3}),
        ("funda de móvil que no sea roja", {1, 2}),
        ("custodia cellulare diversa da nera", {1, 2, 3}),
        ("custodia telefono tranne nera", {1, 3}),
    ],
)
def test_what_it_shall_not_be(shop: WordSearch, text: str, wanted: set[int]) -> None:
    answer = shop.search(text, 9)
    covers = {int(one) for one in answer.ids} & {1, 2, 3}
    assert covers == wanted, answer.query


def test_a_compound_with_a_short_end_is_its_parts(shop: WordSearch) -> None:
    assert first(shop, "Damenuhr") == {4} and first(shop, "Herrenuhr") == {5}


def test_a_word_means_what_it_means_in_the_language_asked_in(shop: WordSearch) -> None:
    assert first(shop, "robe femme") == {7} and first(shop, "robe") == {6}


def test_a_slip_of_a_things_name_is_no_form_of_another_word(shop: WordSearch) -> None:
    answer = shop.search("earings", 1)
    assert set(answer.ids.tolist()) == {8} and answer.query.read_as == {"earings": ("earrings",)}


def test_words_are_found_as_they_are_spelt_on_both_sides_of_the_sea(shop: WordSearch, bare: WordSearch) -> None:
    assert first(shop, "grey backpack") == {10}
    assert first(bare, "coloured pencils") == {9}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("agrafeuse", 0),
        ("Tacker", 0),
        ("Büroklammern", 2),
        ("clips de papel", 2),
        ("stylo plume", 3),
        ("Füller", 3),
        ("biro", 4),
        ("penna a sfera", 4),
        ("sacapuntas", 7),
        ("crayons de couleur", 9),
        ("Radiergummi", 13),
        ("Kopierpapier", 14),
        ("something that destroys documents", 10),
    ],
)
def test_every_thing_of_an_office_has_its_own_name(bare: WordSearch, text: str, wanted: int) -> None:
    assert first(bare, text) == {wanted}, bare.understood(text)


@pytest.mark.parametrize(
    ("text", "thing", "mentions_it"),
    [("ballpoint pen", 4, 5), ("fountain pens", 3, 6), ("envelope", 11, 12), ("Briefumschlag", 11, 12)],
)
def test_a_title_that_only_mentions_a_thing_stands_behind(
    bare: WordSearch, text: str, thing: int, mentions_it: int
) -> None:
    answer = bare.search(text, 15)
    found = answer.ids.tolist()
    assert found[0] == thing and mentions_it not in found[: answer.close_from], answer.query


def test_a_short_question_of_many_small_words_is_understood(bare: WordSearch) -> None:
    assert first(bare, "can you please tell me if you have one of those things that destroy documents") == {10}
