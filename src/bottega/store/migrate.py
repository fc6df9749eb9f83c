"""Bring a database to the newest tables, by Alembic, whoever opens it first."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bottega.errors import StoreUnavailable
from bottega.store.database import Database

__all__ = ["migrate"]

_LOCK = 0xB077E6A
"""Number of the PostgreSQL advisory lock under which one process at a time migrates."""


def migrate(database: Database) -> None:
    """Run the migrations that are missing. Safe when several processes start at once.

    Raises `StoreUnavailable` when the database was written by a newer Bottega.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with database.read() as connection:
        if _revision(connection) == head:
            return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        revision = _revision(connection)
        if revision == head:
            return
        if revision is not None and revision not in {known.revision for known in script.walk_revisions()}:
            raise StoreUnavailable(
                f"The database {database.name} has tables of version {revision!r}.",
                allowed=f"This Bottega knows versions up to {head!r}.",
                next_step="Upgrade Bottega (pip install --upgrade bottega), or open another shop.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
