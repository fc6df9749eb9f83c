"""Facts: what is known of a product, one statement at a time, each with where it comes from.

Idea     A text may say what a fact says, and nothing else. So a fact is small (one key, one value), knows where it
         stands in the listing, and says whether it may be claimed: what the merchant wrote or accepted is claimed, what
         an eye guessed or a title leaves open is only offered to the merchant.
         Facts of one key that cannot both be true are a contradiction: neither is claimed until one of them wins.
Keys     One vocabulary (keys.py): `kind`, `colour`, `material`; an attribute that it does not know keeps its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Contradiction", "Fact", "FactSheet", "FactSource", "GivenListing", "Offered", "ReviewVoice"]


class FactSource(StrEnum):
    """Where a fact comes from."""

    ATTRIBUTE = "attribute"
    """An attribute that the merchant gave."""
    ACCEPTED = "accepted"
    """A suggestion that the merchant accepted: it wins over what the title says."""
    BRAND = "brand"
    CATEGORY = "category"
    TITLE = "title"
    """Read off the title, at `Fact.at`."""
    PRICE = "price"
    REVIEWS = "reviews"
    """Counted over reviews: the value holds the numbers, the aspect and what they say of it (review_facts.py)."""
    EYE = "eye"
    """Guessed from a photo: offered, never claimed."""


class ReviewVoice(NamedTuple):
    """Somebody who says it: the review, and their words."""

    review_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about one product."""

    subject: str
    """Id of the product."""
    key: str
    value: str
    """As the merchant wrote it: "Navy Blue", "5.5 x 8.5"; never translated here."""
    source: FactSource
    unit: str = ""
    """Of a number, as the merchant wrote it: "in", "ml", "EUR"."""
    concept: str = ""
    """What the lists of words know it as, as in "colour.navy"; empty where they have no word for exactly this."""
    place: str = ""
    """Name of the attribute that says it."""
    at: tuple[int, int] | None = None
    """Where in the title it stands."""
    confidence: float = 1.0
    claimed: bool = True
    """Whether a text may say it; else it is offered to the merchant."""
    quotes: tuple[ReviewVoice, ...] = ()
    """Of a count of reviews, some of those who say it, the surest first."""

    @property
    def name(self) -> str:
        """By which a text names it: "colour=Navy Blue"."""
        return f"{self.key}={self.value} {self.unit}".rstrip()

    @property
    def whole(self) -> str:
        """Value and unit as they stand side by side."""
        return f"{self.value} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts of one key that cannot all be true. None of them is claimed."""

    key: str
    facts: tuple[Fact, ...]

    @property
    def says(self) -> str:
        """For the merchant: "colour: the attribute base_colour says 'Red', the title says 'black'"."""
        said = [
            f"{f'the attribute {fact.place}' if fact.place else f'the {fact.source}'} says {fact.value!r}"
            for fact in self.facts
        ]
        return f"{self.key}: {', '.join(said)}"


@dataclass(frozen=True)
class FactSheet:
    """All that is known of one product. `claimed` keeps the order of importance that keys have."""

    subject: str
    language: str
    """In which the listing is written."""
    claimed: tuple[Fact, ...] = ()
    offered: tuple[Fact, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    title_read: bool = False
    """Whether every word of the title became a fact, so that a new order of them says as much."""

    def of(self, key: str) -> tuple[Fact, ...]:
        """The claimed facts of one key."""
        return tuple(fact for fact in self.claimed if fact.key == key)

    def named(self, names: Iterable[str]) -> tuple[Fact, ...]:
        """The claimed facts of these names; names that nobody has are left out."""
        known = {fact.name: fact for fact in self.claimed}
        return tuple(known[name] for name in names if name in known)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is guessed of a product and not accepted yet."""

    attribute: str
    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class GivenListing:
    """What is given of one product."""

    id: str
    title: str
    language: str = "en"
    description: str = ""
    brand: str = ""
    category: Sequence[str] = ()
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    price: tuple[str, str] | None = None
    """Amount in plain digits, and the currency's code."""
    makers: frozenset[str] = frozenset()
    """Folded words that are names where titles of this shop begin with them."""
    common: frozenset[str] = frozenset()
    """Folded words that stand in titles of many makers, so that they are no name of one thing."""
    accepted: frozenset[str] = frozenset()
    """Attributes whose value is a suggestion that the merchant accepted; "category" among them."""
    offered: Sequence[Offered] = ()
