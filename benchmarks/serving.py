"""How fast answers come over HTTP: a shop of 12,000 products, one process, next to a bare route with the same bytes.

    python benchmarks/serving.py [--shop FOLDER] [--products 12000] [--model blend] [--seconds 15] [--json]

Requests are sent at the moments a Poisson process draws (open loop), whether or not earlier ones were answered, and
each latency counts from the scheduled moment: a server that stalls cannot hide it. Load generator and server are two
processes of this machine, over loopback. Without --shop a demo shop is written, imported and trained first.
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
from dataclasses import asdict, dataclass
from pathlib import Path

from common import BOTTEGA, cpu_s, peak_mb

LIMIT_MS = 50.0
"""The highest rate is the one at which 99 of 100 answers still come within this."""
LOAD = Path(__file__).with_name("open_loop.py")
PATH = "/v1/recommendations"
RATES = (20, 35, 50, 100, 150, 200, 250, 300, 400, 500, 700, 1000, 1400, 2000, 2800, 4000, 5600)
WARM_S = 3.0


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

    @property
    def holds(self) -> bool:
        return self.failed == 0 and self.p99_ms < LIMIT_MS


# --- the two servers ------------------------------------------------------------------------------------------------


def serve_bare(body: bytes, port: int) -> None:
    """The bound: a FastAPI route that does nothing but return bytes."""
    import uvicorn
    from fastapi import FastAPI, Response

    app = FastAPI()

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
    def peak_mb(self) -> float:
        return peak_mb(self._process.pid)

    @property
    def cpu_s(self) -> float:
        return cpu_s(self._process.pid)


def bottega_server(shop: Path, log: Path, **settings: str) -> Server:
    """The shop's own server, with settings by their variables."""
    return Server([BOTTEGA, "serve", "--shop", shop], log, **settings)


def bare_server(answer: Path, log: Path) -> Server:
    """A route that returns the bytes of a file."""
    return Server([sys.executable, __file__, "--bare", answer], log)


# --- the shop -------------------------------------------------------------------------------------------------------


def raw(body: dict[str, object], key: str) -> bytes:
    data = json.dumps(body).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nX-API-Key: {key}\r\n"
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


def questions(folder: Path, count: int = 2000) -> tuple[list[bytes], str]:
    """A mix as a shop sends it, with a key that opens the shop."""
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


def climb(name: str, port: int, requests: Path, seconds: float, report: list[Result]) -> int:
    """The highest rate that holds: up the ladder of rates, then two halvings between the last two steps."""
    measure(name, port, requests, 50, WARM_S)
    good, bad = 0, 0
    for rate in RATES:
        report.append(measure(name, port, requests, rate, seconds))
        show(report[-1])
        if report[-1].holds:
            good = rate
        else:
            bad = rate
            break
    for _ in range(2 if bad and good else 0):
        rate = (good + bad) // 2
        report.append(measure(name, port, requests, rate, seconds))
        show(report[-1])
        good, bad = (rate, bad) if report[-1].holds else (good, rate)
    return good


def show(result: Result) -> None:
    print(
        f"{result.server:8} {result.rate:5}/s  p50 {result.p50_ms:7.1f}  p95 {result.p95_ms:7.1f}  "
        f"p99 {result.p99_ms:7.1f}  worst {result.worst_ms:7.1f} ms  failed {result.failed}",
        file=sys.stderr,
        flush=True,
    )


def benchmark(folder: Path, seconds: float, as_json: bool) -> None:
    requests, key = questions(folder)
    report: list[Result] = []
    with tempfile.TemporaryDirectory() as work:
        place = Path(work) / "requests.json"
        place.write_text(json.dumps([request.decode() for request in requests]))
        with bottega_server(folder, Path(work) / "bottega.log") as server:
            answer = one_answer(server.port, requests[0], key)
            best = climb("bottega", server.port, place, seconds, report)
            peak_mb = server.peak_mb
        sample = Path(work) / "answer.json"
        sample.write_bytes(answer)
        with bare_server(sample, Path(work) / "bare.log") as server:
            bound = climb("bare", server.port, place, seconds, report)
    if as_json:
        for result in report:
            print(json.dumps(asdict(result)))
        print(json.dumps({"highest_rate": best, "bare_highest_rate": bound, "peak_mb": round(peak_mb)}))
        return
    print(f"\nanswer of {len(answer)} bytes; {os.cpu_count()} cores; server's peak memory {peak_mb:.0f} MB\n")
    print("| server | rate | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|")
    for result in report:
        print(f"| {result.server} | {result.rate}/s | {result.p50_ms} | {result.p95_ms} | {result.p99_ms} |")
    print(f"\nhighest rate with p99 < {LIMIT_MS:.0f} ms: bottega {best}/s, bare route {bound}/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, help="a trained shop to serve instead of a new demo shop")
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--model", default="blend")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.bare:
        serve_bare(chosen.bare.read_bytes(), chosen.port)
    elif chosen.shop:
        benchmark(chosen.shop, chosen.seconds, chosen.json)
    else:
        with tempfile.TemporaryDirectory() as work:
            make_shop(Path(work) / "shop", chosen.products, chosen.model)
            benchmark(Path(work) / "shop", chosen.seconds, chosen.json)


if __name__ == "__main__":
    main()
