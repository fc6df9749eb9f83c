"""Several shops in one process: memory, how long a closed one takes to answer, p99 of one while others are at work.

    python benchmarks/many_shops.py [--shops 20] [--products 600] [--model default] [--rounds 3]

One shop is drawn, imported and trained, and stands there so many times, each copy with keys of its own. A server of all
of them (`bottega serve --shops`) is asked for a list of each shop in turn, which opens it; then again, with a budget of
memory that holds only some. At last one shop is asked at a fixed rate (`open_loop.py`) while another trains, while
another imports a catalogue and events again and again, while closed ones get their first search one after the other,
and while nobody does anything, in turns. Seconds by the clock hold for a machine that does nothing else; processor time
for any.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from common import BOTTEGA, cpu_s, machine
from jobs import call
from serving import Result, Server, make_shop, measure, questions

TRAININGS = 20
"""Asked for at once, each with a seed of its own, so that one is always under way."""
CALM_CPU_S = 0.1
"""Processor time in a second of a server that has nothing to do."""
EVENTS = 20_000
"""Of each import."""


def make_shops(root: Path, template: Path, count: int) -> dict[str, str]:
    """Copies of a shop in a shops folder, and a key of each."""
    from bottega.shop.folder import ShopFolder

    root.mkdir()
    (root / "shops.toml").touch()
    keys = {}
    for number in range(count):
        name = f"shop-{number:02d}"
        shutil.copytree(template, root / name, ignore=shutil.ignore_patterns("files", "run"))
        (root / name / "bottega.toml").touch()
        with ShopFolder.open(root / name) as folder:
            for key in folder.store.keys.all():
                folder.store.keys.revoke(key.label)
            keys[name] = folder.store.keys.create("benchmark")
    return keys


def held_mb(server: Server) -> float:
    """The memory that the server's process has for itself, mapped files left out."""
    status = Path(f"/proc/{server.pids[0]}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("RssAnon"))) / 1024


def ask_each(server: Server, keys: dict[str, str]) -> tuple[list[float], list[float]]:
    """Seconds by the clock and of the processor until each shop has answered once."""
    seconds, processor = [], []
    for key in keys.values():
        started, before = time.perf_counter(), cpu_s(server.pids[0])
        call(server.port, key, "/v1/recommendations", {"n": 10})
        seconds.append(time.perf_counter() - started)
        processor.append(cpu_s(server.pids[0]) - before)
    return seconds, processor


def opening(root: Path, keys: dict[str, str], log: Path) -> float:
    """Print what opening them all costs; MB that one more shop takes."""
    settings = {"BOTTEGA_WORKER": "false"}
    with Server([BOTTEGA, "serve", "--shops", root], log, **settings) as server:
        empty = held_mb(server)
        seconds, processor = ask_each(server, keys)
        full = held_mb(server)
        again, _ = ask_each(server, keys)
    each = (full - empty) / len(keys)
    print(f"- Memory: {empty:.0f} MB with no shop open, {full:.0f} MB with all {len(keys)}: {each:.1f} MB a shop.")
    print(
        f"- First answer of a closed shop: {_spread(seconds)} s by the clock, {_spread(processor)} s of the processor "
        f"(median, most); of an open one {statistics.median(again) * 1000:.0f} ms."
    )
    return each


def within_budget(root: Path, keys: dict[str, str], each: float, log: Path) -> None:
    """Print what a budget for about a third of the shops does."""
    with Server([BOTTEGA, "serve", "--shops", root], log, BOTTEGA_WORKER="false") as server:
        budget = held_mb(server) + each * len(keys) / 3
    settings = {"BOTTEGA_WORKER": "false", "BOTTEGA_SHOPS_MEMORY_MB": f"{budget:.0f}"}
    most = 0.0
    with Server([BOTTEGA, "serve", "--shops", root], log, **settings) as server:
        for _ in range(2):
            for name, key in keys.items():
                ask_each(server, {name: key})
                most = max(most, held_mb(server))
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    opened = sum(line.get("state") == "opened" for line in lines)
    closed = sum(line.get("state") == "closed" for line in lines)
    print(
        f"- With a budget of {budget:.0f} MB, every shop asked twice in turn: at most {most:.0f} MB after an answer, "
        f"{opened} openings, {closed} closings, no request failed."
    )


class Beside:
    """What another shop does while one is asked: begun before the measurement, gone on with until its end."""

    def __init__(self, server: Server, keys: dict[str, str], asked: str, files: Path) -> None:
        self._server, self._keys, self._files = server, keys, files
        self._others = [name for name in keys if name != asked]
        self._key = keys[self._others[0]]
        self._stop = threading.Event()
        self.done = 0
        """Imports that ended, or shops that had their first search."""

    def nothing(self) -> None:
        self._stop.wait()

    def trains(self) -> None:
        for seed in range(TRAININGS):
            call(self._server.port, self._key, "/v1/jobs", {"verb": "train", "request": {"seed": seed}})
        self._stop.wait()

    def imports(self) -> None:
        """A catalogue whose prices changed and events that are new, sent over HTTP, again and again."""
        catalogues = [(self._files / f"catalogue {number}.csv").read_bytes() for number in range(2)]
        events = (self._files / "events.csv").read_text()
        for turn in count():
            self._send("catalogue", catalogues[turn % 2])
            self._send("events", events.replace("TURN", f"{turn}-{time.time_ns()}").encode())
            while self._under_way():
                if self._stop.wait(0.1):
                    return
            self.done += 2

    def searches_first(self) -> None:
        """Shops that nobody asked yet are searched, each once, one right after the other."""
        for name in self._others:
            if self._stop.is_set():
                return
            call(self._server.port, self._keys[name], "/v1/search", {"text": "blue lamp for the kitchen", "n": 10})
            self.done += 1
        self._stop.wait()

    def _send(self, what: str, content: bytes) -> None:
        body = b'--part\r\nContent-Disposition: form-data; name="file"; filename="%s.csv"\r\n\r\n' % what.encode()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._server.port}/v1/import/{what}",
            body + content + b"\r\n--part--\r\n",
            {"Content-Type": "multipart/form-data; boundary=part", "X-API-Key": self._key},
        )
        urllib.request.urlopen(asked, timeout=60).read()

    def _under_way(self) -> bool:
        counts = call(self._server.port, self._key, "/v1/jobs?n=1")["counts"]
        assert not counts.get("failed"), call(self._server.port, self._key, "/v1/jobs?state=failed")
        return any(counts.get(state) for state in ("waiting", "running"))

    @contextmanager
    def doing(self, work: Callable[[], None], *, at_work: bool) -> Iterator[None]:
        """The work in a thread of this process for as long as the block lasts; `at_work`: from when a job runs."""
        thread = threading.Thread(target=work)
        thread.start()
        try:
            while at_work and not call(self._server.port, self._key, "/v1/jobs?state=running")["jobs"]:
                assert thread.is_alive()
                time.sleep(0.2)
            if at_work:
                time.sleep(5.0)  # a process starts by loading its libraries
            yield
        finally:
            self._stop.set()
            thread.join()
            for job in call(self._server.port, self._key, "/v1/jobs?n=1000")["jobs"]:
                if job["state"] in ("waiting", "running"):
                    call(self._server.port, self._key, "/v1/jobs/cancel", {"number": job["number"]})


