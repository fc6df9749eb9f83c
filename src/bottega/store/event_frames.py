"""All events at once, as tables of columns: those that may be learnt from, and for checks every one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from bottega.events.batch import schema_of
from bottega.names import POSITIVE_KINDS, ConsentRule, KindCode, Purpose
from bottega.store.database import Database
from bottega.store.tables import bots, consents, events

if TYPE_CHECKING:  # a server that answers reads no tables
    import polars as pl

__all__ = ["CHECK_COLUMNS", "FRAME_COLUMNS", "KEPT", "EventFrames", "learnable"]

FRAME_COLUMNS = {
    "shopper": "String",
    "product_id": "String",
    "kind": "Int8",
    "time_ms": "Int64",
    "quantity": "Int32",
    "value": "Float64",
    "rating": "Float64",
}
"""Columns that `frame` returns."""
CHECK_COLUMNS = {
    "shopper": "String",
    "session_id": "String",
    "product_id": "String",
    "kind": "Int8",
    "time_ms": "Int64",
    "quantity": "Int32",
    "value": "Float64",
    "source": "String",
}
"""Columns that `everything` may return."""

_ASKED = {"shopper": "String", "kind": "Int8", "product_id": "String", "query": "String", "time_ms": "Int64"}
_READ_CHUNK = 100_000
KEPT = and_(events.c.returned < events.c.quantity, events.c.retold.is_(False))
"""Not a purchase of which everything was given back, and not one that another source's row stands for."""


class EventFrames:
    """What only reads many."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def frame(
        self,
        consent: ConsentRule = "assumed",
        *,
        analytics: bool = False,
        kinds: Iterable[KindCode] | None = None,
    ) -> pl.DataFrame:
        """Every event that may be learnt from: columns of `FRAME_COLUMNS`, sorted by shopper, time and arrival.

        Events of shoppers without consent to personalisation are left out, and those of bots; for `analytics`, those of
        who said no to it as well. With `kinds`, only events of these. Purchases lack the pieces that were given back;
        there are no refunds.
        """
        import polars as pl

        schema = schema_of({**FRAME_COLUMNS, "seq": "Int64"})
        parts = [pl.DataFrame(schema=schema)]
        left = {"quantity": events.c.quantity - events.c.returned}
        statement = select(*(left.get(name, events.c[name]) for name in schema))
        statement = statement.where(KEPT, events.c.kind != int(KindCode.REFUND))
        if kinds is not None:
            statement = statement.where(events.c.kind.in_([int(kind) for kind in kinds]))
        with self._database.read() as connection:
            statement = statement.where(*learnable(connection, consent, analytics=analytics))
            for rows in self._database.stream(connection, statement, _READ_CHUNK):
                parts.append(_columns(rows, schema))
        return pl.concat(parts).sort("shopper", "time_ms", "seq").drop("seq")

    def everything(self, names: Sequence[str], *, without: Iterable[KindCode] = ()) -> pl.DataFrame:
        """Every event, of whomever: some columns of `CHECK_COLUMNS`, sorted by shopper, time and arrival.

        For checks alone, which count and learn nothing. `without`: kinds that are left out.
        """
        import polars as pl

        schema = schema_of({name: CHECK_COLUMNS[name] for name in names} | {"seq": "Int64"})
        parts = [pl.DataFrame(schema=schema)]
        statement = select(*(events.c[name] for name in schema))
        if left := [int(kind) for kind in without]:
            statement = statement.where(events.c.kind.not_in(left))
        with self._database.read() as connection:
            for rows in self._database.stream(connection, statement, _READ_CHUNK):
                parts.append(_columns(rows, schema))
        order = [name for name in ("shopper", "time_ms", "seq") if name in schema]
        return pl.concat(parts).sort(order).drop("seq")

    def searches(self, consent: ConsentRule = "assumed") -> pl.DataFrame:
        """Every search that has words and may be learnt from: shopper, time_ms and query, in order of arrival."""
        import polars as pl

        schema: dict[str, Any] = {"shopper": pl.String, "time_ms": pl.Int64, "query": pl.String}
        parts = [pl.DataFrame(schema=schema)]
        statement = select(*(events.c[name] for name in schema)).order_by(events.c.seq)
        statement = statement.where(events.c.kind == int(KindCode.SEARCH), events.c.query.is_not(None))
        with self._database.read() as connection:
            statement = statement.where(*learnable(connection, consent))
            for rows in connection.execute(statement).partitions(_READ_CHUNK):
                parts.append(_columns(rows, schema))
        return pl.concat(parts)

    def searches_and_after(self, since_ms: int, until_ms: int) -> pl.DataFrame:
        """Searches with words, and what shoppers were drawn to, of a stretch of time: shopper, kind, product_id, query
        and time_ms, by time. Who said no to analytics or personalisation, and who was taken for a bot, is left out."""
        import polars as pl

        schema = schema_of(_ASKED)
        parts = [pl.DataFrame(schema=schema)]
        drawn = and_(events.c.kind.in_([int(kind) for kind in POSITIVE_KINDS]), events.c.product_id.is_not(None), KEPT)
        asked = and_(events.c.kind == int(KindCode.SEARCH), events.c.query.is_not(None))
        then = events.c.time_ms.between(since_ms, until_ms - 1)
        searchers = select(events.c.shopper).where(asked, then)
        statement = select(*(events.c[name] for name in schema))
        statement = statement.where(or_(asked, and_(drawn, events.c.shopper.in_(searchers))), then)
        with self._database.read() as connection:
            statement = statement.where(*learnable(connection, "assumed", analytics=True))
            for rows in self._database.stream(connection, statement, _READ_CHUNK):
                parts.append(_columns(rows, schema))
        return pl.concat(parts).sort("time_ms", maintain_order=True)


def learnable(connection: Connection, consent: ConsentRule, *, analytics: bool = False) -> list[ColumnElement[bool]]:
    """Conditions on the events that may be learnt from; none where nobody refused and no bot is, so that most shops pay
    nothing."""

    def said(purpose: Purpose, given: bool) -> Select[tuple[str]]:
        return select(consents.c.shopper).where(consents.c.purpose == purpose.value, consents.c.given.is_(given))

    own = consents.c.shopper == events.c.shopper
    refusable = [Purpose.ANALYTICS] if analytics else []
    conditions: list[ColumnElement[bool]] = []
    if consent == "asked":
        conditions.append(said(Purpose.PERSONALISATION, True).where(own).exists())
    else:
        refusable.append(Purpose.PERSONALISATION)
    for purpose in refusable:
        if connection.execute(said(purpose, False).limit(1)).first() is not None:
            conditions.append(~said(purpose, False).where(own).exists())
    left_out = select(bots.c.shopper).where(bots.c.readmitted.is_(False))
    if connection.execute(left_out.limit(1)).first() is not None:
        conditions.append(~left_out.where(bots.c.shopper == events.c.shopper).exists())
    return conditions


def _columns(rows: Iterable[Any], schema: dict[str, Any]) -> pl.DataFrame:
    import polars as pl

    columns = zip(schema, zip(*rows, strict=True), strict=True)
    return pl.DataFrame([pl.Series(name, values, dtype=schema[name]) for name, values in columns])
