"""One engine, two ways in: `read()` and `write()`. SQLite and PostgreSQL behave alike behind them.

Durability   A commit has reached the disk when `write()` ends (SQLite: WAL with synchronous=FULL).
Concurrency  Readers never wait. Writers queue: SQLite by BEGIN IMMEDIATE with 30 s of patience, PostgreSQL by the row
             lock of the counter that `take()` moves. Because that lock lasts until commit, numbers become visible in
             the order they were given out, so "everything after seq 41" never skips a slow writer.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Float, Select, Table, bindparam, create_engine, event, make_url, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bottega.errors import MAKE_ROOM, DiskFull, StoreUnavailable
from bottega.store.changes import PENDING
from bottega.store.tables import counters

__all__ = ["BUSY_TIMEOUT_MS", "IN_CHUNK", "Database", "take", "within"]

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another one."""

KEPT_OF_MANY = 2
"""Connections that a shop keeps open where it is one schema of several; more are made when they are needed."""

_PATIENCE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""How long a PostgreSQL is waited for that says nothing: seconds, but for `tcp_user_timeout` in milliseconds; what the
URL says of any of these goes before. The system's own patience is minutes to hours."""

_READERS_END_MS = 500
"""How long emptying the log waits for those who read."""

_ONE_MOMENT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

AS_ARRAYS_FROM = 500
"""Rows inserted at once from which PostgreSQL is given one array a column."""

IN_CHUNK = 10_000
"""Values in one IN (...): SQLite allows 32,766 parameters, PostgreSQL 65,535."""


