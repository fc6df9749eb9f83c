"""What each member of a blend counts for shoppers with few events, and for those with many.

Idea     Two states, parted at the median number of events of the questions (who has none hears what is popular). Each
         state adds its own weight to every member's level, drawn towards 0, so towards what holds for all; a state with
         few questions moves little. Whatever is learnt is kept only where it is proven: on the half of the questions
         it was not learnt from, it must make the answers likelier by more than two standard errors.
Source   Partial pooling: Gelman & Hill 2007, "Data Analysis Using Regression and Multilevel Models", chapter 12.
Shapes   Q questions, C candidates of a question, M members, B shoppers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.choice import choice_log_likelihoods, fit_choice
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["STATES", "learn_states", "state_of"]

STATES = ("few", "many")


def state_of(lengths: LongArray, bound: float) -> LongArray:
    """The state [B] of shoppers with so many events: 0 few, up to `bound` of them; 1 many."""
    return (np.asarray(lengths) > bound).astype(np.int64)


def learn_states(
    levels_QCM: FloatArray, shared_QC: FloatArray, lengths_Q: LongArray, *, pull: float, rng: np.random.Generator
) -> tuple[float, FloatArray]:
    """The bound between the states, and what each adds to the members' weights [2, M]; 0 where nothing is proven.

    `shared_QC` is the score of each candidate by the weights that hold for all; the answer is candidate 0.
    """
    members = levels_QCM.shape[2]
    nothing = np.zeros((len(STATES), members), dtype=np.float32)
    if not len(lengths_Q):
        return 0.0, nothing
    bound = float(np.median(lengths_Q))
    states = state_of(lengths_Q, bound)
    half = rng.permutation(len(states)) % 2

    def learnt(some: NDArray[np.bool_]) -> FloatArray:
        found = nothing.copy()
        for state in range(len(STATES)):
            rows = some & (states == state)
            answers: IntArray = np.zeros(int(rows.sum()), dtype=np.int32)
            found[state] = fit_choice(
                levels_QCM[rows], answers, prior_F=nothing[state], pull=pull, offsets_QC=shared_QC[rows]
            )
        return found

    gains = np.zeros(len(states))
    for other in (0, 1):
        asked = half == other
        added_QC = np.einsum("qcm,qm->qc", levels_QCM[asked], learnt(~asked)[states[asked]])
        gains[asked] = choice_log_likelihoods(shared_QC[asked] + added_QC) - choice_log_likelihoods(shared_QC[asked])
    proven = gains.mean() > 2 * gains.std() / np.sqrt(len(gains))
    return bound, learnt(np.ones(len(states), dtype=np.bool_)) if proven else nothing
