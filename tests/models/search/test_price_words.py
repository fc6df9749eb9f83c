"""Prices in words of shoppers, and measures that are none."""

from __future__ import annotations

import pytest

from bottega.models.search.prices import bounds_in


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("dresses under 100 in blue", 100.0),
        ("kleider bis 100 in blau", 100.0),
        ("dresses in blue under 100", 100.0),
        ("a screen under 50 in", None),
        ("a screen under 50 inches", None),
        ("I run 5 to 8 miles daily", None),
        ("ein akku, der über 6 stunden hält", None),
    ],
)
def test_in_before_a_word_is_no_inch(text: str, most: float | None) -> None:
    assert bounds_in(text)[0].most == most


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("a watch for my dad, 150 at most", 150.0),
        ("un sac a main, 70 balles grand max", 70.0),
        ("uhr bis hundert euro", 100.0),
        ("non oltre i 60", 60.0),
        ("que no pase de 35", 35.0),
        ("je ne veux pas depasser cinquante", 50.0),
        ("nothing above 30", 30.0),
        ("ten pack of socks", None),
        ("cien por cien algodon", None),
    ],
)
def test_the_most_is_said_before_and_behind_and_in_words(text: str, most: float | None) -> None:
    assert bounds_in(text)[0].most == most


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("a wallet, 45 is the most i would pay", 45.0),
        ("handtasche, mein budget liegt bei 60", 60.0),
        ("perfume, budget about 50", 50.0),
        ("una gorra, 20 es mi tope", 20.0),
        ("the most read book of 45 pages", None),
        ("a budget phone with 50 mm lens", None),
    ],
)
def test_what_somebody_has_to_spend(text: str, most: float | None) -> None:
    assert bounds_in(text)[0].most == most
