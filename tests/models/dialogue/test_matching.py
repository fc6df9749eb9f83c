"""The learnt matcher quotes what speaks of the question, and is silent where nothing does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bottega.languages.fold import tokens
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.dialogue.matching import Matcher, OfferedPassage
from bottega.models.dialogue.questions import read_question

TITLE = "Harlow camping stove"
LISTING = [
    OfferedPassage("item_weight", "1.4 kg"),
    OfferedPassage("compatible_devices", "Harlow kettle, Harlow griddle"),
    OfferedPassage("", "Folds flat and comes with a carrying bag and two pot supports."),
    OfferedPassage("", "Made for long weekends under the trees."),
    OfferedPassage("", "Runs on any screw-on gas cartridge."),
]


def best(text: str, passages: list[OfferedPassage] = LISTING, language: str = "en") -> int | None:
    question = read_question(text, language, own_words=tokens(TITLE))
    return Matcher.shipped().best(question, tokens(TITLE), passages)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("does it come with a carrying bag?", 2),
        ("what gas cartridge does it run on?", 4),
        ("is it compatible with the harlow kettle?", 1),
    ],
)
def test_what_speaks_of_the_question_is_taken(question: str, place: int) -> None:
    assert best(question) == place


@pytest.mark.parametrize(
    "question",
    ["can i put it in the dishwasher?", "who won the cup in 1998?", "is there a discount for students?", "", "?"],
)
def test_what_nothing_speaks_of_stays_unanswered(question: str) -> None:
    assert best(question) is None


def test_nothing_is_taken_from_nothing_nor_in_a_language_it_was_not_judged_in() -> None:
    assert best("does it come with a carrying bag?", []) is None
    assert best("Ist eine Tragetasche dabei?", language="de") is None


def test_the_same_words_more_of_which_stand_are_likelier() -> None:
    question = read_question("does it come with a carrying bag and a lid?", "en")
    all_of_it, some, none = Matcher.shipped().chances(
        question,
        (),
        [
            OfferedPassage("", "Comes with a carrying bag and a lid."),
            OfferedPassage("", "Comes with a carrying bag."),
            OfferedPassage("", "Blue."),
        ],
    )
    assert all_of_it > some > none


def test_what_was_saved_answers_the_same(tmp_path: Path) -> None:
    shipped = Matcher.shipped()
    shipped.save(tmp_path)
    card = json.loads((shipped_folder("dialogue", "matcher") / "card.json").read_text())
    (tmp_path / "card.json").write_text(json.dumps(card))
    again = Matcher.load(tmp_path)
    question = read_question("what gas cartridge does it run on?", "en")
    assert np.allclose(shipped.chances(question, (), LISTING), again.chances(question, (), LISTING), atol=1e-3)
    assert again.least == shipped.least
