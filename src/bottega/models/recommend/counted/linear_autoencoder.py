"""Linear autoencoder: each product predicted from all the others of a history, in closed form.

Idea     One matrix of weights between items, with a zero diagonal, that best rebuilds every shopper's items from the
         others; a ridge penalty keeps it calm. The answer is one inverse of the items-by-items counts.
Source   EASE: Steck 2019, https://arxiv.org/abs/1905.03375, section 3.1.
Differs  Only the `max_items` most frequent items are learnt, in float32 and in one matrix from first to last; only the
         `neighbours` weights of greatest size stay in an item's row; older products may count less.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Fit: M = min(I, max_items); about M^3 multiplications and 4*M*M bytes (0.4 GB at 10,000). What is kept is at
         most M * neighbours entries of 8 bytes. Scoring a batch needs 4*B*I bytes and some 100 MB.
Shapes   B shoppers asked about, S shoppers learnt from, I items, M items that take part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import lapack

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities
from bottega.models.recommend.counted.history_scores import event_weights
from bottega.models.recommend.counted.item_table import ItemTable
from bottega.progress import Progress, silent

__all__ = ["LinearAutoencoder", "LinearAutoencoderConfig"]

_BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class LinearAutoencoderConfig:
    """How calm the weights are, how many items take part, how much is kept."""

    penalty: float = 50.0
    """Ridge penalty (lambda): larger for fewer events."""
    max_items: int = 10_000
    """Only this many of the most frequent items take part; the others get no score from this model."""
    neighbours: int = 200
    """Weights of greatest size kept in an item's row."""
    history_decay: float = 0.8
    """What one product older in the shopper's history counts, as a share of the newer one; 1 counts all alike."""
    learn_fade: bool = True
    """Whether questions with known answers, where there are any, may teach another `history_decay`."""
    max_history: int = 200
    """Only so many of a shopper's newest events are learnt from."""
    use_kinds: bool = False
    """Whether a purchase counts more than a view; otherwise an item is there or not."""


class LinearAutoencoder(ItemTable):
    """EASE with truncated rows. `weights_` [I, I]: row i holds what item i adds to the others."""

    name: ClassVar[str] = "linear_autoencoder"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), quick=True)
    weights_: sparse.csr_matrix

    settings: ClassVar[type[LinearAutoencoderConfig]] = LinearAutoencoderConfig
    config: LinearAutoencoderConfig

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Solve for the weights; the holdout teaches the fade. Nothing is drawn at random, features are not used."""
        recent = histories.last(self.config.max_history)
        matrix = recent.matrix(event_weights(recent, use_kinds=True) if self.config.use_kinds else None)
        frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
        often = np.argsort(-frequency, kind="stable")[: self.config.max_items]
        codes = np.sort(often[frequency[often] > 0])
        progress("inverting item counts", 0, 2)
        inverse = _inverse(matrix[:, codes], self.config.penalty)
        progress("inverting item counts", 1, 2)
        table = _truncated(inverse, codes, matrix.shape[1], self.config.neighbours)
        progress("inverting item counts", 2, 2)
        return self._keep(table, holdout)


def _inverse(matrix: sparse.csr_matrix, penalty: float) -> NDArray[np.float32]:
    """Inverse [M, M] of matrix^T matrix + penalty * identity, made in place: no second dense matrix exists."""
    gram = (matrix.T @ matrix).tocoo()
    dense = np.zeros(gram.shape, dtype=np.float32, order="F")
    dense[gram.row, gram.col] = gram.data
    dense[np.diag_indices(len(dense))] += penalty
    if not len(dense):
        return dense
    dense, failed = lapack.spotrf(dense, lower=1, clean=0, overwrite_a=1)
    assert failed == 0, "counts plus a positive penalty are positive definite"
    dense, failed = lapack.spotri(dense, lower=1, overwrite_c=1)
    assert failed == 0
    for first in range(0, len(dense), _BLOCK_ROWS):  # the lower triangle is the answer; mirror it
        last = first + _BLOCK_ROWS
        block = dense[first:last, first:last]
        block[:] = np.tril(block) + np.tril(block, -1).T
        dense[first:last, last:] = dense[last:, first:last].T
    return np.asarray(dense)


def _truncated(inverse: NDArray[np.float32], codes: NDArray[Any], n_items: int, count: int) -> sparse.csr_matrix:
    """Weights -P_ij / P_jj off the diagonal, the `count` greatest in size of each row, at item codes [I, I]."""
    size = len(codes)
    scale = -1.0 / np.diagonal(inverse).copy()
    count = min(count, max(size - 1, 0))
    columns = np.empty((size, count), dtype=np.int32)
    values = np.empty((size, count), dtype=np.float32)
    for first in range(0, size, _BLOCK_ROWS):
        rows = np.arange(first, min(first + _BLOCK_ROWS, size))
        block = np.ascontiguousarray(inverse[rows]) * scale
        block[np.arange(len(rows)), rows] = 0.0
        best = np.sort(np.argpartition(-np.abs(block), max(count - 1, 0), axis=1)[:, :count], axis=1)
        columns[rows], values[rows] = codes[best], np.take_along_axis(block, best, axis=1)
    indptr = np.zeros(n_items + 1, dtype=np.int64)
    indptr[codes + 1] = count
    table = sparse.csr_matrix((values.ravel(), columns.ravel(), np.cumsum(indptr)), shape=(n_items, n_items))
    table.eliminate_zeros()
    return table
