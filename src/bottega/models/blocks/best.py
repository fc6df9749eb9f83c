"""The best of scores: one rule for every list. Higher first; among equals the lower number; -inf is in no list."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.names import LongArray

__all__ = ["best"]

MANY = 10_000
LEVELS = 4
"""So many of the highest scores are looked at one by one, in arrays longer than `MANY`."""


def best(
    scores: NDArray[np.floating] | LongArray, count: int | None = None, *, ids: LongArray | None = None
) -> LongArray:
    """Places of the `count` highest finite scores [N], all of them where absent, best first.

    Among equals the lower id [N] comes first, the lower place where there are no ids.

    >>> best(np.array([0.5, 0.9, -np.inf, 0.9]), 3).tolist()
    [1, 3, 0]
    >>> best(np.array([0.5, 0.9, -np.inf, 0.9]), 1, ids=np.array([7, 6, 5, 4])).tolist()
    [3]
    """
    places = np.flatnonzero(np.isfinite(scores))
    if count is not None and count < len(places):
        if count <= 0:
            return places[:0]
        kept = scores[places]
        last = _last_of(kept, count)
        above, equal = places[kept > last], places[kept == last]
        missing = count - len(above)
        if ids is not None and missing < len(equal):
            equal = equal[np.argpartition(ids[equal], missing - 1)]
        places = np.concatenate([above, equal[:missing]])
    falling = -scores[places]
    order = np.argsort(falling, kind="stable") if ids is None else np.lexsort((ids[places], falling))
    return places[order]


def _last_of(scores: NDArray[np.floating] | LongArray, count: int) -> Any:
    """The lowest of the `count` highest: level by level where many are equal, which partitions are slow at."""
    if len(scores) > MANY:
        left = scores
        for _ in range(LEVELS):
            highest = left.max()
            equal = int((left == highest).sum())
            if equal >= count:
                return highest
            left, count = left[left < highest], count - equal
        scores = left
    return np.partition(scores, -count)[-count]
