"""Transitions: what do shoppers go on to after this product, and after the ones before it?

Idea     Count how often item j came 1, 2, 3 ... places after item i, a place further counting a fixed share less. An
         item's score is the sum over the whole history, older products speaking more softly.
Source   First-order Markov chains between items: Rendle et al. 2010, https://doi.org/10.1145/1772690.1772773, section
         4; several lags with decay: the "sequential rules" of Ludewig & Jannach 2018, arXiv:1803.09587, section 3.
Differs  Counts are damped by a power and by the source item's total; a little of the reverse direction is added.
         Defaults were chosen on the validation items of Amazon Beauty and Toys.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Fit: time and memory linear in events times lags, in chunks of 200,000 events; what is kept is at most
         I * neighbours entries of 8 bytes. Scoring a batch needs 4*B*I bytes and some 100 MB.
Shapes   B shoppers, I items, N events.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.sparse_tables import keep_largest
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities
from bottega.models.recommend.counted.history_scores import event_weights
from bottega.models.recommend.counted.item_table import ItemTable
from bottega.names import FloatArray, IntArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["Transitions", "TransitionsConfig"]

_CHUNK_EVENTS = 200_000


@dataclass(frozen=True, slots=True)
class TransitionsConfig:
    """How far steps reach and how fast they fade."""

    lags: int = 30
    """How many places behind an item its followers are counted."""
    lag_decay: float = 0.8
    """What one place further counts, as a share of the place before."""
    history_decay: float = 0.6
    """What one product older in the shopper's history counts, as a share of the newer one."""
    learn_fade: bool = True
    """Whether questions with known answers, where there are any, may teach another `history_decay`."""
    count_power: float = 0.7
    """Counts are raised to this power, so that a pair seen often does not drown the others."""
    source_power: float = 0.2
    """Each item's row is divided by its sum to this power: 0 leaves it, 1 makes it a distribution."""
    backward: float = 0.05
    """Share at which "came before" is added to "came after"."""
    neighbours: int = 300
    """Most followers kept for an item."""
    use_kinds: bool = True
    """Whether a step to a purchase counts more than a step to a view."""


class Transitions(ItemTable):
    """Several-lag transition counts. `weights_` [I, I]: row i holds what follows item i."""

    name: ClassVar[str] = "transitions"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), usual_weight=0.25, quick=True, simple=True)
    weights_: sparse.csr_matrix

    settings: ClassVar[type[TransitionsConfig]] = TransitionsConfig
    config: TransitionsConfig

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
        """Count steps; the holdout teaches the fade. Nothing is drawn at random, and features are not used."""
        counts = self._counts(histories, progress)
        forward = self._damped(counts)
        if self.config.backward > 0:
            forward = forward + self.config.backward * self._damped(counts.T.tocsr())
        return self._keep(keep_largest(sparse.csr_matrix(forward, dtype=np.float32), self.config.neighbours), holdout)

    def _counts(self, histories: Histories, progress: Progress) -> sparse.csr_matrix:
        """Weighted counts [I, I] of item j behind item i, summed over lags; a product following itself is no step."""
        size = (histories.n_items, histories.n_items)
        counts = _empty(size)
        weights = event_weights(histories, use_kinds=self.config.use_kinds)
        starts = np.searchsorted(histories.offsets, np.arange(0, histories.n_events, _CHUNK_EVENTS), side="left")
        starts = np.unique(np.concatenate([starts, [len(histories)]]))
        for first, last in pairwise(starts.tolist()):
            chunk = slice(int(histories.offsets[first]), int(histories.offsets[last]))
            owner = np.repeat(np.arange(first, last), histories.lengths[first:last])
            items, weight = histories.items[chunk], weights[chunk]
            fresh = np.ones(len(items), dtype=np.bool_)
            fresh[1:] = (items[1:] != items[:-1]) | (owner[1:] != owner[:-1])
            if not fresh.all():  # a run of one product (view, cart, purchase) is one place, worth its strongest event
                weight = np.maximum.reduceat(weight, np.flatnonzero(fresh))
                items, owner = items[fresh], owner[fresh]
            counts = counts + self._chunk_counts(items, owner, weight, size)
            progress("counting transitions", int(last), len(histories))
        return sparse.csr_matrix(counts)

    def _chunk_counts(
        self,
        items: IntArray,
        owner: LongArray,
        weight: FloatArray,
        size: tuple[int, int],
    ) -> sparse.csr_matrix:
        sources, followers, values = [], [], []
        for lag in range(1, self.config.lags + 1):
            same = owner[lag:] == owner[:-lag]
            if not same.any():
                break
            step = same & (items[lag:] != items[:-lag])
            sources.append(items[:-lag][step])
            followers.append(items[lag:][step])
            values.append(weight[lag:][step] * np.float32(self.config.lag_decay ** (lag - 1)))
        if not sources:
            return _empty(size)
        pairs = (np.concatenate(values), (np.concatenate(sources), np.concatenate(followers)))
        return sparse.csr_matrix(pairs, shape=size)

    def _damped(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        damped = sparse.csr_matrix(
            (np.power(counts.data, self.config.count_power), counts.indices, counts.indptr), shape=counts.shape
        )
        total = np.asarray(damped.sum(axis=1)).ravel()
        scale = np.power(np.where(total > 0, total, 1.0), -self.config.source_power)
        damped.data *= np.repeat(scale, np.diff(damped.indptr)).astype(np.float32)
        return damped


def _empty(size: tuple[int, int]) -> sparse.csr_matrix:
    none = np.zeros(0, dtype=np.int32)
    return sparse.csr_matrix((np.zeros(0, dtype=np.float32), (none, none)), shape=size)
