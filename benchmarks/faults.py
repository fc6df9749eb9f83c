"""Faults put in one by one under a running shop: what users saw, what was lost, how it came back.

    python benchmarks/faults.py                     every fault, some ten minutes
    python benchmarks/faults.py --fault slow-disk   this one (again for more)

For each: `bottega serve` and `bottega worker` on a small demo shop, steady traffic (faults_traffic.py), a job in the
queue. The fault is put in, stays, is taken away; nobody touches anything else. Counted are answers by status from the
first moment of the fault to its end, then seconds until the last answer that was not right, and at last, with the
server stopped, every event that was acknowledged is looked for in the database.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bottega.parallel.variables import variables
from common import BOTTEGA, machine
from faults_machine import Control, Worker, demo_shop, restored, small_disk
from faults_traffic import KINDS, Said, Traffic, ask
from postgresql_server import PostgresqlServer, empty_schema, postgresql_programs
from serving import Server

BEFORE_S = 4.0
"""Traffic before the fault."""
WELL_S = 6.0
"""So long everything must have been right to count as back."""
AFTER_S = 90.0
"""Longest that is waited for that."""
JOBS_S = 150.0
"""Longest that jobs are waited for."""
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


# --- the faults -----------------------------------------------------------------------------------------------------


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


# --- jobs -----------------------------------------------------------------------------------------------------------


def _start_job(place: Place) -> int:
    """Ask for the place's job until it is taken; its number."""
    verb, request = place.job
    body = {"verb": verb, "request": request}
    while True:
        status, found, _ = ask(place.port, place.key, "/v1/jobs", body, patience_s=60)
        if status < 300:
            return int(found["number"])
        time.sleep(0.5)


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


# --- one fault ------------------------------------------------------------------------------------------------------


