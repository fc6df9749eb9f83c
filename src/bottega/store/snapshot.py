"""A whole database as one SQLite file, of one moment, while others write; and back into a database of either kind.

SQLite's own backup copies the file page by page under one read transaction, so that no write is seen in part and no
writer waits. Of PostgreSQL every table is read within one repeatable-read transaction. Either way what comes out is the
same file, so that a shop moves from one kind of database to the other by a backup.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Insert,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from bottega.errors import BackupBroken
from bottega.progress import Progress, silent
from bottega.store.database import Database
from bottega.store.migrate import migrate
from bottega.store.tables import counters, metadata

__all__ = ["fill", "holds_rows", "new_identity", "rows_of", "snapshot", "version_of"]

_PAGES = 2_000
"""Pages copied between two words of progress: 8 MB."""
_ROWS = 5_000
"""Rows in memory at once."""
_TASK = "copying the database"


def snapshot(database: Database, path: Path, *, progress: Progress = silent) -> None:
    """Write all of a database into a new SQLite file, as it is at one moment. Raises `StoreUnavailable`."""
    if database.is_sqlite:
        _copy_pages(database, path, progress)
        return
    copy = Database.connect(f"sqlite:///{path}")
    try:
        migrate(copy)
        with database.moment() as reading, copy.write() as writing:
            _copy_rows(reading, writing, progress)
    finally:
        copy.close()
    with closing(sqlite3.connect(path)) as plain:  # one file, without a log beside it
        plain.execute("PRAGMA journal_mode=DELETE")


def fill(database: Database, path: Path, *, progress: Progress = silent) -> None:
    """Put the rows of such a file, which has this version's tables, into a database that holds none."""
    copy = Database.connect(f"sqlite:///{path}")
    try:
        with copy.read() as reading, database.write() as writing:
            _copy_rows(reading, writing, progress)
            if not database.is_sqlite:
                _go_on_counting(writing)
    finally:
        copy.close()


def holds_rows(database: Database) -> bool:
    """Whether anything was ever kept there."""
    with database.read() as connection:
        kept = (table for table in metadata.sorted_tables if table is not counters)
        return any(connection.execute(select(literal_column("1")).select_from(one).limit(1)).first() for one in kept)


def new_identity(database: Database) -> None:
    """Another number than that of the database it was copied from: what was packed from that one is not believed."""
    number = 1 + secrets.randbelow(2**62)
    with database.write() as connection:
        connection.execute(update(counters).where(counters.c.name == "identity").values(value=number))


def rows_of(path: Path) -> dict[str, int]:
    """Table to the number of its rows, of such a file. Raises `BackupBroken` where it is none, or is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as plain:
            said = plain.execute("PRAGMA quick_check(1)").fetchone()[0]
            if said != "ok":
                raise sqlite3.DatabaseError(said)
            named = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            names = [name for (name,) in named if not name.startswith(("sqlite_", "alembic_"))]
            return {name: plain.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    except sqlite3.Error as error:
        raise BackupBroken(
            f"The database in the backup is damaged: {error}.", next_step="Take another backup."
        ) from error


def version_of(path: Path) -> str:
    """The version of the tables of such a file; empty where it says none."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as plain:
        try:
            found = plain.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.Error:
            return ""
    return str(found[0]) if found else ""


def _copy_pages(database: Database, path: Path, progress: Progress) -> None:
    with database.read() as connection, closing(sqlite3.connect(path)) as target:
        connection.execute(select(counters.c.value).limit(1))  # from here on it sees one moment
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)

        def tell(_: int, remaining: int, total: int) -> None:
            progress(_TASK, total - remaining, total)

        source.backup(target, pages=_PAGES, progress=tell)
        target.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(reading: Connection, writing: Connection, progress: Progress) -> None:
    total = 0
    for table in metadata.sorted_tables:
        writing.execute(delete(table))  # the counters that a new database begins with
        into = _insert(table, writing)
        for rows in _chunks(reading, table):
            writing.execute(into, rows)
            total += len(rows)
            progress(_TASK, total, None, table.name)


def _chunks(reading: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Rows of a table; what is JSON as the text that it is kept as, so that it comes out as it went in."""
    columns = [cast(one, Text).label(one.name) if isinstance(one.type, JSON) else one for one in table.columns]
    found = reading.execution_options(stream_results=True).execute(select(*columns))
    for rows in found.mappings().partitions(_ROWS):
        yield [dict(row) for row in rows]


def _insert(table: Table, writing: Connection) -> Insert:
    lite = writing.dialect.name == "sqlite"
    values: dict[str, Any] = {}
    for one in table.columns:
        if isinstance(one.type, JSON):
            said = bindparam(one.name, type_=Text())
            values[one.name] = said if lite else cast(said, JSON())
        else:
            values[one.name] = bindparam(one.name, type_=one.type)
    return insert(table).values(values)


def _go_on_counting(writing: Connection) -> None:
    """PostgreSQL's own counters go on behind the rows that were put in."""
    for table in metadata.sorted_tables:
        for one in table.primary_key.columns:
            if one.autoincrement is True:
                own = func.pg_get_serial_sequence(table.name, one.name)
                last = select(func.coalesce(func.max(one), 0) + 1).scalar_subquery()
                writing.execute(select(func.setval(own, last, text("false"))))
