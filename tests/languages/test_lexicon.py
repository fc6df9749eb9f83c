"""The lists: every file has every concept, what they say is found, and nothing in them hangs in the air."""

from __future__ import annotations

from importlib import resources

import pytest

from bottega.languages.fold import tokens
from bottega.languages.lexicon import FUNCTIONS, lexicon
from bottega.languages.stems import LANGUAGES


def concepts(text: str, language: str) -> set[str]:
    return {meaning.concept for meaning in lexicon().means(tokens(text), [language])}


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("en", "sneaker", "kind.sneakers"),
        ("en", "wellies", "kind.rain_boots"),
        ("de", "Gürtel", "kind.belt"),
        ("de", "gürteln", "kind.belt"),
        ("de", "roten", "colour.red"),
        ("fr", "baskets", "kind.sneakers"),
        ("fr", "boucles d'oreilles", "kind.earrings"),
        ("es", "camisetas", "kind.tshirt"),
        ("es", "rojas", "colour.red"),
        ("it", "orologi", "kind.watch"),
        ("it", "scarpe da ginnastica", "kind.sneakers"),
    ],
)
def test_words_mean_something(language: str, text: str, concept: str) -> None:
    assert concept in concepts(text, language)


def test_a_word_may_mean_one_thing_here_and_another_there() -> None:
    assert concepts("shirt", "en") == {"kind.shirt"} and concepts("shirt", "de") == {"kind.tshirt"}


def test_every_language_names_every_concept() -> None:
    named = lexicon().words
    assert len(named) > 450
    for concept, words in named.items():
        assert words.keys() == LANGUAGES.keys(), concept


def test_what_is_broader_exists_and_has_no_circles() -> None:
    words = lexicon()
    for concept, broader in words.broader.items():
        assert concept in words.words and broader in words.words, concept
        assert concept not in set(words.under(concept))
    for concept, kinds in words.calls_to_mind.items():
        assert concept in words.words and set(kinds) <= words.words.keys(), concept


def test_every_function_is_said_in_every_language() -> None:
    for language in LANGUAGES:
        text = (resources.files("bottega.languages") / f"{language}.txt").read_text("utf-8")
        assert {line.split(":")[0] for line in text.splitlines()} >= FUNCTIONS


def test_no_concept_is_listed_twice() -> None:
    for language in LANGUAGES:
        lines = (resources.files("bottega.languages") / f"{language}.txt").read_text("utf-8").splitlines()
        names = [line.split(":")[0] for line in lines if line and not line.startswith("#")]
        assert len(names) == len(set(names)), language
