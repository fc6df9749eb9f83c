"""What models give each product for one request; those of one model are asked together.

Shapes   B requests, I items, M members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.recommend.base import Recommender
from bottega.names import FloatArray
from bottega.shop.floor import Floor

__all__ = ["Scored", "score_all"]


@dataclass(frozen=True)
class Scored:
    """Scores [I], what each member added to them [M, I], and the members' names [M]."""

    scores: FloatArray
    shares: FloatArray
    names: list[str]

    def shares_of(self, item: int) -> dict[str, float]:
        """What each member added for one item."""
        return dict(zip(self.names, self.shares[:, item].tolist(), strict=True))


def score_all(floor: Floor, asked: Sequence[tuple[Recommender, Histories]]) -> list[Scored]:
    """What each model says of its history (one row), in the order asked."""
    batches: list[tuple[Recommender, list[int]]] = []
    for place, (model, _) in enumerate(asked):
        batch = next((places for other, places in batches if other is model), None)
        if batch is None:
            batches.append((model, [place]))
        else:
            batch.append(place)
    scored: dict[int, Scored] = {}
    for model, places in batches:
        scores, shares, names = floor.score(model, _stacked([asked[place][1] for place in places]))
        scored.update((place, Scored(scores[b], shares[b], names)) for b, place in enumerate(places))
    return [scored[place] for place in range(len(asked))]


def _stacked(rows: Sequence[Histories]) -> Histories:
    if len(rows) == 1:
        return rows[0]
    return Histories(
        offsets=np.concatenate([[0], np.cumsum([row.n_events for row in rows])]).astype(np.int64),
        items=np.concatenate([row.items for row in rows]),
        kinds=np.concatenate([row.kinds for row in rows]),
        times=np.concatenate([row.times for row in rows]),
        n_items=rows[0].n_items,
    )
