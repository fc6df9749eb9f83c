"""What a phrase means by what shoppers went on to after it, where neither the shop nor the lists know it.

Idea     Of n votes after a phrase, k were for products of a value. The share that the value has with the phrase is a
         Beta distribution, whose prior is the share that it has without; its lower bound must be large, and the odds
         many times the usual ones. Of all values that pass, the one that tells most is meant: the votes are likeliest
         under it beside the usual shares (log-likelihood ratio), so that a narrow category comes before a broad one.
Source   Beta-binomial counts: Gelman et al., Bayesian Data Analysis, section 2.4. The ratio: Dunning 1993,
         https://aclanthology.org/J93-1003/.
Shapes   M values that a phrase may mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.models.search.listing_terms import ways_of
from bottega.models.search.vocabulary import Phrase
from bottega.names import BoolArray

Doubles = NDArray[np.float64]

__all__ = ["LEARNT", "PRODUCT", "Doubles", "LearntMeaning", "LearntMeanings", "lower_share", "passes", "tells"]

PRODUCT = "product_id"
"""The field of a phrase that means one product."""
LEARNT = 0.9
"""What a learnt meaning counts beside a value of just this name."""
PRIOR = 2.0
"""Votes that the usual share counts for."""
QUANTILE = 0.05
SHARE_FROM = 0.4
"""The lower bound of the share from which on a phrase means a value."""
ODDS_FROM = 3.0
"""And the odds at that bound, beside the usual ones."""
USUAL_MOST = 0.75
"""What so many products are anyway is the meaning of no word."""


class LearntMeaning(NamedTuple):
    """One value that a phrase means."""

    field: str
    name: Phrase
    worth: float = LEARNT


@dataclass(frozen=True)
class LearntMeanings:
    """What phrases mean, by their folded words."""

    meanings: Mapping[Phrase, tuple[LearntMeaning, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    """Phrases of one word."""
    longest: int = 1
    """Words of the longest phrase."""

    @classmethod
    def of(cls, entries: Iterable[tuple[Phrase, str, str | Phrase]]) -> LearntMeanings:
        """Of phrases, fields and values: a value as its folded words, a product as its id."""
        found: dict[Phrase, list[LearntMeaning]] = {}
        for phrase, name, value in entries:
            words = tuple(ways_of(value))[:1] if isinstance(value, str) else value
            if phrase and words:
                found.setdefault(phrase, []).append(LearntMeaning(name, words))
        alone = frozenset(phrase[0] for phrase in found if len(phrase) == 1)
        return cls({key: tuple(many) for key, many in found.items()}, alone, max(map(len, found), default=1))


def lower_share(chosen: Doubles, shown: int, usual: Doubles) -> Doubles:
    """The lower bound of the share of each value [M] with a phrase, of `chosen` [M] among `shown` votes.

    >>> lower_share(np.array([0.0, 9.0]), 10, np.array([0.5, 0.01])).round(2).tolist()
    [0.01, 0.55]
    """
    prior = np.clip(usual, 1e-4, 1 - 1e-4) * PRIOR
    from scipy.special import betaincinv  # only where there is something to learn: a server that answers starts without

    found: Doubles = betaincinv(prior + chosen, PRIOR - prior + shown - chosen, QUANTILE).astype(np.float64)
    return found


def passes(lower: Doubles, usual: Doubles) -> BoolArray:
    """Which values [M] a phrase may be said to mean."""
    usual = np.clip(usual.astype(np.float64), 1e-4, 1 - 1e-4)
    odds = lower / np.maximum(1 - lower, 1e-9)
    found: BoolArray = (usual <= USUAL_MOST) & (lower >= SHARE_FROM) & (odds >= ODDS_FROM * usual / (1 - usual))
    return found


def tells(chosen: Doubles, shown: int, usual: Doubles) -> Doubles:
    """By how much the votes are likelier if the phrase means each value [M]: nats."""
    usual = np.clip(usual.astype(np.float64), 1e-4, 1 - 1e-4)
    share = (chosen + PRIOR * usual) / (shown + PRIOR)
    found: Doubles = np.asarray(chosen, np.float64) * np.log(share / usual) + (shown - chosen) * np.log(
        (1 - share) / (1 - usual)
    )
    return found
