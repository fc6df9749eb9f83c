"""Is this a photo of anything that the shop has? How far from a kind's photos a photo may lie and still be of it.

Idea     Each kind of product has a centre. Distances are taken where photos of one kind lie alike in all directions
         (within-class whitening). Photos that had no say in the centres, a quarter at a time, tell how far photos of a
         kind lie from where they belong: 19 of 20 lie within its floor. What lies within no floor is nothing that the
         shop has. A photo that is nearer to one of the catalogue than photos of different kinds come to one another
         is that, whatever its distance.
Source   Mahalanobis distance to class centres: Lee et al. 2018, https://arxiv.org/abs/1807.03888, section 2.1.
Differs  Floors are kept per kind, drawn to that of all kinds where a kind has few photos.
Serves   Shops with `LEAST` photos of two kinds or more; others have the cosine `PRIOR`.
Costs    Half a second for 20,000 photos.
Shapes   S photos, E length of a vector, K kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["LEAST", "PRIOR", "KindFloors"]

WITHIN = 0.95
"""Share of a kind's own photos that lie within its floor."""
LEAST = 60
"""Fewer photos teach no floor."""
PRIOR = 0.55
"""Where they do not: a photo less like any of the catalogue is of nothing there. Set by hand for the shipped eye."""
FOLDS = 4
SHRINK = 0.05
"""What is added to every direction's spread, as a share of the mean one."""
OF_ALL = 10.0
"""A kind's floor is drawn to that of all kinds as if it had so many photos more, lying as all do."""
SAMPLE = 1000
ALIKE = 0.99
"""Share of photos that are less like any photo of another kind than what is called the same."""


@dataclass(frozen=True, slots=True)
class KindFloors:
    """Centres [K, E] and floors [K] in the space that `whitening` [E, E] leads to; `sure`: the cosine of the same."""

    whitening: FloatArray
    centres: FloatArray
    floors: FloatArray
    sure: float

    @classmethod
    def fit(cls, vectors: FloatArray, kind: IntArray, group: IntArray, *, rng: np.random.Generator) -> Self | None:
        """Learn from photos [S, E] of kinds [S] from 0 on; those of one `group` [S] are of one product.

        None where there are too few, or all are of one kind.
        """
        if len(vectors) < LEAST or len(np.unique(kind)) < 2:
            return None
        n_kinds = int(kind.max()) + 1
        fold = group % FOLDS
        away = np.zeros(len(vectors), dtype=np.float32)
        at = np.zeros(len(vectors), dtype=np.int32)
        for one in range(FOLDS):
            asked = fold == one
            if asked.any() and not asked.all():
                apart = _distances(vectors[asked], *_space(vectors[~asked], kind[~asked], n_kinds))
                at[asked], away[asked] = apart.argmin(axis=1), apart.min(axis=1)
        of_all = float(np.quantile(away, WITHIN))
        floors = np.full(n_kinds, of_all, dtype=np.float32)
        for number in range(n_kinds):
            mine = away[kind == number]
            if len(mine) >= 3:
                own = len(mine) / (len(mine) + OF_ALL)
                floors[number] = own * np.quantile(mine, WITHIN) + (1 - own) * of_all
        return cls(*_space(vectors, kind, n_kinds), floors, _sure(vectors, kind, rng))

    def within(self, vector: FloatArray) -> tuple[BoolArray, IntArray]:
        """Which kinds [K] a photo's vector [E] may be of, and all kinds, the nearest beside its floor first."""
        apart = _distances(vector[None], self.whitening, self.centres)[0] / np.maximum(self.floors, 1e-9)
        return apart <= 1.0, np.argsort(apart, kind="stable").astype(np.int32)


def _space(vectors: FloatArray, kind: IntArray, n_kinds: int) -> tuple[FloatArray, FloatArray]:
    """The whitening [E, E] of photos, and the centres [K, E] of their kinds in it; far away for kinds without any."""
    count = np.bincount(kind, minlength=n_kinds)
    centres = np.zeros((n_kinds, vectors.shape[1]), dtype=np.float64)
    np.add.at(centres, kind, vectors)
    centres /= np.maximum(count, 1)[:, None]
    spread = vectors - centres[kind]
    within = spread.T @ spread / len(spread)
    within += max(SHRINK * float(np.trace(within)) / len(within), 1e-9) * np.eye(len(within))
    whitening = np.linalg.cholesky(np.linalg.inv(within))
    placed = centres @ whitening
    placed[count == 0] = 1e6
    return whitening.astype(np.float32), placed.astype(np.float32)


def _distances(vectors: FloatArray, whitening: FloatArray, centres: FloatArray) -> FloatArray:
    """Distances [N, K], squared."""
    placed = (vectors @ whitening).astype(np.float64)
    apart = (placed**2).sum(axis=1)[:, None] - 2 * placed @ centres.T.astype(np.float64)
    return np.asarray(apart + (centres.astype(np.float64) ** 2).sum(axis=1), dtype=np.float32)


def _sure(vectors: FloatArray, kind: IntArray, rng: np.random.Generator) -> float:
    """The cosine that hardly any two photos of different kinds reach."""
    chosen = rng.permutation(len(vectors))[:SAMPLE]
    alike = vectors[chosen] @ vectors.T
    alike[kind[chosen][:, None] == kind[None]] = -1.0
    return float(np.quantile(alike.max(axis=1), ALIKE))
