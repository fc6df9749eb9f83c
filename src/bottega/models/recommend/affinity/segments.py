"""Segments: shoppers in groups that one can name, made of what they are drawn to.

Idea     A shopper is the square roots of their affinities' probabilities, so that Euclidean distance compares
         distributions (Hellinger). K-means, or Ward's hierarchical method on a sample with the others going to the
         nearest centre. A segment's name is what lifts it most above the shop.
Source   K-means++: Arthur & Vassilvitskii 2007, https://dl.acm.org/doi/10.5555/1283383.1283494. Ward 1963,
         https://doi.org/10.1080/01621459.1963.10500845. Adjusted Rand index: Hubert & Arabie 1985,
         https://doi.org/10.1007/BF01908075, equation 5.
Costs    K-means: shoppers x values x segments a pass. Ward: the square of `WARD_SHOPPERS`.
Shapes   S shoppers, V values of all groups, K segments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2, vq

from bottega.models.recommend.affinity.affinity import Affinities
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.names import FloatArray, IntArray

__all__ = ["METHODS", "Grouping", "adjusted_rand", "group_shoppers", "segment_names", "vectors_of"]

METHODS = ("kmeans", "ward")
STARTS = 8
"""K-means begins so often; the tightest grouping is kept."""
WARD_SHOPPERS = 3000
"""Most shoppers that Ward's method joins one by one."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """`centres` [K, V], and the segment of each shopper in `labels` [S], the largest segment first."""

    centres: FloatArray
    labels: IntArray

    def of(self, vectors: FloatArray) -> Grouping:
        """The same segments with these shoppers [S, V] in them, empty ones left out."""
        return _ordered(self.centres, vectors)

    @property
    def sizes(self) -> IntArray:
        """Shoppers of each segment [K]."""
        return np.bincount(self.labels, minlength=len(self.centres)).astype(np.int32)


def vectors_of(found: Affinities) -> FloatArray:
    """[S, V]: square roots of the mean of both heads' probabilities."""
    vectors: FloatArray = np.sqrt((found.view + found.purchase) / 2)
    return vectors


def group_shoppers(vectors: FloatArray, count: int, *, method: str, rng: np.random.Generator) -> Grouping:
    """At most `count` segments of the shoppers; fewer where fewer differ."""
    if method == "kmeans":
        count = min(count, len(np.unique(vectors, axis=0)))
        tried = [kmeans2(vectors, count, minit="++", rng=rng, missing="warn") for _ in range(STARTS)]
        centres = min(
            (centres for centres, _ in tried), key=lambda centres: float((vq(vectors, centres)[1] ** 2).sum())
        )
    else:
        sample = vectors[np.sort(rng.permutation(len(vectors))[:WARD_SHOPPERS])]
        joined = fcluster(linkage(sample, "ward"), count, "maxclust") if len(sample) > 1 else np.ones(1, dtype=int)
        centres = np.stack([sample[joined == label].mean(axis=0) for label in np.unique(joined)])
    return _ordered(centres.astype(np.float32), vectors)


def _ordered(centres: FloatArray, vectors: FloatArray) -> Grouping:
    """Every shopper with the nearest centre, the largest segment first."""
    labels = vq(vectors, centres)[0]
    sizes = np.bincount(labels, minlength=len(centres))
    used = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
    place = np.empty(len(centres), dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return Grouping(centres[used], place[labels])


def adjusted_rand(one: IntArray, other: IntArray) -> float:
    """How alike two groupings of the same shoppers [S] are: 1 the same, 0 as by chance.

    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = np.zeros((int(one.max(initial=0)) + 1, int(other.max(initial=0)) + 1))
    np.add.at(table, (one, other), 1)

    def pairs(counts: np.ndarray) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together, all_pairs = pairs(table), pairs(np.array([len(one)]))
    mine, theirs = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    by_chance = mine * theirs / all_pairs if all_pairs else 0.0
    most = (mine + theirs) / 2
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def segment_names(vectors: FloatArray, grouping: Grouping, groups: AttributeGroups) -> list[list[str]]:
    """Values [K] that set each segment apart, the most telling first, one an attribute: as many as make all differ.

    A value tells its probability in the segment times the logarithm of its lift above all shoppers.
    """
    everyone = (vectors**2).mean(axis=0)
    group_of = groups.group_of
    lists: list[list[str]] = []
    for label in range(len(grouping.centres)):
        inside = (vectors[grouping.labels == label] ** 2).mean(axis=0)
        telling = inside * np.log(inside / everyone)
        found: dict[int, int] = {}
        for place in np.argsort(-telling, kind="stable").tolist():
            if telling[place] > 0:
                found.setdefault(int(group_of[place]), place)
        lists.append([groups.word(place) for place in found.values()])
    shown = 3
    longest = max((len(words) for words in lists), default=0)
    while shown < longest and len({tuple(words[:shown]) for words in lists}) < len(lists):
        shown += 1
    return [words[:shown] for words in lists]
