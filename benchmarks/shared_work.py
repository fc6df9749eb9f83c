"""Long work shared: how much sooner it is done by two workers than by one, and that it comes to the same.

    python benchmarks/shared_work.py [--products 3000] [--shoppers 100000] [--evaluated a,b] [--keep FOLDER]

A shop is simulated, imported and trained; then the families of recommenders are judged (`bottega evaluate`), and lists
are made for all shoppers (`bottega recommend --all`): in this process, by processes, and by a Ray cluster of one,
two and four workers, each arm in a process of its own with one thread a worker. Seconds are of the work, without the
start of the cluster, which stands apart. Results are compared by a hash of every figure but those of clock and memory.
A folder that is kept is gone on with: what an arm has measured there is not measured again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bottega.parallel.one_thread import ONE_THREAD
from common import machine

ARMS = ("one process", "2 processes", "Ray, 1 worker", "Ray, 2 workers", "Ray, 4 workers")
WORK = ("evaluate", "lists")
MOMENT_MS = 1_800_000_000_000
"""Lists are made for one moment in every arm: what somebody needs again, and when, moves with the clock."""
CLOCKS = ("train_s", "answer_ms", "peak_mb", "before_mb")


def make(shop: Path, products: int, shoppers: int, model: str) -> None:
    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
    from bottega.actions.recommend.shapes import TrainRequest
    from bottega.actions.recommend.train import train
    from bottega.datasets.demo_store.write import write_demo_shop
    from bottega.shop.open_shop import OpenShop

    files = write_demo_shop(shop / "feed", products=products, shoppers=shoppers, pictures=False)
    with OpenShop.open(shop) as opened:
        import_catalogue(opened, ImportCatalogueRequest(source=files.catalogue))
        import_events(opened, ImportEventsRequest(source=files.events))
        train(opened, TrainRequest(model=model))


def evaluate(shop: Path, models: list[str] | None) -> str:
    """Every figure of the report but those of clock and memory, hashed."""
    from bottega.actions.recommend.evaluate import report_on
    from bottega.actions.recommend.shapes import EvaluateRequest
    from bottega.shop.folder import ShopFolder

    with ShopFolder.open(shop) as folder:
        told = report_on(folder, EvaluateRequest(models=models)).as_dict()
    for model in told["models"]:
        for name in CLOCKS:
            del model[name]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def lists(shop: Path, arm: str) -> tuple[str, int]:
    """Every list, hashed, and how many shoppers have one."""
    import polars as pl

    from bottega.actions.recommend.recommend_all import recommend_all
    from bottega.actions.recommend.shapes import RecommendAllRequest
    from bottega.shop.open_shop import OpenShop

    out = shop / f"lists {arm}.parquet"
    with OpenShop.open(shop, threads=1) as opened:
        done = recommend_all(opened, RecommendAllRequest(out=out), now_ms=MOMENT_MS)
    return hashlib.sha256(repr(pl.read_parquet(out).rows()).encode()).hexdigest()[:12], done.shoppers


def child(work: str, arm: str, shop: Path, models: list[str] | None) -> None:
    """One arm at one work; prints what it measured."""
    started_s = 0.0
    if arm.startswith("Ray"):
        import ray

        begun = time.perf_counter()
        ray.init(num_cpus=int(arm.split()[1]), include_dashboard=False, log_to_driver=False)
        started_s = time.perf_counter() - begun
    begun = time.perf_counter()
    found: dict[str, Any] = {}
    if work == "evaluate":
        found["hash"] = evaluate(shop, models)
    else:
        found["hash"], found["shoppers"] = lists(shop, arm)
    found |= {"wall_s": time.perf_counter() - begun, "started_s": started_s}
    print(json.dumps(found))


def measured(work: str, arm: str, shop: Path, models: list[str] | None) -> dict[str, Any]:
    kept = shop / f"{work} {arm}.json"
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    asked = {"BOTTEGA_RAY": "auto"} if arm.startswith("Ray") else {}
    asked |= {"BOTTEGA_PROCESSES": "2"} if arm == "2 processes" else {}
    command = [sys.executable, __file__, "--child", work, "--arm", arm, "--keep", str(shop)]
    command += ["--evaluated", ",".join(models)] if models else []
    environment = {**os.environ, **ONE_THREAD, "RAY_USAGE_STATS_ENABLED": "0", **asked}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    kept.write_text(json.dumps(found))
    print(work, arm, found, file=sys.stderr, flush=True)
    return found


def table(work: str, rows: dict[str, dict[str, Any]]) -> None:
    one = rows[ARMS[0]]
    print("| who | seconds | times as fast | start of the cluster, s | result |\n|---|---|---|---|---|")
    for arm, row in rows.items():
        same = "the same" if row["hash"] == one["hash"] else "DIFFERS"
        start = f"{row['started_s']:.1f}" if row["started_s"] else ""
        print(f"| {arm} | {row['wall_s']:.1f} | {one['wall_s'] / row['wall_s']:.2f} | {start} | {same} |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=3000)
    parser.add_argument("--shoppers", type=int, default=100_000)
    parser.add_argument("--evaluated", default="", help="families with commas between; all where absent")
    parser.add_argument("--model", default="blend", help="what makes the lists")
    parser.add_argument("--work", default=",".join(WORK))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--arm", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    models = [name for name in chosen.evaluated.split(",") if name] or None
    if chosen.child:
        child(chosen.child, chosen.arm, chosen.keep, models)
        return
    with tempfile.TemporaryDirectory() as work:
        shop = chosen.keep or Path(work) / "shop"
        if not (shop / "models").exists():
            make(shop, chosen.products, chosen.shoppers, chosen.model)
        print(f"{machine()}; {chosen.products:,} products, {chosen.shoppers:,} shoppers.\n")
        for one in chosen.work.split(","):
            table(one, {arm: measured(one, arm, shop, models) for arm in ARMS})


if __name__ == "__main__":
    main()
