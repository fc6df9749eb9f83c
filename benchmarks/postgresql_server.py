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

__all__ = ["PostgresqlServer", "empty_schema", "postgresql_programs", "postgresql_server"]

_numbers = count()


def postgresql_programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest version first; None where there are none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    return next(
        (folder for folder in [*folders, *([Path(found).parent] if found else [])] if (folder / "pg_ctl").exists()),
        None,
    )


class PostgresqlServer:
    """A server in a folder of its own, which may be stopped and started again."""

    def __init__(
        self, programs: Path, *, under: Path | None = None, fsync: bool = False, password: str = "", port: int = 0
    ) -> None:
        """Its files are made in a new folder `under` one; without `fsync` what it commits may still be in memory. It
        listens in that folder; with a `password`, which it then asks for, at a `port` of this machine."""
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="bottega-pg-", dir=under))  # pytest's own are closed to other users
        self._owner: dict[str, object] = {}
        if os.getuid() == 0:  # the server refuses to run as root
            names = {entry.pw_name for entry in pwd.getpwall()}
            user = "postgres" if "postgres" in names else "nobody"
            self._owner = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
            os.chown(self.folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        self._data = str(self.folder / "data")
        proof = ["-A", "trust"]
        if password:
            (self.folder / "password").write_text(password)
            proof = ["-A", "scram-sha-256", f"--pwfile={self.folder / 'password'}"]
        self._call("initdb", "-U", "bottega", "-E", "UTF8", "--no-sync", *proof)
        where = f"-c listen_addresses=127.0.0.1 -p {port}" if port else "-c listen_addresses=''"
        self._options = f"-k {self.folder} {where} -c max_connections=200 -c fsync={'on' if fsync else 'off'}"

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self._done("pg_ctl", "status") == 0

    def start(self) -> None:
        """Start it and wait until it answers. Raises `RuntimeError` with its log."""
        self._call("pg_ctl", "-w", "-l", str(self.folder / "server.log"), "-o", self._options, "start")

    def stop(self) -> None:
        """End it at once, as a power cut would."""
        self._call("pg_ctl", "-w", "-m", "immediate", "stop")

    def _call(self, program: str, *words: str) -> None:
        if code := self._done(program, *words):
            raise RuntimeError(f"{program} ended with {code}: {(self.folder / 'calls.log').read_text()}")

    def _done(self, program: str, *words: str) -> int:
        command = [str(self._programs / program), "-D", self._data, *words]
        with (self.folder / "calls.log").open("ab") as stream:
            done = subprocess.run(command, cwd=self.folder, stdout=stream, stderr=stream, timeout=60, **self._owner)  # type: ignore[call-overload]
        return int(done.returncode)


@contextmanager
def postgresql_server(programs: Path) -> Iterator[str]:
    """Folder of the unix socket of a server that lives as long as the block. Raises `RuntimeError` with its log."""
    server = PostgresqlServer(programs)
    server.start()
    try:
        yield str(server.folder)
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def empty_schema(server: str) -> str:
    """URL of an empty database there: a schema of its own, which is made in a moment."""
    name = f"shop_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(host=server, user="bottega", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"postgresql://bottega@/postgres?host={server}&options=-csearch_path%3D{name}"
