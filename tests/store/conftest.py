"""Every store test runs twice: over SQLite, and over a throw-away PostgreSQL server where its programs are here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

import postgresql_server as servers
from bottega.store import migrate
from bottega.store.database import Database
from bottega.store.store import Store


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Folder of the unix socket of a server that lives as long as the tests; skips where PostgreSQL is absent."""
    programs = servers.postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed here")
    with servers.postgresql_server(programs) as folder:
        yield folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    return servers.empty_schema(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def other_url(store_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a second empty database of the same kind."""
    if store_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'other.db'}"
    return servers.empty_schema(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(store_url) as opened:
        yield opened


@contextmanager
def _of_migrations(url: str, version: str = "head") -> Iterator[Connection]:
    config, database = Config(), Database.connect(url)
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with closing(database), database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        yield connection


@pytest.fixture(scope="session")
def of_migrations() -> Callable[..., AbstractContextManager[Connection]]:
    """Fills an empty database by all migrations, or those up to a version, one after the other; a connection to it."""
    return _of_migrations
