"""BM25 against the formula by hand, tail against index, misspelt words, and listings that come and go."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.words import search_words
from bottega.models.vision.text_search import TextConfig, TextSearch

LISTINGS = {
    0: "red striped shirt",
    1: "blue shirt",
    2: "red dress with red bow",
    3: "green striped dress striped",
    4: "кружка с полосками",
    5: "black leather sneakers",
    6: "",
}
INDEXED = TextConfig(tail_most=0)
"""Every change makes the index anew; by default these few listings stay in the tail."""


def shop(
    config: TextConfig | None = None, *, seen: dict[int, str] | None = None, listings: dict[int, str] = LISTINGS
) -> TextSearch:
    search = TextSearch(config)
    read = [search_words((seen or {}).get(one, "")) for one in listings]
    search.add(listings, [search_words(text) for text in listings.values()], read)
    return search


def ids(search: TextSearch, text: str, count: int = 9) -> list[int]:
    return [int(one) for one in search.search(search_words(text), count).ids]


@pytest.mark.parametrize("config", [TextConfig(), INDEXED])
def test_scores_are_the_formula(config: TextConfig) -> None:
    found = shop(config).search(["red", "striped"], 9)
    words = [search_words(text) for text in LISTINGS.values()]
    mean = sum(map(len, words)) / len(words)
    rarity = math.log(1 + (7 - 2 + 0.5) / (2 + 0.5))  # each word is in two of the seven
    wanted: dict[int, float] = {}
    for one, listing in enumerate(words):
        room = config.k1 * (1 - config.b + config.b * len(listing) / mean)
        score = sum(rarity * listing.count(w) / (listing.count(w) + room) for w in ("red", "striped"))
        wanted |= {one: score} if score else {}
    np.testing.assert_allclose(found.scores, np.array(sorted(wanted.values(), reverse=True)), rtol=1e-5)
    assert found.ids.tolist() == sorted(wanted, key=lambda one: -wanted[one]) and found.ids[0] == 0


def test_tail_and_index_find_the_same() -> None:
    fashion = {one: f"{colour} {kind} {one}" for one, (colour, kind) in enumerate(_pairs())}
    whole = shop(INDEXED, listings=fashion)
    parts = shop(replace(INDEXED, tail_most=100), listings=fashion)  # all of it indexed
    parts.add([200, 201], [["red", "skirt"], ["plaid", "kilt"]], [[], []])  # two in the tail
    whole.add([200, 201], [["red", "skirt"], ["plaid", "kilt"]], [[], []])
    for text in ("red skirt", "kilt", "blue shirt plaid"):
        assert set(ids(parts, text, 4)) == set(ids(whole, text, 4)), text
    assert ids(parts, "red skirt")[0] == 200 and ids(parts, "kilt") == [201]


def _pairs() -> list[tuple[str, str]]:
    return [
        (colour, kind) for colour in ("red", "blue", "green") * 10 for kind in ("shirt", "dress", "boots", "skirts")
    ]


def test_a_listing_is_found_at_once_changed_and_gone() -> None:
    for config in (TextConfig(), INDEXED):
        search = shop(config)
        search.add([9], [["tartan", "kilt"]], [[]])
        assert ids(search, "kilt") == [9]
        search.add([1], [["tartan", "scarf"]], [[]])
        assert ids(search, "tartan") == [1, 9] and ids(search, "blue") == []
        search.remove([9, 1234])
        assert ids(search, "tartan") == [1] and len(search) == 7


def test_words_read_off_photos_count_less_than_written_ones() -> None:
    for config in (TextConfig(), INDEXED):
        search = shop(config, seen={1: "striped plain", 6: "mug"})
        assert ids(search, "striped")[-1] == 1 and set(ids(search, "striped")) == {0, 1, 3}
        assert ids(search, "mug") == [6], "a listing with no words of its own"
        ignoring = shop(replace(config, seen_weight=0.0), seen={1: "striped"})
        assert set(ids(ignoring, "striped")) == {0, 3}


@pytest.mark.parametrize("config", [TextConfig(), INDEXED])
def test_unknown_words_are_taken_for_similar_ones_and_named(config: TextConfig) -> None:
    search = shop(config)
    found = search.search(["snekers"], 5)
    assert found.ids.tolist() == [5] and found.read_as == {"snekers": ("sneakers",)} and found.unknown == ()
    assert ids(search, "stripped shrt")[0] == 0
    nothing = search.search(["zzzzzz", "xq", "red"], 5)
    assert nothing.unknown == ("zzzzzz", "xq") and sorted(nothing.ids) == [0, 2]


def test_plural_and_singular_meet() -> None:
    assert set(ids(shop(), "dresses")) == {2, 3} and ids(shop(), "sneaker") == [5]
    assert shop().search(["dresses"], 3).read_as == {}, "no guess, but a form of the word"


@pytest.mark.parametrize("text", ["", "   ", "-- !", "q"])
def test_nothing_asked_finds_nothing(text: str) -> None:
    found = shop().search(search_words(text), 5)
    assert len(found.ids) == len(found.scores) == 0 and found.read_as == {}
    assert len(TextSearch().search(["red"], 5).ids) == 0 == len(shop(listings={1: ""}).search(["red"], 5).ids)


def test_other_scripts_and_filters() -> None:
    search = shop()
    assert ids(search, "КРУЖКА") == [4]
    allowed = np.array([False, True, True])
    assert sorted(search.search(["red", "shirt"], 5, allowed=allowed).ids) == [1, 2]
    assert search.search(["red"], 1).ids.tolist() == [2], "as many as asked for"


@pytest.mark.real_data
def test_titles_of_a_real_shop(real_data: Callable[[str], Path]) -> None:
    with real_data("fashion/styles.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:4000]

    def words(row: dict[str, str]) -> Sequence[str]:
        return search_words(" ".join([row["productDisplayName"]] * 2 + [row["articleType"], row["baseColour"]]))

    search = TextSearch()
    search.add(range(len(rows)), map(words, rows), [[]] * len(rows))
    for text, kind, colour in (
        ("red shirt", "Shirts", "Red"),
        ("black t-shirts men", "Tshirts", "Black"),
        ("brown handbag women", "Handbags", "Brown"),
        ("blue jeens", "Jeans", "Blue"),
    ):
        found = [rows[one] for one in search.search(search_words(text), 10).ids]
        assert sum(row["articleType"] == kind and row["baseColour"] == colour for row in found) >= 8, text
