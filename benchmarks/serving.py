"""How fast answers come over HTTP: a shop of 12,000 products next to a bare route with the same bytes.

    python benchmarks/serving.py [--shop FOLDER] [--rates 100,200,400] [--seconds 15] [--workers 1] [--json]

Requests, lists with events among them, are sent at the moments a Poisson process draws (open loop), whether or not
earlier ones were answered, and each latency counts from the scheduled moment: a server that stalls cannot hide it. Load
generator and server are two processes of this machine, over loopback. First the rates given, for both servers in turn;
then each climbs to its highest. Without --shop a demo shop is written, imported and trained first.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from common import BOTTEGA, cpu_s, peak_mb

LIMIT_MS = 50.0
"""The highest rate is the one at which 99 of 100 answers still come within this."""
LOAD = Path(__file__).with_name("open_loop.py")
PATH = "/v1/recommendations"
EVENTS = "/v1/events"
LADDER = (20, 35, 50, 100, 150, 200, 250, 300, 400, 500, 700, 1000, 1400, 2000, 2800, 4000, 5600)
WARM_S = 3.0
CLIMB_S = 7.0
"""Length of a run on the way to the highest rate."""


@dataclass(frozen=True)
class Result:
    """One run at one rate."""

    server: str
    rate: int
    sent: int
    failed: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    cpu_ms: float = float("nan")
    """Processor time of the server (all its processes) for each request."""

    @property
    def holds(self) -> bool:
        return self.failed == 0 and self.p99_ms < LIMIT_MS


# --- the two servers ------------------------------------------------------------------------------------------------


def serve_bare(body: bytes, port: int) -> None:
    """The bound: a FastAPI route that does nothing but return bytes."""
    import uvicorn
    from fastapi import FastAPI, Response

    app = FastAPI()

    @app.post(EVENTS)
    @app.post(PATH)
    async def bare() -> Response:
        return Response(body, media_type="application/json")

    @app.get("/v1/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server in a process of its own, for as long as the block lasts."""

    def __init__(self, command: list[str | Path], log: Path, **settings: str) -> None:
        self.port = free_port()
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=self._log, stderr=self._log, env=os.environ | settings
        )

    def __enter__(self) -> Server:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/health", timeout=1).read()
                return self
            except OSError:
                if self._process.poll() is not None:
                    raise SystemExit(f"The server ended early; see {self._log.name}.") from None
                time.sleep(0.2)
        raise SystemExit("The server did not start within two minutes.")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        self._log.close()

    @property
    def pids(self) -> list[int]:
        """The process and those that it started."""
        pid = self._process.pid
        started = Path(f"/proc/{pid}/task/{pid}/children")
        return [pid, *(map(int, started.read_text().split()) if started.exists() else ())]

    @property
    def peak_mb(self) -> float:
        return sum(peak_mb(pid) for pid in self.pids)

    @property
    def cpu_s(self) -> float:
        return sum(cpu_s(pid) for pid in self.pids)


def bottega_server(shop: Path, log: Path, *, workers: int = 1, **settings: str) -> Server:
    """The shop's own server, with settings by their variables."""
    return Server([BOTTEGA, "serve", "--shop", shop, "--workers", str(workers)], log, **settings)


def bare_server(answer: Path, log: Path) -> Server:
    """A route that returns the bytes of a file."""
    return Server([sys.executable, __file__, "--bare", answer], log)


# --- the shop -------------------------------------------------------------------------------------------------------


def raw(body: dict[str, object], key: str, path: str = PATH) -> bytes:
    data = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nX-API-Key: {key}\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


def write_files(folder: Path, products: int, shoppers: int) -> tuple[Path, Path]:
    """Catalogue and events of a demo shop, without pictures."""
    from bottega.datasets.demo_store import write_demo_shop

    files = write_demo_shop(folder, products=products, shoppers=shoppers, pictures=False)
    return files.catalogue, files.events


