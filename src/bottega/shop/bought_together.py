"""Bought together: how many shoppers bought two products, counted once for as long as a floor stands."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from scipy import sparse

from bottega.datasets.load import histories_of
from bottega.names import KindCode
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop

__all__ = ["bought_with"]

_LOCK = threading.Lock()
_KEPT: WeakKeyDictionary[Floor, sparse.csc_matrix] = WeakKeyDictionary()
"""Shoppers by items, 1 where one bought the other."""


def bought_with(shop: OpenShop, floor: Floor, product_ids: Sequence[str]) -> dict[str, int]:
    """Product id -> how many shoppers bought it as well as one of these products; products nobody did are left out."""
    codes = floor.live.items.codes(list(product_ids))
    with _LOCK:
        table = _KEPT.get(floor)
        if table is None:
            frame = shop.folder.store.events.frame(shop.settings.personalisation_consent)
            histories, _, _ = histories_of(frame, floor.live.items)
            bought = histories.keep(histories.kinds == KindCode.PURCHASE)
            table = _KEPT[floor] = bought.matrix().tocsc()
    known = [int(code) for code in codes if 0 <= code < table.shape[1]]
    if not known:
        return {}
    either = np.asarray(table[:, known].sum(axis=1)).ravel() > 0
    counts = np.asarray(table[either].sum(axis=0)).ravel()
    counts[known] = 0
    return {
        name: int(counts[item]) for item in np.flatnonzero(counts).tolist() for name in floor.live.items.products[item]
    }
