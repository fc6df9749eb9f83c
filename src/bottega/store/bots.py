"""Who is taken for a bot: profiles that models and counts leave out, unless the merchant takes them back in.

The table has a column `shopper`, so that export and forget reach it (shoppers.py). A name that logs in is part of a
shopper from then on, and is judged anew with all of its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from bottega.store.database import IN_CHUNK, Database
from bottega.store.tables import bots

__all__ = ["BotStore", "KnownBot", "part_bots"]


class KnownBot(NamedTuple):
    """One profile taken for a bot."""

    shopper: str
    rule: str
    seen: str
    events: int
    time_ms: int
    """UTC; when it was found."""
    readmitted: bool = False
    """Whether the merchant says that it is a person."""


class BotStore:
    """Bots by profile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, found: Sequence[KnownBot]) -> None:
        """Make these the bots there are. Who was readmitted stays so; who was found before keeps that moment."""
        with self._database.write() as connection:
            before = {one.shopper: one for one in _all(connection)}
            connection.execute(delete(bots).where(bots.c.readmitted.is_(False)))
            rows = [
                one._replace(time_ms=before[one.shopper].time_ms if one.shopper in before else one.time_ms)._asdict()
                for one in found
                if not (one.shopper in before and before[one.shopper].readmitted)
            ]
            if rows:
                connection.execute(insert(bots), rows)

    def all(self) -> list[KnownBot]:
        """Everyone found, the busiest first."""
        with self._database.read() as connection:
            return _all(connection)

    def readmit(self, shoppers: Iterable[str], *, back: bool = True) -> list[str]:
        """Take some back in, or with `back` false leave them out again; returns those that were known as bots."""
        wanted = sorted(set(shoppers))
        done: list[str] = []
        with self._database.write() as connection:
            for start in range(0, len(wanted), IN_CHUNK):
                chosen = bots.c.shopper.in_(wanted[start : start + IN_CHUNK])
                done += connection.execute(select(bots.c.shopper).where(chosen)).scalars()
                connection.execute(update(bots).where(chosen).values(readmitted=back))
        return done


def part_bots(connection: Connection, shoppers: Iterable[str]) -> None:
    """Names that logged in are no profiles of their own any more, so nothing is said of them."""
    gone = sorted(set(shoppers))
    for start in range(0, len(gone), IN_CHUNK):
        connection.execute(delete(bots).where(bots.c.shopper.in_(gone[start : start + IN_CHUNK])))


def _all(connection: Connection) -> list[KnownBot]:
    columns = [bots.c[name] for name in KnownBot._fields]
    rows = connection.execute(select(*columns).order_by(bots.c.events.desc(), bots.c.shopper))
    return [KnownBot(*row) for row in rows]
