"""Questions asked a second time, of a popularity that is a period older: what burns out fast must not be trusted fast.

Idea     Weights are learnt on the period right behind what the members learnt from, where the best sellers of the last
         days are nearly the answer; the model answers later than that. So each question is asked twice: once as it
         is, once with the members that hear no shopper (what is popular) as they were a period before. What holds
         both times is heard. Where weights that were learnt with popularity as it is make the answers a period later
         less likely than weights learnt without any, it burns out, and shoppers with a history do not hear it at all.
Source   Several forecast origins: Tashman 2000, https://doi.org/10.1016/S0169-2070(00)00065-0.
Shapes   Q questions, C candidates of a question, M members, O members that have an older self.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.models.blocks.choice import choice_log_likelihoods, fit_choice
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.blend.shape import expand
from bottega.names import DAY_MS, FloatArray

__all__ = ["asked_twice", "burns_out", "impersonal", "without_newest"]

_MOST = 1_000
"""Questions that decide whether popularity burns out."""


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


def burns_out(
    levels_QCM: FloatArray,
    places: Sequence[int],
    knots_MK: FloatArray,
    *,
    prior_F: FloatArray,
    pulls_F: FloatArray,
    rng: np.random.Generator,
) -> bool:
    """Whether those in `places` mislead whoever trusts them a period later, by more than two standard errors.

    `levels_QCM` are questions asked twice. Weights are learnt on one half of them, as they are asked the first time,
    and judged by the other half as it is asked the second time, beside weights learnt without those in `places`.
    """
    once = len(levels_QCM) // 2
    if not len(places) or once < 2:
        return False
    some = rng.permutation(once)[:_MOST]
    silent_QCM = levels_QCM[some]
    silent_QCM[:, :, list(places)] = 0.0
    told = (levels_QCM[some], levels_QCM[once + some], silent_QCM)
    now_QCF, later_QCF, silent_QCF = (
        expand(each.reshape(-1, each.shape[2]), knots_MK).reshape(*each.shape[:2], len(prior_F)) for each in told
    )
    half = np.arange(len(some)) % 2
    gains = np.zeros(len(some))
    for other in (0, 1):
        asked = half == other
        answers = np.zeros(int((~asked).sum()), dtype=np.int32)
        with_F, without_F = (
            fit_choice(each[~asked], answers, prior_F=prior_F, pull=pulls_F) for each in (now_QCF, silent_QCF)
        )
        heard, unheard = later_QCF[asked] @ with_F, silent_QCF[asked] @ without_F
        gains[asked] = choice_log_likelihoods(heard) - choice_log_likelihoods(unheard)
    return bool(gains.mean() < -2 * gains.std() / np.sqrt(len(gains)))
