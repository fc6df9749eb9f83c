"""What shoppers did, as rows: added once, in order of arrival, each under the profile it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, or_, select

from bottega.events.batch import EVENT_COLUMNS, schema_of
from bottega.events.event import Event
from bottega.events.log_in import LogIn
from bottega.events.times import now_ms
from bottega.names import KindCode
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.event_frames import KEPT, EventFrames
from bottega.store.folded import YOUNG_MS, folded_until
from bottega.store.identities import Join, Who, apply_joins, known_shoppers, new_joins, profile, sessions_beside, settle
from bottega.store.often_asked import OftenAsked
from bottega.store.refunds import Sold, take_back
from bottega.store.retold import claimed_order, count_once
from bottega.store.tables import events, products

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Added", "EventStore", "StoredEvent", "Tally"]

_TRADED = frozenset({int(KindCode.PURCHASE), int(KindCode.REFUND)})
_NAMES = tuple(EVENT_COLUMNS)
_WRITTEN = ("seq", "shopper", *_NAMES, "claimed_order_id")
"""Columns of a row as it is written."""
_KIND = _WRITTEN.index("kind")
_sold = itemgetter(*(_WRITTEN.index(one.name) for one in fields(Sold)))
"""The fields of `Sold` out of a row of `_WRITTEN`."""
_ORDER = _NAMES.index("order_id")
_TIME = _NAMES.index("time_ms")
_who = itemgetter(*(_NAMES.index(name) for name in Who._fields))
"""The fields of `Who` out of a row of `_NAMES`."""


@dataclass(frozen=True, slots=True)
class Added:
    """What one call changed."""

    added: int
    duplicates: int
    """Events whose id was there already, or which are older than the shop keeps them; nothing of them was changed."""
    joined: int = 0
    """Anonymous ids and sessions that now belong to a shopper, or to an earlier one than before."""
    purchases: int = field(default=0, compare=False)
    """Of the events given, how many are purchases."""
    names: frozenset[str] = field(default=frozenset(), compare=False)
    """Every profile and id that these events touch: what anybody knew of them is out of date."""
    moved: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Profiles that were joined to another one, or gave to it what was told of them, and which."""
    told: bool = field(default=False, compare=False)
    """Whether something told moved to another profile, consents perhaps among it."""
    after: int = field(default=0, compare=False)
    """Number in the order of arrival behind which these events stand."""
    newest: int = field(default=0, compare=False)
    """Number of the last of them."""
    repeated: int = field(default=0, compare=False)
    """Of the duplicates, how many repeat an event that was not there up to `since`."""
    retold: int = field(default=0, compare=False)
    """Rows that no longer count, because another source tells of the same purchase."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the store returns it."""

    seq: int
    """Order of arrival; grows, with gaps."""
    shopper: str
    """The profile it belongs to: its shopper id, else the shopper its anonymous id or session logged in as, else its
    anonymous id, else its session id."""
    event_id: str
    shopper_id: str | None
    anonymous_id: str | None
    session_id: str | None
    kind: KindCode
    product_id: str | None
    time_ms: int
    quantity: int
    value: float | None
    query: str | None
    rating: float | None
    recommendation_id: str | None
    source: str | None
    order_id: str | None
    returned: int
    """Of a purchase: how many pieces refunds took back."""
    claimed_order_id: str | None = None
    """The order that a browser says it is part of."""
    design_id: str | None = None
    """What was printed on the product."""
    retold: bool = False
    """Whether it counts where another source told of the same purchase, and not here."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events of a kind there are."""

    kind: KindCode
    events: int
    unknown: int
    """Of them, those that name a product that is not in the catalogue."""


