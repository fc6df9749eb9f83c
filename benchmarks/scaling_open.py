"""Opening a shop against its size: seconds, memory and the first answer, at several numbers of products.

    python benchmarks/scaling_open.py [--products 10000,100000] [--json] [--keep FOLDER]

Each shop is made of random products put straight into its database, 20,000 events, and a trained blend of members that
cost little to learn (`popular`, `content`, `transitions`): how long a training takes is scaling.py's matter. It is
opened in a process of its own, as a server opens it, twice: with the pack that the training wrote, and with that pack
torn, so that it is made again. Figures: seconds and CPU seconds until the shop is warm, resident memory then and after
300 answers, CPU milliseconds of the first answer and of the median one, and p50 and p99 of their latency.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

COLORS = ("red", "blue", "green", "white", "black", "navy", "beige", "olive")
KINDS = ("shirt", "lamp", "mug", "chair", "jacket", "vase", "rug", "bowl")
EVENTS = 20_000
SHOPPERS = 2_000
ANSWERS = 300
AT_ONCE = 50_000


def make(shop: Path, n_products: int) -> dict[str, float]:
    """A shop with products, events and a trained model."""
    from bottega.actions.recommend.shapes import TrainRequest
    from bottega.actions.recommend.train import keep
    from bottega.datasets.load import load_dataset
    from bottega.datasets.splits import some_last_out
    from bottega.events.event import Event
    from bottega.models.recommend.blend.blend import Blend, BlendConfig
    from bottega.names import EventKind
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.trained.side_models import SideModels
    from bottega.shop.trained.trained_shop import TrainedShop

    rng = np.random.default_rng(0)
    with OpenShop.open(shop) as opened:
        _put(opened.store, n_products, rng)
        # Few products have most of the events, as everywhere.
        chosen = (n_products * rng.random(EVENTS) ** 4).astype(int).tolist()
        shoppers = rng.integers(SHOPPERS, size=EVENTS).tolist()
        events = [
            Event(kind=EventKind.VIEW, product_id=f"p-{one:07}", shopper_id=f"s{who}", time_ms=1_700_000_000_000 + at)
            for at, (one, who) in enumerate(zip(chosen, shoppers, strict=True))
        ]
        for start in range(0, EVENTS, 5000):
            opened.record(events[start : start + 5000])
        started = time.monotonic()
        dataset = load_dataset(opened.store)
        known, holdout = some_last_out(dataset.histories, share=0.1, most=200, rng=rng)
        blend = Blend(BlendConfig(members={"popular": {}, "content": {}, "transitions": {}}))
        blend.fit(known, dataset.features, rng=rng, holdout=holdout)
        side = SideModels.fit(dataset.histories, dataset.features, rng=rng)
        learnt = time.monotonic() - started
        trained = TrainedShop.of(dataset.items, dataset.space, blend, side)
        keep(opened, TrainRequest(model="blend"), dataset, trained, started=started)
    return {"learn_s": learnt, "keep_s": time.monotonic() - started - learnt}


def _put(store: Any, n_products: int, rng: np.random.Generator) -> None:
    """Rows straight into the table: reading a feed of a million products is scaling.py's matter."""
    from sqlalchemy import update

    from bottega.store.tables import counters, products

    for first in range(0, n_products, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, n_products))
        draws = zip(*(rng.integers(size, size=len(numbers)).tolist() for size in (8, 8, 40, 500, 200)), strict=True)
        rows = []
        for number, (color, kind, department, brand, words) in zip(numbers, draws, strict=True):
            title = f"{COLORS[color].title()} {KINDS[kind]} model {words}"
            path, maker = ["Shop", f"Department {department}", KINDS[kind].title()], f"Brand {brand}"
            rows.append(
                {
                    "position": number + 1,
                    "revision": 1,
                    "id": f"p-{number:07}",
                    "title": title,
                    "description": f"A {COLORS[color]} {KINDS[kind]} by {maker}, series {words % 50}.",
                    "brand": maker,
                    "category": path,
                    "category_path": " > ".join(path),
                    "price_minor": 500 + 7 * words,
                    "currency": "EUR",
                    "availability": "in_stock",
                    "hidden": False,
                    "images": [],
                    "attributes": {"color": [COLORS[color]], "series": [f"series {words % 50}"]},
                    "words": f"p-{number:07} {title} {maker} {' > '.join(path)}".casefold(),
                }
            )
        with store.database.write() as connection:
            connection.execute(products.insert(), rows)
    with store.database.write() as connection:
        for name, value in (("positions", n_products), ("revisions", 1)):
            connection.execute(update(counters).where(counters.c.name == name).values(value=value))


