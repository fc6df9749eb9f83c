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
