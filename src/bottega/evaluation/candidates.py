"""Of what a model ranks first, how much is among the candidates that answers are made on?

A served list is chosen from candidates, not from all products; what no member names cannot be shown. 1 means that
nothing of the model's own ten best is lost on the way.
Shapes   B shoppers asked, K places of their lists, I items.
"""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.recommend.answering.member import Asked, Desks
from bottega.models.recommend.answering.members import member_of
from bottega.models.recommend.answering.pool import Within, pool_of
from bottega.models.recommend.answering.whole import Whole
from bottega.models.recommend.base import Recommender
from bottega.names import IntArray

__all__ = ["BEST", "SHOPPERS", "candidate_recall"]

BEST = 10
"""Places of each list that are looked for."""
SHOPPERS = 300
"""Most shoppers asked."""


def candidate_recall(model: Recommender, inputs: Histories, lists: IntArray) -> float | None:
    """The mean share of the first `BEST` of `lists` [B, K], ranked among all items, that are candidates for `inputs`.

    None where no candidates are chosen: in a small catalogue, and by a model that is asked for all its scores anyway.
    """
    within, member, desks = Within(np.ones(inputs.n_items, dtype=np.bool_)), member_of(model, inputs.n_items), Desks()
    if within.whole or isinstance(member, Whole):
        return None
    shares = []
    for row in range(min(len(inputs), SHOPPERS)):
        history = inputs.take([row])
        wanted = lists[row, :BEST][lists[row, :BEST] >= 0]
        asked = Asked.of(history)
        with desks.desk(inputs.n_items) as desk:
            voice = member.speak(asked, member.hear(asked), desk)
            pool = pool_of(model.name, voice, desk, within, shut=np.unique(history.items))
            voice.close(desk)
        if len(wanted):
            shares.append(float(np.isin(wanted, pool.items).mean()))
    return float(np.mean(shares)) if shares else None
