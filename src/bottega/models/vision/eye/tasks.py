"""What the trunk learns from, as one table: photo sets, their share of a batch, the tasks and their weights.

Source   Bell et al. 2020, "GrokNet", section 4.2: data sets of many verticals trained at once, each with its share of
         the batch, its own losses and their weights.
Shapes   N photos of a set, P pixels a side, C classes of a head, W marks of a head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray, IntArray

__all__ = ["SHARES", "TASKS", "PhotoSet", "Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to learn, read off the features (`one_of`, `many_of`) or off the search vector (`same`)."""

    name: str
    """Name of the head, and of the labels in a photo set."""
    kind: Literal["one_of", "many_of", "same"]
    weight: float
    """Factor of its loss."""
    rare: float = 0.0
    """Classes weigh (photos of the class) ** -rare: 0 treats photos alike, 1 treats classes alike."""


TASKS: tuple[Task, ...] = (
    Task("type", "one_of", 1.0, rare=0.2),
    Task("subcategory", "one_of", 0.5, rare=0.1),
    Task("category", "one_of", 0.2),
    Task("gender", "one_of", 0.8),
    Task("color", "one_of", 1.2),
    Task("usage", "one_of", 0.3),
    Task("photo_kind", "one_of", 0.2),
    Task("words", "many_of", 0.25),
    Task("garments", "many_of", 0.2),
    Task("line", "same", 0.3),
)
"""Everything the shipped eye learns. A part of the table is a narrower eye (benchmarks/eye_joint.py)."""

SHARES: Mapping[str, float] = {"catalogue": 0.72, "street": 0.07, "garments": 0.09, "drawn": 0.07, "nothing": 0.05}
"""Each photo set's share of a batch. A set that is not there leaves its share to the others."""


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """Photos with what is known of them.

    `pictures` uint8 [N, P, P, 4]: RGB and how much of each pixel is product (255 everywhere where that is not known).
    `labels`: head -> class code [N], -1 where unknown. `marks`: head -> [N, W] of 0 and 1. `groups` [N]: photos of one
    group (a product line) are the same thing in other colours; empty where there are none, and then no pairs are drawn.
    """

    name: str
    pictures: NDArray[np.uint8]
    labels: Mapping[str, IntArray] = field(default_factory=dict)
    marks: Mapping[str, FloatArray] = field(default_factory=dict)
    groups: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.pictures)

    def take(self, rows: NDArray[np.bool_] | IntArray) -> PhotoSet:
        """The photos of these rows."""
        return PhotoSet(
            self.name,
            self.pictures[rows],
            {head: codes[rows] for head, codes in self.labels.items()},
            {head: marks[rows] for head, marks in self.marks.items()},
            self.groups[rows] if len(self.groups) else self.groups,
        )
