"""Declared tastes: what a shopper says to like, and how long that outweighs what they do.

Idea     A declared taste is a prior worth a few events: it fades as events come after it. In a list, products that have
         what was declared gain by the share of the declared attributes they have.
Shapes   I items, V attribute values, N events of the shopper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["Declared", "DeclaredGains", "declared_gains", "declared_lifts"]


@dataclass(frozen=True, slots=True)
class Declared:
    """What a shopper says to like of one attribute: `values` are positions among all V, `time_ms` is when (UTC)."""

    values: tuple[int, ...]
    time_ms: int

    def weight(self, times: LongArray, worth: float) -> float:
        """What it counts, from 0 to 1, given the times of the shopper's events [N]; it is `worth` so many events."""
        return worth / (worth + 1 + int((times > self.time_ms).sum()))


@dataclass(frozen=True, slots=True)
class DeclaredGains:
    """`gains` [N], from 0 to 1, of what has declared values, and `because` [N] the value of V that says so (-1)."""

    gains: FloatArray
    because: IntArray

    @classmethod
    def nothing(cls, n_items: int) -> Self:
        """Of a shopper who declared nothing."""
        return cls(np.zeros(n_items, np.float32), np.full(n_items, -1, np.int32))


def declared_gains(
    declared: Sequence[Declared], values: sparse.csr_matrix, items: IntArray, times: LongArray, *, worth: float
) -> DeclaredGains:
    """What declared tastes ask of some items [N]; `values` [I, V] is what items are, as far as known."""
    found = DeclaredGains.nothing(len(items))
    if not declared:
        return found
    gains, because = found.gains, found.because
    known = np.flatnonzero(items < values.shape[0])
    columns = values[items[known]].tocsc()
    for one in declared:
        liked = np.zeros(len(items), dtype=np.bool_)
        for value in one.values:
            places = known[columns.indices[columns.indptr[value] : columns.indptr[value + 1]]]
            because[places] = np.where(because[places] < 0, value, because[places])
            liked[places] = True
        gains[liked] += one.weight(times, worth) / len(declared)
    return found


def declared_lifts(
    declared: Sequence[Declared],
    groups: AttributeGroups,
    lifts: FloatArray,
    log_share: FloatArray,
    times: LongArray,
    worth: float,
) -> FloatArray:
    """Logs of how much likelier than usual each value is [V], what was declared being a prior; `lifts` [V] without it.

    A share of an attribute's probability lies on the values declared, in proportion to how usual they are.
    """
    found = lifts.copy()
    for one in declared:
        index = int(groups.group_of[one.values[0]])
        span = slice(int(groups.offsets[index]), int(groups.offsets[index + 1]))
        named = np.zeros(len(lifts), np.float32)
        named[list(one.values)] = 1.0
        weight, usual = one.weight(times, worth), float(np.exp(log_share[list(one.values)]).sum())
        found[span] = np.log((1 - weight) * np.exp(lifts[span]) + weight * named[span] / usual)
    return found
