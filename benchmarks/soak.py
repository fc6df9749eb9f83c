"""A shop left running: hours of traffic at ten times a busy shop's rate, its processes killed at random moments.

    python benchmarks/soak.py [--hours 2] [--databases sqlite,postgresql] [--keep FOLDER]
    python benchmarks/soak.py --report FOLDER      what was found, from what is kept

For each database, at the same time, a demo shop with photos is imported and trained, and served as docs/deploy.md has
it: `bottega serve --workers 2` and `bottega worker` beside it, both started again two seconds after they die. A busy
shop has 100,000 events a day; here come ten times as many, with answers, searches, photos, changed prices, imports,
trainings and challenges (RATES). At random moments a process is killed with -9: the whole server, one of its
processes, or the worker with what it does. A request that nobody answered is sent again, as a connector does; an
event that was acknowledged must be there at the end, whatever was killed. The second half of the time nothing is
killed, so that memory is seen of processes that live for long. `soak_report.py` turns the lines that are
kept (one a request, one a minute of memory, one a kill) into tables.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import postgresql_server as servers
from common import BOTTEGA, machine
from soak_report import Minute, report
from soak_services import Service, own_mb
from soak_traffic import END_S, LIGHT, RATES, Traffic

CLIENTS = 12
KILLS_AN_HOUR = {"server": 3, "a process of the server": 2, "worker": 3}
"""So many for each hour of the whole run."""
KILLED_UNTIL = 0.5
"""All of them within this share of it: what is left alone then shows what memory does."""


@dataclass
class Soak(Traffic):
    """One database's run: its shop, its services, their deaths, and the judgement at the end."""

    work: queue.Queue[tuple[float, str] | None] = field(default_factory=queue.Queue)
    """Moments and kinds of requests, for the clients."""

    def make(self, settings: dict[str, str]) -> None:
        from bottega.datasets.demo_store import write_demo_shop
        from bottega.shop.folder import ShopFolder

        files = write_demo_shop(self.folder / "files", products=300, shoppers=1500, pictures=True)
        shop = self.folder / "shop"
        for words in (
            ["import", "catalogue", files.catalogue],
            ["import", "events", files.events],
            ["train", "--model", LIGHT[0]],
        ):
            with (self.folder / "made.log").open("ab") as log:
                subprocess.run(
                    [BOTTEGA, *words, "--shop", shop], env=os.environ | settings, stdout=log, stderr=log, check=True
                )
        os.environ |= settings
        with ShopFolder.open(shop) as opened:
            self.key = opened.store.keys.create("soak")
            self.products = [product.id for product in opened.store.products.all() if product.recommendable]
            self.shoppers = opened.store.events.frame()["shopper"].unique(maintain_order=True).to_list()
        self.photos = sorted(files.images.rglob("*.jpg")) or sorted(
            path for path in files.images.rglob("*") if path.is_file()
        )

    def client(self) -> None:
        doing = self.doing()
        while (asked := self.work.get()) is not None:
            try:
                doing[asked[1]]()
            except Exception as error:  # noqa: BLE001 - written down, and the soak fails by it
                self.write({"fault": f"{asked[1]}: {type(error).__name__}: {error}", "at_s": round(self.now(), 1)})

    def schedule(self) -> None:
        """Put what is to be sent into the queue at its moments, until the time is over."""
        draw = random.Random(f"moments {self.database}")
        coming = {kind: draw.expovariate(rate) for kind, rate in RATES.items()}
        while min(coming.values()) < self.hours * 3600:
            kind = min(coming, key=lambda name: coming[name])
            time.sleep(max(0.0, coming[kind] - self.now()))
            self.work.put((coming[kind], kind))
            coming[kind] += draw.expovariate(RATES[kind])

    def kill(self, services: dict[str, Service]) -> None:
        """At random moments of the first part, not in the first five minutes of a run that is long enough."""
        draw = random.Random(f"kills {self.database}")
        length = self.hours * 3600
        edge = min(300.0, length / 10)
        moments = sorted(
            (edge + draw.random() * (KILLED_UNTIL * length - edge), what)
            for what, count in KILLS_AN_HOUR.items()
            for _ in range(max(1, round(count * self.hours)))
        )
        for moment, what in moments:
            time.sleep(max(0.0, moment - self.now()))
            pids = services["worker" if what == "worker" else "server"].pids()
            if what == "a process of the server":
                pids = pids[1:]
            if not pids:
                continue
            doomed = pids[0] if what != "a process of the server" else draw.choice(pids)
            if what == "server":
                services["server"].sweep()
            with suppress(ProcessLookupError):
                os.kill(doomed, signal.SIGKILL)
            self.write({"killed": what, "at_s": round(self.now(), 1)})

    def watch(self, services: dict[str, Service], stop: threading.Event) -> None:
        while not stop.wait(15.0):
            for name, service in services.items():
                memory = [own_mb(pid) for pid in service.pids()]
                self.write(Minute(name, round(self.now(), 1), service.starts, round(sum(memory), 1), len(memory)))

    def run(self, settings: dict[str, str]) -> None:
        self.make(settings)
        shop = str(self.folder / "shop")
        services = {
            "server": Service(
                [BOTTEGA, "serve", "--shop", shop, "--port", str(self.port), "--workers", "2"],
                self.folder / "server.log",
                {"BOTTEGA_WORKER": "false"},
            ),
            "worker": Service([BOTTEGA, "worker", "--shop", shop], self.folder / "worker.log", {}),
        }
        for service in services.values():
            threading.Thread(target=service.keep, daemon=True).start()
        while self.call("/v1/health", None, method="GET")[0] != 200:
            time.sleep(0.5)
        self.began = time.monotonic()
        stop = threading.Event()
        clients = [threading.Thread(target=self.client, daemon=True) for _ in range(CLIENTS)]
        for one in clients:
            one.start()
        for beside in (lambda: self.kill(services), lambda: self.watch(services, stop)):
            threading.Thread(target=beside, daemon=True).start()
        self.schedule()
        for _ in clients:
            self.work.put(None)
        for one in clients:
            one.join(timeout=END_S)
        ended = self.wait_for_jobs()
        stop.set()
        for service in services.values():
            service.end()
            if service.late:
                self.write({"fault": f"{service.command[1]} did not end within a minute", "at_s": self.now()})
        self.judge(ended)

    def wait_for_jobs(self) -> dict[int, str]:
        """The state of each job that was asked for, when all are over or the wait is."""
        until = time.monotonic() + END_S
        states: dict[int, str] = {}
        while time.monotonic() < until:
            for number in self.jobs:
                if states.get(number) not in ("done", "failed", "cancelled"):
                    status, answer = self.call(f"/v1/jobs/{number}", None, method="GET")
                    if status == 200:
                        states[number] = answer["state"]
                        if answer["error"]:
                            self.write({"job": number, "error": json.dumps(answer["error"])[:600]})
            if all(states.get(number) in ("done", "failed", "cancelled") for number in self.jobs):
                break
            time.sleep(2.0)
        return states

    def judge(self, states: dict[int, str]) -> None:
        """Look into the database itself for what was acknowledged; what it is compared with is kept beside."""
        from bottega.shop.folder import ShopFolder

        kept: dict[str, Any] = {
            "acknowledged": sorted(self.acknowledged),
            "unsure": sorted(self.unsure),
            "prices": self.prices,
        }
        kept |= {"jobs": self.jobs, "states": states, "versions": sorted(self.versions)}
        (self.folder / "acknowledged.json").write_text(json.dumps(kept))
        expected = set(self.acknowledged)
        for number, ids in self.jobs.items():
            if states.get(number) == "done":
                expected |= set(ids)
        with ShopFolder.open(self.folder / "shop") as opened:
            there: list[str] = []
            seq, page = 0, 50_000
            while rows := opened.store.events.since(seq, page):
                there += [row.event_id for row in rows]
                seq = rows[-1].seq
            prices = {product.id: product.price_minor for product in opened.store.products.all()}
        found = {
            "acknowledged": len(self.acknowledged),
            "imported": len(expected) - len(self.acknowledged),
            "missing": len(expected - set(there)),
            "twice": len(there) - len(set(there)),
            "unsure": len(self.unsure),
            "prices": len(self.prices),
            "prices_other": sum(prices.get(product) != price for product, price in self.prices.items()),
            "versions": len(self.versions),
            "jobs": {state: list(states.values()).count(state) for state in sorted(set(states.values()))},
            "hours": self.hours,
            "machine": machine(),
        }
        (self.folder / "judged.json").write_text(json.dumps(found))


def one(folder: Path, database: str, hours: float) -> None:
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        settings: dict[str, str] = {}
        if database == "postgresql":
            programs = servers.postgresql_programs()
            if programs is None:
                raise SystemExit("PostgreSQL's server programs (initdb, pg_ctl) are not installed here.")
            place = stack.enter_context(servers.postgresql_server(programs))
            settings["BOTTEGA_DATABASE_URL"] = servers.empty_schema(place)
        Soak(folder, database, hours).run(settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--keep", type=Path, help="a new folder for what is written down")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.report:
        report(given.report)
        return
    if given.one:
        one(given.keep / given.one, given.one, given.hours)
        return
    with tempfile.TemporaryDirectory() as work:
        keep = given.keep or Path(work) / "soak"
        command = [sys.executable, __file__, "--hours", str(given.hours), "--keep", str(keep), "--one"]
        runs = [subprocess.Popen([*command, name]) for name in given.databases.split(",")]
        failed = [run.wait() for run in runs]
        report(keep)
        if any(failed):
            raise SystemExit(f"a run ended early: {failed}")


if __name__ == "__main__":
    main()
