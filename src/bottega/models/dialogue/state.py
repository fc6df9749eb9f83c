"""What stands between two turns of a talk: the wish and where it came from, what was shown, what is talked of.

Idea     A talk is a fold: the state after a turn is a function of the state before and the message. So it can lie in
         the store between turns, move to another process, and be shown to whoever takes the talk over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["OpenQuestion", "SaidLine", "Shown", "TalkState", "WishPart"]

Origin = Literal["said", "button", "photo", "history"]
_VERSION = 1


@dataclass(frozen=True, slots=True)
class WishPart:
    """One part of what is looked for."""

    what: str
    """`kind`, `price`, `size`, the name of a field of the catalogue, or `words` where nothing is known of them."""
    words: str
    """As they were said: "blue", "under 80"."""
    denied: bool = False
    """Whether it shall not be that."""
    turn: int = 0
    """Of the turn that said it, from 1 on."""
    origin: Origin = "said"


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line that told something of what is looked for."""

    turn: int
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A product of the list last shown; its place is its place in that list."""

    product_id: str
    title: str
    close: bool = False
    """Whether it only comes near what was asked for."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the assistant asked and that waits for its answer."""

    what: str
    """What it is about: `person`, `intent`, or the field that it wants to narrow."""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkState:
    """All of it; it never changes, the next one takes its place."""

    language: str = ""
    turn: int = 0
    """Lines of the shopper so far."""
    wish: tuple[WishPart, ...] = ()
    said: tuple[SaidLine, ...] = ()
    """Lines since the wish began, the oldest first: what is found stands in the order of all of them."""
    listed: int = 0
    """The turn of the list last searched for: its further pages are in the order of what was said until then."""
    product_id: str = ""
    """A product that the wish is like, but for its parts."""
    shown: tuple[Shown, ...] = ()
    listing: str = ""
    """What filled that list, for it to go on: `search`, `suggest`, or nothing that goes on."""
    next: int | None = None
    """Where the list goes on."""
    focus: str = ""
    """Id of the product that is talked of."""
    asked: OpenQuestion | None = None
    asked_before: tuple[str, ...] = ()
    """What was asked already: nothing is asked twice."""
    misunderstood: int = 0
    """Lines in a row of which nothing was understood."""
    name: str = ""
    """As the shopper wants to be called."""

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the store."""
        return {"version": _VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> TalkState:
        """What `to_json` gave; a state of another version is begun anew, in its language."""
        if said.get("version") != _VERSION:
            return cls(language=str(said.get("language", "")))
        given = {key: value for key, value in said.items() if key != "version"}
        asked = given["asked"]
        given |= {
            "wish": tuple(WishPart(**one) for one in given["wish"]),
            "said": tuple(SaidLine(**one) for one in given.get("said", ())),
            "shown": tuple(Shown(**one) for one in given["shown"]),
            "asked": OpenQuestion(asked["what"], tuple(asked["options"])) if asked else None,
            "asked_before": tuple(given["asked_before"]),
        }
        return cls(**given)
