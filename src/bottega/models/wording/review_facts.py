"""Counts of reviews as facts that a text may claim: which of them are worth a sentence, and where they come from.

Idea     A count is a fact as a colour is: "9/12 size small", from the reviews, with some who say so. It is said as it
         was counted or not at all, and a text that says it goes when the count is another.
Worth    At least `SPOKE_LEAST` reviews speak of the aspect, and two thirds of those say the same. The reader of reviews
         errs about one clause in eight: with five who spoke and two thirds, one review that was read wrongly leaves at
         least half who say it; with three it could leave a minority.
Which    Of each aspect the one thing that most say. Size first, for it is of use before buying; then what is praised by
         most. Complaints only where they are asked for; that something runs small or large is none. Not the delivery,
         which is the shop's and not the product's; not the price, which may have changed since; no aspect of the
         shop's own, for which no language has words.
Of what  The reader takes reviews as of things that are worn or stand in a home. Of a soap "small" is the bottle and
         "thin" the hair, of a loudspeaker "light" is switched on by it: counts of those are mostly wrong. So sizes are
         told of what is worn alone, comfort of what is worn, sat or lain on, quality and colour of these and of what is
         carried or stands in a home, and nothing of any other thing, nor of one that nobody knows. Where counts are
         listed, with their quotes, sizes of what is known to be no wear are left out as well (`sizes_fit`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bottega.languages.kinship import upwards
from bottega.models.wording.facts import Fact, FactSheet, FactSource, ReviewVoice
from bottega.models.wording.keys import rank

__all__ = [
    "ASPECTS_TOLD",
    "BLAME",
    "REVIEW_KEY",
    "ReviewCount",
    "count_in",
    "review_facts",
    "sizes_fit",
    "with_counts",
    "worth_saying",
]

REVIEW_KEY = "review"
SPOKE_LEAST = 5
"""Reviews that speak of an aspect before a text says what they say."""
SHARE_LEAST = 2 / 3
MOST = 2
"""Such sentences in a text."""
ASPECTS_TOLD = ("size", "quality", "colour", "comfort")
BLAME = "bad"
_WORN = frozenset({"kind.clothing", "kind.footwear", "kind.gloves", "kind.hat", "kind.belt", "kind.ring"})
_EASY = _WORN | {"kind.furniture", "kind.pillow"}
_HELD = _EASY | {"kind.accessories", "kind.bag", "kind.jewellery", "kind.home", "kind.kitchen"}
_CONSUMED = frozenset({"kind.beauty", "kind.food", "kind.candle", "kind.diffuser", "kind.soap", "kind.plant"})


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """So many `of` all reviews that speak of an aspect say the same of it: small, large, good or bad."""

    aspect: str
    side: str
    count: int
    of: int
    quotes: tuple[ReviewVoice, ...] = ()


def worth_saying(counts: Iterable[ReviewCount], sheet: FactSheet, *, blame: bool) -> list[ReviewCount]:
    """At most `MOST` of a product's counts, the first to say first. `blame`: complaints, too."""
    told = _told_of(sheet)
    best: dict[str, ReviewCount] = {}
    for one in sorted(counts, key=lambda one: (-one.count, one.side)):
        best.setdefault(one.aspect, one)
    kept = [
        one
        for one in best.values()
        if one.aspect in told
        and one.of >= SPOKE_LEAST
        and one.count >= SHARE_LEAST * one.of
        and (blame or one.side != BLAME)
    ]
    kept.sort(key=lambda one: (one.aspect != "size", -one.count, -one.count / one.of, ASPECTS_TOLD.index(one.aspect)))
    return kept[:MOST]


def sizes_fit(sheet: FactSheet) -> bool:
    """Whether what reviews say of the size can be of how the thing fits: it is worn, or nobody knows what it is."""
    kinds = _kinds_of(sheet)
    return not kinds or bool(kinds & _WORN)


def _kinds_of(sheet: FactSheet) -> set[str]:
    return {kind for fact in sheet.of("kind") if fact.concept for kind in upwards(fact.concept)}


def _told_of(sheet: FactSheet) -> frozenset[str]:
    """The aspects of which reviews of such a thing are read as they are meant."""
    kinds = _kinds_of(sheet)
    if kinds & _CONSUMED:
        return frozenset()
    told = {"size": _WORN, "comfort": _EASY, "quality": _HELD, "colour": _HELD if sheet.of("colour") else frozenset()}
    return frozenset(aspect for aspect, some in told.items() if kinds & some)


def review_facts(subject: str, counts: Iterable[ReviewCount]) -> tuple[Fact, ...]:
    """Counts as facts of a product, in their order."""
    return tuple(
        Fact(
            subject,
            REVIEW_KEY,
            f"{one.count}/{one.of} {one.aspect} {one.side}",
            FactSource.REVIEWS,
            concept=f"{REVIEW_KEY}.{one.aspect}.{one.side}",
            quotes=one.quotes,
        )
        for one in counts
        if one.aspect in ASPECTS_TOLD
    )


def count_in(fact: Fact) -> ReviewCount:
    """What a fact of these counts."""
    numbers, aspect, side = fact.value.split()
    count, of = numbers.split("/")
    return ReviewCount(aspect, side, int(count), int(of), fact.quotes)


def with_counts(sheet: FactSheet, counts: Sequence[ReviewCount]) -> FactSheet:
    """The sheet with these counts among its facts; texts written from it say them."""
    more = review_facts(sheet.subject, counts)
    return replace(sheet, claimed=tuple(sorted((*sheet.claimed, *more), key=lambda fact: rank(fact.key))))
