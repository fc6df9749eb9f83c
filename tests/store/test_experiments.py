"""Experiments: kept by name, changed in the state they are in; who was given what goes along at log-in, and goes."""

from __future__ import annotations

from typing import Any

import pytest

from bottega.events.event import Event
from bottega.experiments.verdict import Gauge
from bottega.names import DAY_MS
from bottega.store.experiments import Exposure, KeptExperiment
from bottega.store.store import Store

START = 1_700_000_000_000


def kept(name: str, **changes: Any) -> KeptExperiment:
    variants: list[dict[str, Any]] = [{"name": one, "share": 0.5, "strategy": None, "dials": {}} for one in "AB"]
    plain = KeptExperiment(name, "draft", ["home"], variants, "revenue", ["buyers"], 0.05, 7, "salt", 0, START)
    return plain._replace(**changes)


def event(kind: str, day: float, shopper_id: str | None = None, **more: Any) -> Event:
    fields = {"product_id": "mug", "time_ms": START + int(day * DAY_MS), "shopper_id": shopper_id, **more}
    return Event.model_validate({"kind": kind, **fields})


def noted(store: Store, *rows: Exposure) -> None:
    store.answers.add([], forgotten=store.shoppers.forgotten(), exposed=rows)


def test_one_is_changed_only_in_the_state_it_is_said_to_be_in(store: Store) -> None:
    assert store.experiments.add(kept("variety")) and not store.experiments.add(kept("variety"))
    number = store.experiments.all()[0].number
    assert store.experiments.of_name("variety") == kept("variety", number=number)
    assert store.experiments.change(number, ("draft",), {"state": "running", "started_ms": START})
    assert not store.experiments.change(number, ("draft",), {"state": "running"})
    assert [one.name for one in store.experiments.all(("running",))] == ["variety"]
    assert not store.experiments.remove(number, ("draft", "stopped"))
    noted(store, Exposure(number, "ann", 1, START))
    assert store.experiments.change(number, ("running",), {"state": "stopped"})
    assert store.experiments.remove(number, ("stopped",)) and store.experiments.all() == []
    assert store.experiments.counts_by_day(number, 2, START) == []


def test_the_first_variant_counts_also_of_who_logs_in(store: Store) -> None:
    noted(store, Exposure(1, "cookie", 1, START + 5), Exposure(1, "ann", 0, START + 9), Exposure(2, "cookie", 0, START))
    noted(store, Exposure(1, "cookie", 0, START + 20))
    assert store.experiments.counts_by_day(1, 2, START) == [[1, 1]]
    assert store.shoppers.profile("cookie") is None, "what somebody was given makes nobody known"
    store.events.add([event("view", 0, "ann", anonymous_id="cookie")])
    record = store.shoppers.record("ann")
    assert record is not None
    rows = sorted((row["experiment"], row["shopper"], row["variant"]) for row in record.tables["exposures"])
    assert rows == [(1, "ann", 1), (2, "ann", 0)]
    assert store.shoppers.forget("ann") is not None
    assert store.experiments.counts_by_day(1, 2, START) == [] == store.experiments.counts_by_day(2, 2, START)


def test_who_was_forgotten_meanwhile_is_not_written(store: Store) -> None:
    store.events.add([event("view", 0, "ann")])
    store.shoppers.forget("ann")
    store.answers.add([], forgotten=0, exposed=[Exposure(1, "ann", 0, START)])
    assert store.experiments.counts_by_day(1, 2, START) == []


def test_counts_grow_by_day(store: Store) -> None:
    noted(store, *(Exposure(1, f"s{i}", i % 2, START + int(day * DAY_MS)) for i, day in enumerate((0, 0.9, 2.5))))
    assert store.experiments.counts_by_day(1, 2, START) == [[1, 1], [1, 1], [2, 1]]


def test_sums_are_of_the_days_after_the_first_list(store: Store) -> None:
    noted(store, Exposure(1, "ann", 0, START), Exposure(1, "bob", 1, START), Exposure(1, "late", 1, START + 3 * DAY_MS))
    store.events.add(
        [
            event("purchase", -1, "ann", value=99.0),
            event("add_to_cart", 0.5, "ann"),
            event("purchase", 1, "ann", value=10.0, quantity=3),
            event("purchase", 8, "ann", value=99.0),
            event("purchase", 1, "bob", value=5.0, order_id="o1"),
            event("refund", 2, "bob", order_id="o1", quantity=1),
            event("purchase", 2, "late", value=7.0),
        ]
    )
    asked = {"started_ms": START, "horizon_ms": 7 * DAY_MS, "currency": "USD", "decimals": 2}
    found = store.outcomes.of_experiment(1, until_ms=START + 9 * DAY_MS, **asked)  # type: ignore[arg-type]
    assert set(found) == {0} and set(found[0]) == {0, 1}
    ann, bob = found[0][0], found[0][1]
    assert (ann[Gauge.REVENUE].total, ann[Gauge.REVENUE].squares, ann[Gauge.REVENUE].shoppers) == (30.0, 900.0, 1)
    assert (ann[Gauge.CARTS].active, ann[Gauge.BUYERS].active) == (1, 1)
    assert (bob[Gauge.REVENUE].total, bob[Gauge.BUYERS].active, bob[Gauge.REFUNDED].total) == (0.0, 0, 5.0)
    assert bob[Gauge.REVENUE].shoppers == 1, "the days of the late one are not over"
    later = store.outcomes.of_experiment(1, until_ms=START + 11 * DAY_MS, **asked)  # type: ignore[arg-type]
    assert later[3][1][Gauge.REVENUE].shoppers == 1 and later[0] == found[0], "by the day of the first list"


def test_the_catalogue_says_what_the_event_does_not_in_the_shops_currency(store: Store) -> None:
    from bottega.catalogue.product import Product

    store.products.upsert(
        [
            Product(id="mug", title="Mug", price_minor=1250, currency="USD"),
            Product(id="cup", title="Cup", price_minor=900, currency="EUR"),
        ]
    )
    store.events.add(
        [event("view", 0, "ann"), event("purchase", 1, "ann"), event("purchase", 1, "ann", product_id="cup")]
    )
    found = store.outcomes.of_everybody(
        since_ms=START, horizon_ms=7 * DAY_MS, until_ms=START + 8 * DAY_MS, currency="USD", decimals=2
    )
    assert found[Gauge.REVENUE].total == pytest.approx(12.5)
