"""An occasion: what a list is asked for, as the conditions of rules see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bottega.shop.rules.rule import Match, Placement

__all__ = ["Asking", "Occasion", "Supposed", "says"]


class Asking(Protocol):
    """Who asks."""

    def any_of(self, segments: Iterable[str]) -> bool:
        """Whether they are of any of these segments."""


class Supposed(frozenset[str]):
    """Anybody who is of these segments and of no other."""

    def any_of(self, segments: Iterable[str]) -> bool:
        """Whether any of these is among them."""
        return not self.isdisjoint(segments)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where, for whom and when."""

    placement: Placement
    now_ms: int
    category: tuple[str, ...] = ()
    """Categories that the request's filter names."""
    anchors: tuple[str, ...] = ()
    """Product ids that it stands beside."""
    words: tuple[str, ...] = ()
    """Of a search, folded."""
    switched_on: frozenset[str] = frozenset()
    """Rules that hold for this list though they be switched off: those of an experiment's variant."""
    switched_off: frozenset[str] = frozenset()
    """Rules that do not hold for it: those of other variants."""
    whom: Asking | None = None
    """None: nobody in person."""


def says(words: Sequence[str], query: Sequence[str], match: Match) -> bool:
    """Whether what is searched for is, begins with or contains the words of a rule.

    >>> says(["red", "summer", "dress"], ["summer", "dress"], "contains")
    True
    >>> says(["red", "summer", "dress"], ["summer", "dress"], "starts_with")
    False
    """
    wanted, most = list(query), len(words) - len(query)
    if match == "is":
        return list(words) == wanted
    starts: Collection[int] = range(1 if match == "starts_with" else most + 1)
    return most >= 0 and any(list(words[at : at + len(wanted)]) == wanted for at in starts)
