"""Forget: everything the shop remembers of one shopper is deleted, and the next training never sees it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from bottega.actions.shoppers.export_shopper import unknown
from bottega.actions.shoppers.shapes import ForgetAnswer, ShopperRequest
from bottega.shop.closet_photos import discard
from bottega.shop.open_shop import OpenShop

__all__ = ["forget"]


def forget(shop: OpenShop, request: ShopperRequest) -> ForgetAnswer:
    """Delete the profile that a name belongs to: a shopper id, an anonymous id or a session. Safe to repeat.

    Reaches the store, kept photos, the lists of rejected rows, this shop at once and other servers that run at their
    next `refresh`. Raises `ShopperUnknown`. Importing an old file again would bring its events back.
    """
    folder = shop.folder
    found = folder.store.shoppers.forget(request.shopper)
    if found is None:
        raise unknown(request.shopper)
    discard(folder, (row["photo"] for row in found.tables.get("closet_items", [])))
    run = folder.store.runs.latest("recommend")
    rejected_rows = _strike(folder.rejects.glob("*.csv"), found.ids)
    shop.refresh()
    return ForgetAnswer(
        shopper=found.shopper,
        rows={table: len(rows) for table, rows in found.tables.items()},
        names=sum(len(group) for group in found.names.values()),
        rejected_rows=rejected_rows,
        model=run.version if run else None,
    )


def _strike(files: Iterable[Path], ids: set[str]) -> int:
    """Take the rows that hold one of these ids out of CSV files; returns how many."""
    struck = 0
    for path in files:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.reader(stream))
        kept = [row for row in rows if ids.isdisjoint(row)]
        if len(kept) < len(rows):
            struck += len(rows) - len(kept)
            fresh = path.with_suffix(".new")
            with fresh.open("w", newline="", encoding="utf-8") as stream:
                csv.writer(stream).writerows(kept)
            fresh.replace(path)
    return struck
