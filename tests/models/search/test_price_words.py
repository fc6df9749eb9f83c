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
