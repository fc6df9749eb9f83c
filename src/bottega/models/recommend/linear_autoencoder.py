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
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import lapack

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.base import KNOWN_SHOPPER, Evidence
from bottega.models.recommend.sparse_rows import ages, event_weights, history_scores, strongest_positions
from bottega.names import FloatArray, IntArray, LongArray
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
    max_history: int = 200
    """Only so many of a shopper's newest events are learnt from."""
    use_kinds: bool = False
    """Whether a purchase counts more than a view; otherwise an item is there or not."""


class LinearAutoencoder:
    """EASE with truncated rows. `weights_` [I, I]: row i holds what item i adds to the others."""

    name: ClassVar[str] = "linear_autoencoder"
    serves: ClassVar[frozenset[str]] = frozenset({KNOWN_SHOPPER})
    weights_: sparse.csr_matrix

    def __init__(self, config: LinearAutoencoderConfig | None = None) -> None:
        self.config = config or LinearAutoencoderConfig()

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Solve for the weights; nothing is drawn at random, and neither features nor holdout are used."""
        recent = histories.last(self.config.max_history)
        matrix = recent.matrix(event_weights(recent, use_kinds=True) if self.config.use_kinds else None)
        frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
        often = np.argsort(-frequency, kind="stable")[: self.config.max_items]
        codes = np.sort(often[frequency[often] > 0])
        progress("inverting item counts", 0, 2)
        inverse = _inverse(matrix[:, codes], self.config.penalty)
        progress("inverting item counts", 1, 2)
        self.weights_ = _truncated(inverse, codes, matrix.shape[1], self.config.neighbours)
        progress("inverting item counts", 2, 2)
        return self

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: the sum over the history of its items' rows, fading with age; -inf where no row has it."""
        return history_scores(self.weights_, histories, self._fade(ages(histories)))

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The positions of `history` [T] that give `item` the largest parts of its score."""
        values = self._fade(np.arange(len(history))[::-1])
        return strongest_positions(self.weights_, history, values, item, count)

    def save(self, folder: Path) -> None:
        """Write config and weights into an existing empty folder."""
        save_arrays(folder, model=self.name, config=self.config, arrays={"weights": self.weights_})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(LinearAutoencoderConfig))
        model.weights_ = saved.matrix("weights")
        return model

    def _fade(self, age: LongArray) -> FloatArray:
        return np.asarray(np.power(self.config.history_decay, age, dtype=np.float64), dtype=np.float32)


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
