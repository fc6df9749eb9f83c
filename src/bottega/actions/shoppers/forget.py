"""Forget: everything the shop remembers of one shopper is deleted, and the next training never sees it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bottega.actions.shoppers.export_shopper import unknown
from bottega.shop.closet_photos import discard
from bottega.shop.folder import ShopFolder

__all__ = ["Forgotten", "forget"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted. `rows`: table -> rows. `names`: anonymous ids and sessions. `model`: the version of the model
    still in use that learnt from these events, None without one. Models hold no ids; the next training learns without.
    """

    shopper: str
    rows: dict[str, int]
    names: int
    rejected_rows: int
    model: str | None


def forget(shop: ShopFolder, name: str) -> Forgotten:
    """Delete the profile that `name` belongs to: a shopper id, an anonymous id or a session. Safe to repeat.

    Reaches the store, kept photos, the lists of rejected rows, and servers that run (at their next `refresh`). Raises
    `ShopperUnknown`. Importing an old file again would bring its events back.
    """
    found = shop.store.shoppers.forget(name)
    if found is None:
        raise unknown(name)
    discard(shop, (row["photo"] for row in found.tables.get("closet_items", [])))
    run = shop.store.runs.latest("recommend")
    return Forgotten(
        shopper=found.shopper,
        rows={table: len(rows) for table, rows in found.tables.items()},
        names=sum(len(group) for group in found.names.values()),
        rejected_rows=_strike(shop.rejects.glob("*.csv"), found.ids),
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
