"""Orders as WooCommerce's REST API gives them, one, an array, or a line each; its webhooks have the same shape.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties. Guests have the customer id 0;
their e-mail address stands for them, and joins them to the customer when it comes with one. A line of a variation names
it and its product; the first id that the catalogue knows is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bottega.events.batch import RawBatch
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, object_of, objects_in, said
from bottega.events.readers.orders import GivenBack, Line, ShopOrder, refuse_other_kinds, state_of
from bottega.placeholders import names_nobody
from bottega.sources.source import Source

__all__ = ["WooCommerceOrders", "woocommerce_order"]


class WooCommerceOrders:
    """Reads WooCommerce's orders."""

    name = "woocommerce-orders"
    describe = "WooCommerce orders as JSON: the REST API's, or bodies of its webhooks"
    vocabulary = "woocommerce"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the lines of an order beside words that only WooCommerce uses."""
        head = source.head
        if not head.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return 0.0
        own = ("date_created", "order_key", "customer_user", "date_created_gmt", "cart_hash")
        return 0.96 if '"line_items"' in head and any(f'"{word}"' in head for word in own) else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """A purchase a line, a refund for what was given back."""
        refuse_other_kinds(reading)
        reading.known_by = "the order and its line"

        def take_apart(_: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            for order in objects_in(row.get("orders")) or [row]:
                yield from woocommerce_order(order).events()

        yield from event_batches(reading, take_apart)


def woocommerce_order(order: Mapping[str, Any]) -> ShopOrder:
    """The order that an object of the REST API describes."""
    customer = said(order.get("customer_id"))
    email = said(object_of(order.get("billing")).get("email"))
    lines = [_line(one) for one in objects_in(order.get("line_items"))]
    time, zone = order.get("date_created_gmt"), "Z"
    if not time:
        time, zone = order.get("date_created"), ""
    state = state_of(said(order.get("status")))
    modified = order.get("date_modified_gmt")
    refunds = [GivenBack("all", f"{modified}Z" if modified else time)] if state.given_back else []
    for refund in objects_in(order.get("refunds")):
        for number, one in enumerate(objects_in(refund.get("line_items")), start=1):
            back = _line(one)
            count = said(one.get("quantity"))
            gone = Line(back.ids, back.key, count.lstrip("-") if count else None, None, one)
            refunds.append(GivenBack(f"{said(refund.get('id'))}-{number}", refund.get("date_created") or time, gone))
    return ShopOrder(
        "woocommerce",
        said(order.get("id")) or str(order.get("number")),
        f"{time}{zone}" if time else None,
        {
            "shopper_id": None if customer is None or names_nobody(customer) else customer,
            "anonymous_id": email.lower() if email else None,
        },
        lines,
        refunds,
        state,
        order,
    )


def _line(line: Mapping[str, Any]) -> Line:
    sku = said(line.get("sku"))
    ids = (line.get("variation_id"), sku, line.get("product_id"))
    return Line(ids, sku or said(line.get("id")), line.get("quantity"), line.get("price"), line)
