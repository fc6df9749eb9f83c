"""What shall be otherwise, read in five languages; sizes, and how far colours are apart."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.blocks.colour_words import colour_gap, lab_of_word
from bottega.models.search.changes import read_changes
from bottega.models.search.kinds import kind_of
from bottega.models.search.listing import Listing
from bottega.models.search.sizes import place_of, size_in, steps_from
from bottega.models.search.word_search import WordSearch


@pytest.fixture(scope="module")
def search() -> WordSearch:
    made = WordSearch()
    rows = [("red", "wool", "M", "plain"), ("navy", "cotton", "L", "striped"), ("sand", "cotton", "S", "dotted")]
    made.add(
        range(3),
        [
            Listing(
                f"{colour} shirt",
                ("Clothing", "Shirts"),
                {
                    "color": (colour,),
                    "material": (material,),
                    "size": (size,),
                    "pattern": (pattern,),
                    "frame": ("red",),
                },
                brand="Nord",
            )
            for colour, material, size, pattern in rows
        ],
    )
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", [("red", "colour", "")]),
        ("rote und günstiger", [("gunstiger", "price", "cheaper"), ("rote", "colour", "")]),
        ("moins cher et à rayures", [("moins cher", "price", "cheaper"), ("rayures", "attribute", "")]),
        ("más grande", [("mas grande", "size", "larger")]),
        ("più scuro", [("piu scuro", "colour", "darker")]),
        ("in size M", [("m", "size", "")]),
        ("XL", [("xl", "size", "")]),
        ("couleur différente", [("couleur differente", "colour", "another")]),
        ("in einer anderen Farbe", [("anderen farbe", "colour", "another")]),
        ("red frame", [("red", "attribute", "")]),
        ("Nord", [("nord", "attribute", "")]),
        ("qzqz", []),
        ("", []),
    ],
)
def test_changes_are_read(search: WordSearch, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read_changes(text, search)
    assert [(one.words, one.what, one.step) for one in found.asked] == expected


def test_what_is_denied_and_what_things_cost(search: WordSearch) -> None:
    [change] = read_changes("not red", search).asked
    assert change.denied and change.fields == ("color",)
    [change] = read_changes("under 30 euros", search).asked
    assert change.price.most == 30


def test_sizes_stand_on_scales() -> None:
    assert place_of("Medium") == place_of("m") != place_of("42") and place_of("oak") is None
    assert steps_from("M", 1)[0] == "l" and steps_from("42", -1)[:2] == ["41.5", "41"] and steps_from("oak", 1) == []
    assert size_in("l'hiver", "l'hiver")[0] == "" and size_in("s", "s")[0] == "s" and size_in("men s", "men s")[0] == ""


def test_colours_lie_where_they_are_seen() -> None:
    def gap(one: str, other: str) -> float:
        points = [np.array(lab_of_word(name, ("en", "de")), np.float32) for name in (one, other)]
        return float(colour_gap(*points))

    assert gap("burgundy", "maroon") < gap("burgundy", "red") < gap("burgundy", "green")
    assert gap("weinrot", "burgundy") < 10 and gap("light blue", "sky") < gap("light blue", "navy")
    assert lab_of_word("plaid", ("en",)) is None and lab_of_word("", ("en",)) is None


def test_a_kind_is_a_path() -> None:
    assert kind_of("Red mug", ("Home", "Mugs"), (), ("en",)) == ("Home", "Mugs")
    assert kind_of("Red mug", ("Sale",), (), ("en",)) == ("Sale", "kind.mug")
    assert kind_of("Oak lamp", (), (), ("en",))[-1] == "kind.lamp"
    assert kind_of("Zorbel", (), ("Grell",), ("en",)) == ("Grell",) and kind_of("Zorbel", (), (), ("en",)) == ()
