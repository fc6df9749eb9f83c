"""The best of scores: one rule for every list. Higher first; among equals the lower number; -inf is in no list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.names import LongArray

__all__ = ["best"]


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
        places = places[kept >= np.partition(kept, -count)[-count]]
    falling = -scores[places]
    order = np.argsort(falling, kind="stable") if ids is None else np.lexsort((ids[places], falling))
    return places[order[:count]]
