"""Accuracy: where in a ranking the item stands that the shopper really took next, and what that place is worth.

The measures that models choose their best epoch by, and that `evaluation` publishes: one formula for both.

Shapes   B shoppers asked, I items, K places in a list.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.models.recommend.base import Ranking
from bottega.names import FloatArray, IntArray

__all__ = ["Values", "ndcg", "recall", "target_ranks"]

Values = NDArray[np.float64]
"""One value a shopper [B]; NaN where the measure is not defined for that shopper."""


def target_ranks(found: FloatArray | Ranking, targets: IntArray) -> IntArray:
    """The place of each shopper's target [B]: 1 is the first, 0 means it is not in the list.

    `found` is a `Ranking` [B, K] or all scores [B, I]. Among equal scores the lower item code stands first, as in
    `base.rank`; so a model that scores everything alike gains nothing. A target scored -inf or NaN is not in the list.

    >>> target_ranks(np.array([[0.1, 0.7, 0.7], [0.9, 0.2, -np.inf]], dtype=np.float32), np.array([2, 2])).tolist()
    [2, 0]
    """
    if isinstance(found, Ranking):
        assert len(found) == len(targets)
        hits = (found.items == targets[:, None]) & (targets[:, None] >= 0)
        return np.where(hits.any(axis=1), hits.argmax(axis=1) + 1, 0).astype(np.int32)
    assert found.ndim == 2 and len(found) == len(targets)
    own = np.take_along_axis(found, np.asarray(targets, dtype=np.int64)[:, None], axis=1)
    before = np.arange(found.shape[1])[None, :] < targets[:, None]
    places = 1 + (found > own).sum(axis=1) + ((found == own) & before).sum(axis=1)
    return np.where(np.isfinite(own[:, 0]), places, 0).astype(np.int32)


def recall(ranks: IntArray, k: int) -> Values:
    """Recall@k of each shopper: 1 when the target is among the first k, else 0.

    Formula  |{target} ∩ first k| / |{target}|. With one target a shopper it equals the hit rate.
    Source   Herlocker, Konstan, Terveen & Riedl 2004, https://doi.org/10.1145/963770.963772, on precision and recall.
    Edges    Rank 0 (not in the list) gives 0. A list shorter than k is not made up for.

    >>> recall(np.array([1, 10, 11, 0]), 10).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    assert k >= 1
    return ((ranks >= 1) & (ranks <= k)).astype(np.float64)


def ndcg(ranks: IntArray, k: int) -> Values:
    """NDCG@k of each shopper: 1 when the target stands first, less the lower it stands, 0 beyond place k.

    Formula  1 / log2(rank + 1) for rank <= k. The ideal list has the one target first, so its DCG is 1.
    Source   Järvelin & Kekäläinen 2002, https://doi.org/10.1145/582415.582418, with the log2(rank + 1) discount of
             Burges et al. 2005, https://doi.org/10.1145/1102351.1102363.
    Edges    As `recall`.

    >>> ndcg(np.array([1, 3, 11, 0]), 10).tolist()
    [1.0, 0.5, 0.0, 0.0]
    """
    return np.where(recall(ranks, k) > 0, 1.0 / np.log2(np.maximum(ranks, 1) + 1.0), 0.0)
