"""ALS: shoppers and products as points of one small space, found by alternating least squares. A simple model.

Idea     Whether a shopper has a product is the inner product of two vectors. With those of the products held fast,
         each shopper's is a ridge regression, and the other way round; what somebody has weighs more than what is
         missing. A shopper who asks is placed by the same regression, from what they have by now.
Source   Hu, Koren & Volinsky 2008, https://doi.org/10.1109/ICDM.2008.22, section 4; conjugate gradients in place of
         inverses: Takács, Pilászy & Tikk 2011, https://doi.org/10.1145/2043932.2043987, section 3.
Differs  Regressions of all shoppers (or items) run side by side as sparse products. A shopper is no parameter of the
         model: who asks is placed anew, so an event changes the next answer.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Fit: rounds * (steps + 1) * 2 * N * D multiplications and what they read. What is kept: 4*I*D bytes.
Shapes   B shoppers asked about, S shoppers learnt from, I items, N their events, D width, R rows of either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["Als", "AlsConfig"]

_CHUNK_EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class AlsConfig:
    """How wide the space is, and how calm."""

    width: int = 64
    """Numbers a vector; in a small shop a tenth as many as products, so that there is something to generalise."""
    penalty: float = 0.1
    """Ridge penalty of every vector."""
    weight: float = 1.0
    """How much more than a missing product one that is there weighs."""
    rounds: int = 15
    """Times that both sides are solved."""
    steps: int = 3
    """Steps of conjugate gradients in a round; from nothing, when a shopper asks, four times as many."""
    max_history: int = 200
    """Only so many of a shopper's newest events are learnt from, and heard."""


class Als:
    """`vectors_` [I, D] of the items; rows of 0 for those nobody had."""

    name: ClassVar[str] = "als"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), quick=True, simple=True)
    vectors_: FloatArray

    def __init__(self, config: AlsConfig | None = None) -> None:
        self.config = config or AlsConfig()

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
        """Solve both sides in turn from random vectors; neither features nor holdout are used."""
        config = self.config
        has = histories.last(config.max_history).matrix()
        by_item = has.T.tocsr()
        width = min(config.width, max(2, histories.n_items // 10))
        self.vectors_ = (rng.normal(size=(histories.n_items, width)) / width).astype(np.float32)
        self.vectors_[np.diff(by_item.indptr) == 0] = 0.0
        shoppers = np.zeros((len(histories), width), dtype=np.float32)
        for done in range(config.rounds):
            shoppers = self._solved(has, self.vectors_, shoppers, config.steps)
            self.vectors_ = self._solved(by_item, shoppers, self.vectors_, config.steps)
            progress("alternating least squares", done + 1, config.rounds)
        return self

    def score(self, histories: Histories) -> FloatArray:
        """Inner products [B, I], above 0 where shopper and product go together; -inf for who or what is unknown."""
        known = len(self.vectors_)
        assert known <= histories.n_items, "a model cannot score a smaller catalogue than it learnt"
        recent = histories.last(self.config.max_history)
        has = sparse.csr_matrix(recent.keep(recent.items < known).matrix()[:, :known])
        start = np.zeros((len(histories), self.vectors_.shape[1]), dtype=np.float32)
        found = self._solved(has, self.vectors_, start, 4 * self.config.steps) @ self.vectors_.T
        scores = np.full((len(histories), histories.n_items), -np.inf, dtype=np.float32)
        scores[:, :known] = np.where(found == 0, -np.inf, found)
        return scores

    def save(self, folder: Path) -> None:
        """Write config and vectors into an existing empty folder."""
        save_arrays(folder, model=self.name, config=self.config, arrays={"vectors": self.vectors_})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(AlsConfig))
        model.vectors_ = saved.array("vectors", ndim=2)
        return model

    def _solved(self, has: sparse.csr_matrix, other: FloatArray, start: FloatArray, steps: int) -> FloatArray:
        """The ridge regressions [R, D] of each row of `has` on the vectors `other`, from `start`; 0 for empty rows."""
        whole = other.T @ other + self.config.penalty * np.eye(other.shape[1], dtype=np.float32)
        bounds = np.unique(np.searchsorted(has.indptr, np.arange(0, has.nnz + _CHUNK_EVENTS, _CHUNK_EVENTS)))
        bounds = np.unique(np.concatenate([[0], bounds, [has.shape[0]]]).clip(0, has.shape[0]))
        parts = [
            self._gradients(has[first:last], other, whole, start[first:last], steps)
            for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ]
        return np.concatenate(parts) if parts else start

    def _gradients(
        self, has: sparse.csr_matrix, other: FloatArray, whole: FloatArray, start: FloatArray, steps: int
    ) -> FloatArray:
        rows = np.repeat(np.arange(has.shape[0]), np.diff(has.indptr))
        given = other[has.indices]
        weight = np.float32(self.config.weight)

        def times(vectors_RD: FloatArray) -> FloatArray:
            at_N = np.einsum("er,er->e", vectors_RD[rows], given, optimize=False)
            own = sparse.csr_matrix((weight * at_N, has.indices, has.indptr), shape=has.shape)
            product: FloatArray = vectors_RD @ whole + own @ other
            return product

        x = np.where((np.diff(has.indptr) > 0)[:, None], start, np.float32(0.0))
        left = (1 + weight) * (has @ other) - times(x)
        ahead, size = left.copy(), np.einsum("re,re->r", left, left)
        for _ in range(steps):
            pushed = times(ahead)
            step = size / np.maximum(np.einsum("re,re->r", ahead, pushed), 1e-20)
            x += step[:, None] * ahead
            left -= step[:, None] * pushed
            new = np.einsum("re,re->r", left, left)
            ahead = left + (new / np.maximum(size, 1e-20))[:, None] * ahead
            size = new
        solved: FloatArray = x.astype(np.float32)
        return solved
