"""Synonyms are read from whatever a merchant has them in, and known by the forms of their words."""

from __future__ import annotations

import json

import pytest

from bottega.languages.synonyms import LineUnreadable, Synonym, Synonyms, lines_of

BOTH, ONE = Synonym(("sofa", "couch")), Synonym(("trainers",), ("sneakers", "running shoes"))


def read(text: str) -> list[Synonym | LineUnreadable]:
    return [found for _, found in lines_of(text)]


@pytest.mark.parametrize(
    "text",
    [
        "sofa, couch\ntrainers => sneakers, running shoes\n",
        "# ours\r\n\r\nsofa,couch\r\ntrainers -> sneakers, running shoes\r\n",
        "sofa;couch\ntrainers => sneakers;running shoes",
        "sofa\tcouch\ntrainers → sneakers\trunning shoes",
        "words,means\nsofa|couch,\ntrainers,sneakers|running shoes\n",
        'words,means\n"sofa, couch",\ntrainers,"sneakers, running shoes"\n',
        '{"words": ["sofa", "couch"]}\n{"words": "trainers", "means": ["sneakers", "running shoes"]}\n',
        '["sofa", "couch"]\n{"type": "oneWaySynonym", "input": "trainers", "synonyms": ["sneakers", "running shoes"]}',
        json.dumps([{"synonyms": BOTH.words}, {"words": ["trainers"], "means": ONE.means}], indent=2),
        '\ufeffsofa, couch\ntrainers => "sneakers", "running shoes"',
    ],
)
def test_the_ways_of_writing_them(text: str) -> None:
    assert read(text) == [BOTH, ONE]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sofa", "one word alone"),
        ("sofa, sofa", "one word alone"),
        ("trainers =>", "one word alone"),
        ("sofa, ...", "holds no word"),
        ('{"words": 7}', "text"),
        ('{"means": ["a"]}', "no field"),
        ('{"words": ["sofa"', "no JSON"),
        ("=> sofa", "one word alone"),
        ("sofa, one two three four five six seven eight nine", "more than"),
    ],
)
def test_a_line_that_says_nothing_says_why_and_the_next_one_is_read(text: str, why: str) -> None:
    refused, after = read(f"{text}\nsofa, couch")
    assert isinstance(refused, LineUnreadable) and why in str(refused)
    assert after == BOTH


def test_two_ways_and_one() -> None:
    synonyms = Synonyms.of([BOTH, ONE])
    assert synonyms.of_phrase(("couch",), ("en",)) == (("sofa",),)
    assert synonyms.of_phrase(("sofas",), ("en",)) == (("couch",),)  # whatever its form
    assert synonyms.of_phrase(("trainer",), ("en",)) == (("sneakers",), ("running", "shoes"))
    assert synonyms.of_phrase(("sneakers",), ("en",)) == ()
    assert synonyms.longest == 1 and {"couch", "running"} <= synonyms.known


def test_the_same_words_in_another_order_are_about_the_same() -> None:
    assert Synonym.of(["Sofa", "couch "]).key == Synonym.of(["couch", "sofa"]).key
    assert Synonym.of(["sofa"], ["couch"]).key != Synonym.of(["sofa", "couch"]).key
