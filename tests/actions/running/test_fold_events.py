"""A shop that keeps six months: what is older is known as popularity alone, and is asked for every night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bottega.actions.jobs.schedule import ask_when_due
from bottega.actions.running import fold_events as folding
from bottega.actions.running.fold_events import FoldRequest, fold_events, kept_since_ms
from bottega.catalogue.product import Product
from bottega.datasets.load import load_dataset
from bottega.events.event import Event
from bottega.models.recommend.counted.popular import Popular
from bottega.names import DAY_MS, EventKind
from bottega.shop.open_shop import OpenShop

NOW = 1_796_083_200_000
"""2026-12-01, UTC."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    (tmp_path / "bottega.toml").write_text("events_kept_months = 6\n")
    with OpenShop.open(tmp_path) as opened:
        opened.upsert([Product(id=name, title=name) for name in ("old hit", "new hit", "never")])
        yield opened


def events(product: str, shoppers: int, at: int) -> list[Event]:
    return [
        Event(event_id=f"{product}{i}", shopper_id=f"s{i}", kind=EventKind.VIEW, product_id=product, time_ms=at)
        for i in range(shoppers)
    ]


def shares(shop: OpenShop) -> dict[str, float]:
    dataset = load_dataset(shop.store)
    popular = Popular().fit(dataset.histories, dataset.features, rng=np.random.default_rng(0))
    codes = dataset.items.codes(["old hit", "new hit", "never"])
    return dict(zip(("old hit", "new hit", "never"), popular.shares_[codes].tolist(), strict=True))


def test_what_is_folded_stays_popular(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "now_ms", lambda: NOW)
    old_ms = kept_since_ms(NOW, 6) - 16 * DAY_MS
    shop.record(events("old hit", 30, old_ms))
    shop.record(events("new hit", 10, NOW - DAY_MS))
    before = shares(shop)
    answer = fold_events(shop, FoldRequest())
    assert (answer.folded, answer.kept) == (30, 10) and answer.before is not None
    assert answer.before.date().isoformat() == "2026-06-01" and answer.overwritten
    after = shares(shop)
    assert after == pytest.approx(before, rel=0.1), "months count from their middles"
    assert after["new hit"] > after["old hit"] > after["never"] == 0
    assert fold_events(shop, FoldRequest()).folded == 0 and shares(shop) == after


def test_a_shop_that_knows_counts_alone_still_knows_what_is_popular(shop: OpenShop) -> None:
    shop.record(events("old hit", 3, 1_000_000))
    shop.store.folded.fold(NOW, "assumed")
    assert shop.store.events.count() == 0 and shares(shop)["old hit"] == 1


def test_a_shop_that_keeps_all_folds_nothing(shop: OpenShop) -> None:
    (shop.folder.root / "bottega.toml").write_text("events_kept_months = 0\n")
    shop.record(events("old hit", 3, 1_000_000))
    answer = fold_events(shop, FoldRequest())
    assert (answer.folded, answer.kept, answer.before) == (0, 3, None)


def test_every_night_asks_for_it_where_not_all_are_kept(shop: OpenShop) -> None:
    night = NOW + 2 * 3_600_000 + 30 * 60_000
    ask_when_due(shop.folder, night - 1000)
    assert ask_when_due(shop.folder, night + 1000) and not ask_when_due(shop.folder, night + 2000)
    assert [job.verb for job in shop.store.jobs.unfinished()] == ["fold_events"]
    (shop.folder.root / "bottega.toml").write_text("events_kept_months = 0\n")
    assert not ask_when_due(shop.folder, night + DAY_MS + 1000)
