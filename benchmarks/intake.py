"""How fast files come in, and in how much memory: a catalogue as CSV and events as JSON Lines, at two sizes each.

    python benchmarks/intake.py [--products 100000,1000000] [--events 500000,5000000] [--json]

Files of random rows are written first; then `bottega import` reads each into a new shop, in a process of its own, and
beside it polars reads the same file into a table and does nothing with it: the bound. Rows a second of wall and of
processor time; peak resident memory. Behind a large catalogue its searches are prepared, in a process of their own:
seconds and memory of that stand apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from common import BOTTEGA, machine

COLOURS = ("red", "blue", "green", "black", "white", "navy blue", "grey", "pink")
KINDS = ("Lamps", "Mugs", "Dresses", "Boots", "Shirts", "Chairs", "Notebooks", "Candles")
POLLED_S = 0.05
VIEWED = ("view",) * 7 + ("add_to_cart",) * 2 + ("purchase",)


@dataclass(frozen=True)
class Row:
    """One file read once."""

    what: str
    who: str
    rows: int
    rows_a_s: float
    rows_a_cpu_s: float
    peak_mb: float
    prepared_s: float = 0.0
    """Seconds of wall that searches were prepared in, which are in none of the other figures."""
    prepared_mb: float = 0.0
    written_mb: float = 0.0
    """What it gave the disk to write, by the system's count."""


def write_catalogue(path: Path, rows: int) -> None:
    draw = random.Random(3)
    with path.open("w", encoding="utf-8") as file:
        file.write("id,title,description,price,currency,category,brand,color,availability,image_link,link\n")
        for number in range(rows):
            kind, colour, maker = draw.choice(KINDS), draw.choice(COLOURS), f"Maker {draw.randrange(400)}"
            thing = f"{colour} {kind[:-1].lower()}"
            file.write(
                f'p-{number},{thing.title()} no. {number},"A {thing} by {maker}, series {draw.randrange(90)}.",'
                f"{draw.randrange(5, 200)}.90,EUR,Shop > {kind},{maker},{colour},in_stock,"
                f"https://img.example/{number}.jpg,https://shop.example/p/{number}\n"
            )


def write_events(path: Path, rows: int, products: int) -> None:
    draw = random.Random(5)
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            kind = draw.choice(VIEWED)
            file.write(
                f'{{"event_id": "e-{number}", "kind": "{kind}", "shopper_id": "s-{draw.randrange(rows // 12)}", '
                f'"product_id": "p-{draw.randrange(products)}", "time": {1_760_000_000 + number}}}\n'
            )


def measured(what: str, who: str, rows: int, command: list[str | Path]) -> Row:
    """A command to its end. Raises `SystemExit` where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak_mb = prepared_s = prepared_mb = prepared_cpu_s = 0.0
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        peak_mb = max(peak_mb, _status_mb(process.pid))
        for child in _children(process.pid):
            prepared_s, prepared_mb = prepared_s + POLLED_S, max(prepared_mb, _status_mb(child))
            prepared_cpu_s = max(prepared_cpu_s, _cpu_s(child))
        time.sleep(POLLED_S)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started - prepared_s
    if status:
        raise SystemExit(f"{command} failed: {process.stderr.read().decode() if process.stderr else ''}")
    cpu = used.ru_utime + used.ru_stime - prepared_cpu_s
    told = (round(value, 1) for value in (peak_mb, prepared_s, prepared_mb, used.ru_oublock * 512 / 1e6))
    return Row(what, who, rows, round(rows / wall), round(rows / cpu), *told)


def _status_mb(pid: int) -> float:
    """Most memory that a process held so far."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def polars_reads(path: Path, call: str) -> list[str | Path]:
    return [sys.executable, "-c", f"import polars, sys; print(len(polars.{call}(sys.argv[1])))", path]


def benchmark(products: list[int], events: list[int]) -> list[Row]:
    rows = []
    for n_products, n_events in zip(products, events, strict=True):
        with tempfile.TemporaryDirectory() as work:
            catalogue, log, shop = Path(work) / "catalogue.csv", Path(work) / "events.jsonl", Path(work) / "shop"
            write_catalogue(catalogue, n_products)
            write_events(log, n_events, n_products)
            for what, count, path, call in (
                ("catalogue", n_products, catalogue, "read_csv"),
                ("events", n_events, log, "read_ndjson"),
            ):
                rows.append(measured(what, "Bottega", count, [BOTTEGA, "import", what, path, "--shop", shop]))
                rows.append(measured(what, "polars", count, polars_reads(path, call)))
                for row in rows[-2:]:
                    print(row, file=sys.stderr, flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", default="100000,1000000")
    parser.add_argument("--events", default="500000,5000000")
    parser.add_argument("--json", action="store_true", help="one object a line")
    chosen = parser.parse_args()
    rows = benchmark(*([int(size) for size in sizes.split(",")] for sizes in (chosen.products, chosen.events)))
    if chosen.json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    print(
        f"{machine()}\n\n| file | rows | who | rows a second | rows a CPU second | peak MB | searches, s | MB |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for row in rows:
        cells = (row.what, f"{row.rows:,}", row.who, f"{row.rows_a_s:,.0f}", f"{row.rows_a_cpu_s:,.0f}", row.peak_mb)
        print(f"| {' | '.join(map(str, (*cells, row.prepared_s or '', row.prepared_mb or '')))} |")


if __name__ == "__main__":
    main()
