"""What sequence models are fed: histories without stutter, padded batches.

Shapes   N events in all, B sequences, T positions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from bottega.datasets.arrays import Histories, learnt_kinds
from bottega.models.recommend.sequence.gaps import gap_codes
from bottega.names import LongArray

__all__ = ["Batch", "Events", "padded", "without_stutter"]


class Events(NamedTuple):
    """Events as tensors [N], or [B, T] of a batch: item codes, `KindCode` values, codes of the time since the last."""

    items: Tensor
    kinds: Tensor
    gaps: Tensor

    @classmethod
    def of(cls, histories: Histories) -> Events:
        """All events [N] of some histories; the first of each has no event before it."""
        gaps_ms = np.diff(histories.times, prepend=0)
        gaps_ms[histories.offsets[:-1][histories.lengths > 0]] = 0
        parts = (histories.items, learnt_kinds(histories.kinds), gap_codes(gaps_ms))
        return cls(*(torch.from_numpy(part.astype(np.int64)) for part in parts))

    def to(self, device: torch.device) -> Events:
        """The same on another device."""
        return Events(*(part.to(device) for part in self))

    def at(self, where: Tensor) -> Events:
        """The events at these positions."""
        return Events(*(part[where] for part in self))


class Batch(NamedTuple):
    """`events` [B, T], and the item that came after each of them in `targets` [B, T], -1 for padding at the end."""

    events: Events
    targets: Tensor


def without_stutter(histories: Histories) -> Histories:
    """Repeats of the same item in a row become one event, the last of them (view, cart, purchase: the purchase)."""
    if histories.n_events < 2:
        return histories
    same = (histories.items[1:] == histories.items[:-1]) & (histories.shoppers[1:] == histories.shoppers[:-1])
    return histories.keep(np.concatenate([~same, [True]])) if same.any() else histories


def padded(events: Events, spans: LongArray) -> Batch:
    """Batch of the stretches [B, 2] (start and end among all events), each less its last event, which is a target."""
    starts, ends = torch.from_numpy(spans).to(events.items.device).unbind(1)
    step_T = torch.arange(int((spans[:, 1] - spans[:, 0]).max()) - 1, device=starts.device)
    where_BT = starts[:, None] + step_T
    inside_BT = where_BT < ends[:, None] - 1
    where_BT = torch.minimum(where_BT, ends[:, None] - 2)
    return Batch(events.at(where_BT), torch.where(inside_BT, events.items[where_BT + 1], -1))
