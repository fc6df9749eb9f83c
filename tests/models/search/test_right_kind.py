"""Nothing of another kind stands above what was asked for: things that come along, others' sizes, words of one stem."""

from __future__ import annotations

import pytest

from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.search.heads import mentioned
from bottega.models.search.listing import Listing
from bottega.models.search.measures import measures_in
from bottega.models.search.word_search import FoundListings, WordSearch

BARE = [
    Listing("Blank Cards & Envelopes, 50 pack"),
    Listing("White Envelopes, 100 per box"),
    Listing("Roll-up Pencil Case, pencils included"),
    Listing("Colored Pencils, 24 count"),
    Listing("Embossing Labels for Label Makers, white"),
    Listing("Handheld Label Maker"),
    Listing("Speedpoint Staples, box of 5000"),
    Listing("Desktop Stapler, 25 sheets"),
    Listing("3 Ring Binder, 2 inch, white"),
    Listing("Binder with 3-Inch ring, blue"),
    Listing('View Binder 3", black'),
    Listing("Copy Paper, 8-1/2 x 11, 500 sheets"),
    Listing("Copy Paper, 11 x 17, 500 sheets"),
]
SHOP = [
    Listing("Silver cap toes", ("Shoes", "Formal shoes"), {"gender": ("Men",)}),
    Listing("Wedding heels", ("Shoes", "Heels"), {"gender": ("Women",)}),
    Listing("Grey runners", ("Shoes", "Sports shoes"), {"gender": ("Unisex",)}),
    Listing("Blue runners for the marathon", ("Shoes", "Sports shoes"), {"gender": ("Women",)}),
    Listing("Marathon socks", ("Clothing", "Socks"), {"gender": ("Men", "Women")}),
    Listing("Islemont in black", ("Shoes", "Boots"), {"cut": ("chelsea",), "size": ("40",)}),
    Listing("Ferncombe in mint", ("Shoes", "Boots"), {"cut": ("lace-up",), "size": ("40",)}),
    Listing("Green pot", ("Home", "Plants"), {"kind": ("cactus",)}),
    Listing("Dunford, for cacti and succulents", ("Home", "Plant care"), {"use": ("cacti and succulents",)}),
    Listing("Travel bag", ("Bags", "Backpacks"), {}),
    Listing("Evening out", ("Bags", "Handbags"), {}),
    Listing("Globe, lilac", ("Home", "Table lamps"), {}),
    Listing("Kirinyaga beans", ("Pantry", "Coffee"), {"roast": ("light",)}),
    Listing("Square, in olive", ("Home", "Cushions"), {"material": ("organic cotton",)}),
    Listing("Square, in red", ("Home", "Cushions"), {"material": ("cotton",)}),
    Listing("Striped pair", ("Clothing", "Socks"), {"gender": ("Unisex",)}),
    Listing("Rose in a jar", ("Home", "Candles"), {}),
    Listing("Summer dress", ("Clothing", "Dresses"), {"gender": ("Women",)}),
]


def shop_of(listings: list[Listing]) -> WordSearch:
    search = WordSearch()
    search.add(range(len(listings)), listings)
    return search


@pytest.fixture(scope="module")
def bare() -> WordSearch:
    return shop_of(BARE)


@pytest.fixture(scope="module")
def shop() -> WordSearch:
    return shop_of(SHOP)


def whole(found: FoundListings) -> list[int]:
    """Those that are all that was asked for."""
    return [int(one) for one in found.ids[: found.close_from]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("envelopes", [1]),
        ("Briefumschläge", [1]),
        ("coloured pencils", [3]),
        ("label maker", [5]),
        ("stapler", [7]),
        ("agrafeuse", [7]),
        ("staples", [6]),
    ],
)
def test_a_title_is_not_about_what_comes_along_with_a_thing_or_is_for_it(
    bare: WordSearch, text: str, wanted: list[int]
) -> None:
    assert whole(bare.search(text, 10)) == wanted


@pytest.mark.parametrize(
    ("title", "aside"),
    [
        ("Cards & envelopes", {"envelopes"}),
        ("Stapler and staples", {"staples"}),
        ("Desk and wall calendar", set()),
        ("Pencil case, pencils included", {"pencil", "pencils"}),
        ("Ballpoint pens, blue ink", set()),
        ("Tape for label makers", {"label", "makers"}),
    ],
)
def test_what_a_title_only_mentions(title: str, aside: set[str]) -> None:
    assert mentioned(title, ("en",)) == aside


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3 inch binder", {9, 10}),
        ("2 inch binder", {8}),
        ('3" binder', {9, 10}),
        ("paper 8.5 x 11", {11}),
        ("paper 11x17", {12}),
    ],
)
def test_a_number_and_its_unit_are_one_thing(bare: WordSearch, text: str, wanted: set[int]) -> None:
    assert set(whole(bare.search(text, 10))) == wanted


