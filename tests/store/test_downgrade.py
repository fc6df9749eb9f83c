"""Every migration both ways, on a shop that has rows in every table.

What older tables have a place for survives the way down and up again; what they have none for is told in words before
it is lost; and a shop that was filled at an older version comes up with its rows right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, LargeBinary, String, Text, select, text
from tests.filled import FIXED, SHOPPER, WORD, Rows, filled, put

from bottega import __version__
from bottega.errors import RequestInvalid, StoreUnavailable
from bottega.names import Role
from bottega.store.database import Database
from bottega.store.downgrade import RELEASED, downgrade, losses, tables_of
from bottega.store.migrate import MIGRATIONS, config_of, migrate, migrating, newest, revision_of
from bottega.store.store import Store
from bottega.store.tables import metadata

SCRIPTS = {one.revision: one for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
REVISIONS = sorted(SCRIPTS)
UNKNOWN_BEFORE: dict[str, tuple[str, Callable[[dict[str, Any]], bool]]] = {
    "0006": ("model_runs", lambda run: run["ability"] not in ("recommend", "eye", "outfits")),
    "0015": ("api_keys", lambda key: key["kind"] != "secret"),
    "0017": ("api_keys", lambda key: key["kind"] == "signing"),
    "0018": ("events", lambda event: event["kind"] == 9),
    "0025": ("suggestions", lambda suggestion: suggestion["kind"] == "text"),
    "0027": ("suggestions", lambda suggestion: suggestion["kind"] == "picture"),
    "0028": ("api_keys", lambda key: key["kind"] == "agent"),
    "0031": ("events", lambda event: event["kind"] == 10),
    "0035": ("api_keys", lambda key: key["role"] in ("read", "events", "manage") or key["expires_at_ms"] is not None),
}
"""Rows that no version before this one knew what to make of, or would have taken for more than they are."""
MADE_ANEW = {("identities", "revision"), ("suggestions", "facts"), ("api_keys", "tokens"), ("api_keys", "tokens_at_ms")}
"""Columns whose loss is none by itself: the rows that need them go, or they are worked out again."""

APART = {"counters", "alembic_version"}

Shape = dict[str, dict[str, Any]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database; PostgreSQL's walk is a slow proof."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        import postgresql_server as servers

        url = servers.empty_schema(request.getfixturevalue("postgresql_server"))
    with closing_database(url) as opened:
        yield opened


@contextmanager
def closing_database(url: str) -> Iterator[Database]:
    database = Database.connect(url)
    try:
        yield database
    finally:
        database.close()


def as_of(revision: str, rows: Rows) -> Rows:
    """Rows as far as that version of the tables knew what to make of them."""
    found = {name: [dict(row) for row in some] for name, some in rows.items()}
    for later, (table, unknown) in UNKNOWN_BEFORE.items():
        if later > revision:
            found[table] = [row for row in found[table] if not unknown(row)]
    if revision < "0006":
        for run in found["model_runs"]:
            run["room"] = "outfits" if run["ability"] == "outfits" else run["room"]
    return found


def shape(connection: Connection) -> Shape:
    """Tables with their columns (kind, whether they may be null, default, place in the key), and indexes."""
    found: Shape = {}
    asked = SQLITE_SHAPE if connection.dialect.name == "sqlite" else POSTGRESQL_SHAPE
    for name, part, *said in connection.exec_driver_sql(asked):
        found.setdefault(name, {})[part] = said
    return found


SQLITE_SHAPE = """
SELECT m.name, p.name, upper(p.type), p."notnull", p.dflt_value, p.pk FROM sqlite_master m
JOIN pragma_table_info(m.name) p WHERE m.type = 'table'
UNION ALL SELECT tbl_name, 'index ' || name, replace(sql, '"', ''), NULL, NULL, NULL FROM sqlite_master
WHERE type = 'index' AND sql IS NOT NULL
"""
POSTGRESQL_SHAPE = """
SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
FROM information_schema.columns WHERE table_schema = current_schema()
UNION ALL SELECT tablename, 'index ' || indexname, indexdef, NULL, NULL, NULL FROM pg_indexes
WHERE schemaname = current_schema()
"""


def held(connection: Connection) -> Rows:
    """Every row of every table but the counters, as the driver has it."""
    names = [name for name in shape(connection) if name not in APART]
    return {
        name: [dict(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()] for name in names
    }


def only(rows: Rows, columns: dict[str, set[str]]) -> dict[str, list[str]]:
    """Rows of these tables and columns, in an order that does not depend on anything else."""
    return {
        name: sorted(repr([(column, row[column]) for column in sorted(known)]) for row in rows.get(name, ()))
        for name, known in columns.items()
    }


def unlike(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What is not the same, by name: short, where pytest would show everything."""
    names = sorted({*found, *expected})
    return {one: (found.get(one), expected.get(one)) for one in names if found.get(one) != expected.get(one)}