def settled(server: Server) -> None:
    """Wait until a server that nobody asks has done what it does once after opening, but not for ever."""
    for _ in range(60):
        before = cpu_s(server.pids[0])
        time.sleep(1.0)
        if cpu_s(server.pids[0]) - before < CALM_CPU_S:
            return


ARMS: dict[str, tuple[Callable[[Beside], None], bool]] = {
    "nothing": (Beside.nothing, False),
    "trainings": (Beside.trains, True),
    "imports": (Beside.imports, True),
    "first searches": (Beside.searches_first, False),
}
"""What other shops do, and whether by jobs."""


def write_files(shop: Path, folder: Path) -> None:
    """What is imported: the shop's products at two prices each in turn, and events of its shoppers."""
    from bottega.shop.folder import ShopFolder

    folder.mkdir()
    draw = random.Random(7)
    with ShopFolder.open(shop) as opened:
        products = list(opened.store.products.all())
        shoppers = opened.store.events.frame()["shopper"].unique(maintain_order=True).to_list()
    for number in range(2):
        with (folder / f"catalogue {number}.csv").open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            write.writerow(["id", "title", "description", "brand", "category", "price", "currency", "availability"])
            for place, one in enumerate(products):
                price, category = f"{5 + place % 90}.{10 + number}", " > ".join(one.category)
                write.writerow([one.id, one.title, one.description, one.brand, category, price, "EUR", "in_stock"])
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(["event_id", "shopper_id", "product_id", "kind", "time"])
        for number in range(EVENTS):
            thing, when = draw.choice(products).id, 1_760_000_000 + number
            write.writerow([f"e-TURN-{number}", draw.choice(shoppers), thing, draw.choice(["view", "purchase"]), when])


