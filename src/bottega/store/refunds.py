"""What was given back: refunds take their purchases out of every history, in whichever order the two arrive.

A refund is a row of its own among the events, and the purchase stays as it was but for `returned`: how many of its
pieces refunds took back. A purchase of which all came back is in no history and teaches nothing. A refund belongs to

- the purchases of its order, where it names one that has any: those of its product, or all where it names no product;
- else to what the same shopper bought of its product before it, the last purchase first: credit notes have numbers of
  their own.

`returned` is counted afresh from the rows whenever one of them arrives or moves to another profile, so that sending a
refund twice, or before its purchase, changes nothing. A refund that names nobody belongs to whoever made the order.
A purchase that several sources tell of is taken back where it counts (retold.py); of what several sources say was given
back of one product of an order, the most counts, for they tell of the same refunds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, select, tuple_, update

from bottega.names import KindCode
from bottega.store.database import IN_CHUNK
from bottega.store.retold import families
from bottega.store.tables import events

__all__ = ["Sold", "take_back"]

_REFUND = events.c.kind == literal_column(str(int(KindCode.REFUND)))
"""As the partial index says it: a bound value would not be seen to be the same."""
_PURCHASE = (events.c.kind == literal_column(str(int(KindCode.PURCHASE)))) & events.c.retold.is_(False)
_OURS = "order:"
"""Prefix of the session that an order stands for where nobody is named (`events.event.order_session`)."""

Pair = tuple[str, str]
"""A profile and a product."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What `take_back` must know of a row that was just written."""

    shopper: str
    kind: int
    product_id: str | None
    order_id: str | None
    claimed_order_id: str | None = None

    @property
    def orders(self) -> set[str]:
        """The order that it is part of, and the one that a browser says it is."""
        return {order for order in (self.order_id, self.claimed_order_id) if order}


@dataclass(slots=True)
class _Row:
    seq: int
    shopper: str
    shopper_id: str | None
    anonymous_id: str | None
    session_id: str | None
    kind: int
    product_id: str | None
    time_ms: int
    quantity: int
    order_id: str | None
    claimed_order_id: str | None
    source: str | None
    returned: int

    @property
    def orders(self) -> set[str]:
        """As of `Sold`."""
        return {order for order in (self.order_id, self.claimed_order_id) if order}


_lines = events.alias("bought")
_COLUMNS = [events.c[name] for name in _Row.__dataclass_fields__]


