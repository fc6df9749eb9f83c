"""Popularity as it answers: the same for everybody.

Shapes   I items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Features
from bottega.models.recommend.answering.member import Asked, Desk, Finds
from bottega.models.recommend.base import Evidence, Packed
from bottega.names import FloatArray, IntArray

__all__ = ["PackedPopular"]


@dataclass(frozen=True, slots=True, eq=False)
class PackedPopular:
    """`shares` [I], and the items that have one in their `order`, the most popular first."""

    serves: frozenset[str]
    logits: bool
    shares: FloatArray
    order: IntArray

    @classmethod
    def of(cls, packed: Packed) -> PackedPopular:
        """From its arrays."""
        return cls(packed.serves, packed.logits, packed.arrays["shares"], packed.arrays["order"])

    def hear(self, asked: Asked) -> None:
        """Nothing a shopper did changes it."""

    def speak(self, asked: Asked, heard: None, desk: Desk) -> _Speaks:
        """What it says to everybody."""
        return _Speaks(self)

    def extended(self, features: Features) -> PackedPopular:
        """Nobody chose what has just come."""
        return self


@dataclass(slots=True)
class _Speaks:
    member: PackedPopular

    def find(self, found: Finds) -> None:
        found.listed(self.member.order)

    def scores(self, items: IntArray, into: FloatArray) -> None:
        shares = self.member.shares
        inside = items < len(shares)
        into[:] = np.where(inside, shares[np.where(inside, items, 0)], 0.0) if len(shares) else 0.0
        into[into <= 0] = -np.inf

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        return [[] for _ in range(len(items))]

    def close(self, desk: Desk) -> None:
        pass
