"""What is asked for comes first, in any language and however it is spelt; a shop of nonsense words searches as well."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

SHOP = [
    Listing("Aran red lamp", ("Home", "Lamps"), {"color": ("red",)}, price=30.0, names=("LAM-00001",)),
    Listing("Aran blue lamp", ("Home", "Lamps"), {"color": ("navy blue",)}, price=90.0, names=("LAM-00002",)),
    Listing("Foot warmer under the desk", ("Home", "Heating"), {}, description="Warm feet all winter.", price=20.0),
    Listing("Runner low", ("Shoes", "Sneakers"), {"color": ("red",), "gender": ("Men",)}, brand="Pace", price=60.0),
    Listing(
        "Runner high", ("Shoes", "Sneakers"), {"color": ("black",), "gender": ("Women",)}, brand="Pace", price=80.0
    ),
    Listing("Chelsea", ("Shoes", "Boots"), {"color": ("black",), "material": ("leather",)}, price=140.0),
    Listing("Hiker", ("Shoes", "Boots"), {"color": ("brown",), "material": ("canvas",)}, price=95.0),
    Listing("Wool sweater", ("Clothing", "Sweaters"), {"color": ("grey",)}, price=70.0),
    Listing("Tiny red mug", ("Kitchen", "Mugs"), {"color": ("red",)}, description="Red as a boot.", price=12.0),
    Listing("Boot rack", ("Home", "Shoe racks"), {"material": ("steel",)}, price=35.0),
]


@pytest.fixture(scope="module")
def shop() -> WordSearch:
    search = WordSearch()
    search.add(range(len(SHOP)), SHOP)
    return search


def found(search: WordSearch, text: str, count: int = 9) -> list[int]:
    return [int(one) for one in search.search(text, count).ids]


def whole(search: WordSearch, text: str) -> set[int]:
    """Those that are all that was asked for."""
    answer = search.search(text, 9)
    return {int(one) for one in answer.ids[: answer.close_from]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("boots", {5, 6}),
        ("black boots", {5}),
        ("boots black", {5}),
        ("red sneakers", {3}),
        ("rote Turnschuhe", {3}),
        ("baskets rouges", {3}),
        ("zapatillas rojas", {3}),
        ("scarpe da ginnastica rosse", {3}),
        ("trainers for my husband", {3}),
        ("footwear", {3, 4, 5, 6}),
        ("crimson snekers", {3}),
        ("navy blue lamp", {1}),
        ("lampe", {0, 1}),
        ("Tischlampe", {0, 1}),
        ("boots without leather", {6}),
        ("boots, not black", {6}),
        ("lamp under 50", {0}),
        ("lamp 50 to 100 euros", {1}),
        ("shoes over 90", {5, 6}),
        ("LAM-00002", {1}),
        ("lam-00002", {1}),
        ("pace", {3, 4}),
    ],
)
def test_all_that_was_asked_for(shop: WordSearch, text: str, wanted: set[int]) -> None:
    assert whole(shop, text) == wanted, shop.understood(text)


def test_what_is_of_another_kind_stands_behind_all_that_is(shop: WordSearch) -> None:
    assert set(found(shop, "boots")[:2]) == {5, 6}, "neither a rack for boots nor a mug as red as one"
    assert set(found(shop, "red boots")[:2]) == {5, 6} and whole(shop, "red boots") == set()


def test_the_thing_is_what_stands_before_for(shop: WordSearch) -> None:
    assert found(shop, "lamp for my boots")[:2] in ([0, 1], [1, 0])


def test_small_words_win_nothing(shop: WordSearch) -> None:
    assert found(shop, "mug under 20") == [8]
    assert found(shop, "something warm for winter")[0] == 7, "and no foot warmer under a desk"
    assert found(shop, "for the") == []


def test_a_word_that_the_language_knows_is_no_slip(shop: WordSearch) -> None:
    answer = shop.understood("warm hat")
    assert answer.read_as == {}, "warm is no worm, and a hat no mat"
    assert shop.understood("lampp").read_as["lampp"][0] == "lamp"


def test_cheap_puts_the_cheaper_first(shop: WordSearch) -> None:
    assert found(shop, "cheap boots")[:2] == [6, 5] and found(shop, "billige Stiefel")[:2] == [6, 5]


def test_what_means_nothing_is_named(shop: WordSearch) -> None:
    answer = shop.search("qwxyz lamp", 9)
    assert answer.query.unknown == ["qwxyz"] and {int(one) for one in answer.ids[:2]} == {0, 1}


@pytest.mark.parametrize("text", ["", "   ", "-- !", "q", "\x00", "𝔘", "a" * 500])
def test_nothing_asked_finds_nothing(shop: WordSearch, text: str) -> None:
    assert len(shop.search(text, 9).ids) == 0
    assert len(WordSearch().search("lamp", 9).ids) == 0


def test_what_a_query_leaves_of_all(shop: WordSearch) -> None:
    everything = np.ones(len(SHOP) + 5, dtype=np.bool_)
    left = shop.within(shop.understood("lamp without red under 95"), everything)
    assert set(np.flatnonzero(left).tolist()) == {1, 2, 4, 6, 7, 9}, "of every other colour, or of none"


def test_filters_and_counts(shop: WordSearch) -> None:
    allowed = np.ones(len(SHOP), dtype=np.bool_)
    allowed[5] = False
    assert [int(one) for one in shop.search("boots", 1, allowed=allowed).ids] == [6]
    assert len(shop.search("boots", 9, allowed=np.zeros(3, dtype=np.bool_)).ids) == 0


@pytest.mark.parametrize("tail_most", [0, 500])
def test_a_listing_is_found_at_once_changed_and_gone(monkeypatch: pytest.MonkeyPatch, tail_most: int) -> None:
    monkeypatch.setattr("bottega.models.search.listing_index.TAIL_MOST", tail_most)
    search = WordSearch()
    search.add(range(len(SHOP)), SHOP)
    search.add([40], [Listing("Tartan kilt", ("Clothing", "Kilts"))])
    assert found(search, "kilt") == [40]
    search.add([40], [Listing("Tartan scarf", ("Clothing", "Scarves"))])
    assert found(search, "kilts") == [] and found(search, "tartan") == [40] and found(search, "Schal")[0] == 40
    search.remove([40, 1234])
    assert found(search, "tartan") == [] and len(search) == len(SHOP)
    assert whole(search, "black boots") == {5}


def nonsense(seed: int) -> tuple[list[Listing], list[tuple[str, set[int]]]]:
    """A shop whose words are in no list, and what its customers ask."""
    draw = random.Random(seed)
    letters = "bdfgklmnprstvz"

    def word() -> str:
        return "".join(draw.choice(letters) + draw.choice("aeiou") for _ in range(draw.randint(3, 4)))

    kinds, colours, makers = ([word() for _ in range(size)] for size in (6, 5, 4))
    rows = [(draw.choice(kinds), draw.choice(colours), draw.choice(makers)) for _ in range(120)]
    listings = [
        Listing(f"{maker} {word()} {kind}", ("Alle", kind), {"farbo": (colour,)}, brand=maker)
        for kind, colour, maker in rows
    ]
    asked = [
        (f"{colour} {kind}", {place for place, row in enumerate(rows) if row[:2] == (kind, colour)})
        for kind in kinds
        for colour in colours
    ]
    return listings, asked


def test_a_shop_of_nonsense_words_searches_as_well() -> None:
    listings, asked = nonsense(7)
    search = WordSearch()
    search.add(range(len(listings)), listings)
    for text, wanted in asked:
        if wanted:
            assert whole(search, text) == wanted or wanted >= whole(search, text) > set(), text
            assert set(found(search, text, len(wanted))) == wanted


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.text(max_size=60))
def test_any_text_is_answered(titles: Sequence[str], text: str) -> None:
    search = WordSearch()
    search.add(range(len(titles)), [Listing(title, (title,), {"x": (title,)}, description=text) for title in titles])
    answer = search.search(text, 5)
    assert len(answer.ids) == len(answer.scores) <= 5 and 0 <= answer.close_from <= len(answer.ids)
    assert np.isfinite(answer.scores).all() and (np.diff(answer.scores[: answer.close_from]) <= 0).all()
