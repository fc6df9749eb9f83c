"""How the shop does, in one answer: state, model, events, what lists earned, and what needs attention first.

What takes long to count (what was sold through lists, searches in vain, rows that imports could not use) is counted at
most every five minutes, by whoever waits for it; who does not wait gets what was counted last, with its moment.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from bottega.actions.merchant.attention import in_vain, needs_attention, refused_rows
from bottega.actions.merchant.overview_shapes import ModelAge, Overview, OverviewRequest, WeekEarned
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.events.times import now_ms
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import OFF, next_due_ms

__all__ = ["KEPT_MS", "overview"]

KEPT_MS = 300_000
"""So long what was counted is taken for new."""
HOURS = 24


class _Counted(NamedTuple):
    """What takes long to count, and when it was."""

    at_ms: int
    week: WeekEarned
    in_vain: int
    refused: int


_KEPT: WeakKeyDictionary[OpenShop, _Counted] = WeakKeyDictionary()
_COUNTING = threading.Lock()


def overview(shop: OpenShop, request: OverviewRequest) -> Overview:
    """How the shop does, and what needs attention first."""
    now, health = now_ms(), shop.health()
    hours, newest_ms = shop.store.events.by_hour(now, HOURS)
    counted = _counted(shop, now) if request.wait else _KEPT.get(shop)
    running, adopted = (_named(shop, state) for state in ("running", "adopted"))
    schedule, trained_at = shop.settings.train_schedule, health.model.trained_at
    model = ModelAge(
        name=health.model.name,
        trained_at=trained_at,
        age_days=None if health.model_age_s is None else round(health.model_age_s / 86_400, 2),
        schedule=schedule,
        next_at=None if schedule == OFF else _moment(next_due_ms(schedule, shop.settings.zone, now)),
    )
    return Overview(
        status=health.status,
        version=health.version,
        products=health.products,
        events=health.events,
        model=model,
        events_by_hour=hours,
        newest_event_at=None if newest_ms is None else _moment(newest_ms),
        week=counted.week if counted else None,
        experiments_running=running,
        experiments_adopted=adopted,
        attention=needs_attention(
            shop,
            health,
            model,
            in_vain=counted.in_vain if counted else 0,
            refused=counted.refused if counted else 0,
            now=now,
        ),
    )


def _counted(shop: OpenShop, now: int) -> _Counted:
    """Counted now, or within the last five minutes; by one thread at a time."""
    with _COUNTING:
        kept = _KEPT.get(shop)
        if kept is None or now - kept.at_ms > KEPT_MS:
            found = attribution(shop, AttributionRequest(days=7))
            week = WeekEarned(
                currency=found.currency,
                revenue=found.total.revenue,
                purchases=found.total.purchases,
                shop_revenue=found.shop_revenue,
                share=found.share,
                counted_at=_moment(now),
            )
            kept = _KEPT[shop] = _Counted(now, week, in_vain(shop), refused_rows(shop))
        return kept


def _named(shop: OpenShop, *states: str) -> list[str]:
    found: Iterable[str] = (one.name for one in shop.store.experiments.all(states))
    return sorted(found)


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")
