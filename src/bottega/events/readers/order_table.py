"""Tables of orders: a row a line of an order, a row an order with all its products, or orders without their lines.

Reads the order exports of Shopify and of WooCommerce's exporters, tables of lines as shops keep them, and wide tables
(product_1, product_2 ...). What a later row of an order leaves empty is what its first row said. An order whose state
says that it was refunded or cancelled takes its purchases back; one that failed was none.

A table that says of orders whose they are, and when, but holds no products, gives that to the lines that come under the
same order from another table of the folder, or another import, before or after.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from bottega.events.batch import RawBatch, batches
from bottega.events.readers.base import OrderHead, Reading
from bottega.events.readers.columns import HEADER_ALIASES, names_of
from bottega.events.readers.goods_cells import LIST_COLUMNS, lines_in_cell, numbered_columns
from bottega.events.readers.json_events import FoundEvent
from bottega.events.readers.order_columns import SHOPIFY, TIMES, OrderColumns, choose_order_columns
from bottega.events.readers.orders import Line, OrderState, ShopOrder, refuse_other_kinds, state_of
from bottega.events.readers.records import Row, header_in, read_table
from bottega.events.readers.timeless import RowTimes
from bottega.events.row_rules import WHO, order_session
from bottega.sources.source import Source

__all__ = ["OrderTable"]

_REMEMBERED = 100_000
"""Orders whose first row is remembered, the newest of them."""


@dataclass(slots=True)
class _Head:
    """What the rows of an order have said so far."""

    cells: dict[int, str] = field(default_factory=dict)
    keys: Counter[str] = field(default_factory=Counter)
    given_back: bool = False


class OrderTable:
    """Reads tables of orders."""

    name = "orders"
    describe = "orders as a table: a row a line (Shopify's order CSV), a row an order with all its products, or without"
    vocabulary = "orders"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the number of an order, and no word of what shoppers did."""
        names = set(names_of(header_in(source.head)))
        if names >= SHOPIFY:
            return 0.98
        if not names & set(HEADER_ALIASES["order_id"]) or names & (set(HEADER_ALIASES["kind"]) - {"type", "action"}):
            return 0.0
        goods = names & {*HEADER_ALIASES["product_id"], *LIST_COLUMNS} or numbered_columns(sorted(names))
        who = names & {*HEADER_ALIASES["shopper_id"], *HEADER_ALIASES["anonymous_id"]}
        return 0.95 if goods else 0.85 if who and names & set(TIMES) else 0.0

    def without_lines(self, source: Source) -> bool:
        """Whether the table tells of orders, and of no product in them."""
        names = names_of(header_in(source.head))
        return not (set(names) & {*HEADER_ALIASES["product_id"], *LIST_COLUMNS} or numbered_columns(names))

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Lines as purchases, in batches. Raises `ColumnMissing` and `MappingInvalid` before the first."""
        refuse_other_kinds(reading)
        with read_table(reading) as table:
            first = list(islice(table.rows, 1000))
            columns = choose_order_columns(table.header, [row for _, row in first], reading)
            reading.unused_columns = [name for i, name in enumerate(table.header) if i not in columns.used]
            reading.who_places = [place for place in (columns.shopper, columns.email) if place is not None]
            platform = "shopify" if set(names_of(table.header)) >= SHOPIFY else "order"
            read = _Orders(reading, columns, platform)
            reading.known_by = "the order and its line"
            yield from batches(read.events(chain(first, table.rows)), reading.chunk_rows)
            read.tell()


class _Orders:
    """Rows become orders, one by one."""

    def __init__(self, reading: Reading, columns: OrderColumns, platform: str) -> None:
        self._reading = reading
        self._columns = columns
        self._platform = platform
        self._heads: OrderedDict[str, _Head] = OrderedDict()
        needs_times = columns.holds_goods and columns.time is None and not reading.heads
        self._times = RowTimes.of(reading) if needs_times else None
        self._partly = 0

    def tell(self) -> None:
        """Say what the table could not say."""
        if self._partly:
            self._reading.notes.append(
                f"{self._partly:,} orders were refunded in part, and the table says of no line: nothing was taken back."
            )

    def events(self, rows: Iterator[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Place and fields of every purchase and refund."""
        for number, row in rows:
            time = self._times.of_rows(1)[0] if self._times is not None else None
            for found in self._row(number, row, time):
                yield str(number), found.fields

    def _row(self, number: int, row: Sequence[str], time: str | None) -> Iterator[FoundEvent]:
        columns = self._columns
        name = next((row[place].strip() for place in columns.order if row[place].strip()), "")
        if not name:
            yield FoundEvent({"kind": "purchase", "time": time, **_goods_of(row, columns)})
            return
        head = self._head(name, row)
        order_id = next((cell for place in columns.order[::-1] if (cell := head.cells.get(place))), name)
        elsewhere = self._reading.heads.get(order_id)
        when = _cell(head, columns.time) or (elsewhere.time if elsewhere else None) or time
        state = state_of(*(head.cells.get(place) for place in columns.state), elsewhere.state if elsewhere else None)
        cancelled = _cell(head, columns.cancelled)
        if cancelled and state.bought:
            state = OrderState(given_back=True, word="cancelled")
        if _partly(head, columns) and not head.given_back:
            self._partly += 1
            head.given_back = True
        who = _who(head, columns, elsewhere)
        if not columns.holds_goods:
            yield from self._without_lines(number, order_id, who, when, state, head)
            return
        lines = [Line(line.ids, self._key(head, line), line.quantity, line.price) for line in self._lines(row)]
        given_back = state.given_back and not head.given_back
        order = ShopOrder(self._platform, order_id, when, who, lines, state=state._replace(given_back=given_back))
        for found in order.events():
            if found.fields["kind"] == "refund":
                head.given_back = True
                found.fields["time"] = cancelled or when
            yield found

    def _lines(self, row: Sequence[str]) -> Iterator[Line]:
        columns = self._columns
        for fields in columns.numbered.values():
            cells = {name: [row[place] for place in places] for name, places in fields.items()}
            ids = [cell for cell in cells["product_id"] if cell.strip()]
            if len(ids) == 1 and "|" in ids[0] and ":" in ids[0]:
                yield from lines_in_cell(ids[0])
            elif ids:
                count, price = cells.get("quantity", [None]), cells.get("value", [None])
                yield Line(tuple(ids), None, count[0], price[0])
        for place in columns.lists:
            yield from lines_in_cell(row[place])
        if columns.products:
            goods = _goods_of(row, columns)
            key = row[columns.line] if columns.line is not None else None
            ids = [row[place] for place in columns.products]
            yield Line(tuple(ids), key or None, goods["quantity"], goods["value"])

    def _key(self, head: _Head, line: Line) -> str:
        key = str(line.key or next((one for one in line.ids if one), ""))
        head.keys[key] += 1
        return key if head.keys[key] == 1 else f"{key}#{head.keys[key]}"

    def _without_lines(
        self, number: int, order_id: str, who: dict[str, Any], when: str | None, state: OrderState, head: _Head
    ) -> Iterator[FoundEvent]:
        """An order of which the lines come from elsewhere: whose it is, and whether it was taken back."""
        states = [cell for place in self._columns.state if (cell := head.cells.get(place))]
        known = (who["shopper_id"], who["anonymous_id"])
        self._reading.heads[order_id] = OrderHead(known, when, states[0] if states else None)
        session = order_session(order_id)
        if any(known):
            self._reading.log_in(number, {**who, "session_id": session, "time": when})
        if state.given_back and not head.given_back:
            head.given_back = True
            event_id = f"{self._platform}-{order_id}-back-all"
            fields = {**who, "session_id": session, "order_id": order_id, "time": when, "kind": "refund"}
            yield FoundEvent({**fields, "event_id": event_id})

    def _head(self, name: str, row: Sequence[str]) -> _Head:
        """The order's first row, completed by this one."""
        head = self._heads.get(name)
        if head is None:
            head = self._heads[name] = _Head()
            if len(self._heads) > _REMEMBERED:
                self._heads.popitem(last=False)
        for place in _of_head(self._columns):
            if place not in head.cells and (cell := row[place].strip()):
                head.cells[place] = cell
        return head


def _of_head(columns: OrderColumns) -> list[int]:
    single = (columns.shopper, columns.email, columns.session, columns.time, columns.cancelled)
    return [*columns.order, *columns.state, *(place for place in single if place is not None)]


def _cell(head: _Head, place: int | None) -> str | None:
    return head.cells.get(place) if place is not None else None


def _who(head: _Head, columns: OrderColumns, elsewhere: OrderHead | None) -> dict[str, Any]:
    email = _cell(head, columns.email)
    found: dict[str, Any] = {
        "shopper_id": _cell(head, columns.shopper),
        "anonymous_id": email.lower() if email and "@" in email else email,
        "session_id": _cell(head, columns.session),
    }
    if elsewhere is not None and not any(found[name] for name in WHO):
        found["shopper_id"], found["anonymous_id"] = elsewhere.who
    return found


def _partly(head: _Head, columns: OrderColumns) -> bool:
    words = [head.cells[place].lower() for place in columns.state if place in head.cells]
    return any("partial" in word and "refund" in word for word in words)


def _goods_of(row: Sequence[str], columns: OrderColumns) -> dict[str, Any]:
    return {
        "quantity": row[columns.quantity] if columns.quantity is not None else None,
        "value": row[columns.price] if columns.price is not None else None,
    }
