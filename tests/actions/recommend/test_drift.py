"""The nightly look at a shop: silence on a stream that goes on as before, alarms on one that does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import structlog
from typer.testing import CliRunner

from bottega.actions.recommend.challenge import challenge
from bottega.actions.recommend.shapes import ChallengeRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.serving.http.meters import Meters
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.judgements import DriftInfo, newest_drift, newest_judgement

DAY = 86_400_000
START = 1_767_225_600_000
KINDS = [EventKind.VIEW, EventKind.ADD_TO_CART, EventKind.PURCHASE]


def stream(
    first: int, count: int, *, unknown: float = 0.0, shares: tuple[float, ...] = (0.8, 0.15, 0.05)
) -> list[Event]:
    rng = np.random.default_rng(first)
    weights = 1.0 / np.arange(1, 81)
    items = rng.choice(80, count, p=weights / weights.sum())
    return [
        Event(
            event_id=f"e{first + i}",
            shopper_id=f"s{rng.integers(400)}",
            product_id=f"gone{i}" if rng.random() < unknown else f"p{items[i]}",
            kind=KINDS[rng.choice(3, p=shares)],
            time_ms=START + (first + i) * DAY // 500,
        )
        for i in range(count)
    ]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as opened:
        opened.upsert([Product(id=f"p{number}", title=f"Thing {number}") for number in range(80)])
        opened.store.events.add(stream(0, 6000))
        train(opened, TrainRequest(model="popular"))
        yield opened


def looked(shop: OpenShop) -> DriftInfo:
    challenge(shop, ChallengeRequest())
    found = newest_drift(shop.store)
    assert found is not None
    return found


def alarms(found: DriftInfo) -> set[str]:
    return {one.input for one in found.inputs if one.alarm}


def test_silence_on_a_stream_that_goes_on_as_before(shop: OpenShop) -> None:
    shop.store.events.add(stream(6000, 1500))
    with structlog.testing.capture_logs() as lines:
        found = looked(shop)
    assert alarms(found) == set() and found.new_events == 1500
    measured = {one.input: one.psi for one in found.inputs if one.psi is not None}
    assert (
        measured.keys() == {"kinds", "unknown_products", "fallbacks", "demand"}
        and max(measured[name] for name in ("kinds", "unknown_products", "demand")) < 0.1
    )
    assert {line["log_level"] for line in lines if line["event"] == "drift"} == {"info"}


def test_alarms_on_one_that_does_not(shop: OpenShop) -> None:
    shop.upsert([Product(id=f"n{number}", title=f"New {number}") for number in range(40)])
    shop.store.events.add(stream(6000, 1500, unknown=0.3, shares=(0.3, 0.1, 0.6)))
    with structlog.testing.capture_logs() as lines:
        found = looked(shop)
    assert alarms(found) == {"kinds", "unknown_products", "new_products"}
    told = {line["input"]: line for line in lines if line["event"] == "drift" and line["log_level"] == "warning"}
    assert told.keys() == alarms(found) and told["unknown_products"]["now"] == pytest.approx(0.3, abs=0.05)
    meters = Meters()
    meters.models.set(newest_judgement(shop.store), found)
    text = meters.text().decode()
    assert 'bottega_drift_alarm{input="kinds"} 1.0' in text and 'bottega_drift_alarm{input="demand"} 0.0' in text
    assert 'bottega_drift_share{input="new_products",period="now"} 0.33' in text
    shown = json.loads(CliRunner().invoke(app, ["models", "--json", "--shop", str(shop.folder.root)]).stdout)
    assert DriftInfo.model_validate(shown["drift"]) == found
    lines_ = CliRunner().invoke(app, ["models", "--shop", str(shop.folder.root)]).stdout.splitlines()
    assert any(line.split()[:2] == ["unknown", "products"] and line.split()[-1] == "yes" for line in lines_)


def test_demand_and_fallbacks(shop: OpenShop) -> None:
    turned = [
        one.model_copy(update={"product_id": f"p{79 - int((one.product_id or '')[1:])}"}) for one in stream(6000, 1500)
    ]
    shop.store.events.add(turned)
    assert "demand" in alarms(looked(shop))
    strangers = [one.model_copy(update={"shopper_id": f"new-{one.event_id}"}) for one in stream(7500, 1500)]
    shop.store.events.add(strangers)
    assert "fallbacks" in alarms(looked(shop))


def test_few_new_events_say_nothing(shop: OpenShop) -> None:
    shop.store.events.add(stream(6000, 150, unknown=1.0))
    found = looked(shop)
    assert (found.new_events, found.inputs) == (150, [])
    meters = Meters()
    meters.models.set(None, None)
    assert "bottega_challenger_age_seconds -1.0" in meters.text().decode()


def test_events_on_nothing_but_unknown_products_are_noticed(shop: OpenShop) -> None:
    """When the feed breaks there is nothing to judge by: all the more must it be said."""
    shop.store.events.add(stream(6000, 900, unknown=1.0))
    found = looked(shop)
    assert "unknown_products" in alarms(found)
