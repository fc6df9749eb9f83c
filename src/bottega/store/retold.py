"""One purchase that several sources tell of counts once: by the shop's pixel, a webhook, a connector, a file of orders.

They name the same order and the same product, or one of them names its group, under event ids of their own. Each row
stays; where two sources tell of a product of an order, the rows of one count and those of the others are marked
`retold`: they are in no history, nothing is learnt from them, and no refund is spent on them. One counts

- that the shop itself tells, before what a browser says (`claimed_order_id`): anybody can guess the number of an order;
- that names a shopper, before one that does not;
- that tells of more pieces, before one that tells of fewer;
- that was there first.

So the order of arrival makes no difference to what is counted. What one source tells under several event ids are the
lines of an order, and all of them count. Claims of several browsers stand beside each other, for none may take the
place of another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from bottega.names import KindCode
from bottega.store.database import IN_CHUNK
from bottega.store.tables import events, products

__all__ = ["claimed_order", "count_once", "families"]

_PURCHASE = events.c.kind == literal_column(str(int(KindCode.PURCHASE)))


@dataclass(slots=True)
class _Row:
    seq: int
    shopper: str
    shopper_id: str | None
    product_id: str | None
    quantity: int
    source: str | None
    order_id: str | None
    claimed_order_id: str | None
    retold: bool


_COLUMNS = [events.c[name] for name in _Row.__dataclass_fields__]


def claimed_order(order_id: str | None, *who: str | None) -> str | None:
    """The order that a browser says an event is part of: the door put whose word that is before it.

    >>> claimed_order("v-1:81", None, "v-1"), claimed_order("81", None, "v-1")
    ('81', None)
    """
    if order_id is None or ":" not in order_id:
        return None
    return next((order_id[len(one) + 1 :] or None for one in who if one and order_id.startswith(f"{one}:")), None)


def count_once(connection: Connection, orders: Collection[str]) -> tuple[int, set[str]]:
    """Settle anew which rows of these orders count, after purchases of theirs were written.

    Returns how many more are marked than before, and the profiles whose purchases changed. Costs a look-up or two where
    every order is told by one source.
    """
    told = _told_by_several(connection, orders)
    if not told:
        return 0, set()
    rows = [*_purchases(connection, "order_id", told), *_purchases(connection, "claimed_order_id", told)]
    rows = list({row.seq: row for row in rows}.values())
    family = families(connection, {row.product_id for row in rows if row.product_id})
    of_goods: dict[tuple[str | None, str | None], list[_Row]] = defaultdict(list)
    for row in rows:
        order = row.claimed_order_id or row.order_id
        of_goods[order, family.get(row.product_id or "", row.product_id)].append(row)
    counted: set[int] = set()
    for theirs in of_goods.values():
        counted |= _counted(theirs)
    news = [row for row in rows if row.retold == (row.seq in counted)]
    if news:
        statement = update(events).where(events.c.seq == bindparam("which")).values(retold=bindparam("mark"))
        connection.execute(statement, [{"which": row.seq, "mark": not row.retold} for row in news])
    return sum(1 if not row.retold else -1 for row in news), {row.shopper for row in news}


def families(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The group of each of these products that has one."""
    found: dict[str, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), IN_CHUNK):
        among = products.c.id.in_(wanted[start : start + IN_CHUNK])
        statement = select(products.c.id, products.c.group_id).where(among, products.c.group_id.is_not(None))
        found.update((one, group) for one, group in connection.execute(statement) if group)
    return found


def _counted(rows: Iterable[_Row]) -> set[int]:
    """Of the rows that tell of one product of one order, those that count."""
    by_source: dict[str, list[_Row]] = defaultdict(list)
    claims: set[int] = set()
    for row in rows:
        if row.claimed_order_id is None:
            by_source[row.source or ""].append(row)
        else:
            claims.add(row.seq)
    if not by_source:
        return claims
    best = min(by_source.values(), key=_standing)
    return {row.seq for row in best}


def _standing(told: list[_Row]) -> tuple[bool, int, int]:
    """How a source's telling stands among those of others; the least counts."""
    return (
        not any(row.shopper_id for row in told),
        -sum(row.quantity for row in told),
        min(row.seq for row in told),
    )


def _told_by_several(connection: Connection, orders: Collection[str]) -> set[str]:
    """Those of these orders of which more than one source tells."""
    wanted, found = sorted(orders), set[str]()
    source = func.coalesce(events.c.source, "")
    for start in range(0, len(wanted), IN_CHUNK):
        chunk = wanted[start : start + IN_CHUNK]
        of_order = select(events.c.order_id).where(_PURCHASE, events.c.order_id.is_not(None))
        of_order = of_order.where(events.c.order_id.in_(chunk)).group_by(events.c.order_id)
        found.update(connection.execute(of_order.having(func.min(source) != func.max(source))).scalars())
        claimed = select(events.c.claimed_order_id).distinct().where(events.c.claimed_order_id.is_not(None))
        found.update(connection.execute(claimed.where(events.c.claimed_order_id.in_(chunk))).scalars())
    return found


def _purchases(connection: Connection, column: str, orders: Collection[str]) -> list[_Row]:
    wanted = sorted(orders)
    rows: list[_Row] = []
    for start in range(0, len(wanted), IN_CHUNK):
        named = events.c[column]
        statement = select(*_COLUMNS).where(_PURCHASE, named.is_not(None), named.in_(wanted[start : start + IN_CHUNK]))
        rows += [_Row(*one) for one in connection.execute(statement)]
    return rows
