"""A PostgreSQL server of one's own, thrown away at the end: for tests and benchmarks that want the real one."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

__all__ = ["empty_schema", "postgresql_programs", "postgresql_server"]

_numbers = count()


def postgresql_programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest version first; None where there are none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    return next(
        (folder for folder in [*folders, *([Path(found).parent] if found else [])] if (folder / "pg_ctl").exists()),
        None,
    )


@contextmanager
def postgresql_server(programs: Path) -> Iterator[str]:
    """Folder of the unix socket of a server that lives as long as the block. Raises `RuntimeError` with its log."""
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
            raise RuntimeError(f"{words[0]} ended with {done.returncode}: {log.read_text()}")

    data = str(folder / "data")
    call(str(programs / "initdb"), "-D", data, "-U", "bottega", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
    call(str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "server.log"), "-o", options, "start")
    try:
        yield str(folder)
    finally:
        call(str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def empty_schema(server: str) -> str:
    """URL of an empty database there: a schema of its own, which is made in a moment."""
    name = f"shop_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(host=server, user="bottega", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"postgresql://bottega@/postgres?host={server}&options=-csearch_path%3D{name}"
