"""Shopper neighbours: what the shoppers most like this one chose.

Idea     Every shopper is a vector over products. The neighbours O of a shopper o are those with the largest cosine; a
         product b scores the sum over v in O of cos(h_o, h_v) * L(v, b), where L(v, b) is 1 when v has b, else 0.
Source   User-based collaborative filtering: Herlocker, Konstan, Borchers & Riedl 1999,
         https://doi.org/10.1145/312624.312682, section 5, with cosine in place of correlation.
Differs  Rare products count more in a vector than best sellers, and younger events of the asking shopper more than
         older ones. Shoppers are compared by what they had in training; who is asked may have more by now. Of a best
         seller only the `carriers` who were here last are looked at, as in Kersbergen et al. 2022,
         https://doi.org/10.1145/3514221.3517901, so that an answer costs no more in a large shop.
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
from bottega.models.blocks.sparse_tables import dense_product, keep_largest, last_of_rows, unit_rows
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities, Packed, flat
from bottega.models.recommend.counted.fades import learnt_fade, saved_fade
from bottega.models.recommend.counted.history_scores import ages, by_newest
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["ShopperNeighbours", "ShopperNeighboursConfig"]

AGES = 4096
"""Packed, it hears at most so many events."""


@dataclass(frozen=True, slots=True)
class ShopperNeighboursConfig:
    """Who is a neighbour."""

    neighbours: int = 50
    """Shoppers that speak for one shopper."""
    rarity: float = 0.5
    """A product weighs log(shoppers / those who have it) to this power; 0 weighs all products alike."""
    history_decay: float = 0.8
    """What one product older in the asking shopper's history counts, as a share of the newer one."""
    learn_fade: bool = True
    """Whether questions with known answers, where there are any, may teach another `history_decay`."""
    max_history: int = 200
    """Only so many of a shopper's newest events are learnt from."""
    carriers: int = 5_000
    """Of the shoppers who have a product, only so many are compared: those whose newest event is youngest."""


class ShopperNeighbours:
    """`profiles_` [S, I]: rows of length 1, one a shopper with two products or more, who was here last behind.

    `rarity_` [I]: weight of an item; `fade_`: what an event of who asks counts for each younger one.
    """

    name: ClassVar[str] = "shopper_neighbours"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), quick=True)
    profiles_: sparse.csr_matrix
    rarity_: FloatArray
    fade_: float
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
        """Remember every shopper; the holdout teaches the fade. Nothing is drawn at random, features are not used."""
        has = histories.last(self.config.max_history).matrix()
        carriers = np.bincount(has.indices, minlength=histories.n_items)
        rarity = np.log((len(histories) + 1.0) / (carriers + 0.5)).clip(1e-3)
        self.rarity_ = np.power(rarity, self.config.rarity).astype(np.float32)
        has.data *= self.rarity_[has.indices]
        self._keep(unit_rows(has)[by_newest(histories, np.diff(has.indptr))])
        self.fade_ = self.config.history_decay
        if self.config.learn_fade:
            self.fade_ = learnt_fade(self._scored, holdout, usual=self.fade_)
        progress("remembering shoppers", len(histories), len(histories))
        return self

    def refit(self, histories: Histories, features: Features, *, rng: np.random.Generator) -> None:
        """Remember every shopper with everything they had; the fade stays."""
        fade = self.fade_
        self.fit(histories, features, rng=rng)
        self.fade_ = fade

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: the sum of the cosines of those neighbours who have the item; -inf where none has."""
        return self._scored(histories, self.fade_)

    def _scored(self, histories: Histories, fade: float) -> FloatArray:
        known = len(self.rarity_)
        assert known <= histories.n_items, "a model cannot score a smaller catalogue than it learnt"
        asked = histories if (histories.items < known).all() else histories.keep(histories.items < known)
        near = self._neighbours(asked, np.power(fade, ages(asked)).astype(np.float32))
        return dense_product(near, self._has, histories.n_items)

    def packed(self) -> Packed:
        """Who has what, and what an event counts by its age."""
        arrays = flat("profiles", self.profiles_) | flat("by_item", self._by_item) | {"rarity": self.rarity_}
        arrays["fade"] = np.power(self.fade_, np.arange(AGES)).astype(np.float32)
        settings = {"neighbours": self.config.neighbours}
        return Packed("neighbours", self.abilities.serves, self.abilities.scale == "logits", arrays, settings)

    def save(self, folder: Path) -> None:
        """Write config, profiles and weights of items into an existing empty folder."""
        arrays: dict[str, FloatArray | sparse.csr_matrix] = {"profiles": self.profiles_, "rarity": self.rarity_}
        arrays["fade"] = np.array([self.fade_])
        save_arrays(folder, model=self.name, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(ShopperNeighboursConfig))
        model.rarity_ = saved.array("rarity")
        model.fade_ = saved_fade(saved, model.config.history_decay)
        model._keep(saved.matrix("profiles"))
        return model

    def _keep(self, profiles: sparse.csr_matrix) -> None:
        self.profiles_ = profiles
        self._by_item = last_of_rows(profiles.T.tocsr(), self.config.carriers)
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
