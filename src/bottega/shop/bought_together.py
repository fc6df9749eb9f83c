"""Bought together: how many shoppers bought two products. Counted when asked, and again when much was bought since."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.datasets.load import histories_of
from bottega.names import ConsentRule, KindCode
from bottega.shop.floor import Floor
from bottega.shop.once import Once
from bottega.shop.shoppers.histories import RecentEvents
from bottega.store.runs import ModelRun
from bottega.store.store import Store

__all__ = ["BoughtTogether"]

MORE = 0.02
"""Counted again once more than this share of purchases came in since."""


@dataclass(frozen=True)
class _Counted:
    """`table`: shoppers by items, 1 where one bought the other; and what was known when it was counted."""

    table: sparse.csc_matrix
    run: ModelRun | None
    """Whose item codes these are."""
    purchases: int
    purchases_seen: int
    forgotten_seen: int


class BoughtTogether:
    """Who bought what, counted outside of every lock.

    Who asks while it is counted again gets the counts before; only where there are none is waited for them.
    """

    def __init__(self, store: Store, recent: RecentEvents, *, consent: ConsentRule) -> None:
        self._store = store
        self._recent = recent
        self._consent: ConsentRule = consent
        self._lock = threading.Lock()
        self._last: _Counted | None = None
        self._counting: Once[_Counted] | None = None

    def of(self, floor: Floor, product_ids: Sequence[str]) -> dict[str, int]:
        """Product id -> how many shoppers bought it as well as one of these products; those nobody did are left out."""
        table = self._current(floor).table
        known = [int(code) for code in floor.items.codes(list(product_ids)) if 0 <= code < table.shape[1]]
        if not known:
            return {}
        either = np.asarray(table[:, known].sum(axis=1)).ravel() > 0
        counts = np.asarray(table[either].sum(axis=0)).ravel()
        counts[known] = 0
        return {
            name: int(counts[item])
            for item in np.flatnonzero(counts).tolist()
            for name in floor.items.product_ids(item)
        }

    def _current(self, floor: Floor) -> _Counted:
        with self._lock:
            last = self._last if self._last is not None and self._last.run == floor.run else None
            if last is not None and not self._outdated(last):
                return last
            mine = self._counting is None
            counting = self._counting = self._counting or Once(lambda: self._count(floor))
        if last is not None and not mine:
            return last
        try:
            counted = counting()
        finally:
            if mine:
                with self._lock:
                    self._counting = None
        if mine:
            with self._lock:
                self._last = counted
        return counted if counted.run == floor.run else self._current(floor)

    def _outdated(self, counted: _Counted) -> bool:
        more = self._recent.purchases_seen - counted.purchases_seen
        return more > MORE * counted.purchases or self._recent.forgotten_seen != counted.forgotten_seen

    def _count(self, floor: Floor) -> _Counted:
        seen = self._recent.purchases_seen, self._recent.forgotten_seen
        frame = self._store.events.frame(self._consent, kinds=[KindCode.PURCHASE])
        histories, _, _ = histories_of(frame, floor.items)
        return _Counted(histories.matrix().tocsc(), floor.run, frame.height, *seen)
