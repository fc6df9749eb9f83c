"""How many shoppers chose each item: the count that a reason "popular" states.

Shapes   I items.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bottega.datasets.arrays import Histories
from bottega.names import IntArray
from bottega.saved import ModelFile

__all__ = ["count_shoppers", "load_counts", "save_counts"]


def count_shoppers(histories: Histories) -> IntArray:
    """Shoppers with at least one event on each item [I]; each shopper counts once.

    >>> count_shoppers(Histories.from_lists([[0, 1, 0], [1]], n_items=3)).tolist()
    [1, 2, 0]
    """
    n_items = max(histories.n_items, 1)
    pairs = np.unique(histories.shoppers * n_items + histories.items)
    return np.bincount(pairs % n_items, minlength=histories.n_items).astype(np.int32)


def save_counts(counts: IntArray, path: Path) -> None:
    """Write as JSON."""
    path.write_text(json.dumps(counts.tolist()))


def load_counts(path: Path) -> IntArray:
    """Read what `save_counts` wrote; raises `ModelFileBroken`."""
    with ModelFile(path):
        return np.array(json.loads(path.read_text()), dtype=np.int32)
