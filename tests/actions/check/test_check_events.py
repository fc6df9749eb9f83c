"""A file of events is judged before it is imported: as the shop would be after it, and nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.actions.check.seeded_events import EVENT_FAULTS, SeededEvents
from tests.actions.check.seeded_feed import LAMPS_AND_SHIRTS, SeededFeed

from bottega.actions.check.check import check
from bottega.actions.check.check_events import check_events
from bottega.actions.check.shapes import CheckEventsRequest, CheckReport, CheckRequest
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.errors import FormatUnknown, MappingInvalid, SourceUnreadable
from bottega.shop.open_shop import OpenShop

LATE = {"clock_future"}
"""Events later than tomorrow are refused row by row, and those of today are found as in a shop."""

OF_A_SOURCE = {"clock_whole_days"}
"""Seeded as a second source among the shop's events; in one file all are of one."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    source = SeededFeed(LAMPS_AND_SHIRTS, 5).write(folder / "feed.csv")
    with OpenShop.open(folder / "shop") as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=source))
    return folder / "shop"


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "events.jsonl"
    named = [{("time" if name == "time_ms" else name): value for name, value in row.items()} for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in named))
    return path


def rules(report: CheckReport) -> dict[str, list[tuple[str, str]]]:
    return {rule.rule: sorted((one.place, one.seen) for one in rule.examples) for rule in report.rules}


@pytest.mark.parametrize("fault", ["", *EVENT_FAULTS])
def test_a_file_is_judged_as_the_shop_is_after_it(catalogue: Path, tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    for part in catalogue.iterdir():
        if part.is_file():
            (folder / part.name).write_bytes(part.read_bytes())
    with OpenShop.open(folder) as shop:
        events = SeededEvents(shop.store.products.all(), 5)
        if fault:
            EVENT_FAULTS[fault](events)
        source = written(tmp_path, events.rows)
        before = check_events(shop.folder, CheckEventsRequest(source=source))
        assert shop.store.events.count() == 0 and shop.store.bots.all() == []
        assert not list(shop.folder.rejects.glob("*")) and before.rows == len(events.rows)
        report = import_events(shop, ImportEventsRequest(source=source))
        after = check(shop, CheckRequest())
    assert (before.events, before.rejected) == (report.added, report.rejected)
    found = rules(before)
    assert {name: places for name, places in found.items() if name in rules(after)} == rules(after)
    assert found.keys() - rules(after).keys() <= ({"time_in_future", "rows_refused"} if fault in LATE else set())
    assert bool(found) == (bool(fault) and fault not in OF_A_SOURCE)
    assert {bot.shopper for bot in before.bots} == events.expected == {bot.shopper for bot in after.bots}
    assert before.meter is not None and after.meter is not None and before.meter.stands == after.meter.stands


def test_what_rows_have_against_them_and_what_is_guessed(tmp_path: Path) -> None:
    rows = [f"u{n % 7},p{n % 5},{'addtocrt' if n % 4 == 0 else 'view'},{1_777_636_860 + n * 61}" for n in range(200)]
    rows += rows[1:4]
    rows += [",p1,view,1777636860", "undefined,p1,view,1777636860", "u1,,view,1777636860", "u1,p1,view,soon"]
    source = tmp_path / "events.csv"
    source.write_text("buyer_number,item_id,event,time\n" + "\n".join(rows) + "\n")
    report = check_events(None, CheckEventsRequest(source=source))
    assert (report.rows, report.events, report.rejected) == (207, 150, 54)
    assert report.format == "csv" and report.format_sure is not None and report.meter is None
    found = {rule.rule: rule for rule in report.rules}
    assert found["kind_unknown"].count == 50 and found["rows_repeated"].examples[0].seen.startswith("3 of 207 rows")
    assert found["kind_unknown"].examples[0].fix == "it is probably add_to_cart: --kinds addtocrt=add_to_cart"
    assert found.keys() >= {"who_missing", "who_nobody", "product_missing", "time_unreadable", "ids_nobody"}
    assert "54 of 207 rows (26.1%) would be refused: kind_unknown 50 (24.2%)" in found["rows_refused"].examples[0].seen
    said = " ".join(report.notes)
    assert "buyer_number" in said and "no product was looked up" in said and "products_unknown" not in found
    mended = check_events(None, CheckEventsRequest(source=source, kinds={"addtocrt": "add_to_cart"}))
    assert mended.rejected == 4


def test_names_that_are_set_aside_are_shown_with_what_is_near(tmp_path: Path) -> None:
    source = tmp_path / "ga4.jsonl"
    names = ["view_item"] * 5 + ["page_view"] * 3 + ["basket_adding"] * 2
    rows = [
        {"event_name": name, "event_timestamp": 1_777_636_860_000_000 + n, "user_pseudo_id": "c", "event_params": [],
         "items": [{"item_id": "p"}]}
        for n, name in enumerate(names)
    ]  # fmt: skip
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = check_events(None, CheckEventsRequest(source=source))
    (rule,) = [rule for rule in report.rules if rule.rule == "kind_set_aside"]
    assert [(one.seen, one.fix) for one in rule.examples] == [
        ("'basket_adding', 2 rows", "it is probably add_to_cart: --kinds basket_adding=add_to_cart")
    ]
    assert any("page_view (3)" in note for note in report.notes)


def test_a_log_in_in_the_file_joins_what_came_before_it(tmp_path: Path) -> None:
    """Else a guest who logs in would look like two: one who looks, and one who buys."""
    rows = []
    for n in range(30):
        rows += [
            {"kind": "view", "anonymous_id": f"c{n}", "product_id": "p", "time": 1_777_636_860 + n},
            {"kind": "identify", "anonymous_id": f"c{n}", "shopper_id": f"s{n}", "time": 1_777_636_960 + n},
            {"kind": "purchase", "shopper_id": f"s{n}", "product_id": "p", "time": 1_777_637_160 + n},
        ]
    assert "purchases_apart" not in rules(check_events(None, CheckEventsRequest(source=written(tmp_path, rows))))
    apart = [row for row in rows if row["kind"] != "identify"]
    assert "purchases_apart" in rules(check_events(None, CheckEventsRequest(source=written(tmp_path, apart))))


def test_what_cannot_be_judged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="does not exist"):
        check_events(None, CheckEventsRequest(source=tmp_path / "no.csv"))
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(MappingInvalid, match="no kind of event 'bluy'"):
        check_events(None, CheckEventsRequest(source=tmp_path / "x.csv", kind="bluy"))
    (tmp_path / "x.bin").write_text("what is this\n")
    with pytest.raises(FormatUnknown):
        check_events(None, CheckEventsRequest(source=tmp_path / "x.bin"))
