"""Importing events: every row in one count, folders, repeats, unknown products, log-ins."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.catalogue.product import Product
from bottega.errors import FormatUnknown
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

HEADER = "event_id,shopper_id,anonymous_id,product_id,kind,time\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path / "shop") as opened:
        opened.store.products.upsert([Product(id="mug", title="Mug", group_id="mugs"), Product(id="cup", title="Cup")])
        yield opened


def write(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_row_is_in_one_count(shop: ShopFolder, tmp_path: Path) -> None:
    source = write(
        tmp_path / "events.csv",
        "1,,c,mug,view,1700000000",
        "2,,c,nobody/knows 🎁,view,1700000001",
        "3,ada,c,mugs,purchase,1700000002",
        "3,ada,c,mugs,purchase,1700000002",
        "4,ada,,,page_view,1700000003",
        "5,ada,,cup,stare,1700000004",
        "6,ada,,cup,view,nonsense",
    )
    report = import_events(OpenShop(shop), ImportEventsRequest(source=source), chunk_rows=2)
    assert (report.source, report.format) == ("events.csv", "csv")
    assert (report.read, report.added, report.duplicates, report.rejected) == (6, 3, 1, 2)
    assert report.by_rule == Counter(kind_unknown=1, time_unreadable=1) and report.ignored == Counter(page_view=1)
    assert report.unknown_products == 1 and report.joined == 1
    assert {event.shopper for event in shop.store.events.since(0, 9)} == {"ada"}
    assert shop.store.events.of_shopper("ada", 9)[1].product_id == "nobody/knows 🎁"


def test_a_repeat_adds_only_what_is_new_and_late_events_find_their_place(shop: ShopFolder, tmp_path: Path) -> None:
    source = write(tmp_path / "events.csv", "1,ada,,mug,view,1700000010", "2,ada,,cup,view,1700000030")
    import_events(OpenShop(shop), ImportEventsRequest(source=source))
    write(source, "1,ada,,mug,view,1700000010", "3,ada,,mug,click,1700000020", "2,ada,,cup,view,1700000030")
    report = import_events(OpenShop(shop), ImportEventsRequest(source=source))
    assert (report.added, report.duplicates, report.rejected, report.rejects_file) == (1, 2, 0, None)
    assert [event.event_id for event in shop.store.events.of_shopper("ada", 9)] == ["2", "3", "1"]


def test_a_folder_is_read_in_the_order_of_names(shop: ShopFolder, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write(folder / "b.csv", "2,ada,,mug,view,1700000000")
    row = {"event_id": "1", "shopper_id": "ada", "product_id": "cup", "kind": "view", "time": 1_700_000_000}
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    (folder / "products.csv").write_text("id,title,price\n1,Mug,2.00\n")
    (folder / "notes.md").write_text("not an event")
    report = import_events(OpenShop(shop), ImportEventsRequest(source=folder))
    assert report.format == "jsonl, csv" and report.added == 2
    assert [event.event_id for event in shop.store.events.since(0, 9)] == ["1", "2"]
    assert report.notes == ["Left alone, because they do not look like events: products.csv."]
    (folder / "b.csv").unlink()
    (folder / "a.jsonl.gz").unlink()
    with pytest.raises(FormatUnknown, match=r"None of the 1 files in .* looks like events: products.csv"):
        import_events(OpenShop(shop), ImportEventsRequest(source=folder))


def test_progress_counts_only_what_is_saved(shop: ShopFolder, tmp_path: Path) -> None:
    source = write(tmp_path / "events.csv", *(f"{i},ada,,mug,view,{1_700_000_000 + i}" for i in range(10)))
    told: list[tuple[int, str]] = []

    def listen(task: str, done: int, total: int | None = None, note: str = "") -> None:
        assert task == "importing events.csv" and total == source.stat().st_size and 0 <= done <= total
        told.append((shop.store.events.count(), note))

    import_events(OpenShop(shop), ImportEventsRequest(source=source), chunk_rows=4, progress=listen)
    assert told[1:] == [
        (4, "4 events saved"),
        (8, "8 events saved"),
        (10, "10 events saved"),
        (10, "10 events saved"),
    ]


@pytest.mark.real_data
def test_real_purchases(shop: ShopFolder, tmp_path: Path, real_data: Callable[[str], Path]) -> None:
    whole = real_data("grocery/train.csv.gz")
    with gzip.open(whole, "rt") as stream:
        lines = [next(stream) for _ in range(5_001)]
    source = tmp_path / "train.csv"
    source.write_text("".join(lines))
    report = import_events(OpenShop(shop), ImportEventsRequest(source=source, kind="purchase"))
    assert (report.added, report.rejected, report.unknown_products) == (5_000, 0, 5_000)
    assert import_events(OpenShop(shop), ImportEventsRequest(source=source, kind="purchase")).duplicates == 5_000
    assert shop.store.events.frame()["kind"].unique().to_list() == [6]


def test_ids_that_name_nobody_join_nobody_and_are_counted(shop: ShopFolder, tmp_path: Path) -> None:
    source = write(
        tmp_path / "events.csv",
        "1,undefined,anon-ann,mug,view,1700000000",
        "2,undefined,anon-bob,cup,purchase,1700000001",
        "3,0,,cup,view,1700000002",
        "4,,00000000-0000-0000-0000-000000000000,cup,view,1700000003",
        "5,ann,anon-ann,cup,view,1700000004",
    )
    report = import_events(OpenShop(shop), ImportEventsRequest(source=source))
    assert (report.added, report.rejected, report.joined) == (3, 2, 1)
    assert report.by_rule == Counter(who_nobody=2) and sum(report.nobody.values()) == 4
    assert {event.shopper for event in shop.store.events.since(0, 9)} == {"ann", "anon-bob"}
    record = shop.store.shoppers.record("anon-ann")
    assert record is not None and {row["product_id"] for row in record.tables["events"]} == {"mug", "cup"}
    assert all(row["event_id"] != "2" for row in record.tables["events"])
