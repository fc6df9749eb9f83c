"""Opening a database: made, upgraded, refused."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bottega.errors import StoreUnavailable
from bottega.store import database as database_module
from bottega.store import migrate, new_tables
from bottega.store.database import Database
from bottega.store.migrate import newest, revision_of
from bottega.store.store import Store
from bottega.store.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_knows(store_url: str, of_migrations: Any) -> None:
    with of_migrations(store_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [one for one in compare_metadata(context, metadata) if not _only_a_comment(one)]
    assert differences == []


def _only_a_comment(difference: object) -> bool:
    first = difference[0] if isinstance(difference, list) else difference
    return isinstance(first, tuple) and "comment" in str(first[0])


def test_a_new_database_is_as_all_migrations_make_it(store_url: str, other_url: str, of_migrations: Any) -> None:
    with of_migrations(store_url) as migrated, Store.open(other_url) as new, new.database.read() as connection:
        assert described(connection) == described(migrated)
        counted = "SELECT name, CASE WHEN name = 'identity' THEN -1 ELSE value END FROM counters ORDER BY name"
        assert asked(connection, counted) == asked(migrated, counted)
        assert revision_of(connection) == revision_of(migrated) == newest()
        with Store.open(other_url) as again:
            assert again.identity() == new.identity() > 1000


def described(connection: Connection) -> dict[str, Any]:
    """Every column, index, key and rule of the tables, in the database's own words. How columns lie is no matter."""
    if connection.dialect.name == "sqlite":
        tables = [name for (name,) in asked(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, Any] = {
            f"{what} {table}": sorted(
                row[1:] if what == "table_xinfo" else row for row in asked(connection, f"PRAGMA {what}({table})")
            )
            for table in tables
            for what in ("table_xinfo", "foreign_key_list")
        }
        laws = "SELECT name, sql LIKE '%AUTOINCREMENT%', sql LIKE '%CHECK%', sql LIKE '%ROWID%' FROM sqlite_master"
        found["rules"] = asked(connection, f"{laws} WHERE type = 'table' ORDER BY name")
        made = asked(connection, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        found["indexes"] = {name: " ".join(sql.split()) for name, sql in made}
        return found
    here = "table_schema = current_schema()"
    columns = "table_name, column_name, data_type, character_maximum_length, is_nullable, column_default"
    rules = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace"
    rules += " = current_schema()::regnamespace"
    indexes = "SELECT indexname, replace(indexdef, schemaname, '') FROM pg_indexes WHERE schemaname = current_schema()"
    return {
        "columns": sorted(asked(connection, f"SELECT {columns} FROM information_schema.columns WHERE {here}")),
        "rules": sorted(asked(connection, rules)),
        "indexes": sorted(asked(connection, indexes)),
    }


def asked(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(sql))]


def test_the_newest_version_is_alembics_head() -> None:
    assert newest() == ScriptDirectory(str(Path(migrate.__file__).parent / "migrations")).get_current_head()


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    Store.open(url).close()
    program = f"import sys; from bottega.store.store import Store; Store.open({url!r}); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "'sqlalchemy'" in done.stdout and "'alembic'" not in done.stdout and "'psycopg'" not in done.stdout


def test_opening_again_changes_nothing(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.keys.create("shop")
    with Store.open(store_url) as store:
        assert store.keys.count() == 1


def test_many_may_open_a_new_database_at_once(store_url: str) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(6)

    def open_it() -> None:
        barrier.wait()
        try:
            Store.open(store_url).close()
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_runs_of_before_get_their_ability(store_url: str, of_migrations: Any) -> None:
    """Outfits called themselves a room."""
    with of_migrations(store_url, "0005") as connection:
        for number, room in enumerate(("recommend", "vision", "outfits", "vision"), start=1):
            connection.execute(
                text(
                    "INSERT INTO model_runs (number, room, name, version, trained_at_ms, seconds, peak_mb,"
                    " products, events_seen, shoppers, measures, folder, state)"
                    " VALUES (:number, :room, 'x', :version, 1, 1, 1, 1, 1, 1, '{}', 'x', 'ready')"
                ),
                {"number": number, "room": room, "version": f"v{number}"},
            )
    with Store.open(store_url) as store:
        found = {name: store.runs.latest(name) for name in ("recommend", "eye", "outfits", "words")}
    assert {name: run and (run.room, run.version) for name, run in found.items()} == {
        "recommend": ("recommend", "v1"),
        "eye": ("vision", "v4"),
        "outfits": ("vision", "v3"),
        "words": None,
    }


def test_a_newer_database_is_refused(store_url: str) -> None:
    with Store.open(store_url) as store, store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match=r"has tables of version '9999'. This Bottega knows .* Upgrade Bottega"):
        Store.open(store_url)


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("power cut")


def test_a_migration_that_fails_leaves_nothing_behind(
    store_url: str, of_migrations: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with of_migrations(store_url, "0021") as connection:
        connection.execute(text("UPDATE counters SET value = 7 WHERE name = 'batches'"))
    with monkeypatch.context() as patched, pytest.raises(RuntimeError, match="power cut"):
        patched.setattr("alembic.operations.Operations.create_index", fail)
        Store.open(store_url)
    database = Database.connect(store_url)
    with database.read() as connection:
        assert revision_of(connection) == "0021" and not inspect(connection).has_table("synonyms")
    database.close()
    with Store.open(store_url) as store:
        assert store.products.count() == 0 and store.marks()["batches"] == 7


def test_a_new_database_that_fails_half_way_is_still_empty(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(RuntimeError, match="power cut"):
        patched.setattr(new_tables, "insert", fail)
        Store.open(store_url)
    database = Database.connect(store_url)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()
    with Store.open(store_url) as store:
        assert store.products.count() == 0


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://root@host/shop", r"The database URL starts with 'mysql'. It may be sqlite:///path/shop.db or"),
        ("nonsense", r"The database URL starts with 'nonsense'.* Correct BOTTEGA_DATABASE_URL"),
        ("sqlite://", r"The SQLite database has no file name. Several processes share a shop"),
        ("sqlite:////nowhere/at/all/shop.db", r"The folder /nowhere/at/all of the database does not exist"),
        (
            "postgresql://u:secret@127.0.0.1:1/shop",
            r"postgresql\+psycopg://u:\*\*\*@127.0.0.1:1/shop did not do its work",
        ),
    ],
)
def test_a_database_that_cannot_be_reached(url: str, message: str) -> None:
    with pytest.raises(StoreUnavailable, match=message) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_a_database_that_takes_calls_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a firewall that drops what it is sent: nothing would end the wait but our own patience."""
    monkeypatch.setitem(database_module._PATIENCE, "connect_timeout", 2)  # the least that the driver waits
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        with pytest.raises(StoreUnavailable, match="timeout"):
            Store.open(f"postgresql://u@127.0.0.1:{port}/shop")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_text("id,title\n1,mug\n" * 100)
    with pytest.raises(StoreUnavailable, match=r"shop.db did not do its work: file is not a database"):
        Store.open(f"sqlite:///{path}")


def test_sqlite_is_set_up_for_durable_commits_and_readers_that_never_wait(tmp_path: Path) -> None:
    database = Database.connect(f"sqlite:///{tmp_path / 'shop.db'}")
    with database.read() as connection:
        asked = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        asked["foreign_keys"] = connection.execute(text("PRAGMA foreign_keys")).scalar()
        asked["busy_timeout"] = connection.execute(text("PRAGMA busy_timeout")).scalar()
    database.close()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_synonyms_of_before_have_their_first_version(store_url: str, of_migrations: Any) -> None:
    with of_migrations(store_url, "0041") as connection:
        connection.execute(
            text(
                "INSERT INTO synonyms (number, about, words, means, time_ms) VALUES (3, '> a', '[\"a\"]', '[\"b\"]', 7)"
            )
        )
        connection.execute(text("UPDATE counters SET value = 3 WHERE name = 'synonyms'"))
    with Store.open(store_url) as store:
        (first,) = store.synonyms.history.versions("> a")
        assert (first.number, first.state, first.time_ms) == (3, {"words": ["a"], "means": ["b"]}, 7)
        assert store.synonyms.remove([3], time_ms=8, who="mia") == [3]
        assert [one.number for one in store.synonyms.history.versions("> a")] == [4, 3]
