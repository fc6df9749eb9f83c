"""The outline's say in the vector for search: products of one make have the same edges, whatever their colour.

Idea     What the trunk projects for search uses less than half of its numbers. The others hold what edges measured by
         hand say (second_opinion.py): half the vector is what the network saw, the other half the outline. Where the
         ground is not plain there is no outline to measure; a straight line from the trunk's features guesses it well,
         so that photos on all grounds can be compared.
Source   Edges: Dalal & Triggs 2005, https://doi.org/10.1109/CVPR.2005.177. Vectors side by side, each of unit length
         times the root of its share, so that cosines add up by their shares: Bruni, Tran & Baroni 2014,
         https://doi.org/10.1613/jair.4135, section 3.2.
Serves   Eyes with a second opinion.
Costs    Nothing beside the second opinion, which measures the edges anyway.
Shapes   N photos, M of them on a plain ground, E vector of the network, F features, C components of the edges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bottega.names import BoolArray, FloatArray

__all__ = ["LEAST", "SHARE", "Outline"]

SHARE = 0.6
"""What the outline counts in a cosine; the network counts the rest. Chosen on photos kept aside from all training."""
LEAST = 400
"""Photos on a plain ground below which nothing is learnt of outlines."""
RIDGE = 100.0
LEAST_SPREAD = 0.05
"""Deviation that a feature is divided by at least."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Two projections to half a vector each, and a guess for photos whose outline cannot be measured."""

    seen: FloatArray
    """[E, E / 2], of the network's vectors."""
    edges: FloatArray
    """[C + 1, E / 2], of the edges' components; the last row is constant."""
    guess: FloatArray
    """[F + 1, E / 2], of the features; the last row is constant."""

    @classmethod
    def fit(cls, vectors: FloatArray, features: FloatArray, edges: FloatArray, plain: BoolArray) -> Self | None:
        """From what was seen in photos [N]; `edges` [M, C] of the `plain` ones. None where they are too few."""
        half = vectors.shape[1] // 2
        if len(edges) < LEAST or edges.shape[1] < half:
            return None
        turned = _main(edges - edges.mean(axis=0), half)
        table = np.vstack([turned, -edges.mean(axis=0, keepdims=True) @ turned])
        centre, spread = features[plain].mean(axis=0), np.maximum(features[plain].std(axis=0), LEAST_SPREAD)
        standard = (features[plain] - centre) / spread
        square = standard.T @ standard + RIDGE * np.eye(standard.shape[1])
        told = _unit(edges @ table[:-1] + table[-1])
        weights = np.linalg.solve(square, standard.T @ (told - told.mean(axis=0))) / spread[:, None]
        constant = told.mean(axis=0) - centre @ weights
        return cls(_main(vectors, half), _small(table), _small(np.vstack([weights, constant])))

    def joined(self, vectors: FloatArray, features: FloatArray, edges: FloatArray, plain: BoolArray) -> FloatArray:
        """Vectors [N, E] of unit length that heed the outline; `edges` [M, C] of the `plain` photos."""
        told = features @ self.guess[:-1] + self.guess[-1]
        told[plain] = edges @ self.edges[:-1] + self.edges[-1]
        parts = [np.sqrt(1 - SHARE) * _unit(vectors @ self.seen), np.sqrt(SHARE) * _unit(told)]
        return np.asarray(np.hstack(parts), dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything that it knows, by name; what is saved."""
        return {name: getattr(self, name).astype(np.float16) for name in ("seen", "edges", "guess")}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """As it was saved; `KeyError` where that is not whole."""
        return cls(*(np.asarray(arrays[name], dtype=np.float32) for name in ("seen", "edges", "guess")))


def _main(rows: FloatArray, count: int) -> FloatArray:
    """The directions [E, count] in which rows [N, E] spread most, seen from the origin."""
    _, found = np.linalg.eigh((rows.T @ rows).astype(np.float64))
    return _small(found[:, ::-1][:, :count])


def _unit(rows: FloatArray) -> FloatArray:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _small(table: NDArray[np.floating]) -> FloatArray:
    """As precise as it is saved, so that an eye sees the same before and after."""
    return table.astype(np.float16).astype(np.float32)
