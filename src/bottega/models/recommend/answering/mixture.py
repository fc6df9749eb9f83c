"""A blend as it answers: its members on the same candidates, and one score of what they say.

Shapes   M members, C candidates, T events, N knots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bottega.datasets.arrays import Features
from bottega.models.blocks.jit import kernel
from bottega.models.recommend.answering.member import Asked, Desk, Finds, Member, Voice
from bottega.models.recommend.base import NEW_SHOPPER, Evidence, Packed
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["MixedVoice", "Mixture"]


@kernel
def _log1p(values: FloatArray, silence: float, scale: float) -> None:
    """log(1 + value / silence) / scale in place, 0 for what is not positive; within 1e-6 of it.

    The logarithm is the exponent and the series of atanh((m - r) / (m + r)) for a mantissa m around r, the root of 2:
    nothing but products, so that eight are made at once.
    """
    bits = values.view(np.int32)
    root, half, log2 = np.float32(1.4142135), np.float32(0.5), np.float32(0.6931472)
    inverse, stretch = np.float32(1.0 / silence), np.float32(1.0 / scale)
    for c in range(len(values)):
        values[c] = np.float32(1.0) + max(values[c], np.float32(0.0)) * inverse
    for c in range(len(values)):
        nothing = values[c] == np.float32(1.0)
        exponent = np.float32((bits[c] >> 23) - 127)
        bits[c] = (bits[c] & 0x7FFFFF) | 0x3F800000
        z = (values[c] - root) / (values[c] + root)
        square = z * z
        series = np.float32(2 / 7) + square * np.float32(2 / 9)
        series = np.float32(2 / 3) + square * (np.float32(2 / 5) + square * series)
        found = (exponent + half) * log2 + z * (np.float32(2.0) + square * series)
        values[c] = np.float32(0.0) if nothing else found * stretch


@kernel
def _levels(raw: FloatArray, logits: BoolArray, silences: FloatArray, scales: FloatArray) -> None:
    """Scores [M, C] become levels, in place (blend/levels.py)."""
    members, size = raw.shape
    for m in range(members):
        silence, scale = silences[m], scales[m]
        if logits[m]:
            for c in range(size):
                raw[m, c] = max(raw[m, c] - silence, np.float32(0.0)) / scale
        else:
            _log1p(raw[m], silence, scale)


@kernel
def _mixed(
    levels: FloatArray,
    weights: FloatArray,
    together: FloatArray,
    knots: FloatArray,
    bends: FloatArray,
    own: FloatArray,
    parts: FloatArray,
    total: FloatArray,
) -> None:
    """What each member adds [M, C] and the sum [C] (blend/shape.py's `shares`)."""
    members, size = levels.shape
    for c in range(size):
        total[c] = 0.0
    for m in range(members):
        for c in range(size):
            parts[m, c] = weights[m]
        for k in range(members):
            share = together[m, k]
            if share != 0.0:
                for c in range(size):
                    parts[m, c] += share * levels[k, c]
        for c in range(size):
            parts[m, c] *= levels[m, c]
        for k in range(knots.shape[1]):
            knot, bend = knots[m, k], bends[m, k]
            for c in range(size):
                parts[m, c] += bend * max(levels[m, c] - knot, np.float32(0.0))
        for c in range(size):
            parts[m, c] += own[m] * levels[m, c]
            total[c] += parts[m, c]


@dataclass(frozen=True, eq=False)
class Mixture:
    """`members` by label, and the numbers of blend/blend.py that weigh them."""

    serves: frozenset[str]
    logits: bool
    members: dict[str, Member]
    numbers: dict[str, FloatArray]
    state_bound: float
    scales: BoolArray = field(init=False)
    """Whether a member's scores are logits [M]."""
    able: FloatArray = field(init=False)
    """1 for members that are heard for somebody without a history [M]."""

    def __post_init__(self) -> None:
        logits = np.array([one.logits for one in self.members.values()], dtype=np.bool_)
        able = np.array([NEW_SHOPPER in one.serves for one in self.members.values()], dtype=np.bool_)
        object.__setattr__(self, "scales", logits)
        object.__setattr__(self, "able", (able if able.any() else ~able).astype(np.float32))

    @classmethod
    def of(cls, packed: Packed, members: dict[str, Member]) -> Mixture:
        """From its arrays and members."""
        numbers = {name: np.asarray(array) for name, array in packed.arrays.items()}
        return cls(packed.serves, packed.logits, members, numbers, float(packed.settings["state_bound"]))

    def hear(self, asked: Asked) -> list[Any]:
        """What each member hears."""
        return [one.hear(asked) for one in self.members.values()]

    def speak(self, asked: Asked, heard: Sequence[Any], desk: Desk) -> MixedVoice:
        """All members speak."""
        voices = [one.speak(asked, said, desk) for one, said in zip(self.members.values(), heard, strict=True)]
        return MixedVoice(self, asked, dict(zip(self.members, voices, strict=True)))

    def extended(self, features: Features) -> Mixture:
        """Every member with the new items."""
        return replace(self, members={label: one.extended(features) for label, one in self.members.items()})

    def own(self, events: int) -> FloatArray:
        """What a shopper of so many events adds to the members' weights [M]."""
        own: FloatArray = self.numbers["state_weights"][1 if events > self.state_bound else 0]
        return own


@dataclass(slots=True)
class MixedVoice:
    mixture: Mixture
    asked: Asked
    voices: dict[str, Voice]
    parts: FloatArray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """What each member added to the scores of the items asked about last [M, C]."""

    def find(self, found: Finds) -> None:
        for voice in self.voices.values():
            voice.find(found)

    def scores(self, items: IntArray, into: FloatArray) -> None:
        mixture, numbers = self.mixture, self.mixture.numbers
        levels = np.empty((len(self.voices), len(items)), np.float32)
        for row, voice in zip(levels, self.voices.values(), strict=True):
            voice.scores(items, row)
        _levels(levels, mixture.scales, numbers["silences"], numbers["scales"])
        if not len(self.asked):
            self.parts = levels * mixture.able[:, None]
            into[:] = self.parts.sum(axis=0)
            return
        self.parts = np.empty_like(levels)
        own = mixture.own(len(self.asked))
        weights, together = numbers["weights"], numbers["together"]
        _mixed(levels, weights, together, numbers["knots"], numbers["bends"], own, self.parts, into)

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        """Its members are asked each by itself."""
        return [[] for _ in range(len(items))]

    def close(self, desk: Desk) -> None:
        for voice in self.voices.values():
            voice.close(desk)
