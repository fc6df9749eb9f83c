"""Slips of the keyboard."""

from __future__ import annotations

import pytest

from bottega.models.search.spelling import Speller, edits

WORDS = {"sneakers": 40, "striped": 10, "shirt": 60, "skirt": 20, "polish": 5, "black": 30, "jeans": 9}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.of(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("snekers", "sneakers"), ("stripped", "striped"), ("polihs", "polish"), ("bleck", "black"), ("jaens", "jeans")],
)
def test_slips(speller: Speller, typed: str, meant: str) -> None:
    assert speller.near(typed, lambda word: WORDS[word])[0][0] == meant


def test_of_words_as_near_the_more_frequent_is_likelier(speller: Speller) -> None:
    assert speller.near("shrit", lambda word: WORDS[word])[0][0] == "shirt"


@pytest.mark.parametrize("typed", ["zz", "zzzzzzz", "12345", "x"])
def test_nothing_is_near(speller: Speller, typed: str) -> None:
    assert speller.near(typed, lambda word: WORDS[word]) == []


def test_edits() -> None:
    assert (
        edits("abc", "abc") == 0 and edits("", "abc") == 3 and edits("acb", "abc") == 1 and edits("shirt", "skirt") == 1
    )
