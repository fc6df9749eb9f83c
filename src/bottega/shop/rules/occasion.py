"""An occasion: what a list is asked for, as the conditions of rules see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bottega.shop.histories import Past
from bottega.shop.rules.rule import Match, Placement, Segment

__all__ = ["Occasion", "says", "segments_of"]


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
    segments: frozenset[Segment] = frozenset()


def segments_of(past: Past) -> frozenset[Segment]:
    """Whom this past is of."""
    if not past:
        return frozenset({"new"})
    return frozenset({"returning", "buyers"} if past.purchases else {"returning"})


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
