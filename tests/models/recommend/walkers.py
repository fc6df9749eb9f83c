"""The puzzle that every model of order has to solve: shoppers who walk round a circle of items."""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Histories

N_ITEMS = 24


def walkers(shoppers: int = 240, seed: int = 0) -> Histories:
    """Everyone walks round the circle of items, one step at a time, from anywhere."""
    rng = np.random.default_rng(seed)
    starts, lengths = rng.integers(0, N_ITEMS, shoppers), rng.integers(3, 9, shoppers)
    rows = [[(start + step) % N_ITEMS for step in range(length)] for start, length in zip(starts, lengths, strict=True)]
    return Histories.from_lists(rows, n_items=N_ITEMS)
