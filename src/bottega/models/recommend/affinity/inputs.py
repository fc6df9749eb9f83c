"""What the network of `affinity` is fed: products as rows of values, what came next, batches of like length.

Shapes   N events in all, S stretches of them, B stretches of a batch, T the longest, I items, V values, H heads.
"""

from __future__ import annotations

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from bottega.datasets.arrays import Histories, learnt_kinds
from bottega.models.recommend.affinity.network import ValueEvents
from bottega.models.recommend.sequence.gaps import gap_codes
from bottega.names import KindCode, LongArray

__all__ = ["EventRows", "next_items"]


def next_items(histories: Histories) -> LongArray:
    """What came after each event [H, N]: the item of the next event, and of the next purchase; -1 where none did.

    Every event is a look at a product, so the next event is the next view whatever its kind.

    >>> rows = Histories.from_lists([[4, 5, 6]], n_items=7, kinds=[[1, 6, 1]])
    >>> next_items(rows).tolist()
    [[5, 6, -1], [5, -1, -1]]
    """
    n = histories.n_events
    position, end = np.arange(n), np.repeat(histories.offsets[1:], histories.lengths)
    bought = np.append(np.flatnonzero(histories.kinds == KindCode.PURCHASE), n)
    following = bought[np.searchsorted(bought, position, side="right").clip(max=len(bought) - 1)]
    items = np.append(histories.items, -1).astype(np.int64)
    return np.stack([np.where(after < end, items[np.minimum(after, n)], -1) for after in (position + 1, following)])


class EventRows:
    """The events of some histories, ready to be cut into batches; `values` [I, V] says what products are."""

    def __init__(self, histories: Histories, values: sparse.csr_matrix) -> None:
        self._items, self._kinds, self._values = histories.items, learnt_kinds(histories.kinds).astype(np.int64), values
        gaps_ms = np.diff(histories.times, prepend=0)
        gaps_ms[histories.offsets[:-1][histories.lengths > 0]] = 0
        self._gaps = gap_codes(gaps_ms)

    def batch(self, spans: LongArray) -> tuple[ValueEvents, LongArray]:
        """The stretches from `spans[:, 0]` to `spans[:, 1]`, and where each position of the batch came from [B, T],
        -1 for padding."""
        where_BT = spans[:, :1] + np.arange(int((spans[:, 1] - spans[:, 0]).max(initial=1)))
        inside_BT = where_BT < spans[:, 1:]
        safe_BT = np.where(inside_BT, where_BT, 0)
        values = dense_rows(self._values, np.where(inside_BT, self._items[safe_BT], -1).ravel())
        events = ValueEvents(
            values.view(*where_BT.shape, -1),
            torch.from_numpy(self._kinds[safe_BT]),
            torch.from_numpy(self._gaps[safe_BT]),
        )
        return events, np.where(inside_BT, where_BT, -1)


def dense_rows(values: sparse.csr_matrix, items: LongArray) -> Tensor:
    """Rows [N, V] of some items; nothing for -1."""
    rows = torch.zeros(len(items), values.shape[1])
    known = np.flatnonzero(items >= 0)
    rows[torch.from_numpy(known)] = torch.from_numpy(values[items[known]].toarray())
    return rows