class EventStore(EventFrames):
    """Events by order of arrival, by shopper, or all at once (event_frames.py)."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        columns = events.c.seq, events.c.time_ms, events.c.kind, events.c.product_id
        brief = select(*columns).where(events.c.shopper == bindparam("whose"), KEPT).limit(bindparam("most"))
        self._brief = OftenAsked(database, brief.order_by(events.c.time_ms.desc(), events.c.seq.desc()))

    def add(self, batch: Sequence[Event]) -> Added:
        """Add events in one transaction: when this returns they are on disk. Those whose id is known change nothing."""
        return self._add(
            [
                (
                    one.event_id,
                    one.shopper_id,
                    one.anonymous_id,
                    one.session_id,
                    int(one.kind.code),
                    one.product_id,
                    one.time_ms,
                    one.quantity,
                    one.value,
                    one.query,
                    one.rating,
                    one.recommendation_id,
                    one.source,
                    one.order_id,
                    one.design_id,
                )
                for one in batch
            ]
        )

    def add_frame(self, frame: pl.DataFrame, *, since: int | None = None) -> Added:
        """The same for many: columns of `events.batch.EVENT_COLUMNS`, already checked (`events.check`).

        `since`: the number in the order of arrival behind which an event counts as `repeated`, not as known before.
        """
        schema = schema_of(EVENT_COLUMNS)
        assert dict(frame.schema) == schema and list(frame.schema) == list(schema), (
            f"columns must be {schema}, not {frame.schema}"
        )
        return self._add(frame.rows(), since)

    def _add(self, rows: list[tuple[Any, ...]], since: int | None = None) -> Added:
        if not rows:
            return Added(0, 0)
        with self._database.write() as connection:
            seq = take(connection, "events", len(rows))
            given, rows = len(rows), _not_folded(connection, rows)
            if not rows:
                return Added(0, given)
            batch = [tuple.__new__(Who, _who(row)) for row in rows]  # a fifth of the time that `_make` takes
            known = known_shoppers(connection, batch)
            joins = new_joins(batch, known)
            shoppers = {name: shopper for name, (_, shopper) in known.items()}
            shoppers.update((join.name, join.shopper_id) for join in joins)
            values = [
                (seq + i, profile(who, shoppers), *row, claimed_order(row[_ORDER], *who[:3]))
                for i, (row, who) in enumerate(zip(rows, batch, strict=True), start=1)
            ]
            self._database.insert_ignoring(connection, events, "event_id", _WRITTEN, values)
            added = connection.execute(_NEWER, {"than": seq}).scalar_one()
            sessions = apply_joins(connection, joins) | sessions_beside(batch)
            told = settle(connection, joins, sessions)
            sold = [Sold(*_sold(row)) for row in values if row[_KIND] in _TRADED]
            orders = {row.claimed_order_id or row.order_id for row in sold if row.kind == KindCode.PURCHASE}
            retold, changed = count_once(connection, {order for order in orders if order})
            returned = take_back(connection, sold, {join.shopper_id for join in joins})
            repeated = 0
            if since is not None and added < len(rows):
                repeated = _repeated(connection, [row[0] for row in rows], since, seq, added)
        return Added(
            added,
            given - added,
            len(joins),
            purchases=sum(row.kind == KindCode.PURCHASE for row in sold),
            names=_names(batch, values, joins) | sessions | {*told, *told.values()} | returned | changed,
            moved=_moved(joins, told),
            told=bool(told),
            after=seq,
            newest=seq + len(rows),
            repeated=repeated,
            retold=retold,
        )

    def log_in(self, batch: Sequence[LogIn]) -> Added:
        """Join the ids of log-ins that came without an event, in one transaction."""
        if not batch:
            return Added(0, 0)
        now = now_ms()
        who = [Who(one.shopper_id, one.anonymous_id, one.session_id, one.time_ms or now) for one in batch]
        with self._database.write() as connection:
            take(connection, "events", 0)
            joins = new_joins(who, known_shoppers(connection, who))
            sessions = apply_joins(connection, joins) | sessions_beside(who)
            told = settle(connection, joins, sessions)
            returned = take_back(connection, [], {join.shopper_id for join in joins})
        return Added(
            0,
            0,
            len(joins),
            names=_names(who, [], joins) | sessions | {*told, *told.values()} | returned,
            moved=_moved(joins, told),
            told=bool(told),
        )

    def count(self) -> int:
        with self._database.read() as connection:
            return _count(connection)

    def last_time_ms(self) -> int | None:
        """When the newest event happened, UTC milliseconds; None without events."""
        with self._database.read() as connection:
            return connection.execute(select(func.max(events.c.time_ms))).scalar()

    def sold_most(self, since_ms: int, n: int) -> list[tuple[str, int]]:
        """The products of which most pieces were sold since a moment (UTC) and not given back, with how many."""
        pieces = func.sum(events.c.quantity - events.c.returned)
        statement = (
            select(events.c.product_id, pieces)
            .where(
                events.c.kind == int(KindCode.PURCHASE),
                events.c.time_ms >= since_ms,
                events.c.product_id.is_not(None),
                KEPT,
            )
            .group_by(events.c.product_id)
            .order_by(pieces.desc(), events.c.product_id)
            .limit(n)
        )
        with self._database.read() as connection:
            return [(product_id, int(count)) for product_id, count in connection.execute(statement)]

    def kinds_of(self, product_ids: Sequence[str]) -> dict[KindCode, int]:
        """How many events of each kind name one of these products; looks through all that are kept."""
        statement = (
            select(events.c.kind, func.count())
            .where(events.c.product_id.in_(list(product_ids)[:IN_CHUNK]), KEPT)
            .group_by(events.c.kind)
            .order_by(events.c.kind)
        )
        with self._database.read() as connection:
            return {KindCode(kind): int(count) for kind, count in connection.execute(statement)}

    def every_shopper(self, step: int) -> list[str]:
        """Of all profiles with an event, by name, the first, and each that comes `step` places after one of these."""
        names = select(events.c.shopper).distinct().subquery()
        place = func.row_number().over(order_by=names.c.shopper).label("place")
        placed = select(names.c.shopper, place).subquery()
        statement = select(placed.c.shopper).where((placed.c.place - 1) % step == 0).order_by(placed.c.place)
        with self._database.read() as connection:
            return list(connection.execute(statement).scalars())

    def shoppers_from(self, first: str, before: str | None) -> list[str]:
        """Profiles with an event by name, from `first` on, up to and without `before`."""
        statement = select(events.c.shopper).distinct().where(events.c.shopper >= first)
        if before is not None:
            statement = statement.where(events.c.shopper < before)
        with self._database.read() as connection:
            return list(connection.execute(statement.order_by(events.c.shopper)).scalars())

    def tally(self, from_ms: int, to_ms: int | None = None) -> list[Tally]:
        """Events by kind of a stretch of time (`to_ms` not included), and how many name a product nobody knows."""
        known = or_(
            select(products.c.id).where(products.c.id == events.c.product_id).exists(),
            select(products.c.id).where(products.c.group_id == events.c.product_id).exists(),
        )
        unknown = func.sum(case((and_(events.c.product_id.is_not(None), ~known), 1), else_=0))
        statement = select(events.c.kind, func.count(), unknown).where(events.c.time_ms >= from_ms)
        if to_ms is not None:
            statement = statement.where(events.c.time_ms < to_ms)
        with self._database.read() as connection:
            found = connection.execute(statement.group_by(events.c.kind).order_by(events.c.kind))
            return [Tally(KindCode(kind), count, int(lost)) for kind, count, lost in found]

    def by_hour(self, now_ms: int, hours: int, *, newest: int = 500_000) -> tuple[list[int], int | None]:
        """Events of each of the last hours, the oldest first, and when the latest of all happened (UTC ms; None without
        any), among the `newest` that arrived: no index leads to times, and a count must not read a year."""
        age = (now_ms - events.c.time_ms) // 3_600_000
        recent = events.c.seq > select(func.max(events.c.seq)).scalar_subquery() - newest
        inside = and_(events.c.time_ms <= now_ms, events.c.time_ms > now_ms - hours * 3_600_000)
        with self._database.read() as connection:
            rows = connection.execute(select(age, func.count()).where(recent, inside).group_by(age)).all()
            last = connection.execute(select(func.max(events.c.time_ms)).where(recent)).scalar()
        found = {int(hour): int(count) for hour, count in rows}
        return [found.get(hour, 0) for hour in range(hours - 1, -1, -1)], last

    def newest_seq(self) -> int:
        """The last number in the order of arrival; 0 without events."""
        with self._database.read() as connection:
            return connection.execute(select(func.max(events.c.seq))).scalar() or 0

    def since(self, seq: int, limit: int) -> list[StoredEvent]:
        """Up to `limit` events that arrived after `seq`, in order of arrival. None is ever skipped."""
        statement = select(*_stored).where(events.c.seq > seq).order_by(events.c.seq).limit(limit)
        with self._database.read() as connection:
            return [_event(row) for row in connection.execute(statement)]

    def of_shopper(self, shopper: str, limit: int) -> list[StoredEvent]:
        """The newest `limit` events of a profile, newest first, history from before its log-in included."""
        statement = select(*_stored).where(events.c.shopper == shopper)
        statement = statement.order_by(events.c.time_ms.desc(), events.c.seq.desc()).limit(limit)
        with self._database.read() as connection:
            return [_event(row) for row in connection.execute(statement)]

    def of_shoppers(self, shoppers: Sequence[str], limit: int) -> dict[str, list[StoredEvent]]:
        """The same of many profiles: of each its newest `limit` events, newest first; who did nothing is left out."""
        order = events.c.time_ms.desc(), events.c.seq.desc()
        place = func.row_number().over(partition_by=events.c.shopper, order_by=order).label("place")
        found: dict[str, list[StoredEvent]] = {}
        with self._database.read() as connection:
            for start in range(0, len(shoppers), IN_CHUNK):
                theirs = select(*_stored, place).where(events.c.shopper.in_(shoppers[start : start + IN_CHUNK]))
                ranked = theirs.subquery()
                statement = select(*[ranked.c[column.name] for column in _stored]).where(ranked.c.place <= limit)
                statement = statement.order_by(ranked.c.shopper, ranked.c.place)
                for row in connection.execute(statement):
                    found.setdefault(row.shopper, []).append(_event(row))
        return found

    def brief_of_shopper(self, shopper: str, limit: int) -> list[tuple[int, int, int, str | None]]:
        """The same in brief, without what was given back: seq, time_ms, kind code and product id of each."""
        return self._brief(whose=shopper, most=limit)

    def resolve(self, shopper_id: str | None, anonymous_id: str | None = None, session_id: str | None = None) -> str:
        """The profile that an event with these ids belongs to. At least one must be given."""
        who = Who(shopper_id, anonymous_id, session_id, 0)
        if shopper_id:
            return shopper_id
        with self._database.read() as connection:
            known = known_shoppers(connection, [who])
        return profile(who, {name: shopper for name, (_, shopper) in known.items()})


def _repeated(connection: Connection, ids: Sequence[str], since: int, last: int, added: int) -> int:
    """Of events that were there, how many were not there up to `since`: they repeat what came after it.

    Those behind `last` were added just now and need not be looked for.
    """
    new = set(connection.execute(select(events.c.event_id).where(events.c.seq > last)).scalars())
    counts = Counter(one for one in ids if one not in new)
    different = sorted(counts)
    before = 0
    for start in range(0, len(different), IN_CHUNK):
        known = events.c.event_id.in_(different[start : start + IN_CHUNK])
        rows = connection.execute(select(events.c.event_id).where(known, events.c.seq <= since)).scalars()
        before += sum(counts[one] for one in rows)
    return len(ids) - before - added


def _not_folded(connection: Connection, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those of a time that the shop keeps: what is older was counted, and would be once more.

    Nobody folds what is younger than `YOUNG_MS`: of what happened just now, the store is not asked.
    """
    if min(row[_TIME] for row in rows) >= now_ms() - YOUNG_MS:
        return rows
    until_ms = folded_until(connection)
    return [row for row in rows if row[_TIME] >= until_ms] if until_ms else rows


def _moved(joins: Sequence[Join], told: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    joined = {(join.before, join.shopper_id): None for join in joins if join.before != join.shopper_id}
    return tuple(joined | dict.fromkeys(told.items()))


def _names(batch: Sequence[Who], values: Sequence[tuple[Any, ...]], joins: Sequence[Join]) -> frozenset[str]:
    found = {row[1] for row in values} | {join.before for join in joins}
    for place in range(3):
        found |= {who[place] for who in batch}
    return frozenset(found - {None})


def _count(connection: Connection, *where: Any) -> int:
    return connection.execute(select(func.count()).select_from(events).where(*where)).scalar_one()


_NEWER = select(func.count()).select_from(events).where(events.c.seq > bindparam("than"))
_stored = [events.c[name] for name in StoredEvent.__dataclass_fields__]
_KIND_PLACE = list(StoredEvent.__dataclass_fields__).index("kind")


def _event(row: Row[Any]) -> StoredEvent:
    values = list(row)
    values[_KIND_PLACE] = KindCode(values[_KIND_PLACE])
    return StoredEvent(*values)
