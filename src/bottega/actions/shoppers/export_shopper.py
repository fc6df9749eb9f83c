"""Export: everything the shop remembers of one shopper, as one JSON object."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bottega.actions.shoppers.shapes import ExportAnswer, ShopperRequest
from bottega.errors import ShopperUnknown
from bottega.names import KindCode
from bottega.placeholders import names_nobody
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.closet_photos import exported
from bottega.shop.pictures.shopper_files import CLOSET_PICTURES, DESIGNS, SHARES

__all__ = ["export_shopper", "unknown"]

_INSIDE = {"seq", "shopper", "vector", "returned", "retold", "token_hash"}
"""Columns that mean nothing outside the store."""


_PICTURES = {"design_pictures": DESIGNS, "kept_pictures": CLOSET_PICTURES, "shared_pictures": SHARES}
"""Pictures in an export, by the name that they have there."""


def export_shopper(shop: OpenShop, request: ShopperRequest) -> ExportAnswer:
    """The profile that the name belongs to (a shopper id, an anonymous id or a session). Raises `ShopperUnknown`.

    An id that names nobody has no profile; what an older version kept under it is of many people, and not handed out.
    """
    folder = shop.folder
    found = None if names_nobody(request.shopper) else folder.store.shoppers.record(request.shopper)
    if found is None:
        raise unknown(request.shopper)
    tables: dict[str, Any] = {table: [_outside(row) for row in rows] for table, rows in found.tables.items()}
    photos = exported(folder, (row["photo"] for row in found.tables.get("closet_items", [])))
    pictures = {
        shown: files.exported(folder, (row["file"] for row in found.tables.get(files.name, [])))
        for shown, files in _PICTURES.items()
    }
    return ExportAnswer(
        shopper=found.shopper,
        exported_at=datetime.now(UTC).isoformat(timespec="seconds"),
        names=found.names,
        **tables,
        **({"closet_photos": photos} if photos else {}),
        **{shown: files for shown, files in pictures.items() if files},
    )


def unknown(name: str) -> ShopperUnknown:
    """The error for a name that no event and no log-in carries."""
    return ShopperUnknown(
        f"Nothing is known of a shopper {name!r}.",
        allowed="A shopper is named by shopper id, anonymous id or session id.",
        next_step="Check the id; it may have been forgotten already.",
    )


def _outside(row: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in row.items() if key not in _INSIDE and value is not None}
    if shown.get("told_as") == row["shopper"]:
        del shown["told_as"]
    if "item_id" in shown:  # the table's column; `item_id` stays beside it for this version
        shown["closet_item"] = shown["item_id"]
    if isinstance(shown.get("kind"), int):  # letters have kinds of their own
        shown["kind"] = KindCode(shown["kind"]).kind.value
    return shown
