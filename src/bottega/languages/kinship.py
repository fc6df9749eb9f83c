"""Which concepts are kinds of which, and which may both be said of one thing."""

from __future__ import annotations

from functools import lru_cache

from bottega.languages.lexicon import lexicon
from bottega.languages.writing import likenesses

__all__ = ["agree", "upwards"]


@lru_cache(20_000)
def agree(one: str, other: str) -> bool:
    """Whether one is a kind of the other, or many shops use them for one another."""
    return one in upwards(other) or other in upwards(one) or frozenset((one, other)) in likenesses().near


@lru_cache(5_000)
def upwards(concept: str) -> tuple[str, ...]:
    """A concept and all that it is a kind of."""
    broader = likenesses().broader.get(concept) or lexicon().broader.get(concept)
    return (concept, *(upwards(broader) if broader else ()))
