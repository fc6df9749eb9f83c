"""One page of a platform's products or orders, stored: through the readers of its exports, so that their rules hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bottega.actions.connect.shapes import Pulled
from bottega.actions.intake.pages import products_of, take_orders
from bottega.catalogue.product import Product
from bottega.connectors.base import Connector
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop
from bottega.store.stock import StockItem

__all__ = ["plain_number", "take_orders_page", "take_products_page"]


def take_products_page(shop: OpenShop, connector: Connector, rows: list[dict[str, Any]], pulled: Pulled) -> None:
    """Store products; variants that a product no longer has are discontinued."""
    rows = _with_own_skus(shop, rows)
    page = products_of(shop, connector.products, f"{connector.name}.json", {"products": rows})
    named = {one.id for one in page.products}
    there = shop.store.products.in_groups([one.group_id or one.id for one in page.products])
    gone = [
        one.model_copy(update={"availability": Availability.DISCONTINUED})
        for name, one in there.items()
        if name not in named and one.availability is not Availability.DISCONTINUED
    ]
    written = shop.upsert([*page.products, *gone], from_merchant=named)
    shop.store.stock.link(connector.name, _stock_items(rows, page.products))
    pulled.added += written.added
    pulled.updated += written.updated - len(gone)
    pulled.unchanged += written.unchanged
    pulled.discontinued += len(gone)
    pulled.rejected.update(page.rejected)


def take_orders_page(shop: OpenShop, connector: Connector, rows: list[dict[str, Any]], pulled: Pulled) -> None:
    """Store the purchases and refunds of orders."""
    taken = take_orders(shop, connector.orders, f"{connector.name}.json", {"orders": rows})
    pulled.added += taken.added
    pulled.unchanged += taken.known
    pulled.ignored += taken.ignored
    pulled.rejected.update(taken.rejected)


def plain_number(value: object) -> str:
    """A platform's number without what GraphQL puts before it.

    >>> plain_number("gid://shopify/Product/7"), plain_number(7)
    ('7', '7')
    """
    return str(value).rsplit("/", 1)[-1]


def _with_own_skus(shop: OpenShop, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, without SKUs by which a product of another page is known.

    Within one file readers see that two products share a SKU; pages are read apart, so the shop is asked.
    """
    skus = {sku for row in rows for one in _variants(row) if isinstance(sku := one.get("sku"), str) and sku}
    if not skus:
        return rows
    taken = {name: one.group_id or one.id for name, one in shop.store.products.get(skus).items()}
    for row in rows:
        own = {plain_number(row.get("id")), row.get("handle")}  # by number, or as a CSV calls the group
        for one in _variants(row):
            if (owner := taken.get(one.get("sku") or "")) is not None and owner not in own | {one["sku"]}:
                one["sku"] = ""
    return rows


def _variants(row: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    found = row.get("variants")
    if isinstance(found, dict):
        found = found.get("nodes")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _stock_items(rows: list[dict[str, Any]], products: list[Product]) -> list[StockItem]:
    """Which item of the platform's stock each product is: webhooks tell of stock by that."""
    named = {one.id for one in products}
    items = []
    for row in rows:
        for variant in _variants(row):
            item = variant.get("inventoryItem")
            ids = [str(variant.get("sku") or ""), plain_number(variant.get("id"))]
            product_id = next((one for one in ids if one in named), None)
            if isinstance(item, dict) and item.get("tracked") and product_id is not None:
                items.append(
                    StockItem(plain_number(item.get("id")), product_id, variant.get("inventoryPolicy") == "CONTINUE")
                )
    return items
