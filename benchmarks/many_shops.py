"""Several shops in one process: memory, how long a closed one takes to answer, p99 of one while another trains.

    python benchmarks/many_shops.py [--shops 20] [--products 600] [--model default] [--rounds 3]

One shop is drawn, imported and trained, and stands there so many times, each copy with keys of its own. A server of all
of them (`bottega serve --shops`) is asked for a list of each shop in turn, which opens it; then again, with a budget of
memory that holds only some. At last one shop is asked at a fixed rate (`open_loop.py`) while another one trains, and
while nobody does, in turns. Seconds by the clock hold for a machine that does nothing else; processor time for any.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from common import BOTTEGA, cpu_s, machine
from jobs import call
from serving import Result, Server, make_shop, measure, questions

TRAININGS = 20
"""Asked for at once, each with a seed of its own, so that one is always under way."""


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


def beside_training(root: Path, keys: dict[str, str], rate: int, seconds: float, rounds: int, log: Path) -> None:
    """Print p50, p95 and p99 of one shop's answers while nothing, or another shop, trains."""
    asked, trains = list(keys)[:2]
    requests, _ = questions(root / asked)
    place = log.with_name("requests.json")
    place.write_text(json.dumps([request.decode() for request in requests]))
    found: dict[str, list[Result]] = {"nothing": [], "another shop": []}
    for _ in range(rounds):
        for arm, results in found.items():
            with Server([BOTTEGA, "serve", "--shops", root], log) as server:
                ask_each(server, {name: key for name, key in keys.items() if name != asked})
                measure("warm", server.port, place, rate, 3.0)
                if arm == "another shop":
                    for seed in range(TRAININGS):
                        call(server.port, keys[trains], "/v1/jobs", {"verb": "train", "request": {"seed": seed}})
                    while call(server.port, keys[trains], "/v1/jobs?state=running")["jobs"] == []:
                        time.sleep(0.2)
                    time.sleep(5.0)  # a process starts by loading its libraries
                results.append(measure(arm, server.port, place, rate, seconds))
                print(arm, results[-1], file=sys.stderr, flush=True)
                for job in call(server.port, keys[trains], "/v1/jobs?n=100")["jobs"]:
                    if job["state"] in ("waiting", "running"):
                        call(server.port, keys[trains], "/v1/jobs/cancel", {"number": job["number"]})
    print("\n| what trains | p50 ms | p95 ms | p99 ms | worst ms | failed |\n|---|---|---|---|---|---|")
    for arm, results in found.items():
        names = ("p50_ms", "p95_ms", "p99_ms", "worst_ms")
        middle = [f"{statistics.median(getattr(one, name) for one in results):.1f}" for name in names]
        print(f"| {arm} | {' | '.join(middle)} | {sum(one.failed for one in results)} |")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f}, {max(values):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", type=int, default=20)
    parser.add_argument("--products", type=int, default=600, help="of each shop")
    parser.add_argument("--model", default="default")
    parser.add_argument("--rate", type=int, default=10, help="answers a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="0: nothing is measured beside a training")
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
            beside_training(root, keys, given.rate, given.seconds, given.rounds, log)


if __name__ == "__main__":
    main()