def count_of(connection: Connection, name: str, where: str) -> int:
    count: int = connection.exec_driver_sql(f"SELECT count(*) FROM {name} WHERE {where or 'true'}").scalar_one()
    return count


def columns_of(shape: Shape) -> dict[str, set[str]]:
    return {
        name: {part for part in parts if not part.startswith("index ")}
        for name, parts in shape.items()
        if name not in APART
    }


def upgrade_to(database: Database, revision: str, after_each: Callable[..., None] = lambda **_: None) -> None:
    with migrating(database) as connection:
        config = config_of(connection)
        config.attributes["after_each"] = after_each
        command.upgrade(config, revision)


def test_the_filled_shop_has_a_word_in_every_free_text_of_every_table(tmp_path: Path) -> None:
    """A new table, or a new column, is filled, or the proofs that stand on it would say nothing of it."""
    with Store.open(f"sqlite:///{tmp_path / 'shop.db'}") as store, store.database.write() as connection:
        put(connection, filled(), metadata)
        rows = {table.name: connection.execute(select(table)).mappings().all() for table in metadata.sorted_tables}
    for table in metadata.sorted_tables:
        if table.name == "counters":
            continue
        assert rows[table.name], f"tests/filled.py has no row for {table.name}"
        for column in table.columns:
            values = [row[column] for row in rows[table.name]]
            said = [one.decode() if isinstance(one, bytes) and WORD.encode() in one else str(one) for one in values]
            free = isinstance(column.type, JSON | LargeBinary | String | Text)
            if free and column.name not in FIXED.get(table.name, ()):
                assert any(WORD in one for one in said), f"tests/filled.py has no word in {table.name}.{column.name}"
            assert any(one is not None for one in values), f"{table.name}.{column.name} is never filled"


def test_a_filled_shop_goes_all_the_way_back_and_comes_up_again(database: Database) -> None:
    shapes: dict[str, Shape] = {}

    def note(*, ctx: Any, heads: set[str], **_: Any) -> None:
        shapes[max(heads)] = shape(ctx.connection)

    upgrade_to(database, "head", note)
    assert sorted(shapes) == REVISIONS == [f"{number:04}" for number in range(1, len(REVISIONS) + 1)]
    seen: dict[str, Rows] = {}
    lost: dict[str, list[tuple[str, str, int]]] = {}

    def look(connection: Connection, revision: str) -> None:
        assert not (other := unlike(shape(connection), shapes[revision])), f"above {revision} is left: {other}"
        seen[revision] = held(connection)
        lost[revision] = [
            (
                name,
                where,
                connection.exec_driver_sql(f"SELECT count(*) FROM {name} WHERE {where or 'true'}").scalar_one(),
            )
            for name, where, _ in getattr(SCRIPTS[revision].module, "LOST", ())
        ]

    with migrating(database) as connection:
        put(connection, filled(), metadata)
        named = set(connection.execute(text("SELECT name FROM counters")).scalars())
        look(connection, newest())
        config = config_of(connection)
        config.attributes["after_each"] = lambda ctx, heads, **_: look(ctx.connection, max(heads))
        command.downgrade(config, REVISIONS[0])
    whole = seen[newest()]
    for revision in REVISIONS[:-1]:
        known = columns_of(shapes[revision])
        assert not (other := unlike(only(seen[revision], known), only(as_of(revision, whole), known))), (
            revision,
            other,
        )
    for older, revision in pairwise(REVISIONS):
        all_is_said(revision, lost[revision], (seen[revision], seen[older]), (shapes[revision], shapes[older]))
    first = columns_of(shapes[REVISIONS[0]])
    expected = only(as_of(REVISIONS[0], whole), first)

    def compare(*, ctx: Any, heads: set[str], **_: Any) -> None:
        now = held(ctx.connection)
        for run in now["model_runs"]:  # what 0006 calls otherwise
            run["room"] = "outfits" if run.get("ability") == "outfits" else run["room"]
        assert not (other := unlike(only(now, first), expected)), (heads, other)

    upgrade_to(database, "head", compare)
    with database.read() as connection:
        assert not unlike(shape(connection), shapes[newest()])
        assert set(connection.execute(text("SELECT name FROM counters")).scalars()) == named


