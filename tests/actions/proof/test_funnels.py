"""Funnels and cohorts, counted by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.actions.proof.funnel_shapes import CohortsRequest, FunnelsRequest
from bottega.actions.proof.funnels import cohorts, funnels
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop
from bottega.store.answers import LoggedAnswer

DAY_S = 86_400
NOW_S = time.time()
THIS_MONDAY = (today := datetime.now(UTC).date()) - timedelta(days=today.weekday())


def week_of(days: float) -> str:
    day = datetime.fromtimestamp(NOW_S - days * DAY_S, UTC).date()
    return str(day - timedelta(days=day.weekday()))


def days_since_monday(weeks: int) -> float:
    """Days from the noon of a Monday some weeks ago to now."""
    noon = datetime.combine(THIS_MONDAY - timedelta(weeks=weeks), datetime.min.time(), UTC) + timedelta(hours=12)
    return (NOW_S - noon.timestamp()) / DAY_S


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        opened.upsert([Product(id=name, title=name.title()) for name in ("lamp", "mug", "rug")])
        listed = LoggedAnswer("r-1", "ana", int(NOW_S * 1000), "home", None, None, "v1", ["lamp", "mug"], [1, 0])
        opened.store.answers.add([listed], forgotten=0)
        through = {"recommendation_id": "r-1"}
        rows = [
            ("ana", "impression", "lamp", 9, through),
            ("ana", "impression", "mug", 9, through),
            ("ana", "click", "lamp", 8.9, through),
            ("ana", "click", "lamp", 8.8, through),
            ("ana", "add_to_cart", "lamp", 8.7, {}),
            ("ana", "purchase", "lamp", 8.6, {}),
            ("bo", "impression", "lamp", 1, through),
            ("bo", "view", "rug", 1, {}),
        ]
        rows += [("cy", "purchase", "mug", days_since_monday(weeks), {}) for weeks in (5, 4, 2)]
        rows += [
            ("di", "purchase", "mug", days_since_monday(5), {}),
            ("ed", "purchase", "rug", days_since_monday(2), {}),
        ]
        events = [
            {"shopper_id": who, "kind": kind, "product_id": product, "time": NOW_S - days * DAY_S, **more}
            for who, kind, product, days, more in rows
        ]
        record_events(opened, RecordRequest(events=events))
        yield opened


def test_a_funnel_by_hand(shop: OpenShop) -> None:
    found = funnels(shop, FunnelsRequest())
    home = {row.name: row for row in found.rows}["home"]
    assert (home.seen, home.clicked, home.carted, home.bought) == (3, 1, 1, 1)
    assert (home.click_rate, home.buy_rate) == (0.3333, 1.0) and found.total.seen == 3
    assert (found.came, found.looked, found.carted, found.bought) == (4, 2, 1, 3)


def test_weeks_are_those_of_the_list_and_in_order(shop: OpenShop) -> None:
    rows = funnels(shop, FunnelsRequest(by="week")).rows
    assert [row.name for row in rows] == sorted({week_of(9), week_of(8.9), week_of(1)})
    assert sum(row.seen for row in rows) == 3


def test_segments_of_a_funnel_are_those_of_attribution(shop: OpenShop) -> None:
    rows = {row.name: (row.seen, row.clicked) for row in funnels(shop, FunnelsRequest(by="segment")).rows}
    told = {row.name: (row.impressions, row.clicks) for row in attribution(shop, AttributionRequest(by="segment")).rows}
    assert rows == told and rows["new"] == (3, 0) and rows["returning"] == (0, 1)


def test_cohorts_by_hand(shop: OpenShop) -> None:
    found = cohorts(shop, CohortsRequest(weeks=6))
    rows = {row.week: row for row in found.cohorts}
    five = rows[str(THIS_MONDAY - timedelta(weeks=5))]
    assert five.shoppers == 2 and five.returned == [0.5, 0.0, 0.5, 0.0, None, None] and five.ever == 0.5
    two = rows[str(THIS_MONDAY - timedelta(weeks=2))]
    assert two.returned[0] == 0.0 and two.returned[1] is None and found.first_week == five.week
    assert found.cohorts[0].week > found.cohorts[-1].week


def test_a_shop_where_nobody_bought(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as empty:
        assert (
            cohorts(empty, CohortsRequest()).cohorts == [] and funnels(empty, FunnelsRequest(by="segment")).rows == []
        )
