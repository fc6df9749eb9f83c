"""Platforms that a shop is connected to: the address there, and where to go on. The token is kept elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from bottega.store.database import Database
from bottega.store.tables import connections

__all__ = ["Connection", "ConnectionStore"]


class Connection(NamedTuple):
    """One platform."""

    platform: str
    address: str
    cursors: Mapping[str, Any]
    """What -> where to go on: products, orders, pushed."""
    time_ms: int
    """When the last page was stored, UTC."""


class ConnectionStore:
    """Connections by platform; a shop has one of each at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, platform: str) -> Connection | None:
        """The connection to a platform; None where there was never one."""
        statement = select(*_columns).where(connections.c.platform == platform)
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return Connection(*row) if row else None

    def all(self) -> list[Connection]:
        """Every connection there is."""
        with self._database.read() as connection:
            return [Connection(*row) for row in connection.execute(select(*_columns).order_by(connections.c.platform))]

    def put(self, platform: str, address: str, cursors: Mapping[str, Any]) -> None:
        """Keep where to go on."""
        row = {"address": address, "cursors": dict(cursors), "time_ms": time.time_ns() // 1_000_000}
        with self._database.write() as connection:
            changed = connection.execute(update(connections).where(connections.c.platform == platform).values(row))
            if not changed.rowcount:
                connection.execute(insert(connections), {"platform": platform, **row})


_columns = [connections.c[name] for name in Connection._fields]
