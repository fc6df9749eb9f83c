"""When a talk goes to a person: on request, on complaint, on the merchant's words, when nothing is understood."""

from __future__ import annotations

import pytest

from bottega.models.dialogue.commands import Command, Intent, LineReading
from bottega.models.dialogue.handing_over import HandOver, HandOverCause, hand_over, holds_words
from bottega.models.dialogue.state import TalkState

PLAIN = TalkState(language="en")


def read(*commands: tuple[Intent, float], unsure: tuple[Intent, ...] = ()) -> LineReading:
    return LineReading(tuple(Command(intent, chance=chance) for intent, chance in commands), "en", unsure=unsure)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (read((Intent.SEARCH, 1.0)), None),
        (read((Intent.PERSON, 0.9)), HandOver(HandOverCause.ASKED)),
        (read((Intent.PERSON, 0.6)), HandOver(HandOverCause.ASKED, sure=False)),
        (read(unsure=(Intent.CHAT, Intent.PERSON)), HandOver(HandOverCause.ASKED, sure=False)),
        (read((Intent.COMPLAINT, 0.95), (Intent.ORDER, 0.9)), HandOver(HandOverCause.COMPLAINT)),
        (read((Intent.PERSON, 0.5), (Intent.COMPLAINT, 0.9)), HandOver(HandOverCause.COMPLAINT)),
        (read((Intent.PERSON, 0.9), (Intent.COMPLAINT, 0.9)), HandOver(HandOverCause.ASKED)),
    ],
)
def test_the_cause_is_what_the_line_asks_for(reading: LineReading, expected: HandOver | None) -> None:
    assert hand_over(reading, PLAIN, "a line") == expected


def test_two_lines_in_a_row_that_were_not_understood() -> None:
    assert hand_over(read(), TalkState(misunderstood=1), "qwrt") is None
    assert hand_over(read(), TalkState(misunderstood=2), "qwrt") == HandOver(HandOverCause.MISUNDERSTOOD)


def test_nobody_is_asked_twice_whether_they_want_a_person() -> None:
    asked = TalkState(asked_before=("person",))
    assert hand_over(read((Intent.PERSON, 0.5)), asked, "hm") == HandOver(HandOverCause.ASKED)
    assert hand_over(read((Intent.COMPLAINT, 0.5)), asked, "hm") is None


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("I'll call my LAWYER!", ("lawyer",), True),
        ("a lawyerly tone", ("lawyer",), False),
        ("wo ist meine Rückerstattung", ("ruckerstattung",), True),
        ("je veux être remboursé", ("être remboursé",), True),
        ("money please, back", ("money back",), False),
        ("anything", (), False),
        ("anything", ("", "  ", "!"), False),
    ],
)
def test_words_of_the_merchant_count_whole(text: str, words: tuple[str, ...], found: bool) -> None:
    assert holds_words(text, words) is found
    assert (hand_over(read((Intent.SEARCH, 1.0)), PLAIN, text, words) is not None) is found
