"""Ten million events in either database: how fast they come in, how long a training takes, what memory and disk it is.

    python benchmarks/ten_million.py [--events 100000,1000000,10000000] [--databases sqlite,postgresql] [--keep FOLDER]

Events of random shoppers on random products, a few popular and many rare (Zipf), are written as Parquet, imported with
`bottega import` and learnt from with `bottega train`, each in a process of its own, at every size in both databases.
PostgreSQL is a server of one's own that is thrown away (with fsync off, as a server with a battery has it); its disk is
that of the database with its indexes. Seconds by the clock hold for a machine that does nothing else; processor time,
of the command and of PostgreSQL's own processes, for any. Lines through the logarithms of the sizes say what 100
million would take; where there is a floor, as of memory, the line through the two largest sizes themselves says more,
and stands below. A kept folder is gone on with: what has been measured there is not measured again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl
import psycopg

import postgresql_server as servers
from bottega.parallel.variables import variables
from common import BOTTEGA, cpu_s, machine, processor
from intake import measured

DATABASES = ("sqlite", "postgresql")
FIGURES = {
    "import_s": "s",
    "import_cpu_s": "processor s",
    "import_server_cpu_s": "database's",
    "import_mb": "MB",
    "written_mb": "written, MB",
    "train_s": "train, s",
    "train_cpu_s": "processor s",
    "train_server_cpu_s": "database's",
    "train_mb": "MB",
    "disk_mb": "disk, MB",
}
"""Of a row, and what heads its column."""
FLOORED = ("import_mb", "train_mb")
"""What begins at a height that has nothing to do with events: libraries, the catalogue."""
PAPER = 100_000_000
EVENTS_A_SHOPPER = 25
PRODUCTS = 10_000
BEGAN_S = 1_700_000_000
AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Row:
    """One size in one database: seconds by the clock and of the processor, most memory of the process, MB on disk."""

    database: str
    events: int
    import_s: float
    import_cpu_s: float
    import_server_cpu_s: float
    """What PostgreSQL's own processes took for it; 0 for SQLite, which works in ours."""
    import_mb: float
    written_mb: float
    """What the import's process gave the disk to write; PostgreSQL's processes write by themselves."""
    train_s: float
    train_cpu_s: float
    train_server_cpu_s: float
    train_mb: float
    disk_mb: float


