"""What a question asks for, in five languages."""

from __future__ import annotations

import pytest

from bottega.models.dialogue.asked_words import ASKED_LANGUAGES, asked_words
from bottega.models.dialogue.questions import read_question


@pytest.mark.parametrize(
    ("language", "text", "key", "yes_no"),
    [
        ("en", "What is it made of?", "material", False),
        ("en", "is it waterproof?", "waterproof", True),
        ("en", "How heavy is it?", "weight", False),
        ("de", "Wie schwer ist das?", "weight", False),
        ("de", "Kann man das in die Spülmaschine stellen?", "dishwasher_safe", True),
        ("fr", "Combien ça pèse ?", "weight", False),
        ("fr", "Est-ce que c'est imperméable ?", "waterproof", True),
        ("es", "¿De qué material es?", "material", False),
        ("es", "¿Lleva bolsillos?", "pockets", True),
        ("it", "Di che materiale è?", "material", False),
        ("it", "Si può lavare in lavatrice?", "care", True),
    ],
)
def test_a_question_asks_for_a_key(language: str, text: str, key: str, yes_no: bool) -> None:
    read = read_question(text, language)
    assert read.key is not None
    assert (read.key.name, read.yes_no) == (key, yes_no)


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [
        ("en", "is this real leather?", "material.leather"),
        ("de", "ist das Baumwolle?", "material.cotton"),
        ("fr", "c'est du coton ?", "material.cotton"),
        ("es", "¿es de lana?", "material.wool"),
        ("it", "è di lino?", "material.linen"),
        ("en", "does it come in red?", "colour.red"),
    ],
)
def test_a_value_names_its_key(language: str, text: str, concept: str) -> None:
    read = read_question(text, language)
    assert read.yes_no
    assert [value.concept for value in read.values] == [concept]
    assert read.key is not None
    assert read.key.name == concept.split(".")[0]


def test_the_real_thing_is_another_question_than_the_thing() -> None:
    assert read_question("is it real leather?", "en").real
    assert not read_question("is it leather?", "en").real


@pytest.mark.parametrize(
    ("language", "text", "sizes"),
    [
        ("en", "do you have it in XL?", ("XL",)),
        ("en", "does it come in size 42", ("42",)),
        ("de", "gibt es das in Größe M?", ("M",)),
        ("fr", "L'avez-vous en S ?", ("S",)),
        ("it", "c'è in taglia 2xl?", ("2XL",)),
    ],
)
def test_sizes_are_read_as_labels_write_them(language: str, text: str, sizes: tuple[str, ...]) -> None:
    assert read_question(text, language).sizes == sizes


def test_an_attribute_is_asked_for_by_the_name_that_the_merchant_gave_it() -> None:
    read = read_question("what is the wick type?", "en", names=["wick_type", "material"])
    assert read.key is not None
    assert read.key.name == "wick_type"
    assert read_question("Welcher Docht ist das?", "de", names=["wick"]).key is not None
    use = read_question("does it use a bluetooth connection?", "en", names=["use"])
    assert use.key is not None
    assert use.key.name == "bluetooth"


def test_what_is_left_over_is_what_an_answer_must_speak_of() -> None:
    assert read_question("does it have a spaghetti compartment?", "en").words == ("spaghetti", "compartment")
    assert read_question("is the strap leather?", "en", own_words=["bag"]).parts == ("strap",)


def test_a_question_in_another_language_than_the_talk_is_read_all_the_same() -> None:
    read = read_question("wie schwer ist das?", "en")
    assert read.key is not None
    assert (read.key.name, read.language) == ("weight", "de")


@pytest.mark.parametrize(
    ("text", "side"), [("the cheapest red one", -1), ("das teuerste Hemd", 1), ("how much is it", 0)]
)
def test_the_cheapest_and_the_dearest(text: str, side: int) -> None:
    assert read_question(text, "de" if "das" in text else "en").most == side


def test_every_language_has_all_that_answers_need() -> None:
    english = asked_words("en")
    for language in ASKED_LANGUAGES:
        words = asked_words(language)
        assert set(words.says) == set(english.says)
        assert set(words.topics) == set(english.topics)
        assert set(words.lists) == set(english.lists)
        for name, said in words.says.items():
            assert said.count("{") == english.says[name].count("{"), (language, name)
        assert set(words.keys) <= set(english.keys)
