"""What the pages of proof show and do: what the home rail earned, and an experiment from drawing up to adoption."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.serving.console.conftest import opened

from bottega.actions.proof.experiment_shapes import ExperimentsRequest, LookInfo
from bottega.actions.proof.experiments import list_experiments
from bottega.events.event import Event
from bottega.names import DAY_MS, EventKind
from bottega.serving.console.proof.looks import chart_of
from bottega.shop.segments.names import segment_title
from bottega.store.answers import LoggedAnswer


def test_what_the_home_rail_earned(merchant: Any) -> None:
    now_ms = time.time_ns() // 1_000_000
    with merchant.shop.floor() as floor:
        product = floor.shelf.product_id(0)
    logged = LoggedAnswer("r-proof", "s-proof", now_ms, "home", None, None, "v1", [product], [1.0])
    merchant.shop.store.answers.add([logged], forgotten=merchant.shop.store.shoppers.forgotten())
    for kind, more in (("click", {"recommendation_id": "r-proof"}), ("purchase", {"value": 41.25, "quantity": 2})):
        event = {"kind": kind, "product_id": product, "shopper_id": "s-proof", "time_ms": now_ms - 1, **more}
        merchant.shop.store.events.add([Event.model_validate(event)])
    page = merchant.get("/console/earnings").text
    assert "Home page" in page and "$82.50" in page and "Last click" in page
    assert "$82.50" in merchant.get("/console/earnings?by=product&days=7").text
    rows = merchant.get("/console/earnings?form=csv").text.splitlines()
    assert rows[0].endswith("purchases,pieces,revenue,refunded,view_purchases,view_revenue")
    assert any(row.startswith("home,") and ",82.5," in row for row in rows)
    assert merchant.get("/console/earnings?days=0").status_code == 422


def test_an_experiment_by_clicks(merchant: Any) -> None:
    path = "/console/experiments"
    page = merchant.get(f"{path}/new?effect=10&share=0.1&place=home&segment=buyers").text
    assert "How long would it take?" in page and 'value="home" checked' in page
    drawn = page.partition("2. What is tried?")[2]
    assert 'name="segments" value="buyers" checked' in drawn and 'value="new" checked' not in drawn
    assert 'type="hidden" name="segment" value="buyers"' in page.partition("2. What is tried?")[0], (
        "kept when worked out anew"
    )
    fields = {
        "name": "varied",
        "kind": "dial",
        "dial": "diversity",
        "value": "0,7",
        "share": "0.5",
        "placements": "home",
        "segments": "buyers",
    }
    wrong = merchant.submit(f"{path}/new", **{**fields, "value": "much"})
    assert wrong.status_code == 422 and "is no number" in wrong.text
    page = merchant.submit(f"{path}/new", **fields).text
    assert "Nobody takes part until it is started" in page and "How varied a list is (0 to 1): 0.7" in page
    assert f"For whom: {segment_title('buyers')}." in page
    answer = list_experiments(merchant.shop, ExperimentsRequest())
    assert [one.segments for one in answer.experiments if one.name == "varied"] == [["buyers"]]
    page = merchant.submit(f"{path}/start", name="varied").text
    assert "runs from the next list on" in page and "Undo" in page and "Too early to say" in page
    assert "Too early to say" in merchant.get(path).text
    page = merchant.submit(f"{path}/adopt", name="varied", variant="Changed").text
    assert "Everybody gets Changed" in page
    assert "everybody gets what was before" in merchant.submit(f"{path}/stop", name="varied").text
    assert "is deleted" in merchant.submit(f"{path}/delete", name="varied").text
    assert merchant.get(f"{path}/one?name=varied").status_code == 404


def test_no_difference_above_all_that_there_is_is_said_to_show(tmp_path: Path) -> None:
    with opened(tmp_path / "shop") as small:
        then = time.time_ns() // 1_000_000 - 20 * DAY_MS
        small.shop.store.events.add(
            [
                Event(kind=EventKind.PURCHASE, value=10.0**n, shopper_id=f"s{n}", product_id="p", time_ms=then)
                for n in range(4)
            ]
        )
        page = small.get("/console/experiments/new?share=0.1").text
    found = page.partition('<p class="help">In 14 days, ')[2].partition("</p>")[0]
    assert found.startswith("no difference that one may hope for would show; In 28 days, ")


def test_the_interval_becomes_a_picture() -> None:
    looks = [
        LookInfo(day=f"2026-05-0{day}", variant="B", uplift=0.05, low=0.05 - width, high=0.05 + width)
        for day, width in ((1, 3.0), (2, 0.2), (3, 0.02))
    ]
    chart = chart_of(looks)
    assert len(chart.band.split()) == 6 and len(chart.middle.split()) == 3 and (chart.top, chart.bottom) == (1.0, -1.0)
    assert chart.words == "On 2026-05-03 between +3.0% and +7.0%, at best guess +5.0%." and chart.zero == 90.0
