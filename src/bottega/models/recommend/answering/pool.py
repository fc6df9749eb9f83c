"""The pool of one list: which items are worth scoring for it, and what the model says of them.

Idea     Best of every member, what rules may bring in from elsewhere, and a sample of all that is allowed, by which
         scores are put on their scale. Few allowed items are all taken.
Shapes   I items, C candidates, M members.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bottega.models.recommend.answering.member import Desk, Voice
from bottega.models.recommend.answering.mixture import MixedVoice
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["WHOLE", "Pool", "Within", "member_best", "pool_of"]

WHOLE = 1500
"""So many allowed items or fewer are all scored."""
MEMBER_BEST = 110
"""Items that a member names in a catalogue of `SMALL` items or fewer."""
SMALL = 8192
MORE_A_DOUBLING = 45
"""How many more it names each time the catalogue doubles."""
WIDE = 2
"""So many times more where a list needs to see further down, and of a member that is asked alone."""
SAMPLE = 160


@dataclass(frozen=True)
class Within:
    """What a filter leaves: `allowed` [I], their codes in order, and some of them drawn once for all answers."""

    allowed: BoolArray
    codes: IntArray = field(init=False)
    sample: IntArray = field(init=False)

    def __post_init__(self) -> None:
        codes = np.flatnonzero(self.allowed).astype(np.int32)
        drawn = np.random.default_rng(0).choice(codes, min(SAMPLE, len(codes)), replace=False)
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "sample", drawn)

    @property
    def whole(self) -> bool:
        """Whether so little is allowed that all of it is scored."""
        return len(self.codes) <= WHOLE


@dataclass(frozen=True)
class Pool:
    """`items` [C] in the order of their codes, the model's `scores` [C] and what each of `names` added [M, C]."""

    items: IntArray
    scores: FloatArray
    shares: FloatArray
    names: tuple[str, ...]
    whole: bool
    """Whether all allowed items are in it."""
    sample: BoolArray | None
    """Which of them stand for all that is allowed [C]; None where all are here."""

    def place(self, item: int) -> int:
        """Where an item stands; -1 where it is not in the pool."""
        at = int(np.searchsorted(self.items, item))
        return at if at < len(self.items) and self.items[at] == item else -1

    def shares_of(self, places: Sequence[int]) -> list[dict[str, float]]:
        """What each member added at each of some places; nothing at -1."""
        at = [place for place in places if place >= 0]
        found = iter(self.shares[:, at].T.tolist())
        return [dict(zip(self.names, next(found), strict=True)) if place >= 0 else {} for place in places]


def member_best(n_items: int) -> int:
    """How many items each member names: more by a step each time the catalogue doubles."""
    return MEMBER_BEST + round(MORE_A_DOUBLING * math.log2(max(n_items, SMALL) / SMALL))


def pool_of(
    name: str,
    voice: Voice,
    desk: Desk,
    within: Within,
    *,
    shut: IntArray,
    more: Iterable[IntArray] = (),
    among: Sequence[BoolArray] = (),
    whole: bool = False,
    wide: bool = False,
) -> Pool:
    """The pool of a voice of this `name`. `shut`: items that must not come in, `more`: lists of items that rules may
    bring in, `among`: masks [I] of items that rules may lift or sink, the best of which are wanted in any case.

    `whole`: all allowed items, those shut included. `wide`: more candidates, for what ranks further down.
    """
    allowed, sampled = within.allowed, None
    whole = whole or within.whole
    if whole:
        items = within.codes
    else:
        most = member_best(len(allowed)) * (WIDE if wide or not isinstance(voice, MixedVoice) else 1)
        found = desk.found(allowed, most)
        found.shut(shut)
        found.listed(within.sample, len(within.sample))
        voice.find(found)
        for mask in among:
            found.allowed = allowed & mask
            voice.find(found)
        found.allowed = allowed
        for listed in more:
            found.listed(listed, most)
        items = np.sort(found.items)
        sampled = np.zeros(len(items), dtype=np.bool_)
        at = np.minimum(np.searchsorted(items, within.sample), len(items) - 1)
        sampled[at[items[at] == within.sample]] = True
    scores = np.empty(len(items), dtype=np.float32)
    voice.scores(items, scores)
    if isinstance(voice, MixedVoice):
        return Pool(items, scores, voice.parts, tuple(voice.voices), whole, sampled)
    return Pool(items, scores, scores[None], (name,), whole, sampled)
