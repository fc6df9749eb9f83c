"""What only many reviews show: bursts, copied texts, stars that the words contradict. docs/check.md has the rules.

Nothing is left out for it: a shop decides what becomes of such reviews.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bottega.languages.fold import tokens
from bottega.sources.findings import CheckFinding, CheckFindings, CheckLevel, CheckRule

__all__ = ["REVIEW_RULES", "JudgedReview", "judge_reviews"]

REVIEW_RULES = {
    "reviews_burst": CheckRule(
        CheckLevel.WARNING,
        "many reviews of one product within two days, where it has few at other times",
        "look at who wrote them; an import that gave all of them one date is mended by the true dates",
    ),
    "reviews_copied": CheckRule(
        CheckLevel.WARNING,
        "one text in several reviews",
        "take back those that nobody wrote; the same review under several variants belongs under their group",
    ),
    "stars_against_words": CheckRule(
        CheckLevel.HINT,
        "stars that the words contradict: full stars for complaints, one star for praise",
        "read them; some people take one star for the best",
    ),
}
DAY_MS = 24 * 3600 * 1000
WINDOW_MS = 2 * DAY_MS
BURST_LEAST = 6
"""Reviews of a burst at least."""
CHANCE_MOST = 1e-6
"""How improbable a burst is, at the product's own pace."""
SLOWEST_MS = 30 * DAY_MS
"""A product's pace is taken as at least one review in so long."""
SHARED_DAY = 0.5
"""Where so many of all reviews have one day, it is the day of an export."""
COPIED_WORDS = 6
"""Words that a text has, to be no coincidence; "great product, thank you" is nobody's own."""
AGAINST = 0.6
"""How surely the words are the other way, from 0 to 1."""
_BLANKS = re.compile(r"\s+")


class JudgedReview(NamedTuple):
    """One review as the judge sees it. `feeling`: what its words say, from -1 to 1; None where they say nothing."""

    review_id: str
    product_id: str
    shopper: str | None
    stars: float | None
    words: str
    time_ms: int | None
    feeling: float | None


def judge_reviews(reviews: Sequence[JudgedReview], findings: CheckFindings) -> None:
    """Look for all three."""
    for found in (*_bursts(reviews), *_copies(reviews), *_against(reviews)):
        findings.add(found)


def _bursts(reviews: Sequence[JudgedReview]) -> Iterator[CheckFinding]:
    days: dict[int, int] = defaultdict(int)
    times: dict[str, list[tuple[int, float | None]]] = defaultdict(list)
    for one in reviews:
        if one.time_ms is not None:
            days[one.time_ms // DAY_MS] += 1
            times[one.product_id].append((one.time_ms, one.stars))
    dated = sum(days.values())
    shared = {day for day, count in days.items() if count > SHARED_DAY * dated and dated > 2 * BURST_LEAST}
    for product, moments in sorted(times.items()):
        moments = sorted((time, stars or 0.0) for time, stars in moments if time // DAY_MS not in shared)
        if len(moments) < BURST_LEAST:
            continue
        start, most, first = 0, 0, 0
        for stop, (time, _) in enumerate(moments):
            while time - moments[start][0] > WINDOW_MS:
                start += 1
            if stop - start + 1 > most:
                most, first = stop - start + 1, start
        others = len(moments) - most
        span = max(moments[-1][0] - moments[0][0] - WINDOW_MS, SLOWEST_MS)
        pace = max(others, 1) / span * WINDOW_MS
        windows = max(1.0, span / WINDOW_MS)
        if most >= BURST_LEAST and windows * _at_least(most, pace) < CHANCE_MOST:
            stars = [given for _, given in moments[first : first + most] if given]
            mean = f", {sum(stars) / len(stars):.1f} stars on average" if stars else ""
            seen = f"{most} of {len(moments)} reviews within two days{mean}"
            yield CheckFinding("reviews_burst", product, "time", seen)


def _at_least(count: int, mean: float) -> float:
    """The chance of so many or more where `mean` are expected (Poisson), from above."""
    logs = -mean + count * math.log(mean) - math.lgamma(count + 1)
    return math.exp(logs) / max(1e-12, 1.0 - mean / (count + 1)) if mean < count else 1.0


def _copies(reviews: Sequence[JudgedReview]) -> Iterator[CheckFinding]:
    same: dict[str, list[JudgedReview]] = defaultdict(list)
    for one in reviews:
        words = tokens(one.words)
        if len(words) >= COPIED_WORDS:
            same[" ".join(words)].append(one)
    for group in sorted(same.values(), key=lambda group: group[0].review_id):
        if len(group) > 1:
            text = _BLANKS.sub(" ", group[0].words)[:80]
            products = len({one.product_id for one in group})
            seen = f"{len(group)} reviews of {products} products: {text}"
            yield CheckFinding("reviews_copied", ", ".join(sorted(one.review_id for one in group)[:3]), "text", seen)


def _against(reviews: Sequence[JudgedReview]) -> Iterator[CheckFinding]:
    for one in sorted(reviews, key=lambda one: one.review_id):
        if one.stars is None or one.feeling is None:
            continue
        if (one.stars >= 4.5 and one.feeling <= -AGAINST) or (one.stars <= 1.5 and one.feeling >= AGAINST):
            text = _BLANKS.sub(" ", one.words)[:80]
            yield CheckFinding("stars_against_words", one.review_id, "rating", f"{one.stars:g} stars: {text}")
