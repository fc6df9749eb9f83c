"""Secrets that the shop shares with somebody else, as it keeps them: sealed. What opens them is not in the database."""

from __future__ import annotations

import time
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from bottega.store.database import Database, take
from bottega.store.tables import secrets

__all__ = ["SealedSecret", "SecretStore"]


class SealedSecret(NamedTuple):
    """One secret that only its key opens."""

    number: int
    purpose: str
    sealed: str
    made_at_ms: int
    """UTC milliseconds."""


class SecretStore:
    """Sealed secrets by purpose; one purpose may have several, so that one can be changed while both count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, purpose: str, sealed: str) -> SealedSecret:
        """Keep one more."""
        with self._database.write() as connection:
            number = take(connection, "secrets", 1) + 1
            found = SealedSecret(number, purpose, sealed, time.time_ns() // 1_000_000)
            row = {"number": number, "purpose": purpose, "sealed": sealed, "created_at_ms": found.made_at_ms}
            connection.execute(insert(secrets), row)
        return found

    def all(self, purpose: str | None = None) -> list[SealedSecret]:
        """Those of a purpose, or of all; the newest first."""
        columns = secrets.c.number, secrets.c.purpose, secrets.c.sealed, secrets.c.created_at_ms
        statement = select(*columns).order_by(secrets.c.number.desc())
        if purpose is not None:
            statement = statement.where(secrets.c.purpose == purpose)
        with self._database.read() as connection:
            return [SealedSecret(*row) for row in connection.execute(statement)]

    def drop(self, number: int) -> bool:
        """Forget one; False where there was none."""
        with self._database.write() as connection:
            return connection.execute(delete(secrets).where(secrets.c.number == number)).rowcount > 0
