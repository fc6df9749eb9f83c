"""Session neighbours: what shoppers did whose histories hold the same products, near to where they hold them.

Idea     A history is a session. The sessions nearest to the one that asks share its products, the newest above all;
         a product of such a session counts more the nearer it stands to what is shared. Two ways to weigh: `vsknn`
         by straight lines, `stan` by exponential fades, younger sessions counting more.
Source   vsknn: Ludewig & Jannach 2018, https://arxiv.org/abs/1803.09587, section 3.2. stan: Garg et al. 2019,
         https://doi.org/10.1145/3331184.3331322, section 3, equations 2 to 5.
Differs  A session is all that a shopper did, its newest `max_history` events; those of one product say nothing. Of a
         best seller only the `carriers` sessions that ended last are compared.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Fit: linear in events. What is kept: 24 bytes an event. Scoring: for each product of the history every session
         that has it, then the sessions of the neighbours; 4*B*I bytes and some 100 MB.
Shapes   B shoppers asked about, S sessions learnt from, I items, P pairs of who asks and a neighbour, N their events.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.sparse_tables import keep_largest, last_of_rows
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities
from bottega.models.recommend.counted.history_scores import ages, by_newest
from bottega.names import DAY_MS, FloatArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["Stan", "StanConfig", "Vsknn", "VsknnConfig"]

_BLOCK = 32
_SIMPLE = Abilities(frozenset({KNOWN_SHOPPER}), quick=True, simple=True)


@dataclass(frozen=True, slots=True)
class VsknnConfig:
    """How many sessions speak, and how far what is shared reaches."""

    neighbours: int = 100
    """Sessions that speak for one shopper."""
    reach: int = 10
    """A shared product so many places before the end of who asks makes a session silent; nearer ones count by line."""
    max_history: int = 200
    """Only so many of a shopper's newest events make a session."""
    carriers: int = 5_000
    """Of the sessions that hold a product, only so many are compared: those whose newest event is youngest."""


@dataclass(frozen=True, slots=True)
class StanConfig:
    """How many sessions speak, and how three things fade: places of who asks, days of sessions, places within one."""

    neighbours: int = 200
    """Sessions that speak for one shopper."""
    asked_places: float = 5.0
    """So many places before the end of who asks, a product counts 1/e."""
    session_days: float = 60.0
    """So many days before the newest event, a session counts 1/e."""
    session_places: float = 5.0
    """So many places from the newest shared product, a product of a session counts 1/e."""
    max_history: int = 200
    """Only so many of a shopper's newest events make a session."""
    carriers: int = 5_000
    """Of the sessions that hold a product, only so many are compared: those whose newest event is youngest."""


