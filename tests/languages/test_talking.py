"""Sentences of talks: the same names and the same gaps in every language, said the same way for the same seed."""

from __future__ import annotations

import re

import pytest

from bottega.languages.stems import LANGUAGES
from bottega.languages.talking import talking, talking_languages

GAP = re.compile(r"\{(\w+)\}")


def test_every_language_of_the_house_talks() -> None:
    assert set(talking_languages()) == set(LANGUAGES)


@pytest.mark.parametrize("code", talking_languages())
def test_every_language_says_the_same_things_with_the_same_gaps(code: str) -> None:
    mine, english = talking(code).ways, talking("en").ways
    assert mine.keys() == english.keys()
    for name, ways in mine.items():
        assert ways and len(set(ways)) == len(ways), name
        if not name.startswith("words."):
            gaps = {gap for way in english[name] for gap in GAP.findall(way)}
            assert all(set(GAP.findall(way)) <= gaps for way in ways), name


def test_one_seed_says_it_one_way_and_seeds_differ() -> None:
    said = {talking("en").say("lost", seed=str(number)) for number in range(30)}
    assert said == set(talking("en").ways["lost"])
    assert talking("en").say("lost", seed="7") == talking("en").say("lost", seed="7")


def test_what_is_filled_in_is_no_pattern() -> None:
    assert talking("en").say("wish.like", seed="", title="{n} {price}") == "like {n} {price}"


def test_counts_take_the_form_of_their_number() -> None:
    assert "just one" in talking("en").count("more.last", 1, seed="") or "last one" in talking("en").count(
        "more.last", 1, seed=""
    )
    assert "7" in talking("it").count("more", 7, seed="")
