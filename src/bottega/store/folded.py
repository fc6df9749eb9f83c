"""Events older than the shop keeps, as counts: how many did what with which product in a month, and nobody's name.

A chunk of the log is counted and deleted in one transaction, so that a stop between two leaves nothing counted twice
and nothing uncounted. Before the first chunk the moment is written down before which no event is taken any more: an
old file that is imported again would else be counted again.

Counted is what may be learnt from (consent, no bots). A shopper counts once a day for a product, with the strongest
thing that they did, so that nobody lifts a product by coming back all day. What names a design stays: it is the proof
of an order that may yet be printed.

A refund whose purchase is not there any more takes its pieces from the counts, once, in the next fold (`_take_back`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bottega.events.numbers import ALL_PIECES
from bottega.events.times import now_ms
from bottega.names import DAY_MS, KIND_WEIGHT, ConsentRule, KindCode
from bottega.progress import Progress, silent
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.event_frames import KEPT, learnable
from bottega.store.tables import counters, event_counts, events

__all__ = ["FOLDED_UNTIL", "YOUNG_MS", "FoldedStore", "PastCount", "folded_until"]

FOLDED_UNTIL = "folded_until"
"""The counter that holds the moment before which no event is taken, UTC milliseconds."""
YOUNG_MS = 27 * DAY_MS
"""Nothing younger is folded: a shop keeps whole months (`events_kept_months`), and the shortest has a day more."""
REFUNDS_SEEN = "refunds_seen"
"""The counter that holds up to which number of the log refunds were looked at whose purchases may have been folded."""
CHUNK = 20_000
"""Numbers of the log in one transaction, so that others who write do not wait long."""
_REFUND: ColumnElement[int] = literal_column(str(int(KindCode.REFUND)))
"""As the partial index says it: a bound value would not be seen to be the same."""
_bought = events.alias("bought")
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
        """Fold what happened before a moment (UTC) and is not younger than `YOUNG_MS`; how many events went."""
        before_ms = min(before_ms, now_ms() - YOUNG_MS)
        with self._database.write() as connection:
            take(connection, "events", 0)  # whoever adds events waits, and then sees it
            _take_back(connection, consent)
            _remember(connection, FOLDED_UNTIL, before_ms)
            newest = _newest(connection)
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
                    _take_back(connection, consent)
                    _count(connection, old, consent)
                    gone += connection.execute(delete(events).where(*old)).rowcount
            after = last
            progress("folding events", after, newest)
        return gone


def folded_until(connection: Connection) -> int:
    """`FoldedStore.until_ms` within a transaction of the caller's."""
    return connection.execute(_UNTIL).scalar() or 0


_UNTIL = select(counters.c.value).where(counters.c.name == FOLDED_UNTIL)
_SEEN = select(counters.c.value).where(counters.c.name == REFUNDS_SEEN)


def _remember(connection: Connection, name: str, value: int) -> None:
    known = connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar()
    if known is None:
        connection.execute(insert(counters), {"name": name, "value": value})
    elif known < value:
        connection.execute(update(counters).where(counters.c.name == name).values(value=value))


def _newest(connection: Connection) -> int:
    return connection.execute(select(func.max(events.c.seq))).scalar() or 0


def _take_back(connection: Connection, consent: ConsentRule) -> None:
    """Take from the counts what refunds gave back since the last time, where no purchase is left that they belong to.

    Those whose purchase is there took it back when they came, and it is counted without; of whom nothing is counted,
    nothing is taken. Nobody's purchase is known in
    a count, so that a refund takes from the product's newest month before it, as it would from a shopper's last
    purchase; no month has more shoppers who bought than pieces that stayed with them.
    """
    seen, newest = connection.execute(_SEEN).scalar(), _newest(connection)
    if seen is not None and seen < newest:
        for product_id, time_ms, pieces in _given_back(connection, seen, consent):
            _take_from_counts(connection, product_id, time_ms, pieces)
    _remember(connection, REFUNDS_SEEN, newest)


def _given_back(connection: Connection, seen: int, consent: ConsentRule) -> list[tuple[str, int, int]]:
    """Of refunds that came after a number of the log and have no purchase: product, moment, pieces.

    Of what several sources say was given back of one product of an order, the most counts, as in refunds.py.
    """
    bought = select(_bought.c.seq).where(_bought.c.kind == int(KindCode.PURCHASE))
    theirs = _bought.c.shopper == events.c.shopper, _bought.c.product_id == events.c.product_id
    alone = and_(
        events.c.kind == _REFUND,
        events.c.product_id.is_not(None),
        ~bought.where(_bought.c.order_id == events.c.order_id).exists(),
        ~bought.where(_bought.c.claimed_order_id == events.c.order_id).exists(),
        ~bought.where(*theirs, _bought.c.time_ms <= events.c.time_ms).exists(),
        *learnable(connection, consent),
    )
    columns = [events.c[name] for name in ("seq", "product_id", "time_ms", "quantity", "order_id", "source")]
    rows = connection.execute(select(*columns).where(alone, events.c.seq > seen).order_by(events.c.seq)).all()
    of_orders = sorted({row.order_id for row in rows if row.order_id})
    told = [row for row in rows if not row.order_id]
    for start in range(0, len(of_orders), IN_CHUNK):
        named = events.c.order_id.in_(of_orders[start : start + IN_CHUNK])
        told += connection.execute(select(*columns).where(alone, named).order_by(events.c.seq))
    before, after = defaultdict[tuple[str, str], Counter[str]](Counter), dict[tuple[str, str], Counter[str]]()
    moments: dict[tuple[str, str], int] = {}
    for row in told:
        key = row.order_id or f"{row.seq}", row.product_id
        teller = (row.source or "").partition(":")[0]
        pieces = row.quantity if row.quantity < ALL_PIECES else 1  # of how many nobody knows any more
        after.setdefault(key, Counter())[teller] += pieces
        before[key][teller] += pieces if row.seq <= seen else 0
        moments[key] = row.time_ms
    more = {key: max(counts.values()) - max(before[key].values()) for key, counts in after.items()}
    return [(key[1], moments[key], count) for key, count in more.items() if count > 0]


def _take_from_counts(connection: Connection, product_id: str, time_ms: int, pieces: int) -> None:
    mine = event_counts.c.product_id == product_id, event_counts.c.kind == int(KindCode.PURCHASE)
    months = select(event_counts).where(*mine, event_counts.c.month_ms <= time_ms, event_counts.c.pieces > 0)
    for row in connection.execute(months.order_by(event_counts.c.month_ms.desc())).all():
        left = row.pieces - min(pieces, row.pieces)
        pieces -= row.pieces - left
        this = *mine, event_counts.c.month_ms == row.month_ms
        if left:
            values = {"pieces": left, "shoppers": min(row.shoppers, left)}
            connection.execute(update(event_counts).where(*this).values(**values))
        else:
            connection.execute(delete(event_counts).where(*this))
        if not pieces:
            return


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
