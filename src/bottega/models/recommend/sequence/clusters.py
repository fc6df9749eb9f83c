"""Items in clusters by the direction they point in: answers read the clusters that a query points at, and no others.

Source   An inverted file, without codes inside: Jegou, Douze & Schmid 2011, https://doi.org/10.1109/TPAMI.2010.57,
         section IV.
Shapes   I items, D width, G clusters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from bottega.models.blocks.quantise import residual_kmeans
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["Clusters"]

ITERATIONS = 8
LEARNT_FROM = 40
"""Items a cluster is learnt from, at most."""
AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Clusters:
    """`centres` [G, D]; `order` [I]: the items, cluster by cluster; `starts` [G + 1]: where each cluster begins."""

    centres: FloatArray
    order: IntArray
    starts: LongArray

    @classmethod
    def of(cls, directions: FloatArray) -> Self:
        """Items [I, D] that point the same way together, about as many clusters as a cluster has items."""
        n_items, width = directions.shape
        count = max(1, round(math.sqrt(n_items)))
        if not n_items:
            return cls(np.zeros((1, width), np.float32), np.zeros(0, np.int32), np.zeros(2, np.int64))
        rng = np.random.default_rng(0)
        sample = directions[np.sort(rng.permutation(n_items)[: LEARNT_FROM * count])]
        books, _ = residual_kmeans(
            sample, levels=1, codes=count, rng=rng, balanced=False, iterations=ITERATIONS, sample=len(sample)
        )
        cluster = np.concatenate(
            [books.encode(directions[first : first + AT_ONCE])[:, 0] for first in range(0, n_items, AT_ONCE)]
        )
        starts = np.append(0, np.cumsum(np.bincount(cluster, minlength=count)))
        return cls(books.centres[0], np.argsort(cluster, kind="stable").astype(np.int32), starts.astype(np.int64))
