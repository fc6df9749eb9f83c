"""Lines of shoppers become commands: what they want, where they point, how sure the reader is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bottega.models.blocks.text_encoder import NgramEncoder
from bottega.models.dialogue.commands import ABOUT, Intent, LineReading, Pointing, PointingWay
from bottega.models.dialogue.cutting import pieces_of
from bottega.models.dialogue.patterns import classes, patterns, taught_lines
from bottega.models.dialogue.pointing import pointings
from bottega.models.dialogue.reader import TalkReader
from bottega.models.dialogue.state import OpenQuestion, TalkState
from bottega.models.dialogue.talk_heads import TalkHeads
from bottega.names import FloatArray


@pytest.fixture(scope="module")
def reader() -> TalkReader:
    return TalkReader()


def read(reader: TalkReader, text: str, **state: object) -> LineReading:
    return reader.read(text, TalkState(**state))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language", "intent", "about"),
    [
        ("I'm looking for a green scarf", "en", Intent.SEARCH, ""),
        ("something cheaper, please", "en", Intent.REFINE, ""),
        ("what is the difference between the two?", "en", Intent.COMPARE, ""),
        ("can I tumble dry it?", "en", Intent.ASK, "care"),
        ("let me speak to a colleague of yours", "en", Intent.PERSON, ""),
        ("ich suche einen grünen schal", "de", Intent.SEARCH, ""),
        ("wie lange dauert die lieferung?", "de", Intent.ORDER, "delivery"),
        ("kann ich mit einem menschen sprechen?", "de", Intent.PERSON, ""),
        ("busco una bufanda verde", "es", Intent.SEARCH, ""),
        ("quiero hablar con un empleado", "es", Intent.PERSON, ""),
        ("de qué material es?", "es", Intent.ASK, "material"),
        ("cerco una sciarpa verde", "it", Intent.SEARCH, ""),
        ("vorrei parlare con una persona", "it", Intent.PERSON, ""),
    ],
)
def test_lines_are_commands(reader: TalkReader, text: str, language: str, intent: Intent, about: str) -> None:
    found = read(reader, text)
    assert found.language == language
    assert [one.intent for one in found.commands] == [intent]
    assert found.commands[0].about == about
    assert found.commands[0].chance <= 1.0


def test_two_commands_of_one_line(reader: TalkReader) -> None:
    found = read(reader, "thank you! and does it come in blue?")
    assert (found.commands[0].intent, found.commands[0].about) == (Intent.CHAT, "thanks")
    assert len(found.commands) == 2
    assert found.commands[1].words == "and does it come in blue"


def test_a_greeting_before_a_wish_is_no_command(reader: TalkReader) -> None:
    found = read(reader, "hello! i'm looking for a red dress")
    assert [one.intent for one in found.commands] == [Intent.SEARCH]


def test_an_answer_stays_where_a_question_is_open(reader: TalkReader) -> None:
    found = read(reader, "yes please", asked=OpenQuestion("person"), language="en")
    assert [(one.intent, one.about) for one in found.commands] == [(Intent.CHAT, "yes")]


def test_the_talks_language_holds_for_short_lines(reader: TalkReader) -> None:
    assert [read(reader, "42?", language=one).language for one in ("de", "it")] == ["de", "it"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "\x00", "a" * 5000, "qwzx vbnm plmk", "," * 300])
def test_nothing_breaks_it(reader: TalkReader, text: str) -> None:
    found = read(reader, text, language="fr")
    assert all(0.0 <= one.chance <= 1.0 for one in found.commands)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("compare the first and the third", "en", (Pointing(PointingWay.PLACE, (1, 3)),)),
        ("die ersten beiden bitte", "de", (Pointing(PointingWay.PLACE, (1, 2)),)),
        ("la dernière", "fr", (Pointing(PointingWay.PLACE, (-1,)),)),
        ("el número 2", "es", (Pointing(PointingWay.PLACE, (2,)),)),
        ("is the blue one waterproof?", "en", (Pointing(PointingWay.WORDS, words="blue"),)),
        ("qual è la differenza tra questi?", "it", (Pointing(PointingWay.ALL),)),
        ("is it warm?", "en", (Pointing(PointingWay.FOCUS),)),
        ("what goes with the jeans I bought last week", "en", (Pointing(PointingWay.BOUGHT, words="jeans", days=14),)),
        ("this is the third time", "en", (Pointing(PointingWay.FOCUS),)),
        ("a red scarf", "en", ()),
    ],
)
def test_pointing(text: str, language: str, expected: tuple[Pointing, ...]) -> None:
    assert pointings(text, language) == expected


def test_parts_are_spans_of_the_line() -> None:
    text = "Hi, I need shoes (size 42); not over 19.90 euros. And a bag!"
    parts = [text[one.start : one.stop] for one in pieces_of(text)]
    assert "not over 19.90 euros" in parts
    assert "And a bag" in parts


def test_patterns_name_what_there_is() -> None:
    every, added = patterns()
    assert {one.intent for one in every} == set(Intent)
    assert {one.language for one in every} == {"en", "de", "fr", "es", "it"}
    for intent, abouts in ABOUT.items():
        assert {one.about for one in every if one.intent is intent} <= set(abouts)
    assert all(added[language, "annoyed"] for language in ("en", "de", "fr", "es", "it"))


def test_lines_of_patterns_are_whole_and_the_same_again() -> None:
    lines = taught_lines(seed=3, share=0.05)
    assert lines == taught_lines(seed=3, share=0.05)
    assert not [one.text for one in lines if "{" in one.text or "|" in one.text]
    assert {(one.intent, one.about) for one in lines} <= set(classes())


def test_heads_come_back_as_they_were_kept(tmp_path: Path) -> None:
    shipped = TalkHeads.shipped(NgramEncoder())
    assert shipped is not None
    shipped.save(tmp_path)
    (tmp_path / "card.json").write_text(
        f'{{"encoder": "floor", "encoder_version": "1", "warmth": {shipped.warmth}, "version": "1"}}', encoding="utf-8"
    )
    again = TalkHeads.load(tmp_path)
    assert np.allclose(again.want, shipped.want, atol=1e-6)


class _OtherEncoder:
    name, version, dim = "other", "9", 7

    def encode(self, texts: Sequence[str]) -> FloatArray:
        raise AssertionError("no heads were learnt on its vectors")


def test_an_unknown_encoder_is_not_asked() -> None:
    found = TalkReader(_OtherEncoder()).read("i'm looking for a green scarf", TalkState())
    assert [one.intent for one in found.commands] == [Intent.SEARCH]
