"""A recommender that cannot be packed, asked for all its scores at every answer.

Shapes   I items, C candidates, K items of a list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Features, Histories
from bottega.models.blocks.best import best
from bottega.models.recommend.answering.left_out import left_out, rows_without
from bottega.models.recommend.answering.member import Asked, Desk, Finds
from bottega.models.recommend.base import Evidence, Recommender, ScoresFew
from bottega.names import FloatArray, IntArray

__all__ = ["Whole"]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """`model` gives a recommender that knows every item of a catalogue of `n_items`; whoever holds it extends it."""

    serves: frozenset[str]
    logits: bool
    model: Callable[[], Recommender]
    n_items: int

    def hear(self, asked: Asked) -> None:
        """Nothing is kept."""

    def speak(self, asked: Asked, heard: None, desk: Desk) -> _Speaks:
        """Score everything."""
        scores = self.model().score(self._rows([asked]))[0]
        return _Speaks(self, asked, np.ascontiguousarray(scores, np.float32))

    def extended(self, features: Features) -> Whole:
        """The same: its holder puts another in its place."""
        return self

    def _rows(self, rows: list[Asked]) -> Histories:
        return Histories(
            np.cumsum([0, *map(len, rows)]).astype(np.int64),
            np.concatenate([row.items for row in rows]),
            np.concatenate([row.kinds for row in rows]),
            np.concatenate([row.times for row in rows]),
            self.n_items,
        )

    def _scores(self, rows: list[Asked], items: IntArray) -> list[FloatArray]:
        model, histories = self.model(), self._rows(rows)
        if isinstance(model, ScoresFew):
            return list(model.score_items(histories, items.tolist()))
        return list(model.score(histories)[:, items])


@dataclass(slots=True)
class _Speaks:
    member: Whole
    asked: Asked
    all_scores: FloatArray

    def find(self, found: Finds) -> None:
        allowed = found.allowed & (found.mark[: len(found.allowed)] != -found.stamp)
        found.listed(best(np.where(allowed, self.all_scores, -np.inf), found.most).astype(np.int32))

    def scores(self, items: IntArray, into: FloatArray) -> None:
        into[:] = self.all_scores[items]

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        return left_out(
            self.asked, items, lambda asked, at: np.stack(self.member._scores(rows_without(asked, at), items))
        )

    def close(self, desk: Desk) -> None:
        pass
