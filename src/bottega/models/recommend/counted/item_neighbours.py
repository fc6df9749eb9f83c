"""Item neighbours: products that the same shoppers chose, whatever the order.

Idea     Two items are neighbours when many shoppers have both, more than their popularity explains. An item's score is
         the sum of its similarities to the products of the history.
Source   Item-based collaborative filtering: Deshpande & Karypis 2004, https://doi.org/10.1145/963770.963776, section 4;
         the weight of an entry: BM25, Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019, equation 3.15,
         with a shopper as the document's word and an item as the document.
Differs  Older products may count less; long histories are cut before counting, because pairs grow with their square.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Fit: time linear in the sum of squared history lengths, memory that of one chunk of rows; what is kept is at
         most I * neighbours entries of 8 bytes. Scoring a batch needs 4*B*I bytes and some 100 MB.
Shapes   B shoppers asked about, S shoppers learnt from, I items.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.sparse_tables import keep_largest, unit_rows
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities
from bottega.models.recommend.counted.history_scores import event_weights
from bottega.models.recommend.counted.item_table import ItemTable
from bottega.progress import Progress, silent

__all__ = ["ItemNeighbours", "ItemNeighboursConfig", "bm25"]

_CHUNK_PRODUCTS = 20_000_000


@dataclass(frozen=True, slots=True)
class ItemNeighboursConfig:
    """How alike two items are, and how a history is summed."""

    similarity: Literal["bm25", "cosine"] = "bm25"
    """`bm25`: inner product of BM25 weights; `cosine`: of vectors of length 1."""
    k1: float = 1.2
    """BM25: how soon further events of one shopper on one item stop counting."""
    b: float = 0.25
    """BM25: how much a popular item's entries are weakened; 0 not at all."""
    neighbours: int = 200
    """Neighbours kept for an item."""
    history_decay: float = 0.8
    """What one product older in the shopper's history counts, as a share of the newer one; 1 counts all alike."""
    learn_fade: bool = True
    """Whether questions with known answers, where there are any, may teach another `history_decay`."""
    max_history: int = 200
    """Only so many of a shopper's newest events are learnt from."""
    use_kinds: bool = True
    """Whether a purchase counts more than a view."""


def bm25(matrix: sparse.csr_matrix, *, k1: float, b: float) -> sparse.csr_matrix:
    """BM25 weights of an items-by-shoppers matrix [I, S] of counts.

    weight = log(I / (1 + df)) * count * (k1 + 1) / (count + k1 * (1 - b + b * total / mean total)), where df is the
    number of the shopper's items and total the item's sum of counts. Shoppers with nearly everything weigh 0.
    """
    n_items = matrix.shape[0]
    items = np.repeat(np.arange(n_items), np.diff(matrix.indptr))
    breadth = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rarity = np.maximum(np.log(n_items / (1.0 + breadth)), 0.0)
    totals = np.bincount(items, weights=matrix.data, minlength=n_items)
    mean = float(totals.mean()) if totals.sum() > 0 else 1.0
    length = 1.0 - b + b * totals / mean
    data = matrix.data * (k1 + 1.0) / (matrix.data + k1 * length[items]) * rarity[matrix.indices]
    return sparse.csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


class ItemNeighbours(ItemTable):
    """Nearest items by shared shoppers. `weights_` [I, I]: row i holds the items similar to item i."""

    name: ClassVar[str] = "item_neighbours"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), usual_weight=0.05, quick=True, simple=True)
    weights_: sparse.csr_matrix

    settings: ClassVar[type[ItemNeighboursConfig]] = ItemNeighboursConfig
    config: ItemNeighboursConfig

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
        """Find neighbours; the holdout teaches the fade. Nothing is drawn at random, and features are not used."""
        recent = histories.last(self.config.max_history)
        counts = recent.matrix(event_weights(recent, use_kinds=self.config.use_kinds)).T.tocsr()
        vectors = (
            bm25(counts, k1=self.config.k1, b=self.config.b) if self.config.similarity == "bm25" else unit_rows(counts)
        )
        return self._keep(self._nearest(vectors, progress), holdout)

    def _nearest(self, vectors: sparse.csr_matrix, progress: Progress) -> sparse.csr_matrix:
        """Largest inner products [I, I] of rows of `vectors` [I, S], themselves left out, made in chunks of rows."""
        n_items = vectors.shape[0]
        by_shopper = vectors.T.tocsr()
        work = np.concatenate([[0], np.cumsum(vectors.astype(bool) @ np.diff(by_shopper.indptr))])
        bounds = np.searchsorted(work, np.arange(0, work[-1] + _CHUNK_PRODUCTS, _CHUNK_PRODUCTS))
        bounds = np.unique(np.concatenate([[0], bounds, [n_items]]).clip(0, n_items))
        parts = []
        for first, last in pairwise(bounds.tolist()):
            near = (vectors[first:last] @ by_shopper).tocoo()
            other = (near.row + first != near.col) & (near.data > 0)
            part = sparse.csr_matrix(
                (near.data[other], (near.row[other], near.col[other])), shape=(last - first, n_items)
            )
            parts.append(keep_largest(part, self.config.neighbours))
            progress("finding neighbours", last, n_items)
        return sparse.csr_matrix(sparse.vstack(parts, format="csr")) if parts else vectors[:, :0]
