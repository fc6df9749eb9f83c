"""Orders as BigCommerce's API gives them (v2), one, a page, or an array, with their lines inside.

Source: https://developer.bigcommerce.com/docs/rest-management/orders. Lines stand in `products`, or in the consignments
of an answer that was asked for with `include=consignments.line_items`. Guests have the customer id 0; their e-mail
address stands for them. A refund without lines takes back the whole order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bottega.events.batch import RawBatch
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, listed, object_of, objects_in, said
from bottega.events.readers.orders import GivenBack, Line, ShopOrder, refuse_other_kinds, state_of
from bottega.placeholders import names_nobody
from bottega.sources.source import Source

__all__ = ["BigCommerceOrders", "bigcommerce_order"]


class BigCommerceOrders:
    """Reads BigCommerce's orders."""

    name = "bigcommerce-orders"
    describe = "BigCommerce orders as JSON of its orders API v2"
    vocabulary = "bigcommerce"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By words of an order that only BigCommerce uses."""
        head = source.head
        if not head.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return 0.0
        own = ('"consignments"', '"items_total"', '"base_shipping_cost"', '"billing_address"', '"custom_status"')
        return 0.98 if '"date_created"' in head and sum(word in head for word in own) >= 2 else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """A purchase a line, a refund for an order that was given back."""
        refuse_other_kinds(reading)
        reading.known_by = "the order and its line"

        def take_apart(_: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            for order in objects_in(row.get("orders")) or objects_in(row.get("data")) or [row]:
                yield from bigcommerce_order(order).events()

        yield from event_batches(reading, take_apart)


def bigcommerce_order(order: Mapping[str, Any]) -> ShopOrder:
    """The order that an object of the API describes."""
    customer = said(order.get("customer_id"))
    email = said(object_of(order.get("billing_address")).get("email"))
    time = order.get("date_created")
    state = state_of(said(order.get("status")))
    refunds = [GivenBack("all", order.get("date_modified") or time)] if state.given_back else []
    lines = [_line(one) for one in _lines(order)]
    for line in lines:
        count = said(line.raw.get("quantity_refunded"))
        if count and count.strip("0.") and not state.given_back:
            back = Line(line.ids, line.key, count, None, line.raw)
            refunds.append(GivenBack(str(line.raw.get("id")), order.get("date_modified") or time, back))
    return ShopOrder(
        "bigcommerce",
        said(order.get("id")) or "",
        time,
        {
            "shopper_id": None if customer is None or names_nobody(customer) else customer,
            "anonymous_id": email.lower() if email else None,
        },
        lines,
        refunds,
        state,
        order,
    )


def _lines(order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from objects_in(order.get("products"))
    consignments = order.get("consignments")
    for consignment in objects_in(consignments) or [object_of(consignments)]:
        for way in ("shipping", "downloads", "pickups", "email", "fulfillment"):
            held = consignment.get(way)
            for part in objects_in(held) or [object_of(held)]:
                yield from objects_in(listed(part.get("line_items")))


def _line(line: Mapping[str, Any]) -> Line:
    sku = said(line.get("sku"))
    ids = (sku, line.get("variant_id"), line.get("product_id"))
    price = line.get("base_price") or line.get("price_ex_tax") or line.get("price_inc_tax")
    return Line(ids, sku or said(line.get("id")), line.get("quantity"), price, line)
