"""A sentence of a listing answers, or none does."""

from __future__ import annotations

import pytest

from bottega.models.dialogue.passages import passage_for, sentences_of
from bottega.models.dialogue.questions import read_question

TEXT = (
    "A bag of waxed canvas with a padded laptop sleeve. Machine wash cool, line dry. Made in small batches. "
    "Sewn in Portugal and made in small runs there. Weighs 800 g. Not waterproof, but it stands a shower."
)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("does it have a laptop sleeve?", "A bag of waxed canvas with a padded laptop sleeve."),
        ("how do I wash it?", "Machine wash cool, line dry."),
        ("where is it made?", "Sewn in Portugal and made in small runs there."),
        ("how heavy is it?", "Weighs 800 g."),
        ("is it waterproof?", "Not waterproof, but it stands a shower."),
        ("how tall is it?", None),
        ("does it have a spaghetti compartment?", None),
        ("is it vegan?", None),
        ("can it be ironed?", None),
        ("how long is the warranty?", None),
    ],
)
def test_a_question_finds_its_sentence(question: str, quoted: str | None) -> None:
    found = passage_for(read_question(question, "en"), TEXT, "en")
    assert (TEXT[found.start : found.stop] if found else None) == quoted


def test_a_question_of_another_language_finds_it_too() -> None:
    found = passage_for(read_question("Wie schwer ist das?", "de"), TEXT, "en")
    assert found is not None
    assert TEXT[found.start : found.stop] == "Weighs 800 g."


def test_sentences_are_whole_and_lie_where_they_are_said_to_lie() -> None:
    text = "One, 1.5 kg. Two!\n• three\n  \nFour?"
    assert [text[a:b] for a, b in sentences_of(text)] == ["One, 1.5 kg.", "Two!", "three", "Four?"]
