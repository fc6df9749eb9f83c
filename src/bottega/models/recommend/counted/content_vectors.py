"""How a product becomes a vector of its attributes, words and photo.

Shapes   I items, A attribute values, W words, E length of a photo vector, F = A + W + E columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features
from bottega.models.blocks.sparse_tables import scale_rows, unit_rows
from bottega.names import FloatArray

__all__ = ["ContentSpace"]


@dataclass(frozen=True, slots=True, eq=False)
class ContentSpace:
    """`rarity` [A]: weight of each attribute; `centre` [E]: mean photo vector; `weights`: shares of the three parts."""

    rarity: FloatArray
    centre: FloatArray
    weights: tuple[float, float, float]

    def vectors(self, features: Features, *, first: int) -> sparse.csr_matrix:
        """Vectors [I - first, F] of length 1 of the items from code `first` on; empty where nothing is known."""
        attributes = sparse.csr_matrix(features.attributes[first:], dtype=np.float32, copy=True)
        attributes.data *= self.rarity[attributes.indices]
        attributes.eliminate_zeros()
        ones = np.ones(attributes.shape[0], dtype=np.float32)
        parts = [
            scale_rows(unit_rows(part), ones * np.float32(weight))
            for part, weight in zip(
                (attributes, features.text[first:], self._photos(features, first)), self.weights, strict=True
            )
        ]
        return unit_rows(sparse.csr_matrix(sparse.hstack(parts, format="csr", dtype=np.float32)))

    def _photos(self, features: Features, first: int) -> sparse.csr_matrix:
        """Photo vectors [I - first, E] of the items from code `first` on; empty rows where there is none."""
        if not len(self.centre):
            return sparse.csr_matrix(np.zeros((features.n_items - first, 0), dtype=np.float32))
        assert features.vectors is not None and features.vectors.shape[1] == len(self.centre)
        return sparse.csr_matrix(np.nan_to_num(features.vectors[first:] - self.centre))
