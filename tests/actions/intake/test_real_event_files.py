"""Real event files and orders, counted against a reading with none of our code."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.names import KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

pytestmark = pytest.mark.real_data
Data = Callable[[str], Path]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path / "shop") as opened:
        yield opened


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_ga4_exported_flat(shop: ShopFolder, real_data: Data) -> None:
    path = real_data("feeds/ga4_flat_events.csv")
    rows = table(path)
    names = Counter(row["event_name"] for row in rows)
    of_products = [row for row in rows if row["event_name"] in ("view_item", "add_to_cart", "purchase")]
    on_page = [row for row in of_products if "/products/" in row["page_location"]]
    report = import_events(OpenShop(shop), ImportEventsRequest(source=path))
    aside = {name: count for name, count in names.items() if name in ("page_view", "session_start", "begin_checkout")}
    assert report.ignored == aside and report.read + sum(aside.values()) == len(rows)
    assert (report.added, report.by_rule) == (len(on_page), {"product_missing": len(of_products) - len(on_page)})
    stored = {row.event_id: row for row in shop.store.events.since(0, 999)}
    assert set(stored) == {row["event_id"] for row in on_page}
    for row in on_page:
        event = stored[row["event_id"]]
        assert event.product_id == row["page_location"].rsplit("/products/", 1)[1].partition("?")[0]
        assert event.anonymous_id == row["user_pseudo_id"] and event.value == float(row["event_value"])
        assert event.time_ms == round(datetime.fromisoformat(row["event_timestamp"] + "+00:00").timestamp() * 1000)


def test_an_order_of_shopify(shop: ShopFolder, real_data: Data) -> None:
    path = real_data("feeds/shopify_order.json")
    order = json.loads(path.read_text(encoding="utf-8"))["order"]
    report = import_events(OpenShop(shop), ImportEventsRequest(source=path))
    assert (report.added, report.rejected, report.read) == (len(order["line_items"]), 0, len(order["line_items"]))
    stored = shop.store.events.since(0, 99)
    assert [row.product_id for row in stored] == [str(line["variant_id"]) for line in order["line_items"]]
    assert [row.value for row in stored] == [float(line["price"]) for line in order["line_items"]]
    assert {row.shopper for row in stored} == {str(order["customer"]["id"])}
    assert {row.order_id for row in stored} == {str(order["id"])} and {row.returned for row in stored} == {0}
    assert import_events(OpenShop(shop), ImportEventsRequest(source=path)).duplicates == len(stored)


@pytest.mark.parametrize("together", [True, False])
def test_orders_and_their_lines(shop: ShopFolder, real_data: Data, tmp_path: Path, together: bool) -> None:
    orders, lines = (real_data(f"feeds/shopify_{name}_flat.csv") for name in ("orders", "order_lines"))
    opened = OpenShop(shop)
    if together:
        (folder := tmp_path / "export").mkdir()
        for path in (lines, orders):
            shutil.copy(path, folder / path.name)
        report = import_events(opened, ImportEventsRequest(source=folder))
    else:
        report = import_events(opened, ImportEventsRequest(source=lines))
        assert any("order of its rows" in note for note in report.notes)
        later = import_events(opened, ImportEventsRequest(source=orders))
        assert (later.added, later.log_ins, later.joined) == (0, len(table(orders)), len(table(orders)))
    assert (report.added, report.rejected, report.read) == (len(table(lines)), 0, len(table(lines)))
    buyers = {row["order_id"]: row["customer_id"] for row in table(orders)}
    times = {row["order_id"]: row["created_at"] for row in table(orders)}
    stored = {row.event_id: row for row in shop.store.events.since(0, 99)}
    for line in table(lines):
        event = stored[f"order-{line['order_id']}#{line['order_line_id']}"]
        assert (event.product_id, event.quantity) == (line["product_id"], int(line["quantity"]))
        assert event.kind is KindCode.PURCHASE and event.shopper == buyers[line["order_id"]]
        assert event.value == float(line["price"]) and event.order_id == line["order_id"]
        if together:
            wanted = datetime.fromisoformat(times[line["order_id"]] + "+00:00").timestamp() * 1000
            assert event.time_ms == round(wanted)
