"""What a title is about, in languages that name the thing last and in those that name it first."""

from __future__ import annotations

import pytest

from bottega.models.search.heads import mentioned


@pytest.mark.parametrize(
    ("title", "language", "aside"),
    [
        ("Refill for ballpoint pens", "en", {"ballpoint", "pens"}),
        ("Envelope Moistener", "en", {"envelope"}),
        ("Fountain Pen Ink Converter", "en", {"pen", "ink"}),
        ("Fountain Pen, blue ink", "en", set()),
        ("Pen set", "en", set()),
        ("For pens", "en", set()),
        ("Recharge pour stylo", "fr", {"stylo"}),
        ("Stylo à bille bleu", "fr", set()),
    ],
)
def test_what_a_title_only_mentions(title: str, language: str, aside: set[str]) -> None:
    assert mentioned(title, (language,)) == aside
