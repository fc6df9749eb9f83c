"""Every store test runs twice: over SQLite, and over a throw-away PostgreSQL server where its programs are here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import postgresql_server as servers
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
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(store_url) as opened:
        yield opened
