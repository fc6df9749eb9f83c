"""The one question back: the field that parts what was found best, if it parts it well enough to be worth asking.

Idea     A question costs the shopper a turn, so it must at least halve the choice: what is expected to be left after
         the answer is half of what was found or less. No field is asked about twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bottega.actions.search.shapes import Facet, FacetValue

__all__ = ["Narrowing", "best_question"]

HALF = 0.5
COVERED = 0.8
"""So much of what was found must say something in the field."""
VALUES_MOST = 5
"""Answers offered; the others can be said."""
UNASKED = frozenset({"availability", "rating"})
"""Nobody chooses by these in words."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A field worth asking about."""

    field: str
    attribute: bool
    values: tuple[FacetValue, ...]
    left: float
    """Share of what was found that is expected to be left after the answer."""


def best_question(facets: Sequence[Facet], total: int, *, known: Sequence[str]) -> Narrowing | None:
    """The field that leaves least, of those not in `known`; None where none halves the choice. Any field is asked about
    before the price, whose ranges are cut so that they always part well."""
    found = [one for facet in facets if (one := _of(facet, total)) is not None and one.field not in known]
    return min(found, key=lambda one: (one.field == "price", one.left, one.field), default=None)


def _of(facet: Facet, total: int) -> Narrowing | None:
    counts = [value.count for value in facet.values]
    told = sum(counts)
    if facet.name in UNASKED or len(counts) < 2 or told < COVERED * total or not total:
        return None
    top = sorted(facet.values, key=lambda value: -value.count)[:VALUES_MOST]
    if sum(value.count for value in top) < HALF * told:
        return None  # so many values that the answers offered would be few of them
    left = sum(count / told * min(count / total, 1.0) for count in counts)
    return Narrowing(facet.name, facet.attribute, tuple(top), left) if left <= HALF else None
