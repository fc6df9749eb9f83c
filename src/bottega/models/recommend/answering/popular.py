"""Popularity as it answers: the same for everybody.

Shapes   I items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Features
from bottega.models.blocks.jit import kernel
from bottega.models.recommend.answering.member import Asked, Desk, Finds
from bottega.models.recommend.base import Evidence, Packed
from bottega.names import FloatArray, IntArray

__all__ = ["PackedPopular"]


@kernel
def _shares(shares: FloatArray, items: IntArray, into: FloatArray) -> None:
    """The share of each item [C], -inf for those nobody chose."""
    for c in range(len(items)):
        into[c] = -np.inf
        if items[c] < len(shares) and shares[items[c]] > 0.0:
            into[c] = shares[items[c]]


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
        _shares(self.member.shares, items, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        return [[] for _ in range(len(items))]

    def close(self, desk: Desk) -> None:
        pass
