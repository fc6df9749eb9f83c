"""Every store test runs twice: over SQLite, and over a throw-away PostgreSQL server where its programs are here."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bottega.store.store import Store

_numbers = count()


def _programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    return next(
        (folder for folder in [*folders, *([Path(found).parent] if found else [])] if (folder / "pg_ctl").exists()),
        None,
    )


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Folder of the unix socket of a server that lives as long as the tests; skips where PostgreSQL is absent."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed here")
    folder = Path(tempfile.mkdtemp(prefix="bottega-pg-"))  # pytest's own folders are closed to other users
    owner: dict[str, object] = {}
    if os.getuid() == 0:  # the server refuses to run as root
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        owner = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)

    def call(*words: str) -> None:
        log = folder / "calls.log"
        with log.open("ab") as stream:
            done = subprocess.run(words, cwd=folder, stdout=stream, stderr=stream, timeout=60, **owner)  # type: ignore[call-overload]
        if done.returncode:
            pytest.fail(f"{words[0]} ended with {done.returncode}: {log.read_text()}")

    data = str(folder / "data")
    call(str(programs / "initdb"), "-D", data, "-U", "bottega", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    call(str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "server.log"), "-o", options, "start")
    try:
        yield str(folder)
    finally:
        call(str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    server = request.getfixturevalue("postgresql_server")
    name = f"shop_{next(_numbers)}"  # a schema is made in a moment, a database in a second
    with psycopg.connect(host=server, user="bottega", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"postgresql://bottega@/postgres?host={server}&options=-csearch_path%3D{name}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty store."""
    with Store.open(store_url) as opened:
        yield opened
