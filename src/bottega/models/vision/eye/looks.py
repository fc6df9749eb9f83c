"""What an eye saw in photos.

Shapes   N photos, C classes of a head, W words, E embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bottega.names import BoolArray, FloatArray

__all__ = ["Looks", "Thing", "without_outline"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing with names of its own, as furniture: whether N photos show it, and which."""

    name: str
    classes: tuple[str, ...]
    shown: FloatArray
    """[N], chance that the photo shows such a thing."""
    chances: FloatArray
    """[N, C], rows sum to 1."""
    threshold: float
    """Least chance of a class that may be said."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What an eye saw in N photos.

    `vectors` [N, E] of unit length. `probabilities`: head -> [N, C], rows sum to 1, calibrated. `words` [N, W]: the
    chance that each word stands in the product's title. `taught`: head -> [N], the chance that the photo shows the kind
    of thing that the head was taught; a head that is not in there was taught every kind. `things`: kinds of things that
    other heads know nothing of.
    """

    vectors: FloatArray
    probabilities: dict[str, FloatArray]
    words: FloatArray
    taught: Mapping[str, FloatArray] = field(default_factory=dict)
    things: tuple[Thing, ...] = ()

    def __len__(self) -> int:
        return len(self.vectors)

    def take(self, rows: NDArray[np.integer] | BoolArray) -> Looks:
        """What was seen in these photos."""
        return _each([self], lambda tables: tables[0][rows])

    def worn_where(self, known: BoolArray) -> Looks:
        """The looks where some photos [N] are known to show what the heads were taught."""
        taught = {head: np.where(known, np.float32(1), chances) for head, chances in self.taught.items()}
        things = tuple(replace(thing, shown=np.where(known, np.float32(0), thing.shown)) for thing in self.things)
        return replace(self, taught=taught, things=things)

    @classmethod
    def joined(cls, parts: Sequence[Looks]) -> Looks:
        """The looks of one eye, one after the other; at least one."""
        return _each(parts, np.concatenate)


def without_outline(vectors: FloatArray) -> FloatArray:
    """Vectors [N, E] of an outlined eye to ask with where the outline was only guessed: what the network saw alone.

    A guess is good enough to keep a photo at its place among others, and too rough to rank them by.
    """
    seen = vectors.copy()
    seen[:, vectors.shape[1] // 2 :] = 0
    return np.asarray(seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _each(parts: Sequence[Looks], made: Callable[[list[FloatArray]], FloatArray]) -> Looks:
    first = parts[0]
    return Looks(
        made([part.vectors for part in parts]),
        {head: made([part.probabilities[head] for part in parts]) for head in first.probabilities},
        made([part.words for part in parts]),
        {head: made([part.taught[head] for part in parts]) for head in first.taught},
        tuple(
            Thing(
                thing.name,
                thing.classes,
                made([part.things[place].shown for part in parts]),
                made([part.things[place].chances for part in parts]),
                thing.threshold,
            )
            for place, thing in enumerate(first.things)
        ),
    )
