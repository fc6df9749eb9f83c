"""A shop left running: hours of traffic at ten times a busy shop's rate, its processes killed at random moments.

    python benchmarks/soak.py [--hours 2] [--databases sqlite,postgresql] [--keep FOLDER]
    python benchmarks/soak.py --report FOLDER      what was found, from what is kept

For each database, at the same time, a demo shop with photos is imported and trained, and served as docs/deploy.md has
it: `bottega serve --workers 2` and `bottega worker` beside it, both started again two seconds after they die. A busy
shop has 100,000 events a day; here come ten times as many, with answers, searches, photos, changed prices, imports,
trainings and challenges (RATES). At random moments a process is killed with -9: the whole server, one of its
processes, or the worker with what it does. A request that nobody answered is sent again, as a connector does; an
event that was acknowledged must be there at the end, whatever was killed. `soak_report.py` turns the lines that are
kept (one a request, one a minute of memory, one a kill) into tables.
"""

from __future__ import annotations

import argparse
import http.client
import io
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
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import postgresql_server as servers
from common import BOTTEGA, machine
from serving import free_port
from soak_report import Minute, Sent, report

RATES = {
    "events": 11.6,
    "answers": 6.0,
    "searches": 2.0,
    "photos": 0.1,
    "prices": 0.5,
    "imports of events": 1 / 240,
    "imports of products": 1 / 900,
    "trainings": 1 / 600,
    "trainings of the default": 1 / 3600,
    "challenges": 1 / 1800,
}
"""So many a second, at Poisson moments: a million events a day, ten times those of a busy shop."""
IMPORTED = 2000
"""Events of one import."""
CLIENTS = 12
KILLS_AN_HOUR = {"server": 3, "a process of the server": 2, "worker": 3}
LIGHT = ("transitions", "affinity", "popular")
"""What most trainings are of: two databases share a machine's cores, and the default takes minutes."""
AGAIN_S = 2.0
"""Until what died is started again, and until a request that nobody answered is sent again."""
END_S = 600.0
"""Longest wait at the end for jobs that were asked for."""
WORDS = ("red", "vase", "blue mug", "lamp", "gift for mum", "wooden", "shirt under 30", "something warm", "lmap")


