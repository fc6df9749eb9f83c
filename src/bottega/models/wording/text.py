"""A written text and its derivation: which frame made each sentence, and which facts fill its slots.

Every character of a text lies in a sentence, but for what parts sentences (a blank, a line end). A sentence is a frame
whose fixed words stand as the language's file has them, and whose slots each render facts: `text[slot.start:slot.end]`
is what they became. A fact says where it comes from, so that each claim leads back to the listing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bottega.models.wording.facts import Fact

__all__ = ["Sentence", "SlotSpan", "Text", "TextKind", "Tone"]


class TextKind(StrEnum):
    """What a text is for."""

    TITLE = "title"
    BULLET = "bullet"
    SHORT = "short"
    """A description of one or two sentences."""
    DESCRIPTION = "description"
    META_TITLE = "meta_title"
    META = "meta"
    """The description that search engines show."""
    ALT = "alt"
    """What stands for a picture."""
    ADVERT = "advert"
    EMAIL = "email"
    """A line of a letter; the first one greets."""


class Tone(StrEnum):
    """How a text speaks."""

    PLAIN = "plain"
    """In sentences, to nobody."""
    FRIENDLY = "friendly"
    """To somebody whom one knows: du, tu, tú, tu."""
    FORMAL = "formal"
    """To somebody whom one does not: Sie, vous, usted, Lei."""
    TERSE = "terse"
    """As a list of labels and values."""


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """One slot as it was filled."""

    start: int
    end: int
    key: str
    form: str
    """In which form, as in "adj" or "for"; empty for the plain one."""
    facts: tuple[str, ...]
    """Names of the facts that it renders; several where it is a list."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One frame, filled."""

    start: int
    end: int
    frame: str
    """Id of the frame in the language's file; `kept` for what the merchant wrote and nobody changed."""
    slots: tuple[SlotSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One text of one kind about one product."""

    subject: str
    kind: TextKind
    language: str
    text: str
    sentences: tuple[Sentence, ...]
    facts: tuple[Fact, ...]
    """Those that it claims, each once, as they were when it was written."""

    @property
    def frames(self) -> tuple[str, ...]:
        """The ids of its frames, in order."""
        return tuple(sentence.frame for sentence in self.sentences)

    def holds(self, claimed: tuple[Fact, ...]) -> bool:
        """Whether all that it claims is still claimed of the product; else the text is withdrawn."""
        now = {(fact.name, fact.concept) for fact in claimed}
        return all((fact.name, fact.concept) in now for fact in self.facts)
