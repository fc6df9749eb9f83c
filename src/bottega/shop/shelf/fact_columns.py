"""Which columns of a shop's attributes say which fact: a text speaks of facts, and what a shopper did of columns.

A fact is found by its key and its value, or by what the lists of words know it as: a title's "navy" is the attribute
"Navy Blue". Facts of the title alone stand in no column, and are found where an attribute of other products says them.
Shapes   I items, A attribute columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from bottega.datasets.arrays import Features
from bottega.models.wording.facts import Fact
from bottega.models.wording.keys import NAMESPACES, key_of
from bottega.models.wording.known import concept_of
from bottega.names import FloatArray, IntArray

__all__ = ["FactColumns"]

_WITHOUT_WORDS = frozenset({"kind", "people"})
"""Keys of which only the very value is looked for: what is near it is another thing, or meant for others."""


@dataclass(frozen=True, slots=True, eq=False)
class FactColumns:
    """By `said` the columns of a key and a value or concept; `group_of` [A] numbers attributes, `shares` [A] is how
    many of the items that have a value of the attribute at all have this one."""

    names: tuple[str, ...]
    language: str
    said: Mapping[tuple[str, str], tuple[int, ...]]
    group_of: IntArray
    shares: FloatArray

    @classmethod
    def of(cls, features: Features, language: str) -> Self:
        """Of a shop whose listings are written in this language."""
        said: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        groups: dict[str, int] = {}
        group_of = np.zeros(len(features.attribute_names), np.int32)
        for column, name in enumerate(features.attribute_names):
            attribute, _, value = name.partition("=")
            group_of[column] = groups.setdefault(attribute, len(groups))
            key = "brand" if attribute == "brand" else key_of(attribute)
            if key is None:
                continue
            said[key, _folded(value)].append(column)
            concept = concept_of(value, NAMESPACES[key], language) if key in NAMESPACES else ""
            if concept and key not in _WITHOUT_WORDS:
                said[key, concept].append(column)
        counts = np.bincount(features.attributes.indices, minlength=len(group_of)).astype(np.float32)
        every = np.bincount(group_of, weights=counts, minlength=len(groups))
        shares = (counts / np.maximum(every[group_of], 1.0)).astype(np.float32)
        columns = {one: tuple(found) for one, found in said.items()}
        return cls(features.attribute_names, language, columns, group_of, shares)

    def columns(self, fact: Fact) -> list[int]:
        """The columns that say a fact, the very value first."""
        found = self.said.get((fact.key, _folded(fact.value)), ())
        if fact.concept and fact.key not in _WITHOUT_WORDS:
            found += self.said.get((fact.key, fact.concept), ())
        return list(dict.fromkeys(found))


def _folded(value: str) -> str:
    return " ".join(value.split()).casefold()
