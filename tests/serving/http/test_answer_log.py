"""The log of answers over HTTP: what went out is in the store moments later, or nowhere, as its shopper wished."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.shop import answer_log
from bottega.shop.open_shop import OpenShop
from bottega.store.answers import LoggedAnswer


def logged(door: Any, answer: dict[str, Any]) -> LoggedAnswer | None:
    """The row of an answer, once everything on its way was written."""
    door.client.app.state.door.answers._flush()
    found: LoggedAnswer | None = door.shop.store.answers.of_recommendation(answer["recommendation_id"])
    return found


def counted(door: Any) -> dict[str, float]:
    lines = door.client.get("/metrics").text.splitlines()
    prefix = 'bottega_answers_logged_total{result="'
    pairs = [line.removeprefix(prefix).split('"} ') for line in lines if line.startswith(prefix)]
    return {result: float(count) for result, count in pairs}


def test_an_answer_is_logged_as_it_went_out(door: Any) -> None:
    before = time.time_ns() // 1_000_000
    answer = door.ask(shopper="s1", n=4, strategy="item_neighbours")
    row = logged(door, answer)
    assert row is not None and row.time_ms >= before
    assert row.products == [item["product_id"] for item in answer["items"]]
    assert row.scores == [item["score"] for item in answer["items"]]
    assert (row.shopper, row.placement, row.strategy) == ("s1", "home", "item_neighbours")
    assert (row.fallback, row.model) == (answer["fallback"], answer["model"]["version"])
    nobody = logged(door, door.ask())
    assert nobody is not None and nobody.shopper is None and nobody.fallback == "popular"
    stranger = logged(door, door.ask(shopper="never seen"))
    assert stranger is not None and stranger.shopper is None
    assert counted(door)["written"] == 3


def test_a_device_is_logged_as_the_shopper_it_became(door: Any) -> None:
    door.post("/v1/events", {"kind": "identify", "shopper_id": "s1", "anonymous_id": "cookie"})
    row = logged(door, door.ask(shopper="cookie"))
    assert row is not None and row.shopper == "s1"


def test_who_said_no_is_not_logged(door: Any) -> None:
    door.post("/v1/shoppers", {"shopper": "s1", "consent": {"analytics": "no"}})
    door.post("/v1/shoppers", {"shopper": "s2", "consent": {"personalisation": "no"}})
    assert logged(door, door.ask(shopper="s1")) is None
    assert logged(door, door.ask(shopper="a new device", session_id="s1")) is None
    row = logged(door, door.ask(shopper="s2"))
    assert row is not None and row.shopper is None and row.fallback == "no_consent"
    assert counted(door) == {"written": 1, "refused": 2}


def test_export_and_forget_reach_it(door: Any) -> None:
    answer = door.ask(shopper="s1")
    assert logged(door, answer) is not None
    (row,) = door.post("/v1/shoppers/export", {"shopper": "s1"})["answers"]
    assert row["recommendation_id"] == answer["recommendation_id"] and row["placement"] == "home"
    waiting = door.ask(shopper="s1")
    assert door.post("/v1/shoppers/forget", {"shopper": "s1"})["rows"]["answers"] >= 1
    assert logged(door, answer) is None
    late = logged(door, waiting)
    assert late is None or late.shopper is None


def test_a_full_queue_drops_and_counts(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_log, "WAITING_MOST", 0)
    assert logged(door, door.ask(shopper="s1")) is None
    assert counted(door) == {"dropped": 1}


def test_what_waits_is_written_at_the_end_and_old_days_go(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, answers_kept_days=2)
    ids = [door.ask(shopper="s1")["recommendation_id"] for _ in range(3)]
    door.client.__exit__(None, None, None)
    with OpenShop.open(door.folder) as shop:
        first = shop.store.answers.of_recommendation(ids[0])
        assert first is not None and all(shop.store.answers.of_recommendation(one) for one in ids)
        old = first._replace(recommendation_id="old", time_ms=first.time_ms - 3 * answer_log.DAY_MS)
        shop.store.answers.add([old], forgotten=0)
        log = answer_log.AnswerLog(shop, lambda result, count: None)
        log._prune()  # today's turn was taken when the server started, or is taken now
        log._prune()
        with shop.store.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM turns")
        log._prune()
        assert shop.store.answers.of_recommendation("old") is None
        assert shop.store.answers.of_recommendation(ids[0]) == first


def test_a_shop_may_do_without_it(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, answers_kept_days=0)
    assert logged(door, door.ask(shopper="s1")) is None and counted(door) == {}
