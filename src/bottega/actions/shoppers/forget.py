"""Forget: everything the shop remembers of one shopper is deleted, and the next training never sees it."""

from __future__ import annotations

import csv
import io
import re

from bottega.actions.search.learning import work_out_meanings
from bottega.actions.shoppers.export_shopper import unknown
from bottega.actions.shoppers.shapes import ForgetAnswer, ShopperRequest
from bottega.placeholders import names_nobody
from bottega.shop.files import Files, FolderFiles
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.closet_photos import discard
from bottega.shop.pictures.shopper_files import CLOSET_PICTURES, DESIGNS, SHARES
from bottega.shop.recounted import withdraw_recounted

__all__ = ["forget"]


def forget(shop: OpenShop, request: ShopperRequest) -> ForgetAnswer:
    """Delete the profile that a name belongs to: a shopper id, an anonymous id or a session. Safe to repeat.

    Reaches the store, kept photos and pictures, those of designs and shares, the lists of rejected rows, every
    process of this machine at once and servers on others at their next `refresh`. Raises `ShopperUnknown`. Importing an
    old file again would bring its events back.
    """
    folder = shop.folder
    found = folder.store.shoppers.forget(request.shopper)
    if found is None:
        return _rows_alone(shop, request.shopper)
    discard(folder, (row["photo"] for row in found.tables.get("closet_items", [])))
    for files in (DESIGNS, CLOSET_PICTURES, SHARES):
        files.discard(folder, (row["file"] for row in found.tables.get(files.name, [])))
    run = folder.store.runs.latest("recommend")
    rejected_rows = _strike(folder, found.ids | found.addresses)
    shop.forgot()
    if found.tables.get("reviews"):
        withdraw_recounted(shop)
    if found.tables.get("word_votes"):
        work_out_meanings(shop)
    return ForgetAnswer(
        shopper=found.shopper,
        rows={table: len(rows) for table, rows in found.tables.items()},
        names=sum(len(group) for group in found.names.values()),
        rejected_rows=rejected_rows,
        overwritten=folder.store.shoppers.overwrite(),
        model=run.version if run and found.tables.get("events") else None,
    )


def _rows_alone(shop: OpenShop, name: str) -> ForgetAnswer:
    """Somebody of whom the shop knows nothing but rows that it could not use."""
    struck = 0 if names_nobody(name) else _strike(shop.folder, {name})
    if not struck:
        raise unknown(name)
    return ForgetAnswer(shopper=name, rows={}, names=0, rejected_rows=struck, overwritten=True, model=None)


_BETWEEN = re.compile(r"[\s\"'`,;|{}\[\]()<>:=\\]+")
"""What stands between the words of a row."""


def _strike(folder: ShopFolder, ids: set[str]) -> int:
    """Take the rows that name one of these ids or addresses out of lists of rejected rows; returns how many.

    They may stand in a cell, among the ids in it, or somewhere in the text of a row that could not be read. The list of
    an import that was killed may lie on this machine alone.
    """
    ids = {one for one in ids if not names_nobody(one)}
    parted = {one for one in ids if _BETWEEN.search(one)}
    struck = 0
    places: list[Files] = [folder.files, *([FolderFiles(folder.root)] if folder.lies_elsewhere else [])]
    for files in places:
        for name in files.names(folder.rejects.name):
            content = files.read(name) if name.endswith(".csv") else None
            rows = list(csv.reader(io.StringIO((content or b"").decode(), newline="")))
            kept = [row for place, row in enumerate(rows) if place == 0 or not _names_one(row, ids, parted)]
            if len(kept) < len(rows):
                struck += len(rows) - len(kept)
                fresh = io.StringIO(newline="")
                csv.writer(fresh).writerows(kept)
                files.write(name, fresh.getvalue().encode())
    return struck


def _names_one(row: list[str], ids: set[str], parted: set[str]) -> bool:
    """`parted`: those ids that hold what stands between words."""
    told = (*row[_SEEN : _SEEN + 1], *row[_SEEN + 2 :])  # not the row's place, the field, the rule and the advice
    words = {word for cell in told for word in (cell, *cell.split("\n"), *_BETWEEN.split(cell))}
    return not ids.isdisjoint(words) or any(one in cell for one in parted for cell in told)


_SEEN = 3
"""Column of a list of rejected rows that holds what was seen."""
