"""How the shop does, in one answer: state, model, events, what lists earned, and what needs attention first.

What takes long to count (what was sold through lists, searches in vain, rows that imports could not use) is counted at
most every five minutes, by whoever waits for it; who does not wait gets what was counted last, with its moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from bottega.actions.merchant.attention import in_vain, needs_attention, refused_rows
from bottega.actions.merchant.overview_shapes import ModelAge, Overview, OverviewRequest, WeekEarned
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.events.times import now_ms
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import OFF, next_due_ms
from bottega.shop.slow_counts import SlowCounts

__all__ = ["overview"]

HOURS = 24


class _Long(NamedTuple):
    """What takes long to count."""

    week: WeekEarned
    in_vain: int
    refused: int


_COUNTED: SlowCounts[_Long] = SlowCounts()


def overview(shop: OpenShop, request: OverviewRequest) -> Overview:
    """How the shop does, and what needs attention first."""
    now, health = now_ms(), shop.health()
    hours, newest_ms = shop.store.events.by_hour(now, HOURS)
    count = _COUNTED.of(shop, lambda: _count(shop, now)) if request.wait else _COUNTED.last(shop)
    counted = count.found if count else None
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


def _count(shop: OpenShop, now: int) -> _Long:
    found = attribution(shop, AttributionRequest(days=7))
    week = WeekEarned(
        currency=found.currency,
        revenue=found.total.revenue,
        purchases=found.total.purchases,
        shop_revenue=found.shop_revenue,
        share=found.share,
        counted_at=_moment(now),
    )
    return _Long(week, in_vain(shop), refused_rows(shop))


def _named(shop: OpenShop, *states: str) -> list[str]:
    found: Iterable[str] = (one.name for one in shop.store.experiments.all(states))
    return sorted(found)


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")
