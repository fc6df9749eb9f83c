"""Shopper neighbours: what the shoppers most like this one chose.

Idea     Every shopper is a vector over products. The neighbours O of a shopper o are those with the largest cosine; a
         product b scores the sum over v in O of cos(h_o, h_v) * L(v, b), where L(v, b) is 1 when v has b, else 0.
Source   User-based collaborative filtering: Herlocker, Konstan, Borchers & Riedl 1999,
         https://doi.org/10.1145/312624.312682, section 5, with cosine in place of correlation.
Differs  Rare products count more in a vector than best sellers, and younger events of the asking shopper more than
         older ones. Shoppers are compared by what they had in training; who is asked may have more by now.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Fit: linear in events. What is kept: 16 bytes an event. Scoring: for each product of the history every shopper
         who has it, then the histories of the neighbours; 4*B*I bytes and some 100 MB.
Shapes   B shoppers asked about, S shoppers learnt from, I items, T positions of a history.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.sparse_tables import dense_product, keep_largest, unit_rows
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities, Packed, flat
from bottega.models.recommend.counted.history_scores import ages
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["ShopperNeighbours", "ShopperNeighboursConfig"]


@dataclass(frozen=True, slots=True)
class ShopperNeighboursConfig:
    """Who is a neighbour."""

    neighbours: int = 50
    """Shoppers that speak for one shopper."""
    rarity: float = 0.5
    """A product weighs log(shoppers / those who have it) to this power; 0 weighs all products alike."""
    history_decay: float = 0.6
    """What one product older in the asking shopper's history counts, as a share of the newer one."""
    max_history: int = 200
    """Only so many of a shopper's newest events are learnt from."""


class ShopperNeighbours:
    """`profiles_` [S, I]: rows of length 1, one a shopper learnt from; `rarity_` [I]: weight of an item."""

    name: ClassVar[str] = "shopper_neighbours"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), quick=True)
    profiles_: sparse.csr_matrix
    rarity_: FloatArray
    _by_item: sparse.csr_matrix
    _has: sparse.csr_matrix

    def __init__(self, config: ShopperNeighboursConfig | None = None) -> None:
        self.config = config or ShopperNeighboursConfig()

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
        """Remember every shopper; nothing is drawn at random, and neither features nor holdout are used."""
        has = histories.last(self.config.max_history).matrix()
        carriers = np.bincount(has.indices, minlength=histories.n_items)
        rarity = np.log((len(histories) + 1.0) / (carriers + 0.5)).clip(1e-3)
        self.rarity_ = np.power(rarity, self.config.rarity).astype(np.float32)
        has.data *= self.rarity_[has.indices]
        self._keep(unit_rows(has))
        progress("remembering shoppers", len(histories), len(histories))
        return self

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: the sum of the cosines of those neighbours who have the item; -inf where none has."""
        known = len(self.rarity_)
        assert known <= histories.n_items, "a model cannot score a smaller catalogue than it learnt"
        asked = histories if (histories.items < known).all() else histories.keep(histories.items < known)
        near = self._neighbours(asked, self._fade(asked))
        return dense_product(near, self._has, histories.n_items)

    def packed(self) -> Packed:
        """Who has what, and what an event counts by its age."""
        ages = np.arange(self.config.max_history)
        arrays = flat("profiles", self.profiles_) | flat("by_item", self._by_item) | {"rarity": self.rarity_}
        arrays["fade"] = np.power(self.config.history_decay, ages).astype(np.float32)
        settings = {"neighbours": self.config.neighbours}
        return Packed("neighbours", self.abilities.serves, self.abilities.scale == "logits", arrays, settings)

    def save(self, folder: Path) -> None:
        """Write config, profiles and weights of items into an existing empty folder."""
        arrays: dict[str, FloatArray | sparse.csr_matrix] = {"profiles": self.profiles_, "rarity": self.rarity_}
        save_arrays(folder, model=self.name, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(ShopperNeighboursConfig))
        model.rarity_ = saved.array("rarity")
        model._keep(saved.matrix("profiles"))
        return model

    def _keep(self, profiles: sparse.csr_matrix) -> None:
        self.profiles_ = profiles
        self._by_item = profiles.T.tocsr()
        ones = np.ones_like(profiles.data)
        self._has = sparse.csr_matrix((ones, profiles.indices, profiles.indptr), shape=profiles.shape)

    def _neighbours(self, asked: Histories, fade: FloatArray) -> sparse.csr_matrix:
        """Cosines [B, S] to the nearest shoppers, and only to those."""
        near = sparse.csr_matrix(unit_rows(self._profile(asked, fade)) @ self._by_item)
        return keep_largest(near, self.config.neighbours)

    def _profile(self, asked: Histories, fade: FloatArray) -> sparse.csr_matrix:
        """The vectors [B, I] of those who ask, repeated events added up."""
        shape = (len(asked), len(self.rarity_))
        events = sparse.csr_matrix((fade, asked.items, asked.offsets), shape=shape, copy=True)
        events.sum_duplicates()
        events.data *= self.rarity_[events.indices]
        return events

    def _fade(self, asked: Histories) -> FloatArray:
        return np.power(self.config.history_decay, ages(asked)).astype(np.float32)