def show(name: str, shop: Path, work: Path) -> dict[str, Any] | str:
    """Put one fault in, and what came of it; why it cannot be shown here, as text."""
    work.mkdir(parents=True)
    with ExitStack() as stack:
        found = stack.enter_context(FAULTS[name](shop, work))
        if isinstance(found, str):
            return found
        place, fault = found
        variables = stack.enter_context(_environment(place.settings))
        products, shoppers, words = _asked_about(place)
        with (
            Server([BOTTEGA, "serve", "--shop", place.shop], place.log, BOTTEGA_WORKER="false", **variables) as server,
            Worker(place.shop, place.log.with_suffix(".worker"), **variables) as worker,
        ):
            place.port, place.worker = server.port, worker
            traffic = Traffic(place.port, place.key, products=products, shoppers=shoppers, words=words)
            traffic.start()
            time.sleep(BEFORE_S)
            _start_job(place)
            began_s = time.monotonic()
            fault()
            ended_s = time.monotonic()
            _until_well(traffic, ended_s)
            traffic.stop()
            states = _until_over(place)
        missing = sorted({one.event_id for one in traffic.said if one.event_id} - _stored(place))
    return _counted(traffic.said, began_s, ended_s) | {
        "fault": name,
        "jobs": states,
        "missing": missing,
        "by_hand": place.by_hand,
        "job_said": place.job_said,
        "log": _worst_of_log(place.log) + _worst_of_log(place.log.with_suffix(".worker")),
    }


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings in this process too, but for what is loaded into others."""
    ours = {name: value for name, value in settings.items() if name.startswith(("BOTTEGA_", "AWS_"))}
    with variables(ours):
        yield settings


def _asked_about(place: Place) -> tuple[list[str], list[str], list[str]]:
    """Products, shoppers and words to ask about; the place gets a key."""
    from bottega.shop.folder import ShopFolder

    with ShopFolder.open(place.shop) as folder:
        place.key = folder.store.keys.create("faults")
        products = [one for one in folder.store.products.all() if one.recommendable]
        shoppers = folder.store.events.frame()["shopper"].unique(maintain_order=True).to_list()
    words = sorted({word for one in products for word in one.title.lower().split() if word.isalpha() and len(word) > 3})
    return [one.id for one in products], shoppers, words


def _stored(place: Place) -> set[str]:
    from sqlalchemy import select

    from bottega.shop.folder import ShopFolder
    from bottega.store.tables import events

    with ShopFolder.open(place.shop) as folder, folder.store.database.read() as connection:
        return set(connection.execute(select(events.c.event_id)).scalars())


def _until_well(traffic: Traffic, ended_s: float) -> None:
    """Until every request that was sent in the last seconds was answered right."""
    while time.monotonic() - ended_s < AFTER_S:
        time.sleep(0.5)
        now_s = time.monotonic()
        lately = [one for one in list(traffic.said) if one.answered_s > max(ended_s, now_s - WELL_S)]
        if now_s - ended_s > WELL_S and lately and all(one.right for one in lately):
            return


def _until_over(place: Place) -> list[dict[str, Any]]:
    until_s = time.monotonic() + JOBS_S
    while True:
        _, found, _ = ask(place.port, place.key, "/v1/jobs?n=100", patience_s=60)
        jobs = [dict(job) for job in found["jobs"]]
        if all(job["state"] not in ("waiting", "running") for job in jobs) or time.monotonic() > until_s:
            kept = ("number", "verb", "state", "attempts", "put_off", "note", "error")
            return [{name: job.get(name) for name in kept} for job in jobs]
        time.sleep(1.0)


def _counted(said: list[Said], began_s: float, ended_s: float) -> dict[str, Any]:
    during = [one for one in said if began_s <= one.sent_s <= ended_s]
    late = [one for one in said if one.answered_s > ended_s and not one.right]
    wrong_after = [one.answered_s for one in late]
    by_kind = {
        kind: dict(Counter("right" if one.right else str(one.status) for one in during if one.kind == kind))
        for kind in KINDS
    }
    words = Counter(one.error.get("message", "") for one in during if not one.right)
    refused = [one for one in during if one.status >= 500]
    return {
        "seconds": round(ended_s - began_s, 1),
        "by_kind": by_kind,
        "status": dict(Counter(one.status for one in during)),
        "errors": dict(words.most_common(6)),
        "without_retry_after": sum(not one.retry_after for one in refused if one.status == 503),
        "longest_s": round(max((one.answered_s - one.sent_s for one in during), default=0.0), 1),
        "back_s": round(max(wrong_after, default=ended_s) - ended_s, 1),
        "wrong_after": dict(Counter(f"{one.kind} {one.status} {one.error.get('message', '')[:100]}" for one in late)),
        "acknowledged": len({one.event_id for one in said if one.event_id}),
    }


def _worst_of_log(log: Path) -> list[str]:
    """Errors of the log, traces among them, each once."""
    found: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if told.get("level") == "error":
            trace = str(told.get("exception", "")).strip().splitlines()
            found[f"{told['event']} {told.get('route', '')} {trace[-1] if trace else ''}".strip()] += 1
    return [f"{count} x {text}" for text, count in found.most_common(5)]


# --- telling --------------------------------------------------------------------------------------------------------


def tell(found: dict[str, Any] | str, name: str) -> None:
    """Print a fault's part of the page."""
    print(f"\n### {name}\n")
    if isinstance(found, str):
        print(f"Not shown: {found}.")
        return
    print("| asked meanwhile | right | refused (503) | else |\n|---|---|---|---|")
    for kind, counts in found["by_kind"].items():
        other = {what: count for what, count in counts.items() if what not in ("right", "503")}
        named = ", ".join(f"{count} x {_NOT_RIGHT.get(what, what)}" for what, count in other.items())
        print(f"| {kind} | {counts.get('right', 0)} | {counts.get('503', 0)} | {named or '-'} |")
    print(f"\n- It lasted {found['seconds']:.0f} s; the longest answer took {found['longest_s']:.1f} s.")
    missing = len(found["missing"])
    print(f"- Acknowledged: {found['acknowledged']:,} events; missing afterwards: {missing}.")
    print(f"- Right again {found['back_s']:.1f} s after its end; done by hand: {found['by_hand']}.")
    if found["without_retry_after"]:
        print(f"- 503 without Retry-After: {found['without_retry_after']}.")
    for words, count in list(found["errors"].items())[:3]:
        print(f"- Said {count} times: {words}")
    if found["job_said"]:
        print(f"- The job was put off: {found['job_said']}")
    for job in found["jobs"]:
        error = f": {job['error']['message']}" if job["error"] else ""
        tries = f", taken up {job['attempts']} times" if job["attempts"] != 1 else ""
        print(f"- Job `{job['verb']}`: {job['state']}{tries}{error}")
    for line in found["log"]:
        print(f"- In the log as an error: {line}")


_NOT_RIGHT = {"0": "no answer in time", "200": "not as before"}
"""What an answer that was neither right nor refused is called."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", action="append", choices=list(FAULTS), help="only this one; may be repeated")
    parser.add_argument("--work", type=Path, help="a folder to work in, which is kept with its demo shop and its logs")
    parser.add_argument("--json", type=Path, help="a file that gets a line of all that was counted of each fault")
    parser.add_argument("--tell", type=Path, help="put nothing in: print what such a file has")
    chosen = parser.parse_args()
    print(machine())
    if chosen.tell:
        for line in chosen.tell.read_text().splitlines():
            tell(json.loads(line), json.loads(line)["fault"])
        return
    with ExitStack() as stack:
        work = chosen.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shop = demo_shop(work)
        for name in chosen.fault or FAULTS:
            found = show(name, shop, work / f"{name}-{uuid4().hex[:6]}")
            if chosen.json and not isinstance(found, str):
                with chosen.json.open("a") as kept:
                    kept.write(json.dumps(found) + "\n")
            tell(found, name)


if __name__ == "__main__":
    main()
