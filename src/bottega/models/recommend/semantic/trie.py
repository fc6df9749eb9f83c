"""The tree of the codes that products have, so that only real products can be decoded.

A node is a prefix of codes. The last level has one node a product, because products with the same codes are told apart
by one more code, a count. Nodes of a level are sorted by parent, so siblings stand together.

Shapes   I items, L semantic levels, G = L + 1 levels of the tree, N nodes of a level, P nodes of the level above,
         M new items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.names import IntArray, LongArray

__all__ = ["Level", "Trie"]


@dataclass(frozen=True, slots=True)
class Level:
    """`parent` [N]: node in the level above, 0 (the root) in the first; `code` [N], in the last level a count;
    `starts` [P + 1]: node p above owns nodes starts[p] to starts[p + 1]; `node_of` [I]: the node of each item."""

    parent: LongArray
    code: LongArray
    starts: LongArray
    node_of: LongArray

    def __len__(self) -> int:
        return len(self.parent)

    @property
    def siblings(self) -> LongArray:
        """Children of each node's parent [N], itself included."""
        counts: LongArray = np.diff(self.starts)[self.parent]
        return counts


@dataclass(frozen=True, slots=True)
class Trie:
    """`levels` [G] from the first code to the item."""

    levels: tuple[Level, ...]

    @classmethod
    def of(cls, codes_IL: IntArray) -> Trie:
        """The tree of these items' codes; of items with the same codes the first gets count 0."""
        n_items, n_levels = codes_IL.shape
        above, n_above = np.zeros(n_items, dtype=np.int64), 1
        levels = []
        for level in range(n_levels + 1):
            code = codes_IL[:, level].astype(np.int64) if level < n_levels else np.arange(n_items)
            pairs, node_of = np.unique(np.stack([above, code]), axis=1, return_inverse=True)
            starts = np.searchsorted(pairs[0], np.arange(n_above + 1)).astype(np.int64)
            codes = pairs[1] if level < n_levels else np.arange(n_items) - starts[pairs[0]]
            above, n_above = node_of.reshape(-1).astype(np.int64), pairs.shape[1]
            levels.append(Level(pairs[0], codes, starts, above))
        return cls(tuple(levels))

    def nodes(self) -> LongArray:
        """The node of each item in every level [I, G]."""
        return np.stack([level.node_of for level in self.levels], axis=1)

    def tuples(self) -> IntArray:
        """The whole id of each item [I, G], no two alike."""
        return np.stack([level.code[level.node_of] for level in self.levels], axis=1).astype(np.int32)

    def descend(self, codes_ML: IntArray) -> LongArray:
        """The nodes [M, G] that new codes share with this tree; -1 from where they leave it."""
        nodes = np.full((len(codes_ML), len(self.levels)), -1, dtype=np.int64)
        above = np.zeros(len(codes_ML), dtype=np.int64)
        for number, level in enumerate(self.levels[:-1]):
            width = int(max(level.code.max(initial=0), codes_ML[:, number].max(initial=0))) + 1
            keys, wanted = level.parent * width + level.code, above * width + codes_ML[:, number]
            place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            above = np.where((above >= 0) & (keys[place] == wanted), place, -1)
            nodes[:, number] = above
        return nodes
