"""Memory and time against size: the whole way from files to answers, at several numbers of products and events.

    python benchmarks/scaling.py [--products 10000,100000,1000000] [--events 100000,1000000] [--json] [--keep FOLDER]

For every pair a shop is simulated (no pictures), imported, trained with the default and asked, each step in a process
of its own whose wall seconds and peak resident memory are reported. Then a line is fitted to log(figure)
against log(products) and log(events): the exponent says by what power a figure grows.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bottega.memory import peak_bytes

EVENTS_A_SHOPPER = 25
ANSWERS = 300
STEPS = ("write", "import", "train", "open", "answer")


def _write(shop: Path, products: int, events: int) -> dict[str, float]:
    from bottega.datasets.demo_store.write import write_demo_shop

    shoppers = max(events // EVENTS_A_SHOPPER, 10)
    files = write_demo_shop(shop / "feed", products=products, shoppers=shoppers, pictures=False)
    return {"rows": float(sum(1 for _ in files.events.open("rb")))}


def _import(shop: Path, products: int, events: int) -> dict[str, float]:
    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
    from bottega.shop.open_shop import OpenShop

    catalogue_file, events_file = (next((shop / "feed").glob(f"{name}*")) for name in ("catalogue", "events"))
    with OpenShop.open(shop) as opened:
        catalogue = import_catalogue(opened, ImportCatalogueRequest(source=catalogue_file))
        found = import_events(opened, ImportEventsRequest(source=events_file))
    return {"products": float(catalogue.added), "events": float(found.added)}


def _train(shop: Path, products: int, events: int) -> dict[str, float]:
    from bottega.actions.recommend.shapes import TrainRequest
    from bottega.actions.recommend.train import train
    from bottega.shop.open_shop import OpenShop

    with OpenShop.open(shop) as opened:
        return {"fit_s": train(opened, TrainRequest()).seconds}


def _open(shop: Path, products: int, events: int) -> dict[str, float]:
    from bottega.shop.open_shop import OpenShop

    with OpenShop.open(shop):
        return {}


def _answer(shop: Path, products: int, events: int) -> dict[str, float]:
    import torch

    from bottega.actions.recommend.recommend import recommend
    from bottega.actions.recommend.shapes import RecommendationRequest
    from bottega.shop.open_shop import OpenShop

    torch.set_num_threads(1)
    with OpenShop.open(shop) as answerer:
        frame = answerer.folder.store.events.frame()
        shoppers = frame["shopper"].unique().sort().sample(ANSWERS, seed=0, with_replacement=True).to_list()
        took = []
        for shopper in shoppers:
            started = time.perf_counter()
            recommend(answerer, RecommendationRequest(shopper=shopper))
            took.append(1000 * (time.perf_counter() - started))
    warm = np.array(took[20:])
    return {"p50_ms": float(np.percentile(warm, 50)), "p99_ms": float(np.percentile(warm, 99))}


def _measure(step: str, shop: Path, products: int, events: int) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--keep", str(shop)]
    done = subprocess.run(
        [*command, "--products", str(products), "--events", str(events)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return {"failed": float(done.returncode), "wall_s": float("nan"), "peak_mb": float("nan")}
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _child(step: str, shop: Path, products: int, events: int) -> None:
    started = time.perf_counter()
    found: dict[str, float] = globals()[f"_{step}"](shop, products, events)
    peak = (peak_bytes() or float("nan")) / 1024**2
    print(json.dumps({**found, "wall_s": time.perf_counter() - started, "peak_mb": peak}))


def _exponents(rows: list[dict[str, Any]], figure: str) -> tuple[float, float]:
    """Powers of products and of events in `figure = c * products^a * events^b` (least squares on logarithms)."""
    good = [row for row in rows if np.isfinite(row.get(figure, np.nan)) and row[figure] > 0]
    sides = np.array([[1, np.log(row["products"]), np.log(row["events"])] for row in good])
    if len(good) < 3:
        return float("nan"), float("nan")
    answer = np.linalg.lstsq(sides, np.log([row[figure] for row in good]), rcond=None)[0]
    return float(answer[1]), float(answer[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", default="10000,100000,1000000")
    parser.add_argument("--events", default="100000,1000000")
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--keep", type=Path, help="where the shops are made; a temporary folder where absent")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = [(int(p), int(e)) for e in asked.events.split(",") for p in asked.products.split(",")]
    if asked.step:
        _child(asked.step, asked.keep, *sizes[0])
        return
    console = Console(stderr=True)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for products, events in sizes:
            shop = (asked.keep or Path(scratch)) / f"{products}-{events}"
            row: dict[str, Any] = {"products": products, "events": events}
            for step in STEPS:
                console.print(f"{products:,} products, {events:,} events: {step}")
                found = _measure(step, shop, products, events)
                row |= {f"{step}_s": found.pop("wall_s"), f"{step}_mb": found.pop("peak_mb")}
                row |= {name: value for name, value in found.items() if name not in row}
                if "failed" in found:
                    row["broke"] = f"{step} (exit {found['failed']:.0f})"
                    break
            rows.append(row)
            if asked.json:
                print(json.dumps(row), flush=True)
    figures = [f"{step}_{unit}" for step in STEPS[1:] for unit in ("s", "mb")] + ["p50_ms", "p99_ms"]
    table = Table(box=None, title="Time (s, ms) and peak memory (MB)", title_justify="left")
    for column in ("products", "events", *figures, "broke"):
        table.add_column(column, justify="right")
    for row in rows:
        cells = [f"{row[name]:,.1f}" if name in row else "-" for name in figures]
        table.add_row(f"{row['products']:,}", f"{row['events']:,}", *cells, row.get("broke", ""))
    powers = [_exponents(rows, name) for name in figures]
    table.add_row("power of products", "", *(f"{a:.2f}" for a, _ in powers), "")
    table.add_row("power of events", "", *(f"{b:.2f}" for _, b in powers), "")
    Console(width=220).print(table)


if __name__ == "__main__":
    main()
