"""What a plan is made of: a line with all that is known of it, and what is to be done and said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bottega.actions.assistant.wish import HeardWords
from bottega.models.dialogue.commands import Command, LineReading, Pointing
from bottega.models.dialogue.state import OpenQuestion, TalkState, WishPart

__all__ = ["PlannedLine", "Say", "TurnPlan", "VerbCall"]

Verbs = Literal["search", "similar", "recommend", "outfit", "closet", "compare", "photo", "facts", "policy", "person"]
"""What may be asked of the house; all of it reads, but that `person` lets somebody know that a person is wanted."""


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence to be said, by the name of its frame."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerbCall:
    """A verb of the house to be asked."""

    verb: Verbs
    command: Command
    """What it is for."""
    product_ids: tuple[str, ...] = ()
    after: int = 0
    step: str = ""
    """`cheaper` or `dearer`, where the list shall be so beside the one before."""
    fallback: tuple[WishPart, ...] = ()
    """The wish to go back to, where a step leaves nothing, or a thing is not here."""
    missing: str = ""
    """A kind of thing that was asked for and is not here."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line with all that the plan needs to know of the shop for it: looked up before, so that planning is pure."""

    reading: LineReading
    heard: Sequence[HeardWords] = ()
    """Of each command, in their order."""
    whole: HeardWords = field(default_factory=HeardWords)
    """Of all of the line; of a button that says what a line before meant, of that line."""
    whole_text: str = ""
    """The line as it was written."""
    pointed: Mapping[Pointing, tuple[str, ...]] = field(default_factory=dict)
    """Products that a pointing means."""
    prices: Mapping[str, float] = field(default_factory=dict)
    """Of products shown or pointed at, in whole units of the shop's currency."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of the same."""
    answered: OpenQuestion | None = None
    """The question that it may answer."""
    belonging: frozenset[str] = frozenset()
    """Things that the line names and that here are mostly said of what the talk is about: the battery of watches."""
    known: bool = False
    """Whether somebody is named, so that what they bought can be looked into."""


@dataclass(frozen=True, slots=True)
class TurnPlan:
    """The next state, but for what the calls will show, and what is to be done and said, in this order."""

    state: TalkState
    steps: tuple[VerbCall | Say, ...] = ()
    understood: tuple[Command, ...] = ()

    def then(self, *steps: VerbCall | Say, **changed: object) -> TurnPlan:
        """With more to do, and with these fields of the state changed."""
        state = replace(self.state, **changed) if changed else self.state  # type: ignore[arg-type]
        return TurnPlan(state, (*self.steps, *steps), self.understood)