class _Sessions:
    """`places_` [S, I]: the place, from 1, of each item in each session, that which ended last behind.

    `newest_` [S]: the day of its newest event, 0 for the newest of all, less before.
    """

    name: ClassVar[str]
    settings: ClassVar[type[Any]]
    abilities: ClassVar[Abilities] = _SIMPLE
    config: Any
    places_: sparse.csr_matrix
    newest_: FloatArray
    _by_item: sparse.csr_matrix

    def __init__(self, config: Any = None) -> None:
        self.config = config or self.settings()

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
        """Remember every session; nothing is drawn at random, and neither features nor holdout are used."""
        recent = _once(histories.last(self.config.max_history))
        recent = recent.take(by_newest(recent, recent.lengths))
        places = (recent.lengths[recent.shoppers] - ages(recent)).astype(np.float32)
        ends = recent.times[recent.offsets[1:] - 1]
        self._keep(recent.matrix(places), ((ends - ends.max(initial=0)) / DAY_MS).astype(np.float32))
        progress("remembering sessions", len(recent), len(recent))
        return self

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: what the neighbours have, weighed; -inf where none of them has it."""
        known = self.places_.shape[1]
        assert known <= histories.n_items, "a model cannot score a smaller catalogue than it learnt"
        asked = _once(histories.keep(histories.items < known))
        scores = np.full((len(asked), histories.n_items), -np.inf, dtype=np.float32)
        for first in range(0, len(asked), _BLOCK):
            part = asked.take(slice(first, first + _BLOCK))
            scores[first : first + _BLOCK, :known] = self._scored(part, known)
        return scores

    def save(self, folder: Path) -> None:
        """Write config and sessions into an existing empty folder."""
        save_arrays(
            folder, model=self.name, config=self.config, arrays={"places": self.places_, "newest": self.newest_}
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(cls.settings))
        model._keep(saved.matrix("places"), saved.array("newest"))
        return model

    def _keep(self, places: sparse.csr_matrix, newest: FloatArray) -> None:
        self.places_, self.newest_ = places, newest
        ones = sparse.csr_matrix((np.ones_like(places.data), places.indices, places.indptr), shape=places.shape)
        self._by_item = last_of_rows(ones.T.tocsr(), self.config.carriers)

    def _scored(self, asked: Histories, known: int) -> FloatArray:
        """Scores [B, J] of few shoppers."""
        weights = sparse.csr_matrix((self._asked(asked), asked.items, asked.offsets), shape=(len(asked), known))
        near = self._compared(sparse.csr_matrix(weights @ self._by_item), asked.lengths)
        near = keep_largest(near, self.config.neighbours)
        sessions = self.places_
        lengths_P = np.diff(sessions.indptr)[near.indices]
        pair_N = np.repeat(np.arange(near.nnz), lengths_P)
        within = np.arange(len(pair_N)) - np.repeat(np.cumsum(lengths_P) - lengths_P, lengths_P)
        where_N = sessions.indptr[near.indices][pair_N] + within
        items_N, places_N = sessions.indices[where_N], sessions.data[where_N]
        asker_N = np.repeat(np.arange(len(asked)), np.diff(near.indptr))[pair_N]
        age_BJ = np.full((len(asked), known), np.iinfo(np.int32).max, dtype=np.int32)
        age_BJ[asked.shoppers, asked.items] = ages(asked)
        age_N = age_BJ[asker_N, items_N]
        starts_P = np.cumsum(lengths_P) - lengths_P
        nearest_P = np.minimum.reduceat(age_N, starts_P) if len(age_N) else np.zeros(0, dtype=np.int32)
        shared = age_N == nearest_P[pair_N]  # one event of each pair: places differ within a session
        anchor_P = np.zeros(near.nnz, dtype=np.float32)
        anchor_P[pair_N[shared]] = places_N[shared]
        values_N = near.data[pair_N] * self._heard(np.abs(places_N - anchor_P[pair_N]), nearest_P[pair_N])
        flat = np.bincount(asker_N * known + items_N, weights=values_N, minlength=len(asked) * known)
        scores: FloatArray = np.where(flat > 0, flat, -np.inf).astype(np.float32).reshape(len(asked), known)
        return scores

    def _asked(self, asked: Histories) -> FloatArray:
        """What each event of who asks counts [N]."""
        raise NotImplementedError

    def _compared(self, shared: sparse.csr_matrix, lengths: LongArray) -> sparse.csr_matrix:
        """Likeness [B, S] from the weights shared."""
        raise NotImplementedError

    def _heard(self, apart: FloatArray, age: NDArray[np.int32]) -> FloatArray:
        """What an event counts [N] so many places apart from the newest shared one, which has this age for who asks."""
        raise NotImplementedError


class Vsknn(_Sessions):
    """Straight lines: places of who asks, and how old the newest shared product is."""

    name: ClassVar[str] = "vsknn"
    settings: ClassVar[type[VsknnConfig]] = VsknnConfig
    config: VsknnConfig

    def _asked(self, asked: Histories) -> FloatArray:
        lengths = asked.lengths[asked.shoppers]
        return ((lengths - ages(asked)) / lengths).astype(np.float32)

    def _compared(self, shared: sparse.csr_matrix, lengths: LongArray) -> sparse.csr_matrix:
        return shared

    def _heard(self, apart: FloatArray, age: NDArray[np.int32]) -> FloatArray:
        return np.maximum(1.0 - age / self.config.reach, 0.0).astype(np.float32)


class Stan(_Sessions):
    """Exponential fades: places of who asks, days of sessions, places within a session."""

    name: ClassVar[str] = "stan"
    settings: ClassVar[type[StanConfig]] = StanConfig
    config: StanConfig

    def _asked(self, asked: Histories) -> FloatArray:
        return np.exp(-ages(asked) / self.config.asked_places).astype(np.float32)

    def _compared(self, shared: sparse.csr_matrix, lengths: LongArray) -> sparse.csr_matrix:
        size = np.diff(self.places_.indptr)
        rows = np.repeat(lengths, np.diff(shared.indptr))
        scale: FloatArray = np.exp(self.newest_[shared.indices] / self.config.session_days) / np.sqrt(
            rows * size[shared.indices]
        )
        data = (shared.data * scale).astype(np.float32)
        return sparse.csr_matrix((data, shared.indices, shared.indptr), shape=shared.shape)

    def _heard(self, apart: FloatArray, age: NDArray[np.int32]) -> FloatArray:
        faded: FloatArray = np.exp(-apart / self.config.session_places).astype(np.float32)
        return faded


def _once(histories: Histories) -> Histories:
    """Each item once a shopper, where it stands last."""
    codes = histories.shoppers * histories.n_items + histories.items
    _, first = np.unique(codes[::-1], return_index=True)
    keep = np.zeros(histories.n_events, dtype=np.bool_)
    keep[histories.n_events - 1 - first] = True
    return histories.keep(keep)
