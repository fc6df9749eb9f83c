"""What a line of a talk asks for, as a short list of commands; all that follows is fixed code.

Idea     A reader turns a line into commands, and nothing else of the line chooses what is done: words that are carried
         along (what to look for, what was asked) are values in fields, never instructions.
Source   The shape is that of Rasa CALM's command generator and repair patterns
         (https://rasa.com/docs/pro/customize/command-generator).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ABOUT", "Command", "Intent", "LineReading", "Mood", "Pointing", "PointingWay"]


class Intent(StrEnum):
    """What somebody wants of the shop with a line, or a part of it."""

    SEARCH = "search"
    """Find something: a wish of its own."""
    REFINE = "refine"
    """The same wish, but for these words: "cheaper", "in blue", "without leather"."""
    COMPARE = "compare"
    """How products that were shown differ."""
    ASK = "ask"
    """A fact about a product: its size, material, care, price, whether it is there."""
    SUGGEST = "suggest"
    """What might be for them, with nothing named, or for what they have."""
    MORE = "more"
    """The next ones of the list."""
    LOOK = "look"
    """What is worn or used with a product."""
    CLOSET = "closet"
    """What they own: show it, or go by it."""
    ORDER = "order"
    """Delivery, returns, payment, an order's whereabouts, opening hours: the shop's rules."""
    PERSON = "person"
    """A human being, please."""
    COMPLAINT = "complaint"
    """Something went wrong."""
    CHAT = "chat"
    """A greeting, thanks, a word about the weather."""
    CORRECTION = "correction"
    """The line before was understood wrongly: "no, I meant the lamp"."""
    CANCEL = "cancel"
    """Forget it; begin again."""
    BEYOND = "beyond"
    """Nothing that a shop does: a poem, the key of the server."""


ABOUT: Mapping[Intent, tuple[str, ...]] = {
    Intent.ASK: (
        *("size", "material", "care", "price", "stock", "colour", "brand", "measure", "origin", "use", "rating"),
        "other",
    ),
    Intent.ORDER: ("delivery", "cost", "status", "returns", "payment", "warranty", "hours", "contact", "other"),
    Intent.CHAT: ("greeting", "thanks", "bye", "who", "yes", "no", "praise", "other"),
}
"""What a command of an intent may be about, in one word."""


class Mood(StrEnum):
    """How a line sounds; it changes the tone, never what is done."""

    PLAIN = "plain"
    ANNOYED = "annoyed"
    HURRIED = "hurried"
    JOKING = "joking"


class PointingWay(StrEnum):
    """How a line points at products."""

    PLACE = "place"
    """By places in the list last shown, from 1 on; negative ones count from its end."""
    FOCUS = "focus"
    """The one that is talked of: "it", "this one"."""
    ALL = "all"
    """All that were shown last: "these"."""
    WORDS = "words"
    """By words that tell one from the others: "the blue one", "the Puma"."""
    BOUGHT = "bought"
    """What they bought, or own: "the jeans I bought last week"."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """At which products a line points."""

    way: PointingWay
    places: tuple[int, ...] = ()
    words: str = ""
    days: int | None = None
    """Of what was bought: how many days ago at most."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do."""

    intent: Intent
    words: str = ""
    """The part of the line that it is of, as it was written."""
    about: str = ""
    """One of `ABOUT`, where the intent has such."""
    at: tuple[Pointing, ...] = ()
    chance: float = 1.0
    """How probable it is that this is meant."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """What a line was read as."""

    commands: tuple[Command, ...]
    """In the order in which they stand; empty: not understood."""
    language: str
    """Code of one of the five languages."""
    mood: Mood = Mood.PLAIN
    unsure: tuple[Intent, ...] = ()
    """Where the reader abstains: the likeliest intents, to ask which is meant."""
