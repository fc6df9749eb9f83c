"""Cuts from words: which piece of clothing is meant, in five languages, and who must not wear it."""

from __future__ import annotations

import pytest

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.body import build
from bottega.models.studio.garments.cloth import CUTS, LAYERS
from bottega.models.studio.garments.cuts import KINDS, cut_of, is_underwear, refuse_underwear


def test_every_cut_has_words_and_a_layer() -> None:
    assert set(KINDS) == set(CUTS) == set(LAYERS)


@pytest.mark.parametrize(
    ("said", "cut"),
    [
        ("Peter England Men Party Blue Jeans", "trousers"),
        ("Rotes Kleid mit Gürtel", "dress"),
        ("falda vaquera", "skirt"),
        ("sac à main", "bag"),
        ("occhiali da sole", "glasses"),
        ("Casual Shoes", "shoes"),
        ("Sweatshirt with cap", "top"),
        ("Innerwear Vests", "top"),
    ],
)
def test_the_last_thing_before_with_is_the_piece(said: str, cut: str) -> None:
    assert cut_of([said]) == cut


def test_the_deepest_category_counts_before_the_title() -> None:
    assert cut_of(["Skirts", "Shirt dress style denim skirt, shirt"]) == "skirt"


def test_what_is_no_clothing_is_refused_with_what_it_is() -> None:
    with pytest.raises(RequestInvalid, match="taken for watch"):
        cut_of(["Titan Women Silver Watch"])
    with pytest.raises(RequestInvalid, match="nothing that can be put on"):
        cut_of(["Zorbl"])


def test_underwear_is_for_grown_bodies_alone() -> None:
    assert is_underwear(["Briefs"]) and is_underwear(["Badeanzug"]) and not is_underwear(["Jeans"])
    refuse_underwear(["Bra"], build("woman_24"))
    refuse_underwear(["Jeans"], build("girl_8"))
    with pytest.raises(RequestInvalid, match="8 years old"):
        refuse_underwear(["Swimwear"], build("girl_8"))
