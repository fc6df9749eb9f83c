"""Words become what a generator is asked for, and what of them cannot be drawn is told."""

from __future__ import annotations

import pytest
from tests.models.studio.products.drawing import NAMES, usual

from bottega.languages.synonyms import Synonym, Synonyms
from bottega.shop.listings.imagining import ProductWords, read_words

RED, BLUE, NAVY = (49.0, 50.0, 28.0), (47.0, 5.0, -24.0), (25.0, 2.0, -8.0)


def read(text: str) -> ProductWords:
    return read_words(text, NAMES, usual())


def left(said: ProductWords) -> dict[str, tuple[str, str]]:
    return {one.words: (one.why, one.instead) for one in said.not_drawn}


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("red striped shirt for men, flat", "striped"),
        ("rotes gestreiftes Hemd für Herren, liegend", "gestreiftes"),
        ("chemise rouge à rayures pour homme, à plat", "rayures"),
        ("camisa roja a rayas para hombre, extendida", "rayas"),
        ("camicia rossa a righe da uomo, in piano", "righe"),
    ],
)
def test_five_languages_say_the_same(text: str, pattern: str) -> None:
    said = read(text)
    assert (said.asked.type, said.asked.lab, said.asked.gender, said.asked.worn) == ("Shirts", RED, "Men", False)
    assert left(said) == {pattern: ("not_drawn", "")} and not said.steering


def test_what_is_not_drawn_is_told_and_why() -> None:
    assert left(read("cotton dress under 20 euro")) == {"cotton": ("not_drawn", ""), "price": ("not_drawn", "")}
    assert left(read("dress, not red")) == {"red": ("excluded", "")}
    assert left(read("xqzt dress")) == {"xqzt": ("unknown", "")}
    bicycle = read("red bicycle")
    assert left(bicycle) == {"bicycle": ("not_learnt", "")} and bicycle.asked.type is None
    cardigan = read("cardigan")
    assert cardigan.asked.type == "Sweaters" and left(cardigan) == {"cardigan": ("drawn_instead", "Sweaters")}
    assert not read("xqzt").says_something


@pytest.mark.parametrize("text", ["dark blue dress", "dunkelblaues Kleid", "robe bleu foncé", "vestido azul oscuro"])
def test_a_shade_belongs_to_its_colour(text: str) -> None:
    said = read(text)
    assert said.asked.lab is not None and said.asked.lab[0] < BLUE[0] - 10 and not said.not_drawn


def test_colours_beyond_the_catalogue_and_two_at_once() -> None:
    green, both = read("green shirt").asked.lab, read("red blue shirt").asked.lab
    assert green is not None and green[1] < -20
    assert both is not None and BLUE[2] < both[2] < RED[2]
    assert left(read("light dress")) == {"light": ("not_drawn", "")}, "of no colour"


@pytest.mark.parametrize(
    ("text", "lighter", "alike", "fresh", "other_colour"),
    [
        ("darker", -1, None, False, False),
        ("etwas heller, wie das zweite", 1, 1, False, False),
        ("un autre", 0, None, True, False),
        ("eine andere Farbe", 0, None, False, True),
        ("another colour", 0, None, False, True),
        ("più come il terzo", 0, 2, False, False),
    ],
)
def test_turns(text: str, lighter: int, alike: int | None, fresh: bool, other_colour: bool) -> None:
    said = read(text)
    found = said.steering
    assert (found.lighter, found.alike, found.fresh, found.other_colour) == (lighter, alike, fresh, other_colour)
    assert not said.asked and not said.not_drawn


@pytest.mark.parametrize("text", ["make it blue", "mach es blau", "mets-le en bleu", "ponlo azul", "rendilo blu"])
def test_asking_words_are_no_words_for_things(text: str) -> None:
    said = read(text)
    assert said.asked.lab == BLUE and said.asked.type is None and not said.not_drawn


def test_the_merchants_synonyms_count() -> None:
    synonyms = Synonyms.of([Synonym(("wollimops",), ("sweater",))])
    assert read_words("wollimops", NAMES, usual(), synonyms=synonyms).asked.type == "Sweaters"
