"""Orders as Shopify's API gives them: REST (one, a page, or an array), GraphQL, and the lines of a bulk operation.

Source: https://shopify.dev/docs/api/admin-rest/latest/resources/order and, for GraphQL,
https://shopify.dev/docs/api/admin-graphql/latest/objects/Order. The order CSV of the admin pages is a table
(order_table.py). A line names its variant, its SKU and its product; the first that the catalogue knows is taken. The
e-mail address of an order stands for whoever has no customer id, and joins them when they have one later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bottega.events.batch import RawBatch
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, listed, object_of, objects_in, said
from bottega.events.readers.orders import GivenBack, Line, OrderState, ShopOrder, refuse_other_kinds, state_of
from bottega.sources.source import Source

__all__ = ["ShopifyOrders", "plain_id", "shopify_order", "variant_place"]

_GID = "gid://shopify/"


class ShopifyOrders:
    """Reads Shopify's orders."""

    name = "shopify-orders"
    describe = "Shopify orders as JSON: REST, GraphQL, lines of a bulk operation"
    vocabulary = "shopify"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the lines of an order beside words that only Shopify uses."""
        head = source.head
        if not head.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return 0.0
        rest = '"line_items"' in head and any(f'"{word}"' in head for word in ("financial_status", "checkout_token"))
        graphql = f"{_GID}Order/" in head and ('"lineItems"' in head or '"__parentId"' in head)
        return 0.97 if rest or graphql else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """A purchase a line, a refund for what was given back."""
        refuse_other_kinds(reading)
        reading.known_by = "the order and its line"
        bulk = _Bulk()

        def take_apart(place: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            for order in _orders_in(row):
                yield from bulk.events(place, order)

        yield from event_batches(reading, take_apart, rest=bulk.rest)


def shopify_order(order: Mapping[str, Any]) -> ShopOrder:
    """The order that an object of REST or GraphQL describes."""
    customer = object_of(order.get("customer"))
    email = said(customer.get("email")) or said(order.get("email")) or said(order.get("contact_email"))
    lines = [_line(one) for one in _nodes(order.get("line_items") or order.get("lineItems"))]
    time = order.get("created_at") or order.get("createdAt") or order.get("processed_at") or order.get("processedAt")
    cancelled = order.get("cancelled_at") or order.get("cancelledAt")
    state = state_of(said(order.get("financial_status")) or said(order.get("displayFinancialStatus")))
    if order.get("test") is True:
        state = OrderState(bought=False, word="test")
    elif cancelled and state.bought:
        state = OrderState(given_back=True, word="cancelled")
    refunds = list(_refunds(order, lines))
    if state.given_back:
        updated = order.get("updated_at") or order.get("updatedAt")
        refunds.append(GivenBack("all", cancelled or updated or time))
    return ShopOrder(
        "shopify",
        plain_id(order.get("id")) or str(order.get("name")),
        time,
        {"shopper_id": plain_id(customer.get("id")), "anonymous_id": email.lower() if email else None},
        lines,
        refunds,
        state,
        order,
    )


def plain_id(value: Any) -> str | None:
    """An id without what GraphQL puts before it.

    >>> plain_id("gid://shopify/Product/632910392"), plain_id(632910392)
    ('632910392', '632910392')
    """
    text = said(value)
    return text.rsplit("/", 1)[-1].partition("?")[0] if text and text.startswith(_GID) else text


def variant_place(handle: str | None, options: Iterable[str | None]) -> str | None:
    """What the catalogue calls a variant without an SKU: the handle of its product and its options.

    >>> variant_place("shirt", ["Red", "L"]), variant_place("mug", ["Default Title"]), variant_place(None, ["Red"])
    ('shirt/Red/L', 'mug', None)
    """
    return "/".join([handle, *(one for one in options if one and one != "Default Title")]) if handle else None


def _line(line: Mapping[str, Any]) -> Line:
    variant, product = object_of(line.get("variant")), object_of(line.get("product"))
    sku = said(line.get("sku")) or said(variant.get("sku"))
    variant_id = plain_id(line.get("variant_id") or variant.get("id"))
    chosen = (said(option.get("value")) for option in objects_in(variant.get("selectedOptions")))
    place = variant_place(said(product.get("handle")), chosen)
    money = object_of(object_of(line.get("originalUnitPriceSet")).get("shopMoney"))
    return Line(
        (variant_id, sku, place, plain_id(line.get("product_id") or product.get("id")), variant.get("id")),
        sku or plain_id(line.get("id")),
        line.get("quantity"),
        line.get("price") or money.get("amount"),
        line,
    )


def _refunds(order: Mapping[str, Any], lines: list[Line]) -> Iterator[GivenBack]:
    by_id = {plain_id(line.raw.get("id")): line for line in lines}
    for refund in listed(order.get("refunds")):
        refund = object_of(refund)
        time = refund.get("created_at") or refund.get("createdAt") or refund.get("processed_at")
        back = _nodes(refund.get("refund_line_items") or refund.get("refundLineItems"))
        for number, one in enumerate(back, start=1):
            named = object_of(one.get("line_item") or one.get("lineItem"))
            line = by_id.get(plain_id(one.get("line_item_id") or named.get("id"))) or _line(named)
            key = f"{plain_id(refund.get('id'))}-{plain_id(one.get('id')) or number}"
            yield GivenBack(key, time, Line(line.ids, line.key, one.get("quantity"), None, one))


def _nodes(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of a connection of GraphQL."""
    if isinstance(value, dict):
        edges = [object_of(edge).get("node") for edge in listed(value.get("edges"))]
        return objects_in(value.get("nodes") or edges)
    return objects_in(value)


def _orders_in(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The orders of one object: itself, a page of them, or an answer of GraphQL."""
    data = object_of(row.get("data")) or row
    if "orders" in data:
        return _nodes(data["orders"])
    return [object_of(data["order"])] if isinstance(data.get("order"), dict) else [data]


class _Bulk:
    """Orders, and the lines of a bulk operation: an order, then its lines, each on a line of its own, naming it."""

    def __init__(self) -> None:
        self._order: dict[str, Any] = {}
        self._bare: tuple[str, ShopOrder] | None = None
        """Place of an order of which nothing was told yet."""

    def events(self, place: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
        """What a row tells, and of the order before it that it had no lines."""
        parent = said(row.get("__parentId"))
        if parent is None:
            yield from self.rest()
            self._order, order = row, shopify_order(row)
            if _GID in str(row.get("id")) and not ({"lineItems", "line_items"} & row.keys()):
                order.lines_follow = True
                if order.state.bought and not order.refunds:
                    self._bare = (place, order)
            yield from order.events()
        elif f"{_GID}LineItem/" in str(row.get("id")):
            # An order that is not there has no time, so its lines will be refused.
            own = self._order if parent == self._order.get("id") else {"id": parent}
            self._bare = None if own is self._order else self._bare
            state: dict[str, Any] = {
                "refunds": [],
                "cancelledAt": None,
                "displayFinancialStatus": None,
            }  # told with the order
            yield from shopify_order({**own, **state, "lineItems": [row]}).events()
        else:
            yield FoundEvent({"kind": str(row.get("id")).removeprefix(_GID).partition("/")[0]}, (row,))

    def rest(self) -> Iterator[FoundEvent]:
        """Of the last order, that no line of it came."""
        if self._bare is not None:
            place, order = self._bare
            self._bare, order.lines_follow = None, False
            for found in order.events():
                yield found._replace(place=place)
