"""What products and nodes of the code tree are made of: fixed sparse mixes of rows of one learnt table.

The table holds a vector for each code of each level (shared by all products that have it), one for each prefix that
has siblings (what is special about it there), and one for each attribute. So a product that is new is a mix of rows
learnt from others, and needs none of its own.

Shapes   I items, M items or nodes, L semantic levels, G = L + 1, K codes a level, A attributes, V rows of the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.recommend.semantic.trie import Trie
from bottega.names import IntArray, LongArray

__all__ = ["Mixer", "Siblings"]


@dataclass(frozen=True, slots=True)
class Siblings:
    """What is to be chosen at one level: the nodes that have siblings, those of one parent side by side.

    `nodes` [M] in the level; `rows`: their mix [M, V]; `starts` [U + 1]: the children of each of U parents among
    `nodes`; `group` [M]: the parent of each; `place` [N]: where in `nodes` a node is, -1 without siblings;
    `of_item` [I]: the same for each item's node.
    """

    nodes: Tensor
    rows: SparseRows
    starts: Tensor
    group: Tensor
    place: Tensor
    of_item: Tensor

    def to(self, device: torch.device) -> Siblings:
        """The same on another device."""
        parts = (part.to(device) for part in (self.starts, self.group, self.place, self.of_item))
        return Siblings(self.nodes.to(device), self.rows.to(device), *parts)


class Mixer:
    """Mixes over a tree. `attributes` [I, A]: weights of each item's attributes; `prefixes`: rows of the prefixes."""

    def __init__(self, trie: Trie, attributes: sparse.csr_matrix, *, codes: int, prefix_vectors: bool) -> None:
        self.trie, self.attributes, self.codes = trie, attributes, codes
        n_levels = len(trie.levels) - 1
        self.row_of_prefix: list[LongArray] = []
        first = n_levels * codes
        for number, level in enumerate(trie.levels):
            # In the first level a code is a prefix already.
            own = (level.siblings > 1) & prefix_vectors & (number > 0)
            self.row_of_prefix.append(np.where(own, first + np.cumsum(own) - 1, -1))
            first += int(own.sum())
        self.prefixes = slice(n_levels * codes, first)
        self.n_rows = first + int(attributes.shape[1])

    def items(self, codes_ML: IntArray, nodes_MG: LongArray, attributes: sparse.csr_matrix) -> sparse.csr_matrix:
        """Mixes [M, V] of items: all their codes, the prefixes they share with the tree (-1: none), attributes."""
        rows = self._attributes(attributes)
        for level in range(nodes_MG.shape[1]):
            if level < codes_ML.shape[1]:
                rows = rows + self._picked(level * self.codes + codes_ML[:, level].astype(np.int64))
            nodes = nodes_MG[:, level]
            rows = rows + self._picked(np.where(nodes >= 0, self.row_of_prefix[level][nodes], -1))
        return sparse.csr_matrix(rows, dtype=np.float32)

    def nodes(self, number: int) -> sparse.csr_matrix:
        """Mixes [N, V] of all nodes of a level: code, prefix, and behind the first level the mean of the attributes."""
        level = self.trie.levels[number]
        rows = self._picked(self.row_of_prefix[number])
        if number < len(self.trie.levels) - 1:
            rows = rows + self._picked(number * self.codes + level.code)
        if number:
            share = 1.0 / np.bincount(level.node_of, minlength=len(level))
            places = (share[level.node_of], (level.node_of, np.arange(len(level.node_of))))
            below = sparse.csr_matrix(places, shape=(len(level), len(level.node_of)))
            rows = rows + self._attributes(sparse.csr_matrix(below @ self.attributes))
        return sparse.csr_matrix(rows, dtype=np.float32)

    def branches(self, codes_ML: IntArray, number: int, attributes: sparse.csr_matrix) -> sparse.csr_matrix:
        """Mixes [M, V] of new items as nodes of the level where they leave the tree."""
        rows = self._attributes(attributes)
        if number < codes_ML.shape[1]:
            rows = rows + self._picked(number * self.codes + codes_ML[:, number].astype(np.int64))
        return sparse.csr_matrix(rows, dtype=np.float32)

    def choice(self, number: int) -> Siblings:
        """What is to be chosen at a level."""
        level = self.trie.levels[number]
        nodes = np.flatnonzero(level.siblings > 1)
        parents, group = np.unique(level.parent[nodes], return_inverse=True)
        place = np.full(len(level), -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        starts = np.searchsorted(group, np.arange(len(parents) + 1)).astype(np.int64)
        tensors = (
            torch.from_numpy(each.astype(np.int64)) for each in (nodes, starts, group, place, place[level.node_of])
        )
        first, *others = tensors
        return Siblings(first, SparseRows(self.nodes(number)[nodes]), *others)

    def _attributes(self, attributes: sparse.csr_matrix) -> sparse.csr_matrix:
        """Weights [M, A] moved to the end of the table [M, V]."""
        offset = self.n_rows - attributes.shape[1]
        shape = (attributes.shape[0], self.n_rows)
        return sparse.csr_matrix((attributes.data, attributes.indices + offset, attributes.indptr), shape=shape)

    def _picked(self, rows_M: LongArray) -> sparse.csr_matrix:
        """One row of the table each [M, V], none where it is -1."""
        offsets = np.concatenate([[0], np.cumsum(rows_M >= 0)])
        columns = rows_M[rows_M >= 0]
        return sparse.csr_matrix(
            (np.ones(len(columns), dtype=np.float32), columns, offsets), shape=(len(rows_M), self.n_rows)
        )
