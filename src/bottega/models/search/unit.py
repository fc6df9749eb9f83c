"""Words of a query that mean one thing, and the terms by which listings may hold it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from bottega.models.search.vocabulary import Phrase

__all__ = ["Term", "Unit"]


class Term(NamedTuple):
    """What a listing may hold: a `value`, a `word` of its title (`bare`: of one without a category that is about this,
    where nothing else says what it is), all words of a phrase (`bare_phrase` likewise), those side by side (`said`,
    `said_bare`), a word `described` or `seen`, or an id of its `own`."""

    space: str
    key: int | str | Phrase


@dataclass(slots=True)
class Unit:
    """Words of a query that mean one thing. `weight`: how surely they were read; `kind`: whether it is the thing asked
    for."""

    phrase: Phrase
    weight: float = 1.0
    terms: dict[Term, float] = field(default_factory=dict)
    near: dict[Term, float] = field(default_factory=dict)
    """What is not meant, but near it."""
    people: list[int] = field(default_factory=list)
    """Where it says for whom: all values of the fields that say so."""
    against: list[int] = field(default_factory=list)
    """Those of them that are others: "men" beside "women"."""
    mood: bool = False
    """Whether it says no more than when, what for or how a thing shall feel: "wedding", "cosy"."""
    kind: bool = False
    behind: bool = False
    """Whether it stands behind "for": what the thing is wanted for, if the thing can be it at all."""
    purpose: bool = False
    """Whether it says what the thing is wanted for: "to carry"."""
    learnt: bool = False
    """Whether what shoppers went on to says what it means."""

    def may_be(self, other: Unit) -> None:
        """It may be what the other says instead: "pink or purple"."""
        self.phrase += ("or", *other.phrase)
        for term, worth in other.terms.items():
            self.put(term, worth)
        for term, worth in other.near.items():
            self.put_near(term, worth)
        self.against = [value for value in self.against if Term("value", value) not in self.terms]

    def put(self, term: Term, weight: float) -> None:
        """It may mean this; the surest way counts."""
        if weight > self.terms.get(term, 0.0):
            self.terms[term] = weight

    def put_near(self, term: Term, weight: float) -> None:
        """It does not mean this, but what it means is near."""
        if term.space in ("value", "bare", "said_bare") and weight > self.near.get(term, 0.0):
            self.near[term] = weight
