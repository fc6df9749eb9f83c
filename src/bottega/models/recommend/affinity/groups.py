"""Which product attributes an affinity is about: a few groups of values, chosen from what the catalogue says.

Idea     A group is one attribute ("color") with its values; bare codes without a name form the group "attribute", and
         prices are cut into bands. A group is worth keeping when most products have it and it runs through a shopper's
         events: what one product has tells what the next one will have.
Source   Mutual information with the first-order correction of its bias: Miller 1955, "Note on the bias of information
         estimates".
Shapes   G groups, V values of all groups, A attribute columns, I items, N events.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.blocks.arrays_io import Saved
from bottega.names import FloatArray, IntArray

__all__ = ["PRICE", "AttributeGroups"]

PRICE = "price"
"""The group of price bands; a catalogue attribute of this name gives way to it."""
_UNNAMED = "attribute"
_BANDS = 5


@dataclass(frozen=True)
class AttributeGroups:
    """The groups: `names` [G], `values` [V] readable, `columns` [V] of `Features.attributes` (-1 for a price band),
    `offsets` [G + 1] where each group's values begin, `edges`: prices between the bands."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    columns: IntArray
    offsets: IntArray
    edges: FloatArray

    @classmethod
    def choose(cls, histories: Histories, features: Features, *, most: int, most_values: int) -> Self:
        """At most `most` groups of two values or more, each of the `most_values` values that most products have.

        A group's worth is the share of products that have it, times the bits it tells; before there are events, the
        share alone. Attributes that the merchant named (`Features.taste_attributes`) are chosen in that order instead.
        """
        edges = _edges(features.prices)
        candidates = _candidates(features, edges, most_values)
        if named := [name for name in features.taste_attributes if name in candidates]:
            return cls._made({name: candidates[name] for name in named[:most]}, features, edges)
        one = {
            name: cls._made({name: columns}, features, edges).matrix(features) for name, columns in candidates.items()
        }
        reach = {name: float((np.diff(rows.indptr) > 0).mean()) for name, rows in one.items()}
        worth = {name: (reach[name] * _worth(rows, histories), reach[name]) for name, rows in one.items()}
        kept = sorted(sorted(candidates), key=lambda name: worth[name], reverse=True)[:most]
        return cls._made({name: candidates[name] for name in kept}, features, edges)

    @classmethod
    def every(cls, features: Features, *, most_values: int = 1000) -> Self:
        """Every group of two values or more."""
        edges = _edges(features.prices)
        return cls._made(_candidates(features, edges, most_values), features, edges)

    @classmethod
    def _made(cls, chosen: dict[str, IntArray], features: Features, edges: FloatArray) -> Self:
        values: list[str] = []
        for columns in chosen.values():
            bands = iter(_band_names(edges))
            for column in columns.tolist():
                values.append(next(bands) if column < 0 else features.attribute_names[column].partition("=")[2])
                values[-1] = values[-1] or features.attribute_names[column]
        lengths = [len(columns) for columns in chosen.values()]
        return cls(
            names=tuple(chosen),
            values=tuple(values),
            columns=np.concatenate([np.zeros(0, dtype=np.int32), *chosen.values()]).astype(np.int32),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
            edges=edges,
        )

    @property
    def group_of(self) -> IntArray:
        """The group of each value [V]."""
        return np.repeat(np.arange(len(self.names), dtype=np.int32), np.diff(self.offsets))

    def span(self, group: str) -> slice:
        """Where the values of a group stand among all [V]."""
        index = self.names.index(group)
        return slice(int(self.offsets[index]), int(self.offsets[index + 1]))

    def word(self, place: int) -> str:
        """A value as it reads alone: the last level of a category, "price 20 to 50"."""
        value = self.values[place].split(" > ")[-1]
        return f"{PRICE} {value}" if self.columns[place] < 0 else value

    def place(self, group: str, value: str) -> int | None:
        """Where a value stands among all [V], whatever its case; the last level of a category will do."""
        if group not in self.names:
            return None
        span = self.span(group)
        known = [name.casefold() for name in self.values[span]]
        last = [name.split(" > ")[-1] for name in known]
        for names in (known, last):
            if value.casefold() in names:
                return int(span.start) + names.index(value.casefold())
        return None

    def matrix(self, features: Features) -> sparse.csr_matrix:
        """[I, V], float32: 1 where an item has a value."""
        parts = []
        by_column = features.attributes.tocsc()
        for name in self.names:
            columns = self.columns[self.span(name)]
            parts.append(_bands(features.prices, self.edges) if columns[0] < 0 else by_column[:, columns])
        if not parts:
            return sparse.csr_matrix(np.zeros((features.n_items, 0), dtype=np.float32))
        return sparse.csr_matrix(sparse.hstack(parts, format="csr", dtype=np.float32))

    def arrays(self) -> dict[str, np.ndarray]:
        """What `of` reads again."""
        return {
            "group_names": np.array(self.names, dtype=np.str_),
            "group_values": np.array(self.values, dtype=np.str_),
            "group_columns": self.columns,
            "group_offsets": self.offsets,
            "group_edges": self.edges,
        }

    @classmethod
    def of(cls, saved: Saved) -> Self:
        """From the arrays of a saved model; `ModelFileBroken` when one is missing."""
        return cls(
            tuple(saved.array("group_names").tolist()),
            tuple(saved.array("group_values").tolist()),
            saved.array("group_columns"),
            saved.array("group_offsets"),
            saved.array("group_edges"),
        )


