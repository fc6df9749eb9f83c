"""The tables of a new database, made at once: what all migrations in turn would make, in a seventh of the time.

A test proves for either kind of database that both ways end in the same tables, indexes and first rows.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, create_mock_engine, insert

from bottega.store.tables import counters, metadata

__all__ = ["VERSION", "make_tables"]

VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Where Alembic keeps the version of the tables."""

_FROM_NOTHING = (
    "asked_questions",
    "audit",
    "batches",
    "closet_items",
    "consents",
    "drift_reports",
    "errands",
    "events",
    "experiments",
    "identities",
    "jobs",
    "judgements",
    "meanings",
    "model_runs",
    "photo_vectors",
    "positions",
    "reviews",
    "revisions",
    "rules",
    "secrets",
    "suggestions",
    "synonyms",
    "tellings",
    "word_votes",
)
"""The counters of a new database that nothing was counted with yet."""


def make_tables(connection: Connection, *, version: str) -> None:
    """Make every table, with its first rows, in a database that has none of them."""
    if connection.dialect.name == "sqlite":
        for statement in _statements("sqlite"):
            connection.exec_driver_sql(statement)
    else:  # in one message, as the server may be far away
        all_of_them = ";".join(_statements("postgresql+psycopg"))
        connection.exec_driver_sql(all_of_them, execution_options={"no_parameters": True})
    first = [{"name": name, "value": 0} for name in _FROM_NOTHING]
    first.append({"name": "identity", "value": 1 + secrets.randbelow(2**62)})  # tells it from any other database
    connection.execute(insert(counters), first)
    connection.execute(insert(VERSION).values(version_num=version))


@cache
def _statements(kind: str) -> tuple[str, ...]:
    """What makes them, in the words of a kind of database; written once in a process."""
    written: list[str] = []

    def write(statement: Any, *_: object, **__: object) -> None:
        written.append(str(statement.compile(dialect=writer.dialect)))

    writer = create_mock_engine(f"{kind}://", write)
    for tables in (VERSION.metadata, metadata):
        tables.create_all(writer, checkfirst=False)
    return tuple(written)
