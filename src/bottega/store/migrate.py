"""Bring a database to the newest tables, whoever opens it first: a new one at once, an older one by Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateSchema

from bottega.errors import StoreUnavailable
from bottega.store.database import Database
from bottega.store.new_tables import make_tables

__all__ = ["migrate", "newest", "revision_of"]

_MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0xB077E6A
"""Number of the PostgreSQL advisory lock under which one process at a time migrates."""


def migrate(database: Database) -> None:
    """Make the tables, or run the migrations that are missing. Safe when several processes start at once.

    Raises `StoreUnavailable` when the database was written by a newer Bottega.
    """
    with database.read() as connection:
        if revision_of(connection) == newest():
            return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if database.schema and not inspect(connection).has_schema(database.schema):
                connection.execute(CreateSchema(database.schema))
        revision = revision_of(connection)
        if revision is None:
            make_tables(connection, version=newest())
        elif revision != newest():
            _upgrade(connection, revision, database.name)


def newest() -> str:
    """The newest version of the tables: the number that the file of the last migration begins with."""
    return max(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection, revision: str, name: str) -> None:
    # Alembic is loaded only where there is something to do: it takes a third of a second and 35 MB.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    if revision not in {known.revision for known in script.walk_revisions()}:
        raise StoreUnavailable(
            f"The database {name} has tables of version {revision!r}.",
            allowed=f"This Bottega knows versions up to {newest()!r}.",
            next_step="Upgrade Bottega (pip install --upgrade bottega), or open another shop.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """The version of the tables, as Alembic keeps it; None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