def beside_others(root: Path, keys: dict[str, str], rate: int, seconds: float, rounds: int, log: Path) -> None:
    """Print p50, p95 and p99 of one shop's answers while others do nothing, train, import, are first searched."""
    asked = next(iter(keys))
    requests, _ = questions(root / asked)
    place, files = log.with_name("requests.json"), log.with_name("files")
    place.write_text(json.dumps([request.decode() for request in requests]))
    write_files(root / asked, files)
    found: dict[str, list[Result]] = {arm: [] for arm in ARMS}
    done = dict.fromkeys(ARMS, 0)
    for _ in range(rounds):
        for arm, (work, at_work) in ARMS.items():
            with Server([BOTTEGA, "serve", "--shops", root], log) as server:
                if arm != "first searches":
                    ask_each(server, {name: key for name, key in keys.items() if name != asked})
                measure("warm", server.port, place, rate, 3.0)
                settled(server)
                beside = Beside(server, keys, asked, files)
                with beside.doing(partial(work, beside), at_work=at_work):
                    found[arm].append(measure(arm, server.port, place, rate, seconds))
                    done[arm] += beside.done
                print(arm, found[arm][-1], beside.done, file=sys.stderr, flush=True)
    idle = statistics.median(one.p99_ms for one in found["nothing"])
    print(
        f"\n{rate} answers a second for {seconds:.0f} s, medians of {rounds} rounds, the least and most in brackets.\n"
    )
    print("| what other shops do | how many | p50 ms | p95 ms | p99 ms | of nothing's | worst ms | failed |")
    print("|---" * 8 + "|")
    for arm, results in found.items():
        p50, p95, p99, worst = (
            [getattr(one, name) for one in results] for name in ("p50_ms", "p95_ms", "p99_ms", "worst_ms")
        )
        middle = statistics.median(p99)
        cells = [arm, str(done[arm] or ""), f"{statistics.median(p50):.1f}", f"{statistics.median(p95):.1f}"]
        cells += [f"{middle:.1f} ({min(p99):.1f} to {max(p99):.1f})", f"{middle / idle:.2f}"]
        cells += [f"{max(worst):.1f}", str(sum(one.failed for one in results))]
        print(f"| {' | '.join(cells)} |")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f}, {max(values):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", type=int, default=20)
    parser.add_argument("--products", type=int, default=600, help="of each shop")
    parser.add_argument("--model", default="blend")
    parser.add_argument("--rate", type=int, default=20, help="answers a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="0: nothing is measured beside other work")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        template, root, log = Path(work) / "template", Path(work) / "shops", Path(work) / "server.log"
        make_shop(template, given.products, given.model)
        keys = make_shops(root, template, given.shops)
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        print(f"{machine()}; {given.shops} shops of {given.products} products, model {given.model}; load {load:.1f}\n")
        each = opening(root, keys, log)
        within_budget(root, keys, each, log)
        if given.rounds:
            beside_others(root, keys, given.rate, given.seconds, given.rounds, log)


if __name__ == "__main__":
    main()
