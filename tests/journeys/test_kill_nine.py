"""kill -9 in the middle of an import: what was acknowledged is there, and running it again completes the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

IMPORT_EVENTS = """
import sys
from pathlib import Path
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.shop.open_shop import OpenShop

shop = OpenShop.open(Path(sys.argv[1]))
def tell(*_):
    print(shop.folder.store.events.count(), flush=True)
import_events(shop, ImportEventsRequest(source=sys.argv[2]), chunk_rows=250, progress=tell)
"""

IMPORT_CATALOGUE = """
import sys
from pathlib import Path
from bottega.actions.intake import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.shop.open_shop import OpenShop

import_catalogue.CHUNK = 100
shop = OpenShop.open(Path(sys.argv[1]))
def tell(*_, **__):
    print(shop.folder.store.products.count(), flush=True)
import_catalogue.import_catalogue(shop, ImportCatalogueRequest(source=sys.argv[2]), progress=tell)
"""

ADD_EVENTS = """
import sys
from bottega.shop.folder import ShopFolder
from bottega.events.event import Event

shop = ShopFolder.open(sys.argv[1])
for batch in range(100_000):
    rows = [
        Event(event_id=f"{batch}-{i}", shopper_id="ada", kind="view", product_id="mug", time_ms=1_700_000_000_000)
        for i in range(10)
    ]
    shop.store.events.add(rows)
    print(batch, flush=True)
"""


@contextmanager
def child(script: str, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A Python process of its own that runs `script`."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run_and_kill(script: str, *words: str | Path, above: int) -> int:
    """Run it, kill -9 it as soon as it acknowledges more than `above`; the last number that it acknowledged."""
    with child(script, *words) as process:
        assert process.stdout is not None and process.stderr is not None
        last = -1
        for line in process.stdout:
            last = int(line)
            if last > above:
                break
        else:
            pytest.fail(f"it ended by itself after {last}: {process.stderr.read()}")
        os.kill(process.pid, signal.SIGKILL)
        last = max([last, *(int(line) for line in process.stdout if line.endswith("\n"))])
        assert process.wait() == -signal.SIGKILL
        return last


def test_an_import_of_events_is_killed_three_times_and_then_completes(tmp_path: Path) -> None:
    total, folder = 25_000, tmp_path / "shop"
    source = tmp_path / "events.csv"
    rows = (f"e{i},s{i % 500},p {i % 90}/🎁,view,{1_700_000_000 + i}\n" for i in range(total))
    source.write_text("event_id,shopper_id,product_id,kind,time\n" + "".join(rows), encoding="utf-8")
    kept = 0
    for _ in range(3):
        acknowledged = run_and_kill(IMPORT_EVENTS, folder, source, above=kept + 500)
        with ShopFolder.open(folder) as shop, shop.store.database.read() as connection:
            kept = shop.store.events.count()
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert acknowledged <= kept < total, "nothing acknowledged is lost, and it was killed before its end"
            assert kept % 250 == 0, "a chunk is there as a whole or not at all"
            ids = {event.event_id for event in shop.store.events.since(0, total)}
            assert ids == {f"e{i}" for i in range(kept)}
    with ShopFolder.open(folder) as shop:
        report = import_events(OpenShop(shop), ImportEventsRequest(source=source))
        assert (report.read, report.duplicates, report.added) == (total, kept, total - kept)
        assert shop.store.events.count() == total
        assert len(shop.store.events.frame()) == total


def test_an_import_of_a_catalogue_is_killed_and_then_completes(tmp_path: Path) -> None:
    total, folder = 6_000, tmp_path / "shop"
    source = tmp_path / "products.csv"
    source.write_text("id,title,price\n" + "".join(f"p/{i},Mug {i},{i}.50 EUR\n" for i in range(total)))
    acknowledged = run_and_kill(IMPORT_CATALOGUE, folder, source, above=0)
    with ShopFolder.open(folder) as shop:
        kept = shop.store.products.count()
        assert acknowledged <= kept < total
        report = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=source))
        assert (report.added, report.updated, report.unchanged, report.rejected) == (total - kept, 0, kept, 0)
        assert [product.id for product in shop.store.products.all()] == [f"p/{i}" for i in range(total)]


def test_batches_of_events_that_were_acknowledged_survive(tmp_path: Path) -> None:
    last = run_and_kill(ADD_EVENTS, tmp_path, above=20)
    with ShopFolder.open(tmp_path) as shop:
        ids = {event.event_id for event in shop.store.events.since(0, 1_000_000)}
    whole = {f"{batch}-{i}" for batch in range(last + 1) for i in range(10)}
    assert whole <= ids
    assert len(ids) % 10 == 0, "a batch is there as a whole or not at all"


def test_a_shop_is_read_and_written_while_another_process_imports(tmp_path: Path) -> None:
    total, folder = 10_000, tmp_path / "shop"
    source = tmp_path / "events.csv"
    rows = (f"e{i},s{i % 50},p{i % 90},view,{1_700_000_000 + i}\n" for i in range(total))
    source.write_text("event_id,shopper_id,product_id,kind,time\n" + "".join(rows))
    posted, seq = 0, 0
    seen: set[str] = set()
    with ShopFolder.open(folder) as shop, child(IMPORT_EVENTS, folder, source) as process:
        shop.store.products.upsert([Product(id="p1", title="Mug")])
        running = True
        while running:
            running = process.poll() is None
            event = {"event_id": f"live-{posted}", "shopper_id": "ada", "product_id": "p1", "kind": "view"}
            assert shop.store.events.add([Event.model_validate({**event, "time_ms": 1_700_000_000_000})]).added == 1
            posted += 1
            assert len(shop.store.events.of_shopper("ada", posted + 1)) == posted
            while found := shop.store.events.since(seq, 1000):
                seen.update(one.event_id for one in found)
                seq = found[-1].seq
        assert process.returncode == 0
        assert len(seen) == shop.store.events.count() == total + posted
        assert len(shop.store.events.frame()) == total + posted
