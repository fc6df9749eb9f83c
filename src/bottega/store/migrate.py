"""Bring a database to the newest tables, whoever opens it first: a new one at once, an older one by Alembic.

`downgrade.py` goes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateSchema

from bottega.errors import StoreUnavailable
from bottega.store.database import Database
from bottega.store.new_tables import make_tables

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["MIGRATIONS", "config_of", "known_to", "migrate", "migrating", "newest", "revision_of"]

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0xB077E6A
"""Number of the PostgreSQL advisory lock under which one process at a time migrates."""


def migrate(database: Database) -> None:
    """Make the tables, or run the migrations that are missing. Safe when several processes start at once.

    Raises `StoreUnavailable` when the database was written by a newer Bottega.
    """
    with database.read() as connection:
        if revision_of(connection) == newest():
            return
    with migrating(database) as connection:
        revision = revision_of(connection)
        if revision is None:
            make_tables(connection, version=newest())
        elif revision != newest():
            from alembic import command  # loaded only where there is something to do: a third of a second and 35 MB

            known_to(database, revision)
            command.upgrade(config_of(connection), "head")


def newest() -> str:
    """The newest version of the tables: the number that the file of the last migration begins with."""
    return max(_versions())


def known_to(database: Database, revision: str | None) -> None:
    """Raise `StoreUnavailable` where a newer Bottega made tables of this version."""
    if revision is not None and revision not in _versions():
        raise StoreUnavailable(
            f"The database {database.name} has tables of version {revision!r}.",
            allowed=f"This Bottega knows versions up to {newest()!r}.",
            next_step="Upgrade Bottega (pip install --upgrade bottega), open another shop, or let the newer Bottega "
            "take its tables back (bottega downgrade VERSION).",
        )


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """A transaction in which one process at a time migrates."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if database.schema and not inspect(connection).has_schema(database.schema):
                connection.execute(CreateSchema(database.schema))
        yield connection


def config_of(connection: Connection) -> Config:
    """What Alembic's commands take to work on a connection, in its transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _versions() -> set[str]:
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def revision_of(connection: Connection) -> str | None:
    """The version of the tables, as Alembic keeps it; None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