def _candidates(features: Features, edges: FloatArray, most_values: int) -> dict[str, IntArray]:
    """The columns of each group of two values or more, the commonest `most_values`; -1 for price bands."""
    carriers = np.bincount(features.attributes.indices, minlength=len(features.attribute_names))
    found: dict[str, list[int]] = {}
    for column, name in enumerate(features.attribute_names):
        if carriers[column]:
            found.setdefault(name.partition("=")[0] if "=" in name else _UNNAMED, []).append(column)
    candidates = {
        name: np.sort(sorted(columns, key=lambda column: -carriers[column])[:most_values]).astype(np.int32)
        for name, columns in found.items()
        if len(columns) > 1 and (name != PRICE or not len(edges))
    }
    if len(edges):
        candidates[PRICE] = np.full(len(edges) + 1, -1, dtype=np.int32)
    return candidates


def _worth(rows: sparse.csr_matrix, histories: Histories) -> float:
    """Bits that the values [I, V] of one product tell of those of the next one a shopper takes, counting products
    without a value as telling nothing."""
    inside = histories.shoppers[1:] == histories.shoppers[:-1]
    pairs = inside & (histories.items[1:] != histories.items[:-1])
    counts = np.maximum(np.diff(rows.indptr), 1)
    shares = sparse.csr_matrix(
        (rows.data / np.repeat(counts, np.diff(rows.indptr)), rows.indices, rows.indptr), rows.shape
    )
    first, second = shares[histories.items[:-1][pairs]], shares[histories.items[1:][pairs]]
    joint = sparse.coo_matrix(first.T @ second)
    total = joint.data.sum()
    if not total:
        return 0.0
    before, after = np.asarray(joint.sum(axis=1)).ravel(), np.asarray(joint.sum(axis=0)).ravel()
    bits = float((joint.data * np.log2(joint.data * total / (before[joint.row] * after[joint.col]))).sum() / total)
    bias = (joint.nnz - (before > 0).sum() - (after > 0).sum() + 1) / (2 * np.log(2) * total)
    return max(bits - float(bias), 0.0) * float(total) / max(int(pairs.sum()), 1)


def _edges(prices: FloatArray) -> FloatArray:
    """Prices between the bands, two digits each; none where few products have a price or all have the same."""
    known = prices[np.isfinite(prices) & (prices > 0)]
    if len(known) < max(0.5 * len(prices), _BANDS):
        return np.zeros(0, dtype=np.float32)
    cuts = np.quantile(known, np.arange(1, _BANDS) / _BANDS)
    round_to = 10.0 ** (np.floor(np.log10(cuts)) - 1)
    edges: FloatArray = np.unique(np.round(cuts / round_to) * round_to).astype(np.float32)
    inside: FloatArray = edges[(edges > known.min()) & (edges <= known.max())]
    return inside


def _band_names(edges: FloatArray) -> list[str]:
    """As in "under 20", "20 to 50", "from 50"."""
    if not len(edges):
        return []
    words = [f"{edge:g}" for edge in edges.tolist()]
    between = [f"{low} to {high}" for low, high in pairwise(words)]
    return [f"under {words[0]}", *between, f"from {words[-1]}"]


def _bands(prices: FloatArray, edges: FloatArray) -> sparse.csr_matrix:
    known = np.flatnonzero(np.isfinite(prices))
    band = np.searchsorted(edges, prices[known], side="right")
    ones = np.ones(len(known), dtype=np.float32)
    return sparse.csr_matrix((ones, (known, band)), shape=(len(prices), len(edges) + 1))
