"""Keywords in a text that does not hold them: in which sentences each could stand.

A keyword that is one thing stands behind the label of what it is ("Colour: Silver"), where nobody reads it as another;
one of several things is a phrase of its own ("Black leather belt"), and a word of the name stands in the whole name.
Which of these may be said, the proof decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.filling import Filled
from bottega.models.wording.keywords import Keyword
from bottega.models.wording.text import Sentence, SlotSpan, Text

__all__ = ["ways_to_place", "with_sentence"]

_NO_LABEL = frozenset({"front", "line", "title", "name", "feature", "stated", "category", "count", "price", "review"})
"""Keys whose label says another thing than what a keyword is."""


def ways_to_place(
    keyword: Keyword,
    sheet: FactSheet,
    language: str,
    frame: str,
    labels: Callable[[Sequence[Fact]], Filled | None],
) -> Iterator[Filled | None]:
    """Sentences that hold it, the one that reads best first. `frame`: the id of the frame of bare keywords; `labels`
    puts facts behind their labels."""
    bare = _bare(keyword.text, frame, keyword.facts)
    if len(keyword.facts) == 1 and keyword.facts[0].key not in _NO_LABEL:
        (fact,) = keyword.facts
        put = replace(fact, value=keyword.text, unit="", concept="")
        yield _instead(labels([put]), put, fact)
    elif sheet.language == language:
        yield bare
    title = sheet.of("title")[:1]
    if title and keyword.stands_in(title[0].value):
        yield labels(title)
    yield bare


def with_sentence(text: Text, part: Filled) -> Text:
    """A text and one sentence more."""
    start = len(text.text) + 1
    slots = tuple(replace(slot, start=slot.start + start, end=slot.end + start) for slot in part.sentence.slots)
    made = Sentence(start, start + len(part.text), part.sentence.frame, slots)
    facts = tuple({fact.name: fact for fact in (*text.facts, *part.facts)}.values())
    return replace(text, text=f"{text.text} {part.text}", sentences=(*text.sentences, made), facts=facts)


def _bare(said: str, frame: str, facts: tuple[Fact, ...]) -> Filled:
    """Words as they were asked for, as a sentence of their own."""
    slot = SlotSpan(0, len(said), "keyword", "", tuple(fact.name for fact in facts))
    text = f"{said[:1].upper()}{said[1:]}."
    return Filled(text, Sentence(0, len(text), frame, (slot,)), facts)


def _instead(part: Filled | None, put: Fact, fact: Fact) -> Filled | None:
    """A sentence that was filled with other words of a fact, as one of that fact."""
    if part is None:
        return None
    slots = tuple(
        replace(slot, facts=tuple(fact.name if name == put.name else name for name in slot.facts))
        for slot in part.sentence.slots
    )
    return Filled(part.text, replace(part.sentence, slots=slots), (fact,))