@dataclass
class Service:
    """A command that is started again when it dies, as systemd does: with all that it had started."""

    command: list[str]
    log: Path
    settings: dict[str, str]
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    late: bool = False
    """Whether it had not ended a minute after it was told to."""
    ended: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        while not self.ended.is_set():
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.command, stdout=out, stderr=out, env=os.environ | self.settings, process_group=0
                )
                self.starts += 1
                self.process.wait()
            self.sweep()
            self.ended.wait(AGAIN_S)

    def sweep(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        self.ended.set()
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.late = True
                self.sweep()

    def pids(self) -> list[int]:
        """The process first, then all that it started and those started."""
        found = [self.process.pid] if self.process is not None and self.process.poll() is None else []
        for pid in found:
            with suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


@dataclass
class Soak:
    """One database's run: what is sent, what was acknowledged, what was written down."""

    folder: Path
    database: str
    hours: float
    port: int = field(default_factory=free_port)
    key: str = ""
    began: float = 0.0
    acknowledged: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    """Events that were sent and never acknowledged: there or not."""
    jobs: dict[int, list[str]] = field(default_factory=dict)
    """By number, the ids of events that the job brings."""
    prices: dict[str, int] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    one_price: threading.Lock = field(default_factory=threading.Lock)
    work: queue.Queue[tuple[float, str] | None] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.database)
        self.lines = (self.folder / "lines.jsonl").open("a", buffering=1)

    def write(self, row: Sent | Minute | dict[str, Any]) -> None:
        with self.lock:
            self.lines.write(json.dumps(row if isinstance(row, dict) else row.line()) + "\n")

    def now(self) -> float:
        return time.monotonic() - self.began

    # --- the shop ---------------------------------------------------------------------------------------------------

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

    # --- requests ---------------------------------------------------------------------------------------------------

    def call(
        self, path: str, body: Any, *, method: str = "POST", form: dict[str, tuple[str, bytes]] | None = None
    ) -> tuple[int, Any]:
        """Status and answer; status 0 where nobody answered."""
        headers = {"X-API-Key": self.key, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        if form is not None:
            data, headers["Content-Type"] = _form(form)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            connection.close()
        with suppress(ValueError):
            return answer.status, json.loads(text)
        return answer.status, text.decode(errors="replace")

    def until_answered(self, kind: str, path: str, body: Any = None, **how: Any) -> Any:
        """Send it, again and again where nobody answers; each try is a line."""
        while True:
            started = self.now()
            status, answer = self.call(path, body, **how)
            words = json.dumps(answer)[:600] if status >= 400 else ""
            self.write(Sent(kind, round(started, 2), round((self.now() - started) * 1000, 2), status, words))
            if status:
                return answer if status < 300 else None
            if self.now() > self.hours * 3600 + END_S:
                return None
            time.sleep(AGAIN_S)

    def events(self) -> None:
        rows = []
        for _ in range(self.draw.choice((1, 1, 1, 2, 5))):
            kind = self.draw.choices(["view", "add_to_cart", "purchase"], weights=[80, 13, 7])[0]
            rows.append(
                {
                    "event_id": f"soak-{self.draw.getrandbits(60):x}",
                    "shopper_id": self.draw.choice(self.shoppers),
                    "kind": kind,
                    "product_id": self.draw.choice(self.products),
                }
            )
        ids = {str(row["event_id"]) for row in rows}
        with self.lock:
            self.unsure |= ids
        answer = self.until_answered("events", "/v1/events", {"events": rows})
        if answer is not None and answer["accepted"] + answer["duplicates"] == len(rows):
            with self.lock:
                self.acknowledged |= ids
                self.unsure -= ids

    def answers(self) -> None:
        body: dict[str, Any] = {"placement": "home", "shopper": self.draw.choice(self.shoppers), "n": 10}
        if self.draw.random() < 0.4:
            body |= {"placement": "product", "product_ids": [self.draw.choice(self.products)]}
        answer = self.until_answered("answers", "/v1/recommendations", body)
        if answer is not None:
            with self.lock:
                self.versions.add(answer["model"]["version"])
            if len(answer["items"]) < 10:
                self.write({"short": len(answer["items"]), "at_s": round(self.now(), 1)})

    def searches(self) -> None:
        self.until_answered("searches", "/v1/search", {"text": self.draw.choice(WORDS), "n": 20, "facets": True})

    def photo_search(self) -> None:
        photo = self.draw.choice(self.photos)
        self.until_answered("photos", "/v1/search/image", form={"photo": (photo.name, photo.read_bytes())})

    def change_price(self) -> None:
        product, price = self.draw.choice(self.products), self.draw.randrange(500, 20_000)
        with self.one_price:  # of two changes under way nobody could say which is the later
            self.prices.pop(product, None)
            if self.until_answered("prices", "/v1/products", [{"id": product, "price_minor": price}], method="PATCH"):
                self.prices[product] = price

    def import_events(self) -> None:
        name, out = f"{self.draw.getrandbits(40):x}", io.StringIO()
        out.write("event_id,shopper_id,product_id,kind,time\n")
        ids = [f"file-{name}-{number}" for number in range(IMPORTED)]
        for one in ids:
            who, what = self.draw.choice(self.shoppers), self.draw.choice(self.products)
            out.write(f"{one},{who},{what},view,{time.time() - self.draw.random() * 86_400:.0f}\n")
        self.job(self.until_answered("imports", "/v1/import/events", form=_file("events.csv", out.getvalue())), ids)

    def import_products(self) -> None:
        rows = (f"new-{n},Vase {n},{self.draw.randrange(5, 90)}.50 EUR\n" for n in range(50))
        text = "id,title,price\n" + "".join(rows)
        self.job(self.until_answered("imports", "/v1/import/catalogue", form=_file("feed.csv", text)), [])

    def job(self, answer: dict[str, Any] | None, ids: list[str]) -> None:
        if answer is not None:
            with self.lock:
                self.jobs[answer["number"]] = ids

    def train(self, verb: str, models: Sequence[str]) -> None:
        request = {"seed": self.draw.randrange(10**6)} | ({"model": self.draw.choice(models)} if models else {})
        asked = {"verb": verb, "request": request}
        self.job(self.until_answered("jobs", "/v1/jobs", asked), [])

    # --- the run ----------------------------------------------------------------------------------------------------

    def doing(self) -> dict[str, Callable[[], None]]:
        return {
            "events": self.events,
            "answers": self.answers,
            "searches": self.searches,
            "photos": self.photo_search,
            "prices": self.change_price,
            "imports of events": self.import_events,
            "imports of products": self.import_products,
            "trainings": lambda: self.train("train", LIGHT),
            "trainings of the default": lambda: self.train("train", ()),
            "challenges": lambda: self.train("challenge", LIGHT),
        }

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
        """At random moments, the first and last five minutes left out of a run that is long enough."""
        draw = random.Random(f"kills {self.database}")
        length = self.hours * 3600
        edge = min(300.0, length / 10)
        moments = sorted(
            (edge + draw.random() * (length - 2 * edge), what)
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
                memory = [_own_mb(pid) for pid in service.pids()]
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


def _own_mb(pid: int) -> float:
    """Memory that a process has for itself, mapped files left out; 0 where it is gone."""
    with suppress(OSError, StopIteration):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in status if line.startswith("RssAnon"))) / 1024
    return 0.0


def _file(name: str, text: str) -> dict[str, tuple[str, bytes]]:
    return {"file": (name, text.encode())}


def _form(parts: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    edge, out = "soak-of-a-shop", b""
    for name, (file, data) in parts.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        out += head.encode() + data + b"\r\n"
    return out + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


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
