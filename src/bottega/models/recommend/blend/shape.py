"""How the members' levels become one score: a bent line a member, and a product for every two.

Idea     A member's level does not count evenly: the step from "nothing" to "something" says less, or more, than the
         step from much to very much. And two members who agree say more than each alone. Both stay linear in the
         weights, so conditional logit finds them, and a score is still a sum of what members said: a product is
         shared half and half.
Source   Hinge terms: Friedman 1991 (MARS), https://doi.org/10.1214/aos/1176347963, section 3.
Shapes   M members, K knots of each, C candidates, B shoppers, I items; F = M + M * K + M * (M + 1) / 2 features.
"""

from __future__ import annotations

import numpy as np

from bottega.names import FloatArray

__all__ = ["KNOTS", "expand", "feature_count", "find_knots", "shares"]

KNOTS = (0.5, 0.8, 0.95, 0.99)
"""Where lines bend: at these quantiles of a member's levels among candidates."""


def feature_count(members: int) -> int:
    """F of so many members."""
    return members + members * len(KNOTS) + members * (members + 1) // 2


def find_knots(levels_CM: FloatArray) -> FloatArray:
    """Levels [M, K] at which each member's line bends; equal ones are harmless."""
    if not len(levels_CM):
        return np.tile(np.array([1.0, 2.0, 3.0, 4.0], dtype=np.float32), (levels_CM.shape[1], 1))
    return np.quantile(levels_CM, KNOTS, axis=0).T.astype(np.float32)


def expand(levels_CM: FloatArray, knots_MK: FloatArray) -> FloatArray:
    """Features [C, F]: levels, what exceeds each knot, products of every two levels (squares included)."""
    members, knots = knots_MK.shape
    features_CF = np.empty((len(levels_CM), feature_count(members)), dtype=np.float32)  # it is large: made in place
    features_CF[:, :members] = levels_CM
    place = members
    for own_C1, knots_K in zip(np.split(levels_CM, members, axis=1), knots_MK, strict=True):
        np.maximum(own_C1 - knots_K, 0.0, out=features_CF[:, place : place + knots])
        place += knots
    for first in range(members):
        others_CM = levels_CM[:, first:]
        np.multiply(levels_CM[:, first, None], others_CM, out=features_CF[:, place : place + members - first])
        place += members - first
    return features_CF


def shares(levels_MBI: FloatArray, knots_MK: FloatArray, weights_F: FloatArray) -> FloatArray:
    """What each member adds to the score [M, B, I]; the sum over members is `expand(...) @ weights`."""
    members, knots = knots_MK.shape
    bends_MK = weights_F[members : members + members * knots].reshape(members, knots)
    together_MM = np.zeros((members, members), dtype=np.float32)
    together_MM[np.triu_indices(members)] = weights_F[members + members * knots :]
    together_MM = np.asarray((together_MM + together_MM.T) / 2, dtype=np.float32)
    flat = levels_MBI.reshape(members, -1)
    factor: FloatArray = together_MM @ flat + weights_F[:members, None]
    factor *= flat
    for member in range(members):
        for knot, bend in zip(knots_MK[member], bends_MK[member], strict=True):
            factor[member] += bend * np.maximum(flat[member] - knot, 0.0)
    return factor.reshape(levels_MBI.shape)