def write_events(path: Path, count: int) -> None:
    """A part at a time, so that writing needs no more memory than the rest."""
    rng = np.random.default_rng(5)
    shoppers = max(count // EVENTS_A_SHOPPER, 10)
    parts = []
    for start in range(0, count, AT_ONCE):
        some = min(AT_ONCE, count - start)
        numbers = np.arange(start, start + some)
        table = pl.DataFrame(
            {
                "event_id": numbers,
                "shopper_id": 1 + rng.integers(shoppers, size=some),
                "product_id": 1 + (rng.zipf(1.2, size=some) - 1) % PRODUCTS,
                "kind": rng.choice(["view", "add_to_cart", "purchase"], size=some, p=[0.8, 0.13, 0.07]),
                "time": BEGAN_S + numbers,
            }
        ).with_columns(
            pl.format("{}-{}", pl.lit(name[0]), pl.col(name)).alias(name)
            for name in ("event_id", "shopper_id", "product_id")
        )
        parts.append(path.with_suffix(f".{start}"))
        table.write_parquet(parts[-1])
    work = path.with_suffix(".work")
    pl.scan_parquet(parts).sink_parquet(work, row_group_size=100_000)
    work.replace(path)
    for part in parts:
        part.unlink()


def write_catalogue(path: Path) -> None:
    lines = [f"p-{n},Thing number {n},Things > Kind {n % 40},{5 + n % 90}.00,EUR" for n in range(1, PRODUCTS + 1)]
    path.write_text("\n".join(["id,title,category,price,currency", *lines]) + "\n")


@contextmanager
def place(database: str, shop: Path) -> Iterator[dict[str, str]]:
    """The environment that says where rows lie."""
    if database == "sqlite":
        yield {}
        return
    programs = servers.postgresql_programs()
    if programs is None:
        raise SystemExit("PostgreSQL's server programs (initdb, pg_ctl) are not installed here.")
    with servers.postgresql_server(programs) as folder:
        yield {"BOTTEGA_DATABASE_URL": servers.empty_schema(folder)}


def socket_of(url: str) -> Path:
    return Path(url.split("host=")[1].split("&")[0])


def server_cpu_s(url: str) -> float:
    """Processor seconds of PostgreSQL so far: of its processes, and of those of connections that ended."""
    if not url:
        return 0.0
    first = int((socket_of(url) / "data" / "postmaster.pid").read_text().split()[0])
    ended = Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()[13:15]
    living = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    here = [cpu_s(int(pid)) for pid in (str(first), *living)]
    return sum(int(ticks) for ticks in ended) / float(os.sysconf("SC_CLK_TCK")) + sum(here)


def disk_mb(database: str, shop: Path, url: str) -> float:
    if database == "sqlite":
        return sum(one.stat().st_size for one in shop.glob("shop.db*")) / 1e6
    with psycopg.connect(host=str(socket_of(url)), user="bottega", dbname="postgres") as connection:
        (size,) = connection.execute("SELECT pg_database_size('postgres')").fetchone() or (0,)
    return float(size) / 1e6


def one(database: str, events: int, folder: Path, model: str) -> Row:
    kept = folder / f"{database} {events}.json"
    if kept.exists():
        return Row(**json.loads(kept.read_text()))
    log, catalogue = folder / f"events {events}.parquet", folder / "catalogue.csv"
    if not log.exists():
        write_events(log, events)
    write_catalogue(catalogue)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        shop = Path(work) / "shop"
        with place(database, shop) as asked, variables(asked):
            url = asked.get("BOTTEGA_DATABASE_URL", "")
            measured("catalogue", database, PRODUCTS, [BOTTEGA, "import", "catalogue", catalogue, "--shop", shop])
            took = [server_cpu_s(url)]
            came = measured("events", database, events, [BOTTEGA, "import", "events", log, "--shop", shop])
            took.append(server_cpu_s(url))
            disk = disk_mb(database, shop, url)
            took.append(server_cpu_s(url))
            trained = measured("train", database, events, [BOTTEGA, "train", "--model", model, "--shop", shop])
            took.append(server_cpu_s(url))
    row = Row(
        database,
        events,
        import_s=round(events / came.rows_a_s, 1),
        import_cpu_s=round(events / came.rows_a_cpu_s, 1),
        import_server_cpu_s=round(took[1] - took[0], 1),
        import_mb=came.peak_mb,
        written_mb=came.written_mb,
        train_s=round(events / trained.rows_a_s, 1),
        train_cpu_s=round(events / trained.rows_a_cpu_s, 1),
        train_server_cpu_s=round(took[3] - took[2], 1),
        train_mb=trained.peak_mb,
        disk_mb=round(disk, 1),
    )
    kept.write_text(json.dumps(asdict(row)))
    print(row, file=sys.stderr, flush=True)
    return row


def power(rows: list[Row], figure: str) -> tuple[float, float]:
    """By what power a figure grows with events, and what it would be on paper at 100 million."""
    sizes, values = (np.log([max(float(getattr(row, name)), 0.1) for row in rows]) for name in ("events", figure))
    slope, level = np.polyfit(sizes, values, 1)
    return float(slope), float(np.exp(level + slope * np.log(PAPER)))


def line(rows: list[Row], figure: str) -> float:
    """What it would be at 100 million by the straight line through the two largest sizes."""
    (few, low), (many, high) = ((row.events, float(getattr(row, figure))) for row in rows[-2:])
    return high + (high - low) / (many - few) * (PAPER - many)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", default="100000,1000000,10000000")
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--model", default="blend")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.events.split(",")]
    with tempfile.TemporaryDirectory() as work:
        folder = chosen.keep or Path(work)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{machine()}, {processor()}; {chosen.model}, {PRODUCTS:,} products.\n")
        print(f"| database | events | events a processor second | import, {' | '.join(FIGURES.values())} |")
        print("|---" * (3 + len(FIGURES)) + "|")
        for database in chosen.databases.split(","):
            rows = [one(database, size, folder, chosen.model) for size in sizes]
            for row in rows:
                rate = row.events / (row.import_cpu_s + row.import_server_cpu_s)
                cells = [database, f"{row.events:,}", f"{rate:,.0f}"]
                cells += [f"{getattr(row, figure):,.0f}" for figure in FIGURES]
                print(f"| {' | '.join(cells)} |")
            if len(rows) > 1:
                fits = [power(rows, figure) for figure in FIGURES]
                for name, place, form in ("power", 0, ".2f"), (f"{PAPER:,}, on paper", 1, ",.0f"):
                    print(f"| {database} | {name} | | {' | '.join(format(fit[place], form) for fit in fits)} |")
                straight = (format(line(rows, figure), ",.0f") if figure in FLOORED else "" for figure in FIGURES)
                print(f"| {database} | {PAPER:,}, by a straight line | | {' | '.join(straight)} |")


if __name__ == "__main__":
    main()
