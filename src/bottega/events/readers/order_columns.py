"""Where everything stands in a table of orders: by the names of its columns, by `--map`, and by what is filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bottega.errors import ColumnMissing
from bottega.events.readers.base import Reading
from bottega.events.readers.columns import HEADER_ALIASES, mapped_columns, names_of
from bottega.events.readers.goods_cells import LIST_COLUMNS, NumberedColumns, numbered_columns

__all__ = ["SHOPIFY", "TIMES", "OrderColumns", "choose_order_columns"]

_OF_ORDERS: dict[str, tuple[str, ...]] = {
    "state": ("financial_status", "order_status", "status", "payment_status", "state", "order_state"),
    "cancelled": ("cancelled_at", "canceled_at", "date_cancelled"),
    "line": ("order_line_id", "line_id", "line_item_id", "lineitem_id", "order_item_id", "item_number"),
    "name": ("lineitem_name", "item_name", "product_name"),
}
"""Columns that only tables of orders have."""
TIMES = ("created_at", "order_date", "date_created", "processed_at", "paid_at", *HEADER_ALIASES["time"])
"""Columns that say when an order was made, the likeliest first."""
SHOPIFY = frozenset({"lineitem_quantity", "lineitem_name"})
"""By which Shopify's own export is known."""


@dataclass(slots=True)
class OrderColumns:
    """Where everything stands."""

    order: list[int]
    shopper: int | None
    email: int | None
    session: int | None
    products: list[int]
    time: int | None
    quantity: int | None
    price: int | None
    state: list[int]
    cancelled: int | None
    line: int | None
    lists: list[int]
    numbered: NumberedColumns
    used: set[int] = field(default_factory=set)

    @property
    def holds_goods(self) -> bool:
        return bool(self.products or self.lists or self.numbered)


def choose_order_columns(header: Sequence[str], rows: Sequence[Sequence[str]], reading: Reading) -> OrderColumns:
    """The columns of a table, of which `rows` are the first. Raises `ColumnMissing` and `MappingInvalid`."""
    names = names_of(header)
    mapped = mapped_columns(header, reading.columns, reading.source.name)
    filled = {i for row in rows for i, cell in enumerate(row) if cell.strip()} if rows else set(range(len(header)))

    def places(*aliases: str) -> list[int]:
        return [names.index(alias) for alias in aliases if alias in names and names.index(alias) in filled]

    def one(field: str, aliases: Sequence[str]) -> int | None:
        return mapped.get(field, next(iter(places(*aliases)), None))

    emails = [alias for alias in HEADER_ALIASES["anonymous_id"] if "email" in alias]
    order = [mapped["order_id"]] if "order_id" in mapped else places(*HEADER_ALIASES["order_id"])[:1]
    if set(names) >= SHOPIFY and "order_id" not in mapped:
        order = places("name", "id")  # rows are kept together by the name; the id stands in the first alone
    if not order:
        raise ColumnMissing(
            f"{reading.source.name} has no column for the number of an order; its columns are: {', '.join(header)}.",
            allowed=f"Such a column is called {', '.join(HEADER_ALIASES['order_id'])}.",
            next_step="Name it: --map order_id=COLUMN.",
        )
    numbered = numbered_columns(header)
    products = [mapped["product_id"]] if "product_id" in mapped else []
    products += [place for place in _products(names, places) if place not in products]
    found = OrderColumns(
        order=order,
        shopper=one("shopper_id", HEADER_ALIASES["shopper_id"]),
        email=one("anonymous_id", [*emails, *HEADER_ALIASES["anonymous_id"]]),
        session=one("session_id", HEADER_ALIASES["session_id"]),
        products=products,
        time=one("time", TIMES),
        quantity=one("quantity", HEADER_ALIASES["quantity"]),
        price=one("value", HEADER_ALIASES["value"]),
        state=places(*_OF_ORDERS["state"]),
        cancelled=next(iter(places(*_OF_ORDERS["cancelled"])), None),
        line=next(iter(places(*_OF_ORDERS["line"])), None),
        lists=[i for i, name in enumerate(names) if name in LIST_COLUMNS and i in filled],
        numbered=numbered,
    )
    if found.holds_goods or found.shopper is not None or found.email is not None:
        in_numbers = [place for fields in numbered.values() for each in fields.values() for place in each]
        single = (found.shopper, found.email, found.session, found.time, found.quantity, found.price, found.cancelled)
        found.used = {*order, *products, *found.state, *found.lists, *in_numbers}
        found.used |= {place for place in (*single, found.line) if place is not None}
        return found
    raise ColumnMissing(
        f"{reading.source.name} has no column for a product, or for whose an order is; "
        f"its columns are: {', '.join(header)}.",
        allowed=f"A product's is called {', '.join(HEADER_ALIASES['product_id'])}.",
        next_step="Name it: --map product_id=COLUMN.",
    )


def _products(names: Sequence[str], places: Any) -> list[int]:
    """Columns that name the product of a line, the most exact first."""
    exact = ("variant_id", "variation_id", "lineitem_variant_id")
    found: list[int] = places(*exact, *HEADER_ALIASES["product_id"])
    return list(dict.fromkeys(found))