def test_measures_are_one_word_however_they_are_written() -> None:
    for text in ("1-1/2 Inch 3 Ring Binder", '1.5" binder', "1,5 Zoll", "1 1/2 inches"):
        assert [name for name, _ in measures_in(text)] == ["1.5 in"], text
    assert [name for name, _ in measures_in("12-Count, pack of 24")] == ["12 pack", "24 pack"]
    assert measures_in("3 in 1, model 2000, 5 colours") == []


def test_measures_that_no_listing_has_leave_the_words_as_they_were(bare: WordSearch) -> None:
    found = bare.search("5 inch binder", 10)
    assert {int(one) for one in found.ids[:3]} == {8, 9, 10} and found.query.read_as == {}


def test_what_is_for_others_stands_behind_what_is_for_those_asked_for(shop: WordSearch) -> None:
    found = shop.search("mens shoes for a wedding", 10)
    assert found.ids.tolist()[0] == 0 and 1 not in whole(found)
    marathon = shop.search("marathon running shoes for men", 10).ids.tolist()
    assert marathon.index(2) < marathon.index(3), "for everybody before for women"
    assert 4 in whole(shop.search("marathon socks for women", 10)), "for both is for either"


def test_an_attribute_within_a_phrase_of_the_lists_counts(shop: WordSearch) -> None:
    assert whole(shop.search("chelsea boots 40", 10)) == [5]
    assert set(whole(shop.search("boots 40", 10))) == {5, 6}


@pytest.mark.parametrize("text", ["cacti", "cactus", "a cactus for the sill"])
def test_plurals_that_no_rule_makes(shop: WordSearch, text: str) -> None:
    assert shop.search(text, 10).ids.tolist()[0] == 7


@pytest.mark.parametrize(
    ("many", "one", "language"),
    [
        ("knives", "knife", "en"),
        ("scarves", "scarf", "en"),
        ("children", "child", "en"),
        ("kakteen", "kaktus", "de"),
        ("stylos", "stylo", "fr"),
        ("lapices", "lapiz", "es"),
        ("luces", "luz", "es"),
        ("uomini", "uomo", "it"),
    ],
)
def test_stems_of_irregular_plurals(many: str, one: str, language: str) -> None:
    assert stem(many, language) == stem(one, language)


def test_a_word_itself_is_heard_before_others_of_its_stem(shop: WordSearch) -> None:
    def meant(word: str, language: str) -> set[str]:
        return {meaning.concept for meaning in lexicon().means([word], [language])}

    assert meant("bolsos", "es") == {"kind.handbag"} and meant("bolsas", "es") == {"kind.bag"}
    assert meant("staples", "en") == {"kind.staples"}
    assert whole(shop.search("bolsos", 10)) == [10]


def test_a_long_query_of_a_shop_with_categories_is_understood_like_a_short_one(shop: WordSearch) -> None:
    text = "please show me some comfortable running shoes for women that I can wear for the marathon this year"
    found = shop.search(text, 10)
    assert not found.query.sentence and [" ".join(unit.phrase) for unit in found.query.units if unit.kind] == [
        "running shoes"
    ]
    assert found.ids.tolist()[0] == 3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bedside light", [11]),  # and no lightly roasted coffee
        ("light roast coffee", [12]),
        ("house plant", [7]),
        ("hand bag", [10]),
        ("pillow", [13, 14]),
        ("coussin bio", [13]),
        ("cosy socks", [4, 15]),
        ("socks for a marathon", [4]),
        ("socks for hiking", [4, 15]),
        ("summer dress", [17]),
        ("candle for men", [16]),
        ("wedding gift", [16]),
        ("socks for men", [4, 15]),
        ("mens dress", []),
        ("red or olive cushion", [13, 14]),
        ("coussin rouge ou olive", [13, 14]),
    ],
)
def test_what_only_says_what_a_thing_may_be_like_hides_none(shop: WordSearch, text: str, wanted: list[int]) -> None:
    """Moods and purposes that none of the kind has, people of whom nothing is said, what is for everybody."""
    assert sorted(whole(shop.search(text, 30))) == wanted


def test_a_short_word_is_no_slip_of_another_that_begins_otherwise(shop: WordSearch) -> None:
    found = shop.search("Kaffee mild", 5)
    assert found.query.read_as == {} and found.query.unknown == ["mild"]
