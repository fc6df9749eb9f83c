"""Events one by one: listed a page at a time, and taken back. Callers of other systems do both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select

from bottega.names import KindCode
from bottega.store.database import Database, take
from bottega.store.events import StoredEvent
from bottega.store.tables import events

__all__ = ["SingleEvents", "WantedEvents"]


@dataclass(frozen=True, slots=True)
class WantedEvents:
    """Which events are meant: those that meet every condition given."""

    shopper: str | None = None
    """The profile they belong to."""
    product_id: str | None = None
    kinds: Sequence[KindCode] = ()
    sources: Sequence[str] = ()
    """Vocabulary and name they arrived under, as in `gorse:star`."""
    numbers: Sequence[int] = ()
    """Order of arrival."""


class SingleEvents:
    """Events as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: WantedEvents, *, after: int = 0, limit: int) -> list[StoredEvent]:
        """Up to `limit` events in order of arrival, those behind the number `after`."""
        columns = [events.c[name] for name in StoredEvent.__dataclass_fields__]
        statement = select(*columns).where(*_conditions(wanted), events.c.seq > after)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(events.c.seq).limit(limit))
            return [StoredEvent(**{**row._mapping, "kind": KindCode(row.kind)}) for row in rows]

    def remove(self, wanted: WantedEvents) -> tuple[int, frozenset[str]]:
        """Take events back, in one transaction: how many went, and whom they belonged to."""
        conditions = _conditions(wanted)
        with self._database.write() as connection:
            take(connection, "events", 0)  # wait for whoever is adding events: theirs would slip through
            whose = frozenset(connection.execute(select(events.c.shopper).distinct().where(*conditions)).scalars())
            return connection.execute(delete(events).where(*conditions)).rowcount, whose

    def shoppers(self, *, after: str = "", limit: int) -> list[str]:
        """Profiles that events belong to, in the order of their names, those behind `after`."""
        statement = select(events.c.shopper).distinct().where(events.c.shopper > after)
        with self._database.read() as connection:
            return list(connection.execute(statement.order_by(events.c.shopper).limit(limit)).scalars())


def _conditions(wanted: WantedEvents) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.shopper is not None:
        found.append(events.c.shopper == wanted.shopper)
    if wanted.product_id is not None:
        found.append(events.c.product_id == wanted.product_id)
    if wanted.kinds:
        found.append(events.c.kind.in_([int(kind) for kind in wanted.kinds]))
    if wanted.sources:
        found.append(events.c.source.in_(list(wanted.sources)))
    if wanted.numbers:
        found.append(events.c.seq.in_(list(wanted.numbers)))
    return found
