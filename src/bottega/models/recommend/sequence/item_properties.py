"""What a model is told of each item besides who wanted it: attributes, words, and vectors that another room made.

Attributes and words are columns of one sparse matrix, because a model treats both alike: a learnt vector a column,
weighed and added up. Vectors (of pictures, say) are given as they are; a model learns one linear map of them.

Shapes   I items, A columns (attributes, then words), E length of a given vector (0 where there are none).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features
from bottega.names import BoolArray, FloatArray

__all__ = ["ItemProperties"]


@dataclass(frozen=True, slots=True)
class ItemProperties:
    """`weights` [I, A]: the attributes of an item weigh 1 together, and so do its words.

    `vectors` [I, E]: of length 1, or 0 where the item has none.
    """

    weights: sparse.csr_matrix
    vectors: FloatArray

    @classmethod
    def of(
        cls, features: Features, *, attributes: bool = True, text: bool = False, vectors: bool = True
    ) -> ItemProperties:
        """The chosen parts of `features`; the others get no columns."""
        kept = [features.attributes] * attributes + [features.text] * text or [features.attributes[:, :0]]
        given = features.vectors if vectors else None
        return cls(
            sparse.hstack([_shares(part.tocsr()) for part in kept], format="csr", dtype=np.float32),
            np.zeros((features.n_items, 0), dtype=np.float32) if given is None else _unit_rows(given),
        )

    def __len__(self) -> int:
        return int(self.weights.shape[0])

    def take(self, rows: slice) -> ItemProperties:
        """Only these items."""
        return ItemProperties(self.weights[rows], self.vectors[rows])

    def stack(self, more: ItemProperties) -> ItemProperties:
        """These items with `more` behind them; the columns must be the same."""
        return ItemProperties(
            sparse.vstack([self.weights, more.weights], format="csr"), np.concatenate([self.vectors, more.vectors])
        )

    @property
    def known(self) -> BoolArray:
        """Whether an item [I] has any property at all."""
        found: BoolArray = (np.diff(self.weights.indptr) > 0) | self.vectors.any(axis=1)
        return found


def _shares(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows divided by their sum; empty rows stay empty."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    data = matrix.data / np.repeat(np.where(sums > 0, sums, 1.0), np.diff(matrix.indptr))
    return sparse.csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


def _unit_rows(vectors: FloatArray) -> FloatArray:
    """Rows of length 1; a row with NaN (unknown) becomes zeros."""
    known = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0.0)
    lengths = np.linalg.norm(known, axis=1, keepdims=True)
    return (known / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