def take_back(connection: Connection, written: Sequence[Sold], joined: Collection[str]) -> set[str]:
    """Count again what refunds took back, after these rows were written and these profiles got others' events.

    Returns the profiles whose purchases changed. Costs one look-up where the shop has no refund.
    """
    orders = set[str]().union(*(row.orders for row in written))
    if not any(row.kind == KindCode.REFUND for row in written):
        if not (orders or joined or any(row.kind == KindCode.PURCHASE for row in written)):
            return set()
        if connection.execute(select(events.c.seq).where(_REFUND).limit(1)).first() is None:
            return set()
    named = _among(connection, events.c.order_id, orders, _REFUND)
    orders = {row.order_id for row in named if row.order_id}
    pairs = _loose_pairs(connection, {row.shopper for row in written} | set(joined))
    pairs |= {(row.shopper, row.product_id) for row in named if row.product_id}  # perhaps loose until now
    changed = _adopt(connection, named, orders)
    bought = {row.seq: row for row in _of_orders(connection, orders)}
    pairs |= _loose_pairs(connection, {row.shopper for row in bought.values()})
    for start in range(0, len(pairs), IN_CHUNK // 2):
        chunk = sorted(pairs)[start : start + IN_CHUNK // 2]
        pair = tuple_(events.c.shopper, events.c.product_id)
        statement = select(*_COLUMNS).where(_PURCHASE, pair.in_(chunk))
        bought.update((row.seq, row) for row in (_Row(*one) for one in connection.execute(statement)))
    if not bought:
        return changed
    orders = orders.union(*(row.orders for row in bought.values()))
    # Every line of an order must be seen at once: a refund takes from one before it takes from the next.
    bought.update((row.seq, row) for row in _of_orders(connection, orders))
    returned = dict.fromkeys(bought, 0)
    _by_order(connection, returned, bought.values(), _among(connection, events.c.order_id, orders, _REFUND))
    _by_shopper(returned, [row for row in bought.values() if (row.shopper, row.product_id) in pairs], connection)
    news = [{"which": seq, "pieces": count} for seq, count in returned.items() if bought[seq].returned != count]
    if news:
        statement_ = update(events).where(events.c.seq == bindparam("which")).values(returned=bindparam("pieces"))
        connection.execute(statement_, news)
    return changed | {bought[one["which"]].shopper for one in news}


def _by_order(
    connection: Connection, returned: dict[int, int], purchases: Iterable[_Row], refunds: Iterable[_Row]
) -> None:
    """Give the pieces of each refund to the lines of its order."""
    lines: dict[str, list[_Row]] = defaultdict(list)
    for row in sorted(purchases, key=lambda row: row.seq):
        for order in row.orders:
            lines[order].append(row)
    refunds = sorted(refunds, key=lambda row: row.seq)
    family = families(connection, {row.product_id for row in chain(purchases, refunds) if row.product_id})
    of_lines: dict[tuple[int, ...], dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for refund in refunds:
        theirs = lines.get(refund.order_id or "", [])
        if refund.product_id is None:
            returned.update((row.seq, row.quantity) for row in theirs)
        elif meant := _meant(refund.product_id, theirs, family):
            told_by = (refund.source or "").partition(":")[0]
            of_lines[tuple(row.seq for row in meant)][told_by].append(refund)
    by_seq = {row.seq: row for row in purchases}
    for places, told in of_lines.items():
        most = max(sum(refund.quantity for refund in theirs) for theirs in told.values())
        _give_back(returned, [by_seq[seq] for seq in places], most)


def _meant(product_id: str, lines: Sequence[_Row], family: Mapping[str, str]) -> list[_Row]:
    """The lines of an order that a refund of this product means: the same, else those of its group."""
    exact = [row for row in lines if row.product_id == product_id]
    group = family.get(product_id, product_id)
    return exact or [row for row in lines if family.get(row.product_id or "", row.product_id) == group]


def _by_shopper(returned: dict[int, int], purchases: Sequence[_Row], connection: Connection) -> None:
    """Give the pieces of refunds without an order to what the shopper had bought of the product by then."""
    of_pair: dict[Pair, list[_Row]] = defaultdict(list)
    for row in purchases:
        of_pair[row.shopper, row.product_id or ""].append(row)
    shoppers = {shopper for shopper, _ in of_pair}
    for refund in sorted(_loose(connection, shoppers), key=lambda row: (row.time_ms, row.seq)):
        theirs = of_pair.get((refund.shopper, refund.product_id or ""), [])
        before = [row for row in theirs if row.time_ms <= refund.time_ms]
        _give_back(returned, sorted(before, key=lambda row: (-row.time_ms, -row.seq)), refund.quantity)


def _give_back(returned: dict[int, int], lines: Sequence[_Row], pieces: int) -> None:
    for row in lines:
        taken = min(pieces, row.quantity - returned[row.seq])
        returned[row.seq] += taken
        pieces -= taken
        if pieces <= 0:
            return


def _adopt(connection: Connection, refunds: Iterable[_Row], orders: Iterable[str]) -> set[str]:
    """Put refunds that name nobody beside the purchases of their order; returns the profiles they left and reached."""
    nameless = [row for row in refunds if row.session_id == f"{_OURS}{row.order_id}" and not row.shopper_id]
    if not nameless:
        return set()
    buyers: dict[str | None, _Row] = {}
    for row in _among(connection, events.c.order_id, orders, _PURCHASE):
        buyers.setdefault(row.order_id, row)
    news = [(row, buyers[row.order_id]) for row in nameless if row.order_id in buyers]
    news = [(row, buyer) for row, buyer in news if (row.shopper, row.session_id) != (buyer.shopper, buyer.session_id)]
    if news:
        names = ("shopper", "shopper_id", "anonymous_id", "session_id")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(events).where(events.c.seq == bindparam("which")).values(**values)
        rows = [{"which": row.seq, **{f"new_{name}": getattr(buyer, name) for name in names}} for row, buyer in news]
        connection.execute(statement, rows)
    return {name for row, buyer in news for name in (row.shopper, buyer.shopper)}


def _loose_pairs(connection: Connection, shoppers: Iterable[str]) -> set[Pair]:
    """What these profiles gave back without naming an order that has purchases."""
    return {(row.shopper, row.product_id or "") for row in _loose(connection, shoppers)}


def _loose(connection: Connection, shoppers: Iterable[str]) -> list[_Row]:
    bought = _lines.c.order_id == events.c.order_id
    claimed = _lines.c.claimed_order_id == events.c.order_id
    lines = select(_lines.c.seq).where(_lines.c.kind == literal_column(str(int(KindCode.PURCHASE))))
    loose = ~lines.where(bought).exists() & ~lines.where(claimed).exists()
    return _among(connection, events.c.shopper, shoppers, _REFUND & loose)


def _of_orders(connection: Connection, orders: Iterable[str]) -> list[_Row]:
    """Purchases of these orders, those of which browsers say so among them."""
    orders = list(orders)
    rows = _among(connection, events.c.order_id, orders, _PURCHASE)
    return rows + _among(connection, events.c.claimed_order_id, orders, _PURCHASE)


def _among(
    connection: Connection,
    column: ColumnElement[str | None],
    values: Iterable[str | None],
    condition: ColumnElement[bool],
) -> list[_Row]:
    """Rows that have one of these values in a column, and that the condition holds for."""
    wanted = sorted({value for value in values if value})
    rows: list[_Row] = []
    for start in range(0, len(wanted), IN_CHUNK):
        statement = select(*_COLUMNS).where(
            condition, column.is_not(None), column.in_(wanted[start : start + IN_CHUNK])
        )
        rows += [_Row(*one) for one in connection.execute(statement)]
    return rows
