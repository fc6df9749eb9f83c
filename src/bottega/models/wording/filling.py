"""A frame filled with the facts of a product: its text, and which characters of it render which facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bottega.models.wording.facts import Fact
from bottega.models.wording.frames import ClassChoice, FrameSlot, PluralChoice, SentenceFrame
from bottega.models.wording.saying import Saying
from bottega.models.wording.text import Sentence, SlotSpan

__all__ = ["Filled", "filled", "joined"]

_LOOKS = frozenset({"colour", "material", "pattern"})
_NAMES = frozenset({"front", "brand", "title", "line", "feature", "stated"})
"""Slots whose first letter stays as the merchant wrote it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One sentence, alone: its offsets begin at 0."""

    text: str
    sentence: Sentence
    facts: tuple[Fact, ...]


def filled(frame: SentenceFrame, saying: Saying, behind_labels: Sequence[Fact] = ()) -> Filled | None:
    """The frame with every slot rendered; None where a slot has nothing, or the thing's class is not known.

    `behind_labels`: the facts that its slots for labels and values take, in their order; those of one key share one.
    """
    if frame.thing and not saying.thing_class:
        return None
    if frame.classes and saying.language.like.get(saying.thing_class, saying.thing_class) not in frame.classes:
        return None
    pieces: list[tuple[str, FrameSlot | None, tuple[Fact, ...]]] = []
    waiting = list(behind_labels)
    for piece in frame.pieces:
        if isinstance(piece, str):
            pieces.append((piece, None, ()))
        elif isinstance(piece, ClassChoice):
            pieces.append((saying.choose(piece.ways), None, ()))
        elif isinstance(piece, PluralChoice):
            pieces.append((piece.ways.get(saying.of_number(piece.of), piece.ways.get("other", "")), None, ()))
        elif (piece.key, saying.thing_class) in saying.language.small:
            pieces.append(("", piece, ()))
        elif piece.key == "label":
            if not waiting:
                return None
            pieces.append((saying.labelled(waiting[0])[0], FrameSlot(waiting[0].key, "label"), ()))
        elif piece.key == "value":
            fact = waiting.pop(0)
            same = [fact, *(other for other in waiting if other.key == fact.key)]
            waiting = [other for other in waiting if other not in same]
            told = saying.told_by(fact.at) if fact.key == "title" else ()
            values = ", ".join(dict.fromkeys(saying.labelled(other)[1] for other in same))
            pieces.append((values, FrameSlot(fact.key, "value"), (*same, *told)))
        else:
            said = saying.slot(piece.key, piece.form)
            if said is None:
                return None
            pieces.append((said.text, piece, said.facts))
    if _says_again(pieces, "title" in frame.keys) or _name_says_it(pieces):
        return None
    return _put_together(frame, saying, pieces)


def _name_says_it(pieces: Sequence[tuple[str, FrameSlot | None, tuple[Fact, ...]]]) -> bool:
    """Whether what it looks like is said by its name already: "Blue Bay shirt in blue"."""
    names = [text.casefold() for text, slot, _ in pieces if slot is not None and slot.key in ("front", "line", "kind")]
    looks = [text.casefold() for text, slot, facts in pieces if slot is not None and facts and slot.key in _LOOKS]
    return any(f" {look} " in f" {name} " for look in looks for name in names)


def _says_again(pieces: Sequence[tuple[str, FrameSlot | None, tuple[Fact, ...]]], has_title: bool) -> bool:
    """Whether a slot beside the title says what stands in the title: "Oak lamp: a lamp"."""
    if not has_title:
        return False
    title = next(text.casefold() for text, slot, _ in pieces if slot is not None and slot.key == "title")
    others = [text.casefold() for text, slot, facts in pieces if slot is not None and facts and slot.key != "title"]
    return any(other in title or other.split()[-1] in title.split() for other in others if other)


def _put_together(
    frame: SentenceFrame, saying: Saying, pieces: list[tuple[str, FrameSlot | None, tuple[Fact, ...]]]
) -> Filled:
    """Small words as what follows them asks, blanks where they belong, a capital in front."""
    small = saying.language.small
    following = ""
    for place in range(len(pieces) - 1, -1, -1):
        text, slot, facts = pieces[place]
        if slot is not None and not facts and (slot.key, saying.thing_class) in small:
            text = small[slot.key, saying.thing_class].beside(following.lstrip())
            pieces[place] = (text, slot, facts)
            if (not text or text.endswith("'")) and following.startswith(" "):
                after, its_slot, its_facts = pieces[place + 1]
                pieces[place + 1] = (after[1:], its_slot, its_facts)
                following = following[1:]
        following = text + following
    text = ""
    spans: list[SlotSpan] = []
    facts_named: list[Fact] = []
    for said, slot, facts in pieces:
        if slot is not None and (facts or slot.form == "label"):
            names = tuple(fact.name for fact in facts)
            spans.append(SlotSpan(len(text), len(text) + len(said), slot.key, slot.form, names))
            facts_named += facts
        text += said
    first = next((slot for said, slot, _ in pieces if said), None)
    if text[:1].islower() and not (first is not None and first.key in _NAMES):
        text = text[:1].upper() + text[1:]
    if spans and re.search(r"[.!?…]\.$", text) and spans[-1].end == len(text) - 1:
        text = text[:-1]  # "by Casio Inc." ends the sentence by itself
    return Filled(text, Sentence(0, len(text), frame.id, tuple(spans)), tuple(dict.fromkeys(facts_named)))


def joined(parts: Sequence[Filled], between: str = " ") -> tuple[str, tuple[Sentence, ...], tuple[Fact, ...]]:
    """Sentences side by side, with their places in the whole."""
    text, sentences = "", []
    facts: dict[str, Fact] = {}
    for part in parts:
        if text:
            text += between
        start = len(text)
        slots = tuple(
            SlotSpan(slot.start + start, slot.end + start, slot.key, slot.form, slot.facts)
            for slot in part.sentence.slots
        )
        sentences.append(Sentence(start, start + len(part.text), part.sentence.frame, slots))
        facts |= {fact.name: fact for fact in part.facts}
        text += part.text
    return text, tuple(sentences), tuple(facts.values())
