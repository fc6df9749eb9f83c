"""Variants as a platform's answers and webhooks list them: whose an SKU is, and which item of the stock each is.

A webhook writes in one way what an answer of the platform's interface for programs writes in another; both are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.platforms.shopify_ids import place_of
from bottega.names import id_text
from bottega.shop.open_shop import OpenShop
from bottega.store.stock import StockItem

__all__ = ["plain_number", "stock_items", "with_own_skus"]


def plain_number(value: object) -> str:
    """A platform's number without what GraphQL puts before it.

    >>> plain_number("gid://shopify/Product/7"), plain_number(7)
    ('7', '7')
    """
    return str(value).rsplit("/", 1)[-1]


def with_own_skus(shop: OpenShop, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows, without SKUs by which another product is known here.

    Within one file readers see that two products share a SKU; pages and webhooks are read apart, so the shop is asked.
    """
    found = [dict(row) for row in rows]
    skus = {sku for row in found for one in _variants(row) if isinstance(sku := id_text(one.get("sku")), str) and sku}
    if not skus:
        return found
    taken = {name: one.group_id or one.id for name, one in shop.store.products.get(skus).items()}
    for row in found:
        own = {plain_number(row.get("id")), row.get("handle")}  # by number, or as a CSV calls the group
        shared = {sku for sku, owner in taken.items() if owner not in own | {sku}}
        if shared and (variants := _variants(row)):
            row["variants"] = [{**one, "sku": ""} if id_text(one.get("sku")) in shared else one for one in variants]
    return found


def stock_items(rows: Iterable[Mapping[str, Any]], products: Iterable[Product]) -> list[StockItem]:
    """Which item of the stock each product is, where it is counted at all: webhooks name the item alone."""
    named = {one.id for one in products}
    items = []
    for row in rows:
        for variant in _variants(row):
            item = variant.get("inventoryItem")
            inner = item if isinstance(item, Mapping) else {}
            number = id_text(variant.get("inventory_item_id", inner.get("id")))
            ids = (id_text(variant.get("sku")), place_of(row, variant))
            product_id = next((one for one in ids if isinstance(one, str) and one in named), None)
            counted = variant.get("inventory_management") or inner.get("tracked")
            if isinstance(number, str) and product_id is not None and counted:
                policy = str(variant.get("inventory_policy", variant.get("inventoryPolicy"))).lower()
                items.append(StockItem(plain_number(number), product_id, policy == "continue"))
    return items


def _variants(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = row.get("variants")
    if isinstance(found, Mapping):
        found = found.get("nodes")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
