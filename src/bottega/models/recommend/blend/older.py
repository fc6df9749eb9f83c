"""Questions asked a second time, of a popularity that is a period older: what burns out fast must not be trusted fast.

Idea     Weights are learnt on the period right behind what the members learnt from, where the best sellers of the last
         days are nearly the answer; the model answers later than that. So each question is asked twice: once as it
         is, once with the members that hear no shopper (what is popular) as they were a period before. What holds
         both times is heard.
Source   Several forecast origins: Tashman 2000, https://doi.org/10.1016/S0169-2070(00)00065-0.
Shapes   Q questions, C candidates of a question, M members, O members that have an older self.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.recommend.base import Recommender
from bottega.names import DAY_MS, FloatArray

__all__ = ["asked_twice", "impersonal", "without_newest"]


def impersonal(members: Mapping[str, Recommender]) -> list[str]:
    """Labels of the members that say the same to everybody."""
    return [label for label, member in members.items() if not member.abilities.personal]


def without_newest(histories: Histories, share: float) -> Histories | None:
    """Everything before the moment behind which the newest `share` of events lies.

    None where that leaves nothing, or where the moment is not a day before the end: such times are places in a file.
    """
    if not share or not histories.n_events:
        return None
    cut = np.quantile(histories.times, 1.0 - share, method="lower")
    before = histories.times < cut
    return histories.keep(before) if before.any() and histories.times.max() - cut >= DAY_MS else None


def asked_twice(levels_QC: FloatArray, members: int, places: Sequence[int]) -> FloatArray:
    """Levels [2 Q, C, M]: the questions as they are, then with the levels of the older selves in their `places` [O].

    `levels_QC` [Q, C, M + O] holds the older selves behind the members; without any, the questions are not repeated.
    """
    fresh = levels_QC[:, :, :members]
    if not len(places):
        return fresh
    older = fresh.copy()
    older[:, :, list(places)] = levels_QC[:, :, members:]
    return np.concatenate([fresh, older])
