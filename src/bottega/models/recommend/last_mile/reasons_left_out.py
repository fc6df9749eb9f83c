"""Evidence by leaving out: which product of the history would this item score lower without?

Idea     Ask the recommender again, once for each of the newest products with that product gone, all in one batch and
         for all items of an answer together. What an item loses is what the product spoke for it: true by
         construction, for any recommender, whatever goes on inside.
Source   Leave-one-out ("occlusion") attribution: Li, Monroe & Jurafsky 2016, https://arxiv.org/abs/1612.08220.
Costs    One batch of at most `NEWEST` + 1 short histories an answer, and only when a reason asks for it.
Shapes   T positions of the history, P products left out, I items, K items of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.recommend.base import Evidence, Explains, Recommender, ScoresFew
from bottega.names import FloatArray, IntArray

__all__ = ["CONTEXT", "NEWEST", "LeftOut", "evidence_of_losses", "losses", "newest_products", "witnesses"]

NEWEST = 6
"""Only so many of the newest products are left out in turn; what lies further back says little of the next choice."""
CONTEXT = 16
"""They are left out of so many of the newest events, because time grows with the events that are read again."""
TELLING = 0.3
"""What takes away less than this share of what the strongest product does is not named beside it."""


class LeftOut:
    """An `Explains` for the items of one answer, by any recommender; nothing is scored before it is asked."""

    def __init__(self, model: Recommender, history: Histories, items: Sequence[int], *, newest: int = NEWEST) -> None:
        """`history`: the one row that was scored; `items` [K]: those that may be asked about."""
        assert len(history) == 1
        self._model, self._history, self._newest = model, history.last(CONTEXT), newest
        self._older = history.n_events - self._history.n_events
        self._items = list(dict.fromkeys(items))
        self._found: dict[int, list[Evidence]] = {}

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The products (each at its newest position) without which `item` scores lower, strongest first."""
        if item not in self._items or not self._history.n_events:
            return []
        if not self._found:
            positions = newest_products(self._history.items, self._newest)
            found = evidence_of_losses(positions + self._older, self._losses(positions))
            self._found = dict(zip(self._items, found, strict=True))
        return self._found[item][:count]

    def _losses(self, positions: IntArray) -> FloatArray:
        """What each item loses without each product [P, K]; an item nobody speaks for any more loses all it had."""
        history, count = self._history, len(positions)
        keep_PT = history.items[None, :] != history.items[positions][:, None]
        rows = history.take(np.zeros(count + 1, dtype=np.int64))
        rows = rows.keep(np.concatenate([np.ones(history.n_events, dtype=np.bool_), keep_PT.ravel()]))
        model, items = self._model, self._items
        found = model.score_items(rows, items) if isinstance(model, ScoresFew) else model.score(rows)[:, items]
        return losses(found)


def newest_products(items: IntArray, count: int = NEWEST) -> IntArray:
    """Newest position in a history [T] of each of the newest products [P]."""
    newest: dict[int, int] = {}
    for place, item in enumerate(reversed(items.tolist()), 1):
        newest.setdefault(item, len(items) - place)
    return np.array(list(newest.values())[:count], dtype=np.int32)


def losses(scores: FloatArray) -> FloatArray:
    """What each item loses without each product [P, K]: `scores` [P + 1, K] are those of the whole history first."""
    spoken = np.isfinite(scores)
    values = np.where(spoken, scores.astype(np.float64), 0.0)
    lost = np.where(spoken[1:], values[0] - values[1:], np.abs(values[0]) + 1.0)
    return np.where(spoken[0], lost, 0.0).astype(np.float32)


def evidence_of_losses(positions: IntArray, lost: FloatArray, *, count: int = 3) -> list[list[Evidence]]:
    """For each item the products at `positions` [P] without which it loses most of `lost` [P, K]; what takes little
    beside the first is left."""
    order = np.argsort(-lost, axis=0, kind="stable")[:count]
    most = np.take_along_axis(lost, order, axis=0)
    told = most > np.maximum(TELLING * most[:1], 0.0)
    return [
        [Evidence(position, weight) for position, weight, tells in zip(*row, strict=True) if tells]
        for row in zip(positions[order].T.tolist(), most.T.tolist(), told.T.tolist(), strict=True)
    ]


def witnesses(models: Mapping[str, Recommender], history: Histories, items: Sequence[int]) -> dict[str, Explains]:
    """Who can say why these items of an answer, by name: the personal ones of `models`.

    One that has its evidence at hand speaks for itself, any other is asked again with products left out.
    """
    return {
        name: model if isinstance(model, Explains) else LeftOut(model, history, items)
        for name, model in models.items()
        if model.abilities.personal
    }
