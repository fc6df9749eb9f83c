"""What a recommender is: a protocol, the answer it gives, and the one way scores become a ranked list.

Shapes   B shoppers asked about, I items, K places in the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = [
    "KNOWN_SHOPPER",
    "NEW_PRODUCT",
    "NEW_SHOPPER",
    "Evidence",
    "Explains",
    "Extends",
    "Ranking",
    "Recommender",
    "rank",
]

KNOWN_SHOPPER = "known shopper"
"""Scores depend on the shopper's events."""
NEW_SHOPPER = "new shopper"
"""A shopper with no events still gets meaningful scores."""
NEW_PRODUCT = "new product"
"""`extend` gives scores to products that came after training."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best items of each shopper, best first: `items` [B, K] (-1 where the list ends early), `scores` [B, K]."""

    items: IntArray
    scores: FloatArray

    def __len__(self) -> int:
        return len(self.items)

    def rows(self) -> Iterator[list[tuple[int, float]]]:
        """(item, score) pairs of each shopper, the empty places left out."""
        for items, scores in zip(self.items.tolist(), self.scores.tolist(), strict=True):
            yield [(item, score) for item, score in zip(items, scores, strict=True) if item >= 0]


class Recommender(Protocol):
    """A model that scores items for shoppers.

    The constructor takes a frozen config and does nothing else; learned attributes end in an underscore. The same seed
    gives the same model. A later event never changes the scores an earlier position had in training.
    """

    name: ClassVar[str]
    serves: ClassVar[frozenset[str]]

    @property
    def config(self) -> Any: ...

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
        """Learn from histories; `holdout` (never learnt from) is for early stopping and weights.

        `device` says where ("auto", "cpu", "cuda": models/blocks/device.py); who only counts does not care. Whoever has
        learnt answers on the processor.
        """
        ...

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I] of every item for every history; -inf where the model has nothing to say. Higher is better.

        Scoring a batch equals scoring one by one. An empty history is allowed.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write arrays (.npz) and JSON into an existing empty folder. No pickle."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        ...


@runtime_checkable
class Extends(Protocol):
    """A recommender that serves products which came after training."""

    def extend(self, features: Features) -> None:
        """Cover all items of `features`: old codes unchanged, new ones behind them, columns the same."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an item scored: the history position that spoke for it, or the attribute columns it shares, and how much."""

    position: int
    weight: float
    attributes: tuple[int, ...] = ()


@runtime_checkable
class Explains(Protocol):
    """A recommender that can say which events of a history spoke for an item."""

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The strongest positions of `history` [T], strongest first; empty when nothing speaks for the item."""
        ...


def rank(
    model: Recommender,
    histories: Histories,
    *,
    count: int,
    allowed: BoolArray | None = None,
    hide_seen: bool = True,
) -> Ranking:
    """The `count` best allowed items of each history.

    `allowed` is a mask [I] or [B, I]; `hide_seen` leaves out what the history already holds (the evaluation protocol
    of published work). Equal scores rank by item code, so answers are repeatable.
    """
    scores = model.score(histories)
    if hide_seen:
        scores = scores.copy()
        scores[histories.shoppers, histories.items] = -np.inf
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf).astype(np.float32)
    return top(scores, count)


def top(scores: FloatArray, count: int) -> Ranking:
    """The `count` highest finite scores of each row [B, I]."""
    count = min(count, scores.shape[1])
    if count < scores.shape[1]:
        candidates = np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1)
        # A partition takes any of the items that share the last place's score; the lowest codes are wanted.
        worst = np.take_along_axis(scores, candidates, axis=1).min(axis=1)
        alike = scores == worst[:, None]
        better = (scores > worst[:, None]).sum(axis=1)
        for row in np.flatnonzero(alike.sum(axis=1) > count - better):
            chosen = np.flatnonzero(alike[row])[: count - better[row]]
            candidates[row] = np.sort(np.concatenate([np.flatnonzero(scores[row] > worst[row]), chosen]))
    else:
        candidates = np.tile(np.arange(scores.shape[1]), (len(scores), 1))
    values = np.take_along_axis(scores, candidates, axis=1)
    best = np.argsort(-values, axis=1, kind="stable")
    values = np.take_along_axis(values, best, axis=1)
    items = np.take_along_axis(candidates, best, axis=1)
    return Ranking(np.where(np.isfinite(values), items, -1).astype(np.int32), values.astype(np.float32))
