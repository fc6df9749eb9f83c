"""What the network of `next_item` is fed: histories without stutter, padded batches, weights of attributes.

Shapes   B sequences, T positions, I items, A attribute columns.
"""

from __future__ import annotations

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from bottega.datasets.arrays import Features, Histories
from bottega.names import LongArray

__all__ = ["attribute_weights", "padded", "without_stutter"]


def attribute_weights(features: Features) -> sparse.csr_matrix:
    """[I, A]: each attribute of a product weighs one over their number."""
    rows = features.attributes.tocsr()
    counts = np.maximum(1, np.diff(rows.indptr))
    data = rows.data / np.repeat(counts, np.diff(rows.indptr))
    return sparse.csr_matrix((data.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)


def without_stutter(histories: Histories) -> Histories:
    """Repeats of the same item in a row become one event, the last of them (view, cart, purchase: the purchase)."""
    if histories.n_events < 2:
        return histories
    same = (histories.items[1:] == histories.items[:-1]) & (histories.shoppers[1:] == histories.shoppers[:-1])
    return histories.keep(np.concatenate([~same, [True]])) if same.any() else histories


def padded(items: Tensor, kinds: Tensor, spans: LongArray) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, their kinds and the items that came next [B, T], padding (-1 in the targets) at the end."""
    starts, ends = torch.from_numpy(spans[:, 0]), torch.from_numpy(spans[:, 1])
    step_T = torch.arange(int((ends - starts).max()) - 1)
    where_BT = starts[:, None] + step_T
    inside_BT = where_BT < ends[:, None] - 1
    where_BT = torch.minimum(where_BT, ends[:, None] - 2)
    return items[where_BT], kinds[where_BT], torch.where(inside_BT, items[where_BT + 1], -1)
