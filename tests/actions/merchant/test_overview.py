"""The overview: a new shop hears its next steps, and what waits for somebody is counted and in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.merchant import overview as overviews
from bottega.actions.merchant.overview import overview
from bottega.actions.merchant.overview_shapes import OverviewRequest
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop import slow_counts
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind

HOUR_MS = 3_600_000
FAILED = {"code": "bug", "message": "x", "seen": "x", "allowed": "", "next_step": ""}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as shop:
        yield shop


def kinds(shop: OpenShop) -> list[str]:
    return [one.kind for one in overview(shop, OverviewRequest()).attention]


def test_a_shop_goes_from_step_to_step(shop: OpenShop) -> None:
    before = overview(shop, OverviewRequest())
    assert [one.kind for one in before.attention] == ["no_products"] and before.newest_event_at is None
    assert (
        before.events_by_hour == [0] * 24 and before.week and before.week.share is None and before.model.next_at is None
    )
    shop.upsert([Product(id="tea", title="Green tea", price_minor=500, currency="USD")])
    assert kinds(shop) == ["no_events"]
    now = time.time_ns() // 1_000_000
    moments = (now - 30 * HOUR_MS, now - 5 * HOUR_MS // 2, now - 1000, now - 1001)
    shop.store.events.add(
        [Event(shopper_id="s", kind=EventKind.VIEW, product_id="tea", time_ms=moment) for moment in moments]
    )
    found = overview(shop, OverviewRequest())
    assert found.events_by_hour == [0] * 21 + [1, 0, 2] and found.newest_event_at
    assert [one.kind for one in found.attention] == ["no_model"] and found.attention[0].level == "next"


def test_what_waits_is_counted_the_broken_first(shop: OpenShop) -> None:
    now = time.time_ns() // 1_000_000
    jobs = shop.store.jobs
    for verb in ("tag_catalogue", "train"):
        jobs.add(verb, {}, now_ms=now)
        claimed = jobs.claim("w", now_ms=now, lease_ms=1000)
        assert claimed and jobs.fail(claimed, FAILED, now_ms=now)
    shop.store.suggestions.put(
        [
            Suggestion(kind, "tea", name, "x", confidence=0.9, maker="eye", version="1", time_ms=now)
            for kind, name in ((SuggestionKind.DOUBT, "colour"), (SuggestionKind.FILL, "size"))
        ]
    )
    shop.store.asked_questions.note("tea", "taste", "is it sweet", "Is it sweet?", now)
    found = {one.kind: one for one in overview(shop, OverviewRequest()).attention}
    assert list(found) == ["failed_jobs", "questions", "doubts", "suggestions", "no_products"]
    assert found["failed_jobs"].text == "2 jobs failed this week: tag catalogue, train."
    assert (found["doubts"].count, found["suggestions"].count, found["questions"].count) == (1, 1, 1)
    jobs.add("train", {}, now_ms=now)
    done = jobs.claim("w", now_ms=now, lease_ms=1000)
    assert done and jobs.finish(done, {}, now_ms=now)
    jobs.add("connect", {"platform": "shopify"}, now_ms=now)
    connecting = jobs.claim("w", now_ms=now, lease_ms=1000)
    assert connecting and jobs.fail(connecting, FAILED, now_ms=now)
    left = {one.kind: one for one in overview(shop, OverviewRequest()).attention}
    assert left["broken_feeds"].text == "The last fetch from shopify failed."
    assert left["failed_jobs"].text == "1 job failed this week: tag catalogue."


def test_a_platform_that_cannot_be_asked_stays_told_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_text('connect_schedule = "1h"\n')
    with OpenShop.open(tmp_path) as shop:
        shop.store.connections.put("shopify", "https://a.example", {})
        found = {one.kind: one for one in overview(shop, OverviewRequest()).attention}
        text = found["unready_feeds"].text
        assert found["unready_feeds"].level == "broken" and "The shop has no token for shopify." in text
        assert "`bottega secrets set shopify-token`" in text and next(iter(found)) == "unready_feeds"
        shop.secrets.keep("shopify-token", "hush")
        assert "unready_feeds" not in kinds(shop)


def test_what_takes_long_is_counted_once_in_five_minutes(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = overview(shop, OverviewRequest()).week
    monkeypatch.setattr(overviews, "attribution", None)
    assert overview(shop, OverviewRequest()).week == first


def test_who_does_not_wait_gets_what_was_counted_last(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = OverviewRequest(wait=False)
    with monkeypatch.context() as patch:
        for slow in ("attribution", "in_vain", "refused_rows"):
            patch.setattr(overviews, slow, None)
        found = overview(shop, quick)
        assert found.week is None and [one.kind for one in found.attention] == ["no_products"]
    monkeypatch.setattr(overviews, "in_vain", lambda shop: 3)
    waited = overview(shop, OverviewRequest())
    assert "searches_in_vain" in [one.kind for one in waited.attention]
    monkeypatch.setattr(slow_counts, "KEPT_MS", -1)
    for slow in ("attribution", "in_vain", "refused_rows"):
        monkeypatch.setattr(overviews, slow, None)
    kept = overview(shop, quick)
    assert kept.week == waited.week and kept.attention == waited.attention


def test_the_store_counts_among_the_newest_alone(shop: OpenShop) -> None:
    now = time.time_ns() // 1_000_000
    shop.store.events.add(
        [Event(shopper_id="s", kind=EventKind.VIEW, product_id=f"p{n}", time_ms=now - n) for n in range(5)]
    )
    assert shop.store.events.by_hour(now, 2) == ([0, 5], now)
    assert shop.store.events.by_hour(now, 2, newest=2) == ([0, 2], now - 3)
