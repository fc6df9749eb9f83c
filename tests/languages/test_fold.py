"""Folding, and cutting into words, in several scripts."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.languages import fold as module
from bottega.languages.fold import fold, tokens


def test_examples_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Straße", ["strasse"]),
        ("Großes BÜCHERREGAL", ["grosses", "bucherregal"]),
        ("v neck, a shirt", ["vneck", "shirt"]),
        ("women's l'été", ["women", "ete"]),
        ("Кружка с полосками", ["кружка", "с", "полосками"]),
        ("iPhone 15", ["iphone", "15"]),
        ("빨간 드레스", ["빨간", "드레", "레스"]),
        ("红色连衣裙", ["红色", "色连", "连衣", "衣裙"]),
        ("🧦 socks", ["🧦", "socks"]),
        ("", []),
        ("-- !", []),
    ],
)
def test_words_of_every_script(text: str, wanted: list[str]) -> None:
    assert tokens(text) == wanted


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once or fold(fold(once)) == fold(once)
    assert all(word for word in tokens(text))
