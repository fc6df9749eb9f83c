"""Counts over the reviews of one product: "9 of 12 say it runs small", each said by somebody who can be quoted.

Idea     A review has one voice in each thing, however often it says it. Of those who speak of an aspect, so many say
         the same; who is not sure counts as having spoken, for neither side. A thing said by one is said by one:
         nothing is made of shares alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bottega.models.wording.sentiment import OVERALL, UNSURE, Opinion

__all__ = ["LEAST_FOR_WARNING", "SIZE", "CountedSaying", "Quote", "counted", "size_warning"]

SIZE = "size"
LEAST_FOR_WARNING = 3
"""Reviews that must say so, for a shop to warn of a size."""
SHARE_FOR_WARNING = 0.5


class Quote(NamedTuple):
    """Where somebody says it: which review of those counted, and from where to where in its words."""

    review: int
    start: int
    stop: int
    chance: float


@dataclass(frozen=True, slots=True)
class CountedSaying:
    """One thing that reviews say: so many of those who speak of the aspect; the surest quotes first."""

    aspect: str
    says: str
    """small or large of a size, else good or bad."""
    count: int
    of: int
    quotes: tuple[Quote, ...]


def counted(
    reviews: Sequence[Sequence[Opinion]], own: Mapping[int, Sequence[tuple[str, Opinion]]]
) -> list[CountedSaying]:
    """What the reviews of a product say, the most spoken of first.

    `own`: of some reviews, the shop's own aspects that they speak of (`own_aspects.py`).
    """
    spoken: dict[str, set[int]] = defaultdict(set)
    said: dict[tuple[str, str], dict[int, Quote]] = defaultdict(dict)
    for number, opinions in enumerate(reviews):
        about = [(one.aspect, one) for one in opinions if one.aspect != OVERALL] + list(own.get(number, ()))
        for aspect, one in about:
            spoken[aspect].add(number)
            if one.polarity in (UNSURE, "neither"):
                continue
            says = one.way or one.polarity
            quote = Quote(number, one.start, one.stop, one.chance)
            known = said[aspect, says].get(number)
            if known is None or quote.chance > known.chance:
                said[aspect, says][number] = quote
    found = [
        CountedSaying(
            aspect,
            says,
            len(quotes),
            len(spoken[aspect]),
            tuple(sorted(quotes.values(), key=lambda one: (-one.chance, one.review, one.start))),
        )
        for (aspect, says), quotes in said.items()
    ]
    return sorted(found, key=lambda one: (-one.count, -one.of, one.aspect, one.says))


def size_warning(sayings: Sequence[CountedSaying]) -> CountedSaying | None:
    """What a shopper should know of the size before buying; None where too few say the same of it."""
    likely = [
        one
        for one in sayings
        if one.aspect == SIZE
        and one.says in ("small", "large")
        and one.count >= LEAST_FOR_WARNING
        and one.count >= SHARE_FOR_WARNING * one.of
    ]
    return likely[0] if likely else None