def make_shop(folder: Path, products: int, model: str) -> None:
    """A demo shop through the real importers, trained."""
    catalogue, events = write_files(folder / "files", products, products // 2)
    for words in (["import", "catalogue", catalogue], ["import", "events", events], ["train", "--model", model]):
        subprocess.run([BOTTEGA, *words, "--shop", folder], stdout=sys.stderr, check=True)


def questions(folder: Path, count: int = 2000, *, events: float = 0.0) -> tuple[list[bytes], str]:
    """A mix as a shop sends it, with a key that opens the shop; a share of `events` are things shoppers did."""
    from bottega.shop.folder import ShopFolder

    draw = random.Random(11)
    with ShopFolder.open(folder) as shop:
        keys = shop.store.keys
        keys.revoke("benchmark")
        key = keys.create("benchmark")
        products = [product for product in shop.store.products.all() if product.recommendable]
        shoppers = shop.store.events.frame()["shopper"].unique(maintain_order=True).to_list()
    requests: list[bytes] = []
    for _ in range(count):
        user, dice = draw.choice(shoppers), draw.random()
        if events and draw.random() < events:
            kind = draw.choices(["view", "add_to_cart", "purchase"], weights=[80, 13, 7])[0]
            seen = {"kind": kind, "shopper_id": user, "product_id": draw.choice(products).id}
            requests.append(raw(seen, key, EVENTS))
            continue
        if dice < 0.55:
            body: dict[str, object] = {"placement": "home", "shopper": user}
        elif dice < 0.80:
            body = {"placement": "product", "shopper": user, "product_ids": [draw.choice(products).id]}
        elif dice < 0.90:
            body = {"placement": "cart", "shopper": user, "product_ids": [p.id for p in draw.sample(products, 2)]}
        elif dice < 0.95:
            level = draw.choice(products).category[0]
            body = {"placement": "category", "shopper": user, "filter": {"category": [level]}}
        else:
            body = {"placement": "home", "shopper": f"stranger-{draw.randrange(10**9)}"}
        requests.append(raw(body, key))
    return requests, key


def one_answer(port: int, request: bytes, key: str) -> bytes:
    """The body that this request is answered with."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}{PATH}",
        request.split(b"\r\n\r\n", 1)[1],
        {"Content-Type": "application/json", "X-API-Key": key},
    )
    body: bytes = urllib.request.urlopen(asked, timeout=30).read()
    return body


# --- measuring ------------------------------------------------------------------------------------------------------


def measure(name: str, port: int, requests: Path, rate: int, seconds: float) -> Result:
    arguments = [str(requests), "--port", str(port), "--rate", str(rate), "--seconds", str(seconds)]
    found = subprocess.run([sys.executable, str(LOAD), *arguments], capture_output=True, text=True, check=True)
    values = json.loads(found.stdout)
    return Result(name, rate, values.pop("sent"), values.pop("failed"), **{k: round(v, 1) for k, v in values.items()})


def run_at(name: str, server: Server, requests: Path, rate: int, seconds: float) -> Result:
    """One run, with what the server took for it."""
    before = server.cpu_s
    found = measure(name, server.port, requests, rate, seconds)
    found = replace(found, cpu_ms=round(1000 * (server.cpu_s - before) / found.sent, 3))
    print(
        f"{name:8} {rate:5}/s  p50 {found.p50_ms:7.1f}  p95 {found.p95_ms:7.1f}  p99 {found.p99_ms:7.1f}  "
        f"worst {found.worst_ms:7.1f} ms  failed {found.failed}  cpu {found.cpu_ms:.2f} ms",
        file=sys.stderr,
        flush=True,
    )
    return found


def at_rates(name: str, server: Server, requests: Path, rates: list[int], seconds: float) -> list[Result]:
    """Each rate once."""
    measure(name, server.port, requests, 50, WARM_S)
    return [run_at(name, server, requests, rate, seconds) for rate in rates]


def climb(name: str, server: Server, requests: Path, seconds: float, report: list[Result]) -> int:
    """The highest rate that holds: from the best of `report` up the ladder, then two halvings of the last step."""
    good = max((result.rate for result in report if result.holds), default=0)
    bad = min((result.rate for result in report if not result.holds), default=0)
    for rate in (rate for rate in LADDER if rate > good):
        if bad and rate >= bad:
            break
        report.append(run_at(name, server, requests, rate, seconds))
        if not report[-1].holds:
            bad = rate
            break
        good = rate
    for _ in range(2 if bad and good else 0):
        rate = (good + bad) // 2
        report.append(run_at(name, server, requests, rate, seconds))
        good, bad = (rate, bad) if report[-1].holds else (good, rate)
    return good


def benchmark(folder: Path, rates: list[int], seconds: float, workers: int, events: float, as_json: bool) -> None:
    requests, key = questions(folder, events=events)
    asked = next(request for request in requests if PATH.encode() in request[:60])
    with tempfile.TemporaryDirectory() as work:
        place, sample = Path(work) / "requests.json", Path(work) / "answer.json"
        place.write_text(json.dumps([request.decode() for request in requests]))
        with bottega_server(folder, Path(work) / "bottega.log", workers=workers) as ours:
            answer = one_answer(ours.port, asked, key)
            sample.write_bytes(answer)
            with bare_server(sample, Path(work) / "bare.log") as bare:
                mine = at_rates("bottega", ours, place, rates, seconds)
                theirs = at_rates("bare", bare, place, rates, seconds)
                best = climb("bottega", ours, place, CLIMB_S, mine)
                bound = climb("bare", bare, place, CLIMB_S, theirs)
            peak_mb = ours.peak_mb
    report = mine + theirs
    if as_json:
        for result in report:
            print(json.dumps(asdict(result)))
        print(json.dumps({"highest_rate": best, "bare_highest_rate": bound, "peak_mb": round(peak_mb)}))
        return
    print(f"\nanswer of {len(answer)} bytes; {os.cpu_count()} cores; {workers} processes, {peak_mb:.0f} MB at most\n")
    print("| server | rate | p50 ms | p95 ms | p99 ms | CPU ms a request |\n|---|---|---|---|---|---|")
    for result in report:
        cells = (result.server, f"{result.rate}/s", result.p50_ms, result.p95_ms, result.p99_ms, result.cpu_ms)
        print(f"| {' | '.join(map(str, cells))} |")
    print(f"\nhighest rate with p99 < {LIMIT_MS:.0f} ms: bottega {best}/s, bare route {bound}/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, help="a trained shop to serve instead of a new demo shop")
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--model", default="blend")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each run")
    parser.add_argument("--rates", default="100,200,400", help="requests a second, with commas")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server")
    parser.add_argument("--events", type=float, default=0.1, help="share of the requests that post an event")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    rates = [int(rate) for rate in chosen.rates.split(",")]
    if chosen.bare:
        serve_bare(chosen.bare.read_bytes(), chosen.port)
    elif chosen.shop:
        benchmark(chosen.shop, rates, chosen.seconds, chosen.workers, chosen.events, chosen.json)
    else:
        with tempfile.TemporaryDirectory() as work:
            make_shop(Path(work) / "shop", chosen.products, chosen.model)
            shop = Path(work) / "shop"
            benchmark(shop, rates, chosen.seconds, chosen.workers, chosen.events, chosen.json)


if __name__ == "__main__":
    main()
