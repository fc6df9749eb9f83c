"""Packed recommenders as one set of named arrays and a tree that says whose they are, and back.

An array that two members have alike is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.models.recommend.base import Packed

__all__ = ["from_arrays", "to_arrays"]

Array = NDArray[Any]


def to_arrays(packed: Mapping[str, Packed]) -> tuple[dict[str, Array], list[str], dict[str, Any]]:
    """All arrays by name, which of them grow, and the tree as plain JSON."""
    arrays: dict[str, Array] = {}
    grows: list[str] = []

    def put(path: str, name: str, array: Array) -> str:
        for other, known in arrays.items():
            if other.rpartition("~")[2] == name and known.dtype == array.dtype and np.array_equal(known, array):
                return other
        arrays[f"{path}~{name}"] = array
        return f"{path}~{name}"

    def tree_of(path: str, one: Packed) -> dict[str, Any]:
        files = {name: put(path, name, array) for name, array in one.arrays.items()}
        grows.extend(file for name, file in files.items() if name in one.grows and file not in grows)
        return {
            "kind": one.kind,
            "serves": sorted(one.serves),
            "logits": one.logits,
            "settings": dict(one.settings),
            "grows": list(one.grows),
            "arrays": files,
            "members": [
                [label, tree_of(f"{path}.{place}", member)] for place, (label, member) in enumerate(one.members.items())
            ],
        }

    tree = {name: tree_of(str(place), one) for place, (name, one) in enumerate(packed.items())}
    return arrays, grows, tree


def from_arrays(arrays: Mapping[str, Array], roomy: Mapping[str, Array], tree: Mapping[str, Any]) -> dict[str, Packed]:
    """What `to_arrays` laid out; `roomy` are arrays that grow, with their spare rows."""

    def packed(node: Mapping[str, Any]) -> Packed:
        files = node["arrays"]
        return Packed(
            node["kind"],
            frozenset(node["serves"]),
            bool(node["logits"]),
            {name: np.asarray(arrays[file]) for name, file in files.items()},
            node["settings"],
            tuple(node["grows"]),
            {label: packed(member) for label, member in node["members"]},
            {name: np.asarray(roomy[file]) for name, file in files.items() if file in roomy},
        )

    return {name: packed(node) for name, node in tree.items()}
