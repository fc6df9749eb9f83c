"""One page of a platform's products or orders, stored: through the readers of its exports, so that their rules hold."""

from __future__ import annotations

from typing import Any

from bottega.actions.connect.shapes import Pulled
from bottega.actions.intake.pages import products_of, take_orders
from bottega.actions.intake.platform_variants import stock_items, with_own_skus
from bottega.connectors.base import Connector
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop

__all__ = ["take_orders_page", "take_products_page"]


def take_products_page(shop: OpenShop, connector: Connector, rows: list[dict[str, Any]], pulled: Pulled) -> None:
    """Store products; variants that a product no longer has are discontinued."""
    rows = with_own_skus(shop, rows)
    page = products_of(shop, connector.products, f"{connector.name}.json", {"products": rows})
    named = {one.id for one in page.products}
    there = shop.store.products.in_groups([one.group_id or one.id for one in page.products])
    gone = [
        one.model_copy(update={"availability": Availability.DISCONTINUED})
        for name, one in there.items()
        if name not in named and one.availability is not Availability.DISCONTINUED
    ]
    written = shop.upsert([*page.products, *gone], from_merchant=named)
    shop.store.stock.link(connector.name, stock_items(rows, page.products))
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
