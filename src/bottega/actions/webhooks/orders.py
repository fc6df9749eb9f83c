"""What a webhook says of orders: bought, cancelled, given back. The readers of the platform's exports read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bottega.actions.intake.pages import take_orders
from bottega.actions.webhooks.platforms import Platform
from bottega.shop.open_shop import OpenShop

__all__ = ["order_changed", "order_gone", "refunded"]


def order_changed(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """An order as it is now: its lines are purchases, and what was given back is taken out again."""
    taken = take_orders(shop, platform.orders, f"{platform.name}.json", body)
    if not (taken.added or taken.known):
        return {"result": "set_aside" if taken.ignored else "unusable", "rejected": dict(taken.rejected)}
    return {"result": "done", "events": taken.added, "rejected": dict(taken.rejected)}


def order_gone(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """An order was deleted; only its number is told. It counts as cancelled."""
    now = datetime.now(UTC).isoformat("T", "seconds")
    gone: dict[str, Any] = {
        "id": body.get("id"),
        "status": "cancelled",
        "date_modified_gmt": now[:19],
        "line_items": [],
    }
    return order_changed(shop, platform, gone)


def refunded(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """A part of an order was given back: the refund alone, in an order of which nothing else is told.

    Money alone, as for the postage, takes no purchase back.
    """
    if body.get("refund_line_items") == []:
        return {"result": "set_aside", "rejected": {}}
    order = {"id": body.get("order_id"), "created_at": body.get("created_at"), "line_items": [], "refunds": [body]}
    return order_changed(shop, platform, order)
