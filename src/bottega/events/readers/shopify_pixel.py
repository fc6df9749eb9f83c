"""Events of Shopify's web pixels, as customer events send them, one object each.

Source: https://shopify.dev/docs/api/web-pixels-api/standard-events. A checkout becomes a purchase a line, under
the event ids of the same order from elsewhere (shopify_orders.py), and counts once beside it where it names a line in
another way. A checkout of which no order is known yet goes by its token, one without either by the event's id: both
count for themselves. A collection becomes an impression a product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from bottega.events.batch import ALTERNATIVES, RawBatch
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, ids_of, object_of, objects_in, said
from bottega.events.readers.orders import Line, ShopOrder
from bottega.events.readers.shopify_orders import plain_id, variant_place
from bottega.sources.json_rows import first_object
from bottega.sources.source import Source

__all__ = ["ShopifyPixel"]

_HANDLE = re.compile(r"/products/([^/?#]+)")
"""In the address of a product's page."""


class ShopifyPixel:
    """Reads web pixel events."""

    name = "shopify-pixel"
    describe = "Shopify web pixel events as JSON lines"
    vocabulary = "shopify"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the envelope of customer events."""
        row = first_object(source.head)
        if "clientId" in row and "data" in row and "name" in row:
            return 0.98
        return (
            0.9
            if '"clientId"' in source.head and '"productVariant"' in source.head and '"data"' in source.head
            else 0.0
        )

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches; one for each product of an event."""
        yield from event_batches(reading, lambda _, row: _events(row))


def _events(row: dict[str, Any]) -> Iterator[FoundEvent]:
    data, name = object_of(row.get("data")), said(row.get("name"))
    checkout = object_of(data.get("checkout"))
    customer = object_of(object_of(object_of(row.get("init")).get("data")).get("customer")) or object_of(
        row.get("customer")
    )
    who = {"shopper_id": plain_id(customer.get("id")), "anonymous_id": said(row.get("clientId"))}
    common = {**who, "kind": name, "time": row.get("timestamp"), "event_id": said(row.get("id"))}
    if name == "checkout_completed":
        order = object_of(checkout.get("order"))
        of_order = object_of(order.get("customer"))
        who["shopper_id"] = who["shopper_id"] or plain_id(of_order.get("id"))
        order_id = plain_id(order.get("id")) or said(checkout.get("token"))
        lines = [_line(one) for one in objects_in(checkout.get("lineItems"))]
        if order_id:
            time = row.get("timestamp")
            yield from ShopOrder("shopify", order_id, time, who, lines, raw=row, bought_as=name).events()
            return
        for number, line in enumerate(lines, start=1):
            product, others = ids_of(*line.ids)
            goods = {"product_id": product, ALTERNATIVES: others, "quantity": line.quantity, "value": line.price}
            yield FoundEvent({**common, **goods, "event_id": f"{common['event_id']}#{number}"}, (line.raw,))
        return
    search, collection = object_of(data.get("searchResult")), object_of(data.get("collection"))
    if name == "search_submitted" or search:
        yield FoundEvent({**common, "query": said(search.get("query"))}, (search, data))
        return
    shown = objects_in(collection.get("productVariants"))
    if shown:
        for number, variant in enumerate(shown, start=1):
            yield FoundEvent(
                {**common, **_variant(variant), "event_id": f"{common['event_id']}#{number}"}, (variant, data)
            )
        return
    cart_line = object_of(data.get("cartLine"))
    variant = object_of(data.get("productVariant")) or object_of(cart_line.get("merchandise"))
    yield FoundEvent({**common, **_variant(variant), "quantity": cart_line.get("quantity")}, (variant, data))


def _variant(variant: Mapping[str, Any]) -> dict[str, Any]:
    product, others = ids_of(*_ids(variant))
    return {"product_id": product, ALTERNATIVES: others, "value": object_of(variant.get("price")).get("amount")}


def _ids(variant: Mapping[str, Any]) -> tuple[Any, ...]:
    product = object_of(variant.get("product"))
    handle = _HANDLE.search(said(product.get("url")) or "")
    place = variant_place(unquote(handle[1]) if handle else None, (said(variant.get("title")) or "").split(" / "))
    return plain_id(variant.get("id")), variant.get("sku"), place, plain_id(product.get("id"))


def _line(line: Mapping[str, Any]) -> Line:
    variant = object_of(line.get("variant"))
    price = object_of(variant.get("price")).get("amount")
    sku = said(variant.get("sku"))
    return Line(_ids(variant), sku or plain_id(line.get("id")), line.get("quantity"), price, line)
