"""Facts name themselves, contradictions say both sides, and a text holds as long as its facts do."""

from __future__ import annotations

from dataclasses import replace

from bottega.models.wording.facts import Contradiction, Fact, FactSheet, FactSource
from bottega.models.wording.text import Sentence, SlotSpan, Text, TextKind

RED = Fact("1", "colour", "Red", FactSource.ATTRIBUTE, concept="colour.red", place="base_colour")
LARGE = Fact("1", "dimensions", "5.5 x 8.5", FactSource.TITLE, unit="in", at=(10, 22))


def written(*facts: Fact) -> Text:
    slot = SlotSpan(0, 3, "colour", "", (RED.name,))
    return Text("1", TextKind.TITLE, "en", "Red", (Sentence(0, 3, "t1", (slot,)),), facts)


def test_a_fact_is_named_by_key_value_and_unit() -> None:
    assert (RED.name, LARGE.name, LARGE.whole) == ("colour=Red", "dimensions=5.5 x 8.5 in", "5.5 x 8.5 in")
    known = FactSheet("1", "en", claimed=(RED, LARGE))
    assert known.of("colour") == (RED,)
    assert known.named(["dimensions=5.5 x 8.5 in", "colour=Blue"]) == (LARGE,)


def test_a_contradiction_says_who_says_what() -> None:
    black = Fact("1", "colour", "black", FactSource.TITLE, concept="colour.black", at=(4, 9))
    says = Contradiction("colour", (RED, black)).says
    assert says == "colour: the attribute base_colour says 'Red', the title says 'black'"


def test_a_text_holds_until_a_fact_of_it_changes() -> None:
    text = written(RED)
    assert text.holds((LARGE, RED)) and text.frames == ("t1",)
    assert not text.holds((LARGE, replace(RED, value="Blue", concept="colour.blue")))
    assert not text.holds(())
