"""Material: data sets of several verticals, brought to one table of photo sets and class names for the trunk.

Idea     One name for one thing in all verticals: jeans are the type "Jeans" in a catalogue, on the street and drawn.
         A set says only what it knows; what it does not know costs it nothing in training.
Source   Bell et al. 2020, "GrokNet", section 4.1 (data sets of several verticals, unified).
Shapes   N photos, P pixels a side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.vision.eye.tasks import PhotoSet
from bottega.names import FloatArray, IntArray

__all__ = ["PHOTO_KINDS", "Known", "Material", "gather", "implied"]

PHOTO_KINDS = ("product", "worn", "none")
"""A product by itself or on a model, a person in the street, or nothing for sale."""

HIERARCHY = (("type", "subcategory"), ("subcategory", "category"))
"""Fine head and the broad one it implies."""


@dataclass(frozen=True, slots=True)
class Known:
    """One data set: photos and what is known of them, by name.

    `photos` uint8 [N, P, P, 3]. `labels`: head -> label of each photo, "" where unknown. `marks`: head -> names that
    are true of each photo. `groups` [N]: product line, or None where there are no lines. `mask` bool [N, P, P]: where
    the product is; None where that is not known.
    """

    name: str
    photos: NDArray[np.uint8]
    photo_kind: str
    labels: Mapping[str, Sequence[str]]
    marks: Mapping[str, Sequence[frozenset[str]]]
    groups: IntArray | None = None
    mask: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Photo sets in one code space: `heads` names the classes (or marks) of each head."""

    sets: tuple[PhotoSet, ...]
    heads: Mapping[str, tuple[str, ...]]
    implies: Mapping[str, FloatArray]
    """ "fine>broad" -> [C of fine, C of broad]."""

    @property
    def sizes(self) -> dict[str, int]:
        """Classes or marks a head."""
        return {head: len(names) for head, names in self.heads.items()}


def gather(data: Sequence[Known], *, marks: Mapping[str, Sequence[str]] | None = None) -> Material:
    """All data sets in one code space. Classes are those that occur; `marks` names those of a many-of head."""
    marks = marks or {}
    heads: dict[str, tuple[str, ...]] = {}
    for head in dict.fromkeys(head for one in data for head in one.labels):
        found = {label for one in data for label in one.labels.get(head, ()) if label}
        heads[head] = tuple(sorted(found))
    heads = {head: names for head, names in heads.items() if len(names) > 1}
    heads["photo_kind"] = PHOTO_KINDS
    heads |= {head: tuple(names) for head, names in marks.items() if names}
    sets = tuple(_encoded(one, heads, marks) for one in data)
    return Material(sets, heads, implied(sets, heads))


def _encoded(one: Known, heads: Mapping[str, tuple[str, ...]], marks: Mapping[str, Sequence[str]]) -> PhotoSet:
    labels = {}
    for head, row in (one.labels | {"photo_kind": [one.photo_kind] * len(one.photos)}).items():  # type: ignore[operator]
        if head in heads:
            code = {name: i for i, name in enumerate(heads[head])}
            labels[head] = np.array([code.get(label, -1) for label in row], dtype=np.int32)
    marked = {head: _marks(rows, marks[head]) for head, rows in one.marks.items() if marks.get(head)}
    groups = np.zeros(0, dtype=np.int32)
    if one.groups is not None:
        groups = np.unique(one.groups, return_inverse=True)[1].astype(np.int32)
    opaque = np.full(one.photos.shape[:3], 255, dtype=np.uint8)
    alpha = opaque if one.mask is None else one.mask.astype(np.uint8) * 255
    return PhotoSet(one.name, np.concatenate([one.photos, alpha[..., None]], axis=3), labels, marked, groups)


def _marks(rows: Sequence[frozenset[str]], names: Sequence[str]) -> FloatArray:
    column = {name: i for i, name in enumerate(names)}
    made = np.zeros((len(rows), len(names)), dtype=np.float32)
    for i, row in enumerate(rows):
        made[i, [column[name] for name in row if name in column]] = 1.0
    return made


def implied(sets: Sequence[PhotoSet], heads: Mapping[str, tuple[str, ...]]) -> dict[str, FloatArray]:
    """Of each fine class, how its photos spread over the broad classes; rows sum to 1, even where nothing is known."""
    tables = {}
    for fine, broad in HIERARCHY:
        if fine not in heads or broad not in heads:
            continue
        counts = np.full((len(heads[fine]), len(heads[broad])), 1e-3, dtype=np.float32)
        for one in sets:
            if fine in one.labels and broad in one.labels:
                known = (one.labels[fine] >= 0) & (one.labels[broad] >= 0)
                np.add.at(counts, (one.labels[fine][known], one.labels[broad][known]), 1)
        tables[f"{fine}>{broad}"] = (counts / counts.sum(1, keepdims=True)).astype(np.float32)
    return tables
