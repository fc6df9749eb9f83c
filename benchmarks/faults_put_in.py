"""The faults of faults.py: where each is put in, how, and how it is taken away."""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults_machine import Control, Worker, restored, small_disk
from faults_traffic import ask
from postgresql_server import PostgresqlServer, empty_schema, postgresql_programs

__all__ = ["FAULTS", "Place"]

MINUTE_S = 60.0
SHORT_S = 20.0


@dataclass
class Place:
    """Where a fault happens: a shop that is served."""

    shop: Path
    settings: dict[str, str]
    """Of the server and the worker, by their variables."""
    log: Path
    port: int = 0
    key: str = ""
    worker: Worker | None = None
    asked: Callable[[], None] = field(default=lambda: None)
    """What else is asked while the fault lasts."""
    job: tuple[str, dict[str, Any]] = ("write_texts", {"all": True, "parts": ["image_alt"]})
    """Put into the queue before the fault: verb and request."""
    job_said: str = ""
    """Why the job was put off meanwhile."""
    by_hand: str = "nothing"
    """What somebody had to do, besides ending the fault."""


TRAIN = ("train", {"model": "transitions"})

Fault = Callable[[Path, Path], AbstractContextManager["tuple[Place, Callable[[], None]] | str"]]
"""Given the demo shop and a folder to work in: the place, and what puts the fault in, keeps it and takes it away; or
why it cannot be shown here."""


@contextmanager
def disk_full_sqlite(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
    with small_disk(100) as disk:
        if disk is None:
            yield "no file system may be mounted here"
            return
        shutil.copytree(shop, disk.root / "shop")

        def fault() -> None:
            disk.fill()
            time.sleep(SHORT_S)
            disk.free()

        yield Place(disk.root / "shop", {}, work / "log"), fault


@contextmanager
def disk_full_postgresql(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
    with small_disk(300) as disk, _postgresql(shop, work, disk.root if disk else None) as found:
        if disk is None or isinstance(found, str):
            yield found if isinstance(found, str) else "no file system may be mounted here"
            return
        place, server = found

        def fault() -> None:
            disk.fill()
            until_s = time.monotonic() + SHORT_S
            while time.monotonic() < until_s:
                time.sleep(0.5)
            disk.free()
            if not server.runs:
                server.start()
                place.by_hand = "PostgreSQL ended and was started again, as `restart: unless-stopped` does"

        yield place, fault


@contextmanager
def locked_sqlite(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
    import sqlite3

    shutil.copytree(shop, work / "shop")

    def fault() -> None:
        line = sqlite3.connect(work / "shop" / "shop.db", isolation_level=None, timeout=30)
        line.execute("BEGIN EXCLUSIVE")
        time.sleep(MINUTE_S)
        line.execute("ROLLBACK")
        line.close()

    yield Place(work / "shop", {}, work / "log"), fault


@contextmanager
def gone_postgresql(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
    with _postgresql(shop, work, None) as found:
        if isinstance(found, str):
            yield found
            return
        place, server = found

        def fault() -> None:
            server.stop()
            time.sleep(MINUTE_S)
            server.start()

        yield place, fault


@contextmanager
def slow_disk(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
    shutil.copytree(shop, work / "shop")
    control = Control(work)

    def fault() -> None:
        control.slow(1_000)
        time.sleep(SHORT_S)
        control.slow(0)

    yield Place(work / "shop", control.variables, work / "log"), fault


def _clock(seconds: int) -> Fault:
    @contextmanager
    def jump(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
        shutil.copytree(shop, work / "shop")
        control = Control(work)

        def fault() -> None:
            control.clock(seconds)
            time.sleep(SHORT_S)
            control.clock(0)

        yield Place(work / "shop", control.variables, work / "log"), fault

    return jump


@contextmanager
def files_refused(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
    try:
        import boto3
        import s3fs  # type: ignore[import-untyped]  # noqa: F401 - what the shop asks with
        from moto.server import ThreadedMotoServer
    except ImportError:
        yield "moto and s3fs are not installed"
        return
    bucket = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    bucket.start()
    host, port = bucket.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL_S3": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "hush",
        "AWS_DEFAULT_REGION": "us-east-1",
        "BOTTEGA_FILES_URL": "s3://shop/here",
    }
    os.environ |= settings
    try:
        boto3.client("s3", endpoint_url=settings["AWS_ENDPOINT_URL_S3"]).create_bucket(Bucket="shop")
        restored(shop, work / "shop", **settings)
        place = Place(work / "shop", settings, work / "log", job=TRAIN)

        def fault() -> None:
            bucket.stop()  # what is sent there is refused by the machine, until it is back at the same port
            _until_put_off(place)
            again = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
            again.start()

        yield place, fault
    finally:
        for name in settings:
            os.environ.pop(name, None)


def _short_of_memory(megabytes: int) -> Fault:
    @contextmanager
    def short(shop: Path, work: Path) -> Iterator[tuple[Place, Callable[[], None]] | str]:
        shutil.copytree(shop, work / "shop")
        place = Place(work / "shop", {}, work / "log", job=TRAIN)

        def fault() -> None:
            assert place.worker is not None
            limits = resource.prlimit(place.worker.process.pid, resource.RLIMIT_DATA)
            resource.prlimit(place.worker.process.pid, resource.RLIMIT_DATA, (megabytes << 20, limits[1]))
            _until_put_off(place)
            resource.prlimit(place.worker.process.pid, resource.RLIMIT_DATA, limits)

        yield place, fault

    return short


FAULTS: dict[str, Fault] = {
    "disk-full-sqlite": disk_full_sqlite,
    "disk-full-postgresql": disk_full_postgresql,
    "database-locked-sqlite": locked_sqlite,
    "database-gone-postgresql": gone_postgresql,
    "slow-disk": slow_disk,
    "clock-hour-forward": _clock(3_600),
    "clock-day-back": _clock(-86_400),
    "files-refused": files_refused,
    "memory-refused": _short_of_memory(400),
}


@contextmanager
def _postgresql(shop: Path, work: Path, under: Path | None) -> Iterator[tuple[Place, PostgresqlServer] | str]:
    """The shop in a PostgreSQL of its own that writes to disk."""
    programs = postgresql_programs()
    if programs is None:
        yield "PostgreSQL's programs are not installed"
        return
    server = PostgresqlServer(programs, under=under, fsync=True)
    server.start()
    try:
        settings = {"BOTTEGA_DATABASE_URL": empty_schema(str(server.folder))}
        restored(shop, work / "shop", **settings)
        yield Place(work / "shop", settings, work / "log"), server
    finally:
        if server.runs:
            server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def _until_put_off(place: Place) -> None:
    """Until the job was put off, which is kept, or has ended; a minute and a half at most."""
    until_s = time.monotonic() + 1.5 * MINUTE_S
    while time.monotonic() < until_s:
        status, found, _ = ask(place.port, place.key, "/v1/jobs?n=1", patience_s=60)
        job: dict[str, Any] = found["jobs"][0] if status == 200 else {"state": "waiting", "error": None}
        if job["error"]:
            place.job_said = job["error"]["message"]
        if job["error"] or job["state"] in ("done", "failed"):
            return
        time.sleep(0.5)
