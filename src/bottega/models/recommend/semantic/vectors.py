"""The vectors whose codes become semantic ids: what a product is, and with whom it is bought.

Idea     Content: attributes and words, rare ones weighing more, brought to few dimensions. Alignment: a second part
         from who stands near whom in histories. Of a product with few events that part is mostly what its content
         predicts; of a new one wholly so, which is how it gets a code without training.
Source   Content codes: Rajput et al. 2023 (TIGER), https://arxiv.org/abs/2305.05065, section 3.1. Collaborative
         alignment: Wang et al. 2024 (LETTER), https://arxiv.org/abs/2405.07314, section 3.3. Co-occurrence vectors:
         Levy & Goldberg 2014, https://papers.nips.cc/paper/5477. SVD by random projection: Halko et al. 2011,
         https://arxiv.org/abs/0909.4061, algorithm 4.4.
Differs  LETTER aligns inside the quantiser's loss, by contrast with a trained recommender's vectors; here the two parts
         are joined before quantising, so that any quantiser may follow.
Shapes   I items, F columns of content, C content and E collaborative dimensions, D = C + E.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.blocks.arrays_io import Saved
from bottega.models.blocks.sparse_tables import unit_rows
from bottega.names import FloatArray

__all__ = ["SemanticVectors", "truncated_svd"]

_TRUSTED_EVENTS = 3.0
"""So many events weigh as much as what content predicts of a product's company."""
_RIDGE = 1.0
_REACH, _FADE = 5, 0.7
"""How many places apart two events still make a pair, and what one place further counts."""


@dataclass(frozen=True, slots=True)
class SemanticVectors:
    """How a product's vector is made from its features.

    `rarity` [F]: weight of each column; `basis` [F, C]: content dimensions; `predicted` [C, E]: content to company.
    `alignment`: share of the collaborative part in a vector's squared length, 0 for none, 1 for nothing else.
    """

    rarity: FloatArray
    basis: FloatArray
    predicted: FloatArray
    alignment: float

    @classmethod
    def fit(
        cls, histories: Histories, features: Features, *, size: int, alignment: float, rng: np.random.Generator
    ) -> tuple[Self, FloatArray]:
        """The maker, and the vectors [I, D] of the items it learnt from. `size`: at most so many C and E."""
        columns = _columns(features)
        carriers = np.bincount(columns.indices, minlength=columns.shape[1])
        rarity = np.log((features.n_items + 1.0) / (carriers + 1.0)).astype(np.float32)
        _, _, basis = truncated_svd(_weighted(columns, rarity), size, rng)
        maker = cls(rarity, basis, np.zeros((basis.shape[1], 0), dtype=np.float32), 0.0)
        content = maker._content(features)
        if alignment <= 0:
            return maker, content
        left, strength, _ = truncated_svd(_company(histories), size, rng)
        company = _unit(left * np.sqrt(strength))
        counts = np.bincount(histories.items, minlength=features.n_items).astype(np.float32)
        trust = (counts / (counts + _TRUSTED_EVENTS))[:, None]
        gram = content.T @ (trust * content) + _RIDGE * np.eye(content.shape[1], dtype=np.float32)
        predicted = np.linalg.solve(gram, content.T @ (trust * company)).astype(np.float32)
        maker = cls(rarity, basis, predicted, alignment)
        return maker, maker._joined(content, trust * company + (1 - trust) * (content @ predicted))

    def of(self, features: Features) -> FloatArray:
        """Vectors [I, D] by content alone, as new products get them."""
        content = self._content(features)
        return self._joined(content, content @ self.predicted) if self.alignment > 0 else content

    def _content(self, features: Features) -> FloatArray:
        rows = _weighted(_columns(features), self.rarity)
        return _unit(np.asarray(rows @ self.basis, dtype=np.float32))

    def _joined(self, content: FloatArray, company: FloatArray) -> FloatArray:
        parts = [np.sqrt(1 - self.alignment) * content, np.sqrt(self.alignment) * _unit(company)]
        return np.concatenate(parts, axis=1).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What `load` needs, by name."""
        return {"rarity": self.rarity, "basis": self.basis, "predicted": self.predicted}

    @classmethod
    def load(cls, saved: Saved, *, alignment: float) -> Self:
        """Read what `arrays` gave; `ModelFileBroken` when it is incomplete."""
        return cls(saved.array("rarity"), saved.array("basis", ndim=2), saved.array("predicted", ndim=2), alignment)


def truncated_svd(
    matrix: sparse.csr_matrix, rank: int, rng: np.random.Generator, *, passes: int = 4
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Left vectors [M, R], singular values [R] and right vectors [A, R] of a sparse matrix, largest first."""
    rank = min(rank, *matrix.shape)
    if not rank:
        none = [np.zeros((side, 0), dtype=np.float32) for side in matrix.shape]
        return none[0], np.zeros(0, dtype=np.float32), none[1]
    wide = min(rank + 16, *matrix.shape)
    found = np.linalg.qr(matrix @ rng.standard_normal((matrix.shape[1], wide)).astype(np.float32))[0]
    for _ in range(passes):
        found = np.linalg.qr(matrix.T @ found)[0]
        found = np.linalg.qr(matrix @ found)[0]
    small_left, values, right = np.linalg.svd((matrix.T @ found).T, full_matrices=False)
    left = found @ small_left[:, :rank]
    return left.astype(np.float32), values[:rank].astype(np.float32), right[:rank].T.astype(np.float32)


def _columns(features: Features) -> sparse.csr_matrix:
    return sparse.csr_matrix(sparse.hstack([features.attributes, features.text], format="csr", dtype=np.float32))


def _weighted(columns: sparse.csr_matrix, rarity: FloatArray) -> sparse.csr_matrix:
    data = columns.data * rarity[columns.indices]
    return unit_rows(sparse.csr_matrix((data, columns.indices, columns.indptr), shape=columns.shape))


def _company(histories: Histories) -> sparse.csr_matrix:
    """[I, I]: log(1 + how many times more often than by chance two items stand near each other)."""
    shopper = histories.shoppers
    ones, others, values = [], [], []
    for lag in range(1, _REACH + 1):
        near = shopper[lag:] == shopper[:-lag]
        one, other = histories.items[:-lag][near], histories.items[lag:][near]
        ones += [one, other]
        others += [other, one]
        values.append(np.full(2 * len(one), _FADE ** (lag - 1), dtype=np.float32))
    shape = (histories.n_items, histories.n_items)
    pairs = sparse.csr_matrix((np.concatenate(values), (np.concatenate(ones), np.concatenate(others))), shape=shape)
    totals = np.asarray(pairs.sum(axis=1), dtype=np.float32).ravel()
    chance = np.repeat(totals, np.diff(pairs.indptr)) * totals[pairs.indices]
    lifts = np.log1p(pairs.data / chance * totals.sum())
    return sparse.csr_matrix((lifts.astype(np.float32), pairs.indices, pairs.indptr), shape=shape)


def _unit(rows: FloatArray) -> FloatArray:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)