def all_is_said(
    revision: str, lost: list[tuple[str, str, int]], rows: tuple[Rows, Rows], shapes: tuple[Shape, Shape]
) -> None:
    """Each table, column and row that undoing a migration takes away stands in its LOST, row for row."""
    assert all(count for *_, count in lost), f"{revision}: a condition of LOST finds no row of a filled shop: {lost}"
    before, after = map(columns_of, shapes)
    for name, columns in before.items():
        about = [(where, count) for table, where, count in lost if table == name]
        if name not in after:
            assert about, f"{revision}: {name} goes without a word"
            continue
        for column in columns - after[name]:
            said = (name, column) in MADE_ANEW or any(column in where for where, _ in about)
            assert said, f"{revision}: {name}.{column} goes without a word"
        gone = len(rows[0][name]) - len(rows[1][name])
        assert gone == 0 or gone in {count for _, count in about}, f"{revision}: {gone} rows of {name} go unsaid"


@pytest.mark.parametrize("revision", list(RELEASED.values()))
def test_a_shop_of_a_released_version_comes_up_with_its_rows_right(database: Database, revision: str) -> None:
    comes_up(database, revision)


@pytest.mark.slow
@pytest.mark.parametrize("revision", sorted({*REVISIONS[:-1]} - {*RELEASED.values()}))
def test_a_shop_of_every_version_comes_up_with_its_rows_right(database: Database, revision: str) -> None:
    comes_up(database, revision)


def comes_up(database: Database, revision: str) -> None:
    upgrade_to(database, revision)
    with database.write() as connection:
        put(connection, as_of(revision, filled()))
        known, before = columns_of(shape(connection)), held(connection)
    migrate(database)
    with database.read() as connection:
        rows = held(connection)
    for run in before["model_runs"]:
        run["room"] = "vision" if run["room"] == "outfits" else run["room"]
    assert not (other := unlike(only(rows, known), only(before, known))), other
    if revision < "0035":
        keys = [key["role"] for key in rows["api_keys"] if key["kind"] == "secret"]
        assert keys and set(keys) == {"admin"}, "keys of before open everything, as they did"
    if revision < "0011" and "closet_items" in known:
        assert all(item["told_as"] == item["shopper"] for item in rows["closet_items"])
    if "0005" <= revision < "0011":
        [telling] = [row for row in rows["tellings"] if row["shopper"] == SHOPPER]
        words = telling["words"] if isinstance(telling["words"], dict) else json.loads(telling["words"])
        assert telling["told_as"] == SHOPPER
        assert {"name", "email", "consent.personalisation", f"taste.brand {WORD}"} <= set(words)
    if revision < "0006":
        rooms = {run["ability"]: run["room"] for run in rows["model_runs"]}
        assert rooms == {"recommend": "recommend", "eye": "vision", "outfits": "vision"}
    store = Store(database)
    assert store.products.count() == 1 and store.events.count() == len(before["events"])
    assert {key.label: key.role for key in store.keys.all()} == {
        row["label"]: row["role"] and Role(row["role"]) for row in rows["api_keys"]
    }


def test_a_released_version_names_its_tables() -> None:
    assert sorted(RELEASED) == list(RELEASED) and set(RELEASED.values()) <= set(REVISIONS)
    pages = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    named = {line.removeprefix("## ") for line in pages.splitlines() if line.startswith("## ")} - {"Next"}
    assert named == set(RELEASED) and __version__ in RELEASED
    page = (Path(__file__).parents[2] / "docs" / "store.md").read_text()
    assert all(f"| {version} | {tables} |" in page for version, tables in RELEASED.items())
    assert tables_of("v0.3.0") == "0003"
    with pytest.raises(RequestInvalid, match=r"'0.2.9' is no version .* Released were 0.1.0, 0.2.0, 0.3.0"):
        tables_of("0.2.9")


def test_tables_that_are_older_already_or_too_new_are_left_alone(tmp_path: Path) -> None:
    with closing_database(f"sqlite:///{tmp_path / 'shop.db'}") as database:
        with pytest.raises(RequestInvalid, match="version none, older than 0003"):
            losses(database, "0003")
        upgrade_to(database, "0002")
        for work in (losses, downgrade):
            with pytest.raises(RequestInvalid, match=r"version 0002, older than 0003.* nothing to take back"):
                work(database, "0003")
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreUnavailable, match=r"tables of version '9999'.*newer Bottega take its tables back"):
            downgrade(database, "0001")


def test_a_way_back_that_fails_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing_database(f"sqlite:///{tmp_path / 'shop.db'}") as database:
        migrate(database)
        with database.write() as connection:
            put(connection, filled(), metadata)
            before = held(connection), shape(connection)

        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("power cut")

        with monkeypatch.context() as patched, pytest.raises(RuntimeError, match="power cut"):
            patched.setattr("alembic.operations.Operations.drop_column", fail)
            downgrade(database, "0003")
        with database.read() as connection:
            assert not unlike(held(connection), before[0]) and not unlike(shape(connection), before[1])
            assert revision_of(connection) == newest()
