"""What a training costs who waits for an answer: p99 while a job trains, in a thread, in a process, at low priority.

    python benchmarks/jobs.py [--shop FOLDER] [--products 2000] [--rate 10] [--seconds 20] [--rounds 3]

One server after another works off trainings of the default recommender while recommendations are asked at a fixed rate
(`open_loop.py`: at Poisson moments, latencies from those moments). The arms take turns, `--rounds` times, so that what
else the machine does falls on all of them alike. `idle`: nothing is trained. `thread`: a thread of the server trains.
`process`: a process of its own. `low priority`: the same, `nice 10`; what Bottega does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from serving import Result, Server, make_shop, measure, questions

ARMS = ("idle", "thread", "process", "low priority")
TRAININGS = 50
"""Asked for at once, each with a seed of its own, so that one is always under way."""
SAME_PRIORITY = "import bottega.actions.jobs.process as process; process.NICENESS = 0; process.main()"


def serve_arm(folder: Path, arm: str, port: int) -> None:
    """The server of one arm."""
    from bottega.actions.jobs import attempt, worker
    from bottega.actions.jobs.perform import perform
    from bottega.serving.cli.server import serve
    from bottega.shop.folder import ShopFolder
    from bottega.shop.open_shop import OpenShop
    from bottega.store.jobs import Job

    def leave(stop: threading.Event) -> None:
        stop.wait()
        os._exit(0)  # a thread cannot be ended midway

    def in_this_thread(folder: ShopFolder, job: Job, terms: attempt.Terms, stop: threading.Event) -> Job | None:
        threading.Thread(target=leave, args=(stop,), daemon=True).start()
        answer = perform(OpenShop(folder), job)
        folder.store.jobs.finish(job, answer, now_ms=terms.now_ms())
        return folder.store.jobs.get(job.number)

    def at_same_priority(folder: ShopFolder, job: Job, terms: attempt.Terms, stop: threading.Event) -> Job | None:
        return attempt.attempt(folder, job, attempt.Terms(command=(sys.executable, "-c", SAME_PRIORITY)), stop)

    other = {"thread": in_this_thread, "process": at_same_priority}
    if arm in other:
        vars(worker)["attempt"] = other[arm]
    serve(folder, host="127.0.0.1", port=port)


def call(port: int, key: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON answer of the server."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "X-API-Key": key}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    answer: dict[str, Any] = json.load(urllib.request.urlopen(request, timeout=60))
    return answer


def run_arm(folder: Path, arm: str, place: Path, key: str, rate: int, seconds: float, log: Path) -> Result:
    """Latencies of one arm; what was not trained by its end is cancelled."""
    with Server([sys.executable, __file__, "--serve", folder, "--arm", arm], log) as server:
        measure(arm, server.port, place, rate, 3.0)
        if arm != "idle":
            for seed in range(TRAININGS):
                call(server.port, key, "/v1/jobs", {"verb": "train", "request": {"seed": seed}})
            while call(server.port, key, "/v1/jobs?state=running")["jobs"] == []:
                time.sleep(0.2)
            time.sleep(5.0)  # a process starts by loading its libraries
        found = measure(arm, server.port, place, rate, seconds)
        jobs = call(server.port, key, "/v1/jobs?n=1000")["jobs"]
        states = {job["state"] for job in jobs}
        assert ("waiting" in states) == (arm != "idle"), "trainings are under way to the end of the measurement"
        for job in jobs:
            if job["state"] in ("waiting", "running"):
                call(server.port, key, "/v1/jobs/cancel", {"number": job["number"]})
    return found


def benchmark(folder: Path, rate: int, seconds: float, rounds: int) -> None:
    requests, key = questions(folder)
    found: dict[str, list[Result]] = {arm: [] for arm in ARMS}
    with tempfile.TemporaryDirectory() as work:
        place = Path(work) / "requests.json"
        place.write_text(json.dumps([request.decode() for request in requests]))
        for _ in range(rounds):
            for arm in ARMS:
                result = run_arm(folder, arm, place, key, rate, seconds, Path(work) / "server.log")
                print(result, file=sys.stderr, flush=True)
                found[arm].append(result)
    print(f"\n{os.cpu_count()} cores; {rate} answers/s for {seconds:.0f} s; medians of {rounds} rounds\n")
    print("| a training runs | p50 ms | p95 ms | p99 ms | worst ms | failed |\n|---|---|---|---|---|---|")
    for arm, results in found.items():
        middle = [
            statistics.median(getattr(result, name) for result in results)
            for name in ("p50_ms", "p95_ms", "p99_ms", "worst_ms")
        ]
        failed = sum(result.failed for result in results)
        print(f"| {arm} | {' | '.join(f'{value:.1f}' for value in middle)} | {failed} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", type=Path, help="a trained shop instead of a new demo shop; it gets jobs and models")
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--rate", type=int, default=10, help="answers a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve_arm(chosen.serve, chosen.arm, chosen.port)
    elif chosen.shop:
        benchmark(chosen.shop, chosen.rate, chosen.seconds, chosen.rounds)
    else:
        with tempfile.TemporaryDirectory() as work:
            make_shop(Path(work) / "shop", chosen.products, "blend")
            benchmark(Path(work) / "shop", chosen.rate, chosen.seconds, chosen.rounds)


if __name__ == "__main__":
    main()