def open_and_ask(shop: Path, n_products: int) -> dict[str, float]:
    """Open the shop as a server does, and ask it."""
    started, cpu = time.perf_counter(), time.process_time()
    from bottega.actions.recommend.recommend import recommend
    from bottega.actions.recommend.shapes import RecommendationRequest
    from bottega.memory import peak_bytes
    from bottega.shop.open_shop import OpenShop

    opened = OpenShop.open(shop, threads=1).warm()
    found = {
        "open_s": time.perf_counter() - started,
        "open_cpu_s": time.process_time() - cpu,
        "open_mb": _resident_mb(),
    }
    took, waited = [], []
    for number in range(ANSWERS):
        begun, before = time.perf_counter(), time.process_time()
        answer = recommend(opened, RecommendationRequest(shopper=f"s{number}", return_product=True))
        took.append(1000 * (time.process_time() - before))
        waited.append(1000 * (time.perf_counter() - begun))
        assert len(answer.items) == opened.settings.count
    found |= {"first_ms": took[0], "answer_ms": float(np.median(took[1:]))}
    found |= {f"p{share}_ms": float(np.percentile(waited[1:], share)) for share in (50, 99)}
    found["answered_mb"] = _resident_mb()
    found["peak_mb"] = (peak_bytes() or 0) / 1024**2
    opened.close()
    return found


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def _step(name: str, shop: Path, n_products: int) -> dict[str, float]:
    """A step in a process of its own."""
    command = [sys.executable, __file__, "--step", name, "--keep", str(shop), "--products", str(n_products)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _figures(shop: Path, n_products: int) -> dict[str, float]:
    made = _step("make", shop, n_products) if not (shop / "shop.db").exists() else {}
    _step("open", shop, n_products)  # so that the figures are of files that the system has read before
    found = made | _step("open", shop, n_products)
    for pack in shop.glob("models/*/*/*/catalogue/pack.json"):
        pack.write_text("{}")
    again = _step("open", shop, n_products)
    return found | {"again_s": again["open_s"], "again_peak_mb": again["peak_mb"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", default="10000,100000")
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--keep", type=Path, help="where the shops are made and kept; a temporary folder where absent")
    parser.add_argument("--step", choices=("make", "open"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.products.split(",")]
    if asked.step:
        print(json.dumps({"make": make, "open": open_and_ask}[asked.step](asked.keep, sizes[0])))
        return
    rows: list[dict[str, float]] = []
    scratch = asked.keep or Path(tempfile.mkdtemp())
    try:
        for n_products in sizes:
            rows.append({"products": n_products} | _figures(scratch / str(n_products), n_products))
            if asked.json:
                print(json.dumps({name: round(value, 3) for name, value in rows[-1].items()}), flush=True)
    finally:
        if asked.keep is None:
            shutil.rmtree(scratch)
    names = [name for name in rows[-1] if name != "products"]
    table = Table("products", *names, box=None, title="Opening a shop", title_justify="left")
    for row in rows:
        table.add_row(f"{row['products']:,.0f}", *(f"{row[name]:,.2f}" if name in row else "-" for name in names))
    Console(width=200, stderr=asked.json).print(table)


if __name__ == "__main__":
    main()