class Database:
    """A place for rows. Threads may share it; a forked process opens its own."""

    def __init__(self, engine: Engine, *, schema: str = "") -> None:
        self.engine = engine
        self.schema = schema
        """The schema of PostgreSQL where its tables are; empty for the one that the database's user has."""
        self._inserts: dict[tuple[str, str, tuple[str, ...]], tuple[str, list[int] | None]] = {}

    @classmethod
    def connect(cls, url: str, *, schema: str = "") -> Database:
        """Open `sqlite:///path`, or `postgresql://user:password@host/name`, there a schema by itself.

        Raises `StoreUnavailable` when the URL is of no kind we know, or nobody answers.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise _url_refused(url) from error
        if parsed.drivername in {"postgresql", "postgres"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            if schema:
                raise StoreUnavailable(
                    f"SQLite has no schemas, and the schema {schema!r} was asked for.",
                    allowed="With SQLite each shop has a file of its own.",
                    next_step="Take the setting database_schema away, or name a PostgreSQL by database_url.",
                )
            engine = _sqlite(parsed)
        elif parsed.drivername == "postgresql+psycopg":
            kept = KEPT_OF_MANY if schema else 10
            patience = {name: value for name, value in _PATIENCE.items() if name not in parsed.query}
            engine = create_engine(
                within(parsed, schema),
                pool_pre_ping=True,
                pool_size=kept,
                max_overflow=30 - kept,
                connect_args=patience,
            )
        else:
            raise _url_refused(url)
        return cls(engine, schema=schema)

    @property
    def name(self) -> str:
        """What to call it in messages; never shows a password."""
        url = self.engine.url
        return str(url.database) if self.is_sqlite else url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads. On SQLite it sees one moment throughout."""
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        """A transaction that only reads and sees one moment throughout, on PostgreSQL too."""
        with self._transaction(writes=False, **({} if self.is_sqlite else _ONE_MOMENT)) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: committed to disk at its end, undone when an exception leaves it.

        The line of the audit log is written along, where a change is being made (changes.py).
        """
        with self._transaction(writes=True) as connection:
            yield connection
            pending = PENDING.get()
            if pending is not None and (pending.written or pending.database is not self):
                pending = None
            if pending is not None:
                pending.write(connection, take(connection, "audit", 1) + 1)
        if pending is not None:
            pending.written = True

    @contextmanager
    def _transaction(self, *, writes: bool, **options: Any) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(bottega_writes=writes, **options)
                with connection.begin():
                    yield connection
        except (DataError, IntegrityError):
            raise  # a value that should never have come this far: our own mistake
        except _failures() as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        if "disk is full" in cause or "No space left" in cause:
            full = DiskFull(f"The disk of the database {self.name} is full: {cause}.", next_step=MAKE_ROOM)
            full.outside = "The disk of the database is full: nothing more can be stored."
            return full
        outside = "The database does not answer."
        if "locked" in cause or "busy" in cause:
            outside = "The database is locked: somebody else has been writing into it for long."
            advice = "Another import is writing; run the command again when it has ended."
        elif self.is_sqlite:
            advice = "Check that the folder exists, that it may be written, and that the disk has room."
        else:
            advice = "Check BOTTEGA_DATABASE_URL and that the server runs."
        away = StoreUnavailable(f"The database {self.name} did not do its work: {cause}.", next_step=advice)
        away.outside = outside
        return away

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Rows of a statement in the driver's own words, as the driver has them. It reads, and sees one moment.

        For what is asked for every answer (often_asked.py): a tenth of the time of `read`.
        """
        driver = self.engine.dialect.dbapi
        assert driver is not None
        try:
            with closing(self.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall()  # type: ignore[return-value]  # rows are tuples
        except (driver.DataError, driver.IntegrityError):
            raise
        except _failures() as error:
            raise self._unavailable(error) from error

    def insert_ignoring(
        self, connection: Connection, table: Table, key: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """INSERT many rows (values in the order of `names`), leaving those whose `key` is there already as they are.

        The compiled statement goes to the driver with plain tuples: twice as fast as one dictionary a row. Many rows go
        to PostgreSQL as one array a column, in half the processor time of both.
        """
        if not self.is_sqlite and len(rows) >= AS_ARRAYS_FROM:
            self._insert_arrays(connection, table, key, names, rows)
            return
        sql, places = self._insert(table, key, tuple(names))
        if places is not None:
            in_order = itemgetter(*places)
            connection.exec_driver_sql(sql, [in_order(row) for row in rows])
        else:
            connection.exec_driver_sql(sql, [dict(zip(names, row, strict=True)) for row in rows])

    def _insert_arrays(
        self, connection: Connection, table: Table, key: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        dialect = self.engine.dialect
        quoted = dialect.identifier_preparer.quote
        given, values = [], []
        for name, column in zip(names, zip(*rows, strict=True), strict=True):
            type_ = table.c[name].type
            given.append(f"%s::{type_.compile(dialect)}[]")
            # The driver takes no list of whole and broken numbers.
            values.append(
                [None if one is None else float(one) for one in column] if isinstance(type_, Float) else list(column)
            )
        into, rows_of = f"{quoted(table.name)} ({', '.join(map(quoted, names))})", f"unnest({', '.join(given)})"
        sql = f"INSERT INTO {into} SELECT * FROM {rows_of} ON CONFLICT ({quoted(key)}) DO NOTHING"
        connection.exec_driver_sql(sql, tuple(values))

    def _insert(self, table: Table, key: str, names: tuple[str, ...]) -> tuple[str, list[int] | None]:
        """The text of such a statement, made once, and the places of its values where the driver counts them."""
        made = self._inserts.get((table.name, key, names))
        if made is None:
            insert = sqlite_insert if self.is_sqlite else postgresql_insert
            statement = insert(table).on_conflict_do_nothing(index_elements=[key])
            compiled = statement.compile(dialect=self.engine.dialect, column_keys=list(names))
            order = compiled.positiontup
            made = str(compiled), None if order is None else [names.index(name) for name in order]
            self._inserts[table.name, key, names] = made
        return made

    def stream(self, connection: Connection, statement: Select[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Rows of a statement, `size` at a time, as the driver gives them; its parameters are written into its text.

        For whole tables: a `Row` object for each would double the time.
        """
        sql = str(statement.compile(dialect=self.engine.dialect, compile_kwargs={"literal_binds": True}))
        driver = connection.connection.driver_connection
        assert driver is not None
        # PostgreSQL would send everything at once to a cursor without a name.
        with closing(driver.cursor() if self.is_sqlite else driver.cursor("stream")) as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(size):
                yield rows

    def empty_log(self) -> bool:
        """Move what SQLite's write-ahead log holds into the file and empty it; whether nothing is left in it.

        It cannot be emptied while somebody reads: it then stays as it is, and nobody waits.
        """
        if not self.is_sqlite:
            return True
        with self.engine.connect() as connection, closing(connection.connection.cursor()) as cursor:
            cursor.execute(f"PRAGMA busy_timeout={_READERS_END_MS}")
            try:
                busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        return not busy

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


_TAKE = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + bindparam("more"))
    .returning(counters.c.value)
)


def take(connection: Connection, counter: str, count: int) -> int:
    """Reserve `count` numbers of a counter; returns the last one before them.

    Call it first in a write: from here to commit no other writer takes from the same counter.
    """
    last: int = connection.execute(_TAKE, {"counter": counter, "more": count}).scalar_one()
    return last - count


def _failures() -> tuple[type[Exception], ...]:
    """What is raised when a database does not do its work. Who has no use for PostgreSQL does not load its driver."""
    postgresql = sys.modules.get("psycopg")
    more = () if postgresql is None else (postgresql.Error,)
    return (DBAPIError, PoolTimeout, sqlite3.Error, *more)


def within(url: URL, schema: str) -> URL:
    """The same address of PostgreSQL, with a schema as all that its connections see; "" leaves it as it is."""
    if not schema:
        return url
    given = url.query.get("options", "")
    given = given if isinstance(given, str) else " ".join(given)
    return url.update_query_dict({"options": f"{given} -csearch_path={schema}".strip()})


def _url_refused(url: str) -> StoreUnavailable:
    scheme = url.split(":", 1)[0][:40]
    return StoreUnavailable(
        f"The database URL starts with {scheme!r}.",
        allowed="It may be sqlite:///path/shop.db or postgresql://user:password@host/name.",
        next_step="Correct BOTTEGA_DATABASE_URL.",
    )


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreUnavailable(
            "The SQLite database has no file name.",
            allowed="Several processes share a shop, so it needs a file: sqlite:///path/shop.db.",
            next_step="Name one.",
        )
    folder = Path(url.database).parent
    if not folder.is_dir():
        raise StoreUnavailable(f"The folder {folder} of the database does not exist.", next_step="Create it first.")
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, pool_size=10, max_overflow=20)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own idea of when to BEGIN would come too late
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        _switch_to_wal(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("bottega_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging. SQLite does not wait by itself when two processes make a new file so at the same moment."""
    patience = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.02)
