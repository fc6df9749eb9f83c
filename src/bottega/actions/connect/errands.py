"""Errands: what webhooks said has changed without saying how, fetched one by one.

What came with the pages of this run is known already. What did not, stock above all, is asked for by its number; a
product that is no longer there is discontinued.
"""

from __future__ import annotations

from collections.abc import Mapping

from bottega.actions.connect.pages import take_orders_page, take_products_page
from bottega.actions.connect.shapes import Pulled
from bottega.connectors.base import Connector, What
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop

__all__ = ["run_errands"]

_KINDS: dict[str, What] = {"product": "products", "stock": "products", "order": "orders"}


def run_errands(
    shop: OpenShop, connector: Connector, pulled: Mapping[str, Pulled], seen: set[tuple[What, str]]
) -> None:
    """Run what waits for the things that this run fetches, and strike it off. Counts join those of the pages.

    `seen`: numbers of the rows that came in this run.
    """
    for errand in shop.store.errands.waiting(connector.name):
        what = _KINDS.get(errand.kind)
        if what is None or what not in pulled:
            continue
        number = connector.product_of_stock(errand.foreign_id) if errand.kind == "stock" else errand.foreign_id
        if number is not None and (what, number) not in seen:
            seen.add((what, number))
            _run(shop, connector, what, number, pulled[what])
        shop.store.errands.done([errand.number])


def _run(shop: OpenShop, connector: Connector, what: What, number: str, pulled: Pulled) -> None:
    row = connector.one(what, number)
    if row is not None:
        pulled.rows += 1
        (take_products_page if what == "products" else take_orders_page)(shop, connector, [row], pulled)
    elif what == "products":
        there = shop.store.products.in_groups([number]).values()
        gone = [one for one in there if one.availability is not Availability.DISCONTINUED]
        shop.upsert([one.model_copy(update={"availability": Availability.DISCONTINUED}) for one in gone])
        pulled.discontinued += len(gone)
