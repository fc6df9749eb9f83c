"""When a talk goes to a person: a pure function of what a line was read as, what stands between the turns, and words.

Idea     Four causes: somebody asks for a person; something went wrong; a line holds words that the merchant lists; two
         lines in a row were not understood. Where the reader is not sure enough of the first two, the shopper is asked
         once, for a talk that is handed over for nothing costs a person's time.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bottega.languages.fold import fold
from bottega.models.dialogue.commands import Intent, LineReading
from bottega.models.dialogue.state import TalkState

__all__ = ["LOST_IN_A_ROW", "SURE", "HandOver", "HandOverCause", "hand_over", "holds_words"]

SURE = 0.8
"""From this chance on nobody is asked whether they meant it."""
LOST_IN_A_ROW = 2
"""So many lines in a row that were not understood."""


class HandOverCause(StrEnum):
    """Why a talk goes to a person."""

    ASKED = "asked"
    COMPLAINT = "complaint"
    WORDS = "words"
    MISUNDERSTOOD = "misunderstood"


@dataclass(frozen=True, slots=True)
class HandOver:
    """That a talk should go to a person, and why."""

    cause: HandOverCause
    sure: bool = True
    """Whether it goes at once; else the shopper is asked first, once."""


def hand_over(reading: LineReading, state: TalkState, text: str, words: Collection[str] = ()) -> HandOver | None:
    """Whether this line hands the talk over. `state` is that after the line: its `misunderstood` counts this one.

    `words` are the merchant's; of several causes the first of the list above is told, a sure one before the others.
    """
    found: list[HandOver] = []
    for cause, intent in ((HandOverCause.ASKED, Intent.PERSON), (HandOverCause.COMPLAINT, Intent.COMPLAINT)):
        chances = [command.chance for command in reading.commands if command.intent is intent]
        if chances:
            found.append(HandOver(cause, sure=max(chances) >= SURE))
        elif intent in reading.unsure:
            found.append(HandOver(cause, sure=False))
    if holds_words(text, words):
        found.append(HandOver(HandOverCause.WORDS))
    if state.misunderstood >= LOST_IN_A_ROW:
        found.append(HandOver(HandOverCause.MISUNDERSTOOD))
    if "person" in state.asked_before:  # nothing is asked twice: who was asked, and says it again, means it
        found = [one if one.cause is not HandOverCause.ASKED else HandOver(one.cause) for one in found]
        found = [one for one in found if one.sure]
    return min(found, key=lambda one: (not one.sure, list(HandOverCause).index(one.cause)), default=None)


def holds_words(text: str, words: Collection[str]) -> bool:
    """Whether a line holds one of these words or phrases, whole, whatever its case and accents.

    >>> holds_words("I'll call my LAWYER!", ["lawyer"]), holds_words("a lawyerly tone", ["lawyer"])
    (True, False)
    """
    said = _spaced(text)
    return any(_spaced(one) in said for one in words if one.strip())


_WORD = re.compile(r"[^\W_]+")


def _spaced(text: str) -> str:
    return f" {' '.join(_WORD.findall(fold(text)))} "
