"""What the pages of proof show and do: what the home rail earned, an experiment from drawing up to adoption, and
what another way to choose would have earned."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.actions.proof.explored import explore
from tests.serving.console.conftest import SCRIPT, Merchant, opened

from bottega.actions.proof.experiment_shapes import ExperimentsRequest, LookInfo
from bottega.actions.proof.experiments import list_experiments
from bottega.actions.proof.off_policy import off_policy
from bottega.actions.proof.off_policy_shapes import OffPolicyRequest
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.running.settings import change_setting
from bottega.actions.running.settings_shapes import ChangeSettingRequest
from bottega.events.event import Event
from bottega.names import DAY_MS, EventKind, Role
from bottega.serving.console.proof.looks import chart_of
from bottega.shop.segments.names import segment_title
from bottega.store.answers import LoggedAnswer

ESTIMATES = "/console/estimates"


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    """An admin of a shop whose home lists were explored; a rule of a hostile name would lift what was clicked more."""
    with opened(tmp_path_factory.mktemp("estimates") / "shop") as client:
        explore(client.shop)
        for rule in (
            {"id": "south", "name": SCRIPT, "kind": "boost", "products": {"brand": ["South"]}, "enabled": False},
            {"id": "pin", "name": "Pinned", "kind": "pin", "product_ids": ["last"]},
        ):
            save_rule(client.shop, SaveRuleRequest.model_validate(rule))
        yield client


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


@pytest.mark.parametrize(
    ("address", "fields", "said"),
    [
        ({}, {}, "Had the best product stood at every place, "),
        ({"way": "random"}, {"choose": "random"}, "Had any of the candidates stood there, all alike, "),
        (
            {"way": "products", "brand": "South"},
            {"products": {"brand": ["South"]}},
            "Had the scores of South been multiplied by 2, ",
        ),
        ({"way": "rule:south", "days": "7", "rank": "2"}, {"rule": "south", "days": 7, "rank": 2}, "Had the rule &lt;"),
    ],
)
def test_what_another_way_would_have_earned(
    explorer: Any, address: dict[str, str], fields: dict[str, Any], said: str
) -> None:
    answer = off_policy(explorer.shop, OffPolicyRequest.model_validate(fields))
    best, was = answer.estimates[0], answer.as_it_was
    assert was is not None
    value, low, high, before = (
        f"{100 * one:.2f}".rstrip("0").rstrip(".") + "%" for one in (best.value, best.low, best.high, was.value)
    )
    page = explorer.get(ESTIMATES, params=address).text
    assert said in page and SCRIPT not in page
    assert f"{value} of these places would have been clicked: between {low} and {high}. " in page
    assert f"With what was shown, it was {before}." in page
    assert "This is an estimate." in page and "1,200" in page and "of 600 shoppers" in page
    assert ("the other way looks better" in page) == (best.low > was.high)
    assert ("the other way looks worse" in page) == (best.high < was.low)
    rows = list(
        csv.DictReader(explorer.get(ESTIMATES, params={**address, "form": "csv"}).text.lstrip("\ufeff").splitlines())
    )
    told = {row["method"]: (float(row["value"]), float(row["low"]), float(row["high"])) for row in rows}
    expected = {one.method: (one.value, one.low, one.high) for one in answer.estimates}
    assert told == expected | {"as it was": (was.value, was.low, was.high)}
    assert all(float(row["effective"]) == answer.effective and row["places"] == "1200" for row in rows)


def test_what_nobody_can_say_has_a_next_step(explorer: Any, empty: Any) -> None:
    settings = "/console/settings#form-exploration"
    page = empty.get(ESTIMATES).text
    assert (
        "This cannot be said." in page and "Turn exploration on" in page and settings in page and "It is off." in page
    )
    assert "As a file" not in page and empty.get(f"{ESTIMATES}?form=csv").status_code == 422
    assert 'id="form-exploration"' in empty.get("/console/settings").text
    for asked, words in (
        ({"rank": "1"}, "Place 1 of placement &#39;home&#39; was never given by chance. Places 2 were."),
        ({"way": "products"}, "No products are named."),
        ({"way": "products", "category": "Lamps"}, "These products were candidates of 0 of 1,200 explored places"),
        ({"placement": "cart", "measure": "revenue"}, "No list of placement &#39;cart&#39;"),
    ):
        page = explorer.get(ESTIMATES, params=asked)
        assert page.status_code == 200 and "This cannot be said." in page.text and words in page.text, asked
    for name, value in (("way", "rule:pin"), ("way", "rule:gone"), ("way", "x"), ("days", "0"), ("rank", "nan")):
        page = explorer.get(ESTIMATES, params={name: value})
        assert page.status_code in (404, 422) and "<main" in page.text, name


def test_too_little_is_said_as_that(explorer: Any) -> None:
    earlier = explorer.shop.store.answers.explored("home", 0, 2**60)
    now_ms = time.time_ns() // 1_000_000
    lists = [
        LoggedAnswer(
            f"p-{n}", f"s{n}", now_ms - 7_200_000, "product", None, None, "v1", ["top", products[1]], [1.0, 0.6]
        )._replace(explored=explored)
        for n, (_, _, products, explored) in enumerate(earlier[:30])
    ]
    explorer.shop.store.answers.add(lists, forgotten=0)
    page = explorer.get(f"{ESTIMATES}?placement=product").text
    assert "Too little to say." in page and "30 explored places are worth" in page and "This is an estimate" not in page
    rows = explorer.get(f"{ESTIMATES}?placement=product&form=csv").text.splitlines()
    assert len(rows) == 2 and "too little to say,,,,USD,30,30" in rows[1]


def test_who_may_not_change_the_setting_is_not_sent_there(explorer: Any) -> None:
    try:
        explorer.log_in(Role.READ)
        page = explorer.get(f"{ESTIMATES}?placement=cart")
        assert (
            page.status_code == 200
            and "/console/settings" not in page.text
            and "Whoever has the role manage" in page.text
        )
        explorer.log_in(Role.EVENTS)
        assert explorer.get(ESTIMATES).status_code == 403
    finally:
        explorer.log_in(Role.ADMIN)
    change_setting(explorer.shop, ChangeSettingRequest(name="exploration", value="0.1"))
    page = explorer.get(f"{ESTIMATES}?placement=cart").text
    assert (
        "about 10% of the places of lists" in page
        and "Turn exploration on" not in page
        and "Exploration is on." in page
    )
