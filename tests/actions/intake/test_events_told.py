"""What an import of events tells: what came twice and by which key, what is probably meant, who holds too much."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import ImportEventsRequest, RecordRequest
from bottega.catalogue.product import Product
from bottega.errors import MappingInvalid
from bottega.names import KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

T = 1_777_636_800
Import = Callable[..., ImportReport]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path / "shop") as opened:
        opened.store.products.upsert([Product(id=str(n), title=f"Mug {n}", group_id="mugs") for n in range(100, 110)])
        yield opened


@pytest.fixture
def bring(shop: ShopFolder, tmp_path: Path) -> Import:
    def run(text: str, name: str = "events.csv", **said: Any) -> ImportReport:
        source = tmp_path / name
        source.write_text(text, encoding="utf-8")
        chunk_rows = said.pop("chunk_rows", 50_000)
        return import_events(OpenShop(shop), ImportEventsRequest(source=source, **said), chunk_rows=chunk_rows)

    return run


def views(*rows: str) -> str:
    return "user_id,item_id,event_type,timestamp\n" + "".join(f"{row}\n" for row in rows)


def test_what_came_twice_in_a_file_is_not_there_already(bring: Import) -> None:
    text = "user_id,item_id,event_type,date\n" + "u1,100,purchase,2026-05-01\n" * 3 + "u2,100,purchase,2026-05-01\n"
    first = bring(text, chunk_rows=2)
    assert (first.added, first.duplicates, first.repeated, first.read) == (2, 2, 2, 4)
    assert first.known_by == ["events.csv: shopper, kind, product and time"]
    assert any("2 rows of events.csv repeat another row" in note and "quantity" in note for note in first.notes)
    again = bring(text, chunk_rows=2)
    assert (again.added, again.duplicates, again.repeated) == (0, 4, 0)


def test_the_number_of_an_order_is_no_events_id(bring: Import, shop: ShopFolder) -> None:
    text = "id,customer_id,product_id,quantity,price,created_at\n" + "".join(
        f"{9001 + n // 3},c{n // 3},10{n},1,9.00,2026-05-01T10:00:00Z\n" for n in range(6)
    )
    report = bring(text, kind="purchase")
    assert (report.added, report.duplicates, report.rejected) == (6, 0, 0)
    assert any("id is no event's id: 6 of the first 6 rows" in note for note in report.notes)
    assert {row.order_id for row in shop.store.events.since(0, 9)} == {"9001", "9002"}
    assert bring(text, kind="purchase").duplicates == 6
    views_of_one = "event_id,user_id,item_id,kind,timestamp\n" + "".join(
        f"e{n // 2},u,10{n},view,{T}\n" for n in range(6)
    )
    told = bring(views_of_one)
    assert told.added == 6 and any("are told apart by product" in note for note in told.notes)
    ids = {row.event_id for row in shop.store.events.since(0, 99) if row.kind is KindCode.VIEW}
    assert ids == {f"e{n // 2}#10{n}" for n in range(6)}


def test_the_merchant_may_say_that_an_id_is_one(bring: Import) -> None:
    text = "id,customer_id,product_id,created_at\n9001,c,100,2026-05-01\n9001,c,101,2026-05-01\n"
    report = bring(text, kind="purchase", columns={"event_id": "id"})
    assert (report.added, report.repeated) == (1, 1)


def test_names_without_a_kind_are_listed_with_what_they_mean(bring: Import) -> None:
    report = bring(views(*[f"u,100,basketPut,{T + n}" for n in range(3)], f"u,100,xyzzy,{T}", f"u,100,view,{T}"))
    assert report.unknown_kinds == {"basketPut": 3, "xyzzy": 1} and report.by_rule == {"kind_unknown": 4}
    assert report.kind_proposals == {"basketPut": "add_to_cart"}
    assert any("--kinds basketPut=add_to_cart" in note for note in report.notes)
    mended = bring(views(*[f"u,100,basketPut,{T + n}" for n in range(3)]), kinds=report.kind_proposals)
    assert (mended.added, mended.rejected) == (3, 0)


def test_ids_of_products_are_proposed_and_translated(bring: Import, shop: ShopFolder) -> None:
    text = views(*[f"u{n},gla_{n},view,{T + n}" for n in range(100, 110)], f"u,gla_7,view,{T}")
    report = bring(text)
    assert report.unknown_products == 11 and report.product_ids_proposal == "gla_{id}"
    assert any('10 of 11 would be known with --product-ids "gla_{id}"' in note for note in report.notes)
    mended = bring(text, product_ids="gla_{id}")
    assert mended.unknown_products == 1 and mended.added == 11 and mended.product_ids_proposal == ""
    assert any("11 events name their product as gla_{id} says" in note for note in mended.notes)
    with pytest.raises(MappingInvalid, match="--product-ids is 'gla_'"):
        bring(text, product_ids="gla_")


def test_of_several_columns_the_one_that_the_catalogue_knows_names_the_product(bring: Import, shop: ShopFolder) -> None:
    bring(f"user_id,product_id,sku,event_type,timestamp\nu,p-1,100,view,{T}\nu,p-2,unknown,view,{T}\n")
    assert [row.product_id for row in shop.store.events.since(0, 9)] == ["100", "p-2"]


def test_a_shopper_with_much_of_the_file_is_named(bring: Import) -> None:
    rows = [f"{'everybody' if n % 3 else f'u{n}'},100,view,{T + n}" for n in range(300)]
    report = bring(views(*rows), chunk_rows=50)
    assert any("One shopper, 'everybody', has 200 of 300 events" in note for note in report.notes)
    fair = bring(views(*[f"u{n % 40},100,view,{T + n}" for n in range(300)]))
    assert not any("One shopper" in note for note in fair.notes)


def test_numbers_that_cannot_be_read_cost_their_field(bring: Import, shop: ShopFolder) -> None:
    text = "user_id,item_id,event_type,timestamp,quantity,price,rating\n" + "".join(
        f"u{n},100,purchase,{T + n},{quantity},{price},{rating}\n"
        for n, (quantity, price, rating) in enumerate(
            [("two", "Rp", "good"), ("2", "$9", "4/5"), ("", '"1,234.50"', '"4,5"'), ("N/A", "N/A", "N/A")]
        )
    )
    report = bring(text)
    assert (report.added, report.rejected) == (4, 0)
    assert report.warnings == {"quantity_unreadable": 1, "value_unreadable": 1, "rating_unreadable": 1}
    rows = shop.store.events.since(0, 9)
    assert [row.quantity for row in rows] == [1, 2, 1, 1] and [row.value for row in rows] == [None, 9.0, 1234.5, None]
    assert [row.rating for row in rows] == [None, 4.0, 4.5, None]
    assert report.warnings_file is not None and "value_unreadable" in report.warnings_file.read_text()


def test_a_table_without_times_is_read_in_the_order_of_its_rows(bring: Import, shop: ShopFolder) -> None:
    text = "user_id,item_id\n" + "".join(f"u{n % 2},10{n}\n" for n in range(6)) + "u0,100\n"
    report = bring(text, kind="purchase", chunk_rows=3)
    assert (report.added, report.rejected) == (7, 0)
    assert any("says of no event when it happened, so the order of its rows counts" in note for note in report.notes)
    assert [row.product_id for row in shop.store.events.of_shopper("u0", 9)] == ["100", "104", "102", "100"]
    again = bring(text, kind="purchase")
    assert (again.added, again.duplicates) == (0, 7) and again.known_by[0].endswith("the number of the row")


def test_old_line_ends_are_line_ends(bring: Import) -> None:
    report = bring(views(f"u1,100,view,{T}", f"u2,101,view,{T}").replace("\n", "\r"))
    assert (report.added, report.rejected) == (2, 0)


def test_orders_and_their_lines_from_two_files_of_a_folder(shop: ShopFolder, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "a_lines.csv").write_text(
        "order_line_id,order_id,product_id,quantity,price\nl1,o1,100,2,9\nl2,o1,101,1,4\nl3,o2,100,1,9\n"
    )
    (folder / "b_orders.csv").write_text(
        "order_id,customer_id,created_at,financial_status\n"
        "o1,ann,2026-05-01 10:00:00,paid\no2,bob,2026-05-02,refunded\n"
    )
    report = import_events(OpenShop(shop), ImportEventsRequest(source=folder))
    assert (report.added, report.rejected, report.format) == (4, 0, "orders")
    rows = {row.event_id: row for row in shop.store.events.since(0, 9)}
    assert {row.shopper for row in rows.values()} == {"ann", "bob"} and rows["order-o2#l3"].returned == 1
    assert rows["order-o1#l1"].time_ms == 1_777_629_600_000


def test_orders_that_come_later_say_whose_the_lines_were(bring: Import, shop: ShopFolder) -> None:
    bring("order_line_id,order_id,product_id,quantity,price\nl1,o1,100,2,9\nl3,o2,100,1,9\n", "lines.csv")
    assert {row.shopper for row in shop.store.events.since(0, 9)} == {"order:o1", "order:o2"}
    bring(
        "order_id,customer_id,created_at,financial_status\no1,ann,2026-05-01,paid\no2,bob,2026-05-02,refunded\n",
        "o.csv",
    )
    rows = shop.store.events.since(0, 9)
    assert {row.shopper for row in rows} == {"ann", "bob"}
    assert {row.shopper: row.returned for row in rows if row.kind is KindCode.PURCHASE} == {"ann": 0, "bob": 1}


def test_a_refund_leaves_the_history_of_a_running_shop(shop: ShopFolder) -> None:
    opened = OpenShop(shop)
    order = {"shopper_id": "ann", "order_id": "o1", "kind": "purchase", "time": "2026-05-01T10:00:00Z"}
    posted = [{**order, "product_id": "100", "quantity": 2}, {**order, "product_id": "101"}]
    assert record_events(opened, RecordRequest(events=posted)).accepted == 2
    with opened.floor() as floor:
        assert len(floor.past("ann").purchases) == 1, "both are of one group"
    back = {"kind": "refund", "order_id": "o1", "product_id": "101", "time": "2026-05-02T10:00:00Z"}
    answer = record_events(opened, RecordRequest(events=[back, back]))
    assert (answer.accepted, answer.duplicates, answer.rejected) == (1, 1, [])
    whole = record_events(opened, RecordRequest(events=[{"kind": "refund", "order_id": "o1", "time": "2026-05-03"}]))
    assert whole.accepted == 1
    with opened.floor() as floor:
        assert floor.past("ann").purchases == {}


def test_the_same_id_twice_in_a_post_is_added_once(shop: ShopFolder) -> None:
    row = {"event_id": "e1", "shopper_id": "ann", "kind": "view", "product_id": "100", "time": T}
    answer = record_events(OpenShop(shop), RecordRequest(events=[row, {**row, "product_id": "101"}, row]))
    assert (answer.accepted, answer.duplicates, answer.rejected) == (1, 2, [])


def test_a_posted_number_that_cannot_be_read_costs_its_field(shop: ShopFolder) -> None:
    row = {"shopper_id": "ann", "kind": "purchase", "product_id": 100, "time": T}
    events = [{**row, "value": "Rp", "quantity": "two"}, {**row, "time": T + 1, "value": "$9", "quantity": -2}]
    answer = record_events(OpenShop(shop), RecordRequest(events=events))
    assert (answer.accepted, answer.rejected) == (2, [])
    assert [(one.index, one.field, one.rule) for one in answer.warnings] == [
        (0, "quantity", "quantity_unreadable"),
        (0, "value", "value_unreadable"),
    ]
    kinds = [(row.kind, row.quantity, row.value) for row in shop.store.events.since(0, 9)]
    assert kinds == [(KindCode.PURCHASE, 1, None), (KindCode.REFUND, 2, 9.0)]


@pytest.mark.parametrize("file_first", [True, False])
def test_an_order_in_a_file_and_from_the_platform_is_bought_once(
    bring: Import, shop: ShopFolder, file_first: bool
) -> None:
    order = {"id": 81, "status": "processing", "date_created_gmt": "2026-05-01T10:00:00", "customer_id": 26}
    lines = [{"id": 1, "sku": "100", "product_id": 9, "quantity": 2}, {"id": 2, "sku": "101", "product_id": 9}]
    pixel = {"name": "checkout_completed", "clientId": "c-1", "id": "e", "timestamp": "2026-05-01T10:00:00Z"}
    bought = {"id": "x", "quantity": 2, "variant": {"id": "100"}}
    told = [
        (
            "order_id,customer_email,sku,quantity,created_at\n81,a@b.c,100,2,2026-05-01\n81,a@b.c,101,1,2026-05-01\n",
            "o.csv",
        ),
        (json.dumps([{**order, "order_key": "k", "line_items": lines}]), "o.json"),
        (json.dumps({**pixel, "data": {"checkout": {"order": {"id": "81"}, "lineItems": [bought]}}}), "p.jsonl"),
    ]
    notes = [bring(text, name).notes for text, name in (told if file_first else told[::-1])]
    frame = shop.store.events.frame()
    assert sorted(frame.select("shopper", "product_id", "quantity").iter_rows()) == [("26", "100", 2), ("26", "101", 1)]
    assert not any("another source" in note for note in notes[0])
    assert any("another source tells of as well: each counts once" in note for note in notes[2])


def test_an_order_of_shopify_that_its_pixel_tells_without_a_sku_is_bought_once(bring: Import, shop: ShopFolder) -> None:
    """The pixel numbers the lines of a checkout, and the order numbers its own."""
    line = {"id": 7, "variant_id": 100, "quantity": 1, "price": "9.00"}
    order = {"id": 81, "created_at": "2026-05-01", "customer": {"id": 26}, "financial_status": "paid"}
    checkout = {"order": {"id": "81"}, "lineItems": [{"id": "x", "quantity": 1, "variant": {"id": "100"}}]}
    pixel = {"name": "checkout_completed", "clientId": "c-1", "id": "e", "timestamp": "2026-05-01", "data": {}}
    bring(json.dumps({**pixel, "data": {"checkout": checkout}}), "p.jsonl")
    bring(json.dumps([{**order, "line_items": [line]}]), "o.json")
    assert shop.store.events.count() == 2
    assert list(shop.store.events.frame().select("shopper", "product_id").iter_rows()) == [("26", "100")]
