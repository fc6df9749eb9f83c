"""Sizes and measures as people type them: a letter, a word, a number with or without a blank, in five languages."""

from __future__ import annotations

import pytest

from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

SHOP = [
    Listing("Slim trousers for work", ("Clothing", "Trousers"), {"size": ("S",)}),
    Listing("Slim trousers for work", ("Clothing", "Trousers"), {"size": ("M",)}),
    Listing("Slim trousers for work", ("Clothing", "Trousers"), {"size": ("L",)}),
    Listing("Slim trousers for work", ("Clothing", "Trousers"), {"size": ("XL",)}),
    Listing("Chelsea boots in the rain", ("Shoes", "Boots"), {"size": ("42",)}, price=120.0),
    Listing("Chelsea boots in the rain", ("Shoes", "Boots"), {"size": ("43",)}, price=60.0),
    Listing("Espresso beans", ("Pantry", "Coffee"), {"pack": ("500 g",)}, price=12.0),
    Listing("Espresso beans", ("Pantry", "Coffee"), {"pack": ("1 kg",)}, price=22.0),
    Listing("Rucksack of canvas", ("Bags", "Backpacks"), {"volume": ("24 l",)}, price=35.0),
    Listing("Rucksack of canvas", ("Bags", "Backpacks"), {"volume": ("16 l",)}, price=20.0),
    Listing("Print of the sea", ("Home", "Posters"), {"format": ("50 x 70 cm",)}),
    Listing("Print of the sea", ("Home", "Posters"), {"format": ("30 x 40 cm",)}),
]


def whole(text: str) -> set[int]:
    search = WordSearch()
    search.add(range(len(SHOP)), SHOP)
    answer = search.search(text, 12)
    return {int(one) for one in answer.ids[: answer.close_from]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("trousers size M", {1}),
        ("trousers M", {1}),
        ("trousers in size l", {2}),
        ("size M trousers", {1}),
        ("trousers in M please", {1}),
        ("trousers in size L please", {2}),
        ("Hose in M bitte", {1}),
        ("small trousers", {0}),
        ("extra large trousers", {3}),
        ("trousers XL", {3}),
        ("Hose Größe S", {0}),
        ("pantalon taille M", {1}),
        ("pantalones talla L", {2}),
        ("pantaloni taglia XL", {3}),
        ("trousers, what size?", {0, 1, 2, 3}),
        ("boots size 42", {4}),
        ("Stiefel Größe 43", {5}),
        ("coffee 500g", {6}),
        ("coffee 500 g", {6}),
        ("1kg coffee", {7}),
        ("backpack 24l", {8}),
        ("backpack 16 l", {9}),
        ("poster 50x70", {10}),
        ("poster 30 x 40 cm", {11}),
        ("poster 30×40", {11}),
        ("botas entre 50 y 70 euros", {5}),
        ("stivali da 50 a 70 euro", {5}),
        ("zaino tra 30 e 40 euro", {8}),
        ("sac à dos de 30 à 40 euros", {8}),
        ("Rucksack von 30 bis 40 Euro", {8}),
    ],
)
def test_all_that_was_asked_for(text: str, wanted: set[int]) -> None:
    assert whole(text) == wanted


def test_a_word_of_a_phrase_of_the_lists_is_a_slip_where_the_phrase_is_not_said() -> None:
    search = WordSearch()
    search.add([0, 1], [Listing("White mug of the house"), Listing("Wite out for the office")])
    assert search.understood("wite mug").read_as == {}, "a word that the shop has is none"
    search = WordSearch()
    search.add([0], [Listing("White mug of the house")])
    assert search.understood("wite mug").read_as["wite"][0] == "white"
    assert search.understood("wite out").read_as == {}
