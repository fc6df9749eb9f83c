"""Events older than the shop keeps, as counts: how many did what with which product in a month, and nobody's name.

A chunk of the log is counted and deleted in one transaction, so that a stop between two leaves nothing counted twice
and nothing uncounted. Before the first chunk the moment is written down before which no event is taken any more: an
old file that is imported again would else be counted again.

Counted is what may be learnt from (consent, no bots). A shopper counts once a day for a product, with the strongest
thing that they did, so that nobody lifts a product by coming back all day. What names a design stays: it is the proof
of an order that may yet be printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bottega.names import DAY_MS, KIND_WEIGHT, ConsentRule, KindCode
from bottega.progress import Progress, silent
from bottega.store.database import Database, take
from bottega.store.event_frames import KEPT, learnable
from bottega.store.tables import counters, event_counts, events

__all__ = ["FOLDED_UNTIL", "FoldedStore", "PastCount", "folded_until"]

FOLDED_UNTIL = "folded_until"
"""The counter that holds the moment before which no event is taken, UTC milliseconds."""
CHUNK = 20_000
"""Numbers of the log in one transaction, so that others who write do not wait long."""
_STRENGTH = sorted(KIND_WEIGHT, key=lambda kind: (KIND_WEIGHT[kind], kind))
"""Kinds by how much they say; a place is what the database compares."""


@dataclass(frozen=True, slots=True)
class PastCount:
    """What was done with one product in one month."""

    month_ms: int
    """When the month began, UTC."""
    product_id: str
    kind: KindCode
    shoppers: int
    """How many came that day and did this as the strongest thing, added up over days."""
    pieces: int
    """Of purchases: pieces that were not given back."""


class FoldedStore:
    """Counts of what is kept no longer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def until_ms(self) -> int:
        """Before that moment no event is kept or taken; 0 where all are."""
        with self._database.read() as connection:
            return folded_until(connection)

    def counts(self) -> list[PastCount]:
        """Every count, oldest first."""
        order = event_counts.c.month_ms, event_counts.c.product_id, event_counts.c.kind
        with self._database.read() as connection:
            rows = connection.execute(select(event_counts).order_by(*order))
            return [
                PastCount(row.month_ms, row.product_id, KindCode(row.kind), row.shoppers, row.pieces) for row in rows
            ]

    def fold(self, before_ms: int, consent: ConsentRule, *, progress: Progress = silent) -> int:
        """Fold what happened before a moment (UTC); how many events went."""
        with self._database.write() as connection:
            take(connection, "events", 0)  # whoever adds events waits, and then sees it
            _remember(connection, before_ms)
            newest: int = connection.execute(select(func.max(events.c.seq))).scalar() or 0
        gone = after = 0
        while after < newest:
            with self._database.read() as connection:
                chunk = select(events.c.seq).where(events.c.seq > after).order_by(events.c.seq).limit(CHUNK).subquery()
                last: int = connection.execute(select(func.max(chunk.c.seq))).scalar() or newest
                at = events.c.seq > after, events.c.seq <= last
                old = (*at, events.c.time_ms < before_ms, events.c.design_id.is_(None))
                some = connection.execute(select(events.c.seq).where(*old).limit(1)).first()
            if some is not None:
                with self._database.write() as connection:
                    take(connection, "events", 0)
                    _count(connection, old, consent)
                    gone += connection.execute(delete(events).where(*old)).rowcount
            after = last
            progress("folding events", after, newest)
        return gone


def folded_until(connection: Connection) -> int:
    """`FoldedStore.until_ms` within a transaction of the caller's."""
    return connection.execute(_UNTIL).scalar() or 0


_UNTIL = select(counters.c.value).where(counters.c.name == FOLDED_UNTIL)


def _remember(connection: Connection, before_ms: int) -> None:
    known = connection.execute(_UNTIL).scalar()
    if known is None:
        connection.execute(insert(counters), {"name": FOLDED_UNTIL, "value": before_ms})
    elif known < before_ms:
        connection.execute(update(counters).where(counters.c.name == FOLDED_UNTIL).values(value=before_ms))


def _count(connection: Connection, old: Sequence[ColumnElement[bool]], consent: ConsentRule) -> None:
    told = (*old, KEPT, events.c.product_id.is_not(None), *learnable(connection, consent))
    day = (events.c.time_ms // DAY_MS).label("day")
    strength = case(*((events.c.kind == int(kind), place) for place, kind in enumerate(_STRENGTH)), else_=-1)
    once = select(day, events.c.product_id, func.max(strength).label("strength")).where(*told)
    ones = once.group_by(day, events.c.shopper, events.c.product_id).subquery()
    keys = ones.c.day, ones.c.product_id, ones.c.strength
    shoppers: Counter[tuple[int, str, int]] = Counter()
    for row in connection.execute(select(*keys, func.count().label("n")).group_by(*keys)):
        if row.strength >= 0:
            shoppers[_month_ms(row.day), row.product_id, int(_STRENGTH[row.strength])] += row.n
    left = func.sum(events.c.quantity - events.c.returned)
    sold = select(day, events.c.product_id, left.label("pieces")).where(*told, events.c.kind == int(KindCode.PURCHASE))
    pieces: Counter[tuple[int, str, int]] = Counter()
    for row in connection.execute(sold.group_by(day, events.c.product_id)):
        pieces[_month_ms(row.day), row.product_id, int(KindCode.PURCHASE)] += int(row.pieces)
    rows = [
        dict(zip(("month_ms", "product_id", "kind"), key, strict=True))
        | {"shoppers": shoppers[key], "pieces": pieces[key]}
        for key in sorted({*shoppers, *pieces})
    ]
    if rows:
        lite = connection.dialect.name == "sqlite"
        adding = (sqlite_insert if lite else postgresql_insert)(event_counts)
        more = {name: event_counts.c[name] + adding.excluded[name] for name in ("shoppers", "pieces")}
        connection.execute(
            adding.on_conflict_do_update(index_elements=["month_ms", "product_id", "kind"], set_=more), rows
        )


def _month_ms(day: int) -> int:
    at = datetime.fromtimestamp(day * DAY_MS / 1000, UTC)
    return int(at.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()) * 1000
