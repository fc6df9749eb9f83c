"""What a shop is connected to: when a platform was asked last, what came, what waits, and what is missing."""

from __future__ import annotations

import os
from datetime import UTC, datetime, tzinfo

from bottega.actions.connect.shapes import ConnectAnswer
from bottega.actions.connections.shapes import ConnectionInfo, ConnectionsAnswer, ConnectionsRequest, LastRun
from bottega.actions.jobs.shapes import JobFailure
from bottega.actions.webhooks.platforms import PLATFORMS
from bottega.connectors.registry import CONNECTORS
from bottega.events.times import now_ms
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import OFF, next_due_ms
from bottega.shop.secrets import variable_of
from bottega.store.jobs import Job, JobState

__all__ = ["list_connections"]

_LOOKED_AT = 200
"""Newest jobs among which the last run of a platform is looked for."""


def list_connections(shop: OpenShop, request: ConnectionsRequest) -> ConnectionsAnswer:
    """Every platform that may be connected or sends webhooks, whether it is and how it stands; nothing is asked of it,
    and no secret is opened."""
    there = {one.purpose for one in shop.secrets.kept()}
    jobs, _ = shop.store.jobs.page(verb="connect", limit=_LOOKED_AT)
    taken = shop.store.deliveries.counts()
    schedule, zone = shop.settings.connect_schedule, shop.settings.zone
    return ConnectionsAnswer(
        connections=[_one(shop, name, there, jobs, taken) for name in dict.fromkeys([*CONNECTORS, *PLATFORMS])],
        schedule=schedule,
        next_at=_next(schedule, zone),
        deliveries_days=shop.settings.webhooks_kept_days,
    )


def _one(
    shop: OpenShop, platform: str, there: set[str], jobs: list[Job], taken: dict[str, tuple[int, int]]
) -> ConnectionInfo:
    fetches, pushes = platform in CONNECTORS, platform in PLATFORMS
    token, secret = f"{platform}-token", PLATFORMS[platform].secret if pushes else ""
    kept = shop.store.connections.get(platform) if fetches else None
    mine = [job for job in jobs if job.request.get("platform") == platform]
    deliveries, last_ms = taken.get(platform, (0, None))
    return ConnectionInfo(
        platform=platform,
        fetches=fetches,
        pushes=pushes,
        address=None if kept is None else kept.address,
        token=fetches and (token in there or bool(os.environ.get(variable_of(token), "").strip())),
        webhook_secret=pushes and (secret in there or bool(os.environ.get(variable_of(secret), "").strip())),
        fetched_at=_moment(None if kept is None else kept.time_ms),
        last_run=None if not mine else _run(mine[0]),
        errands=len(shop.store.errands.waiting(platform, limit=1000)),
        deliveries=deliveries,
        last_delivery_at=_moment(last_ms),
    )


def _run(job: Job) -> LastRun:
    answer = ConnectAnswer.model_validate(job.answer) if job.state is JobState.DONE and job.answer else None
    return LastRun(
        number=job.number,
        state=job.state.value,
        asked_at=_moment(job.created_ms) or "",
        ended_at=_moment(job.ended_ms),
        answer=answer,
        error=None if job.error is None else JobFailure.model_validate(job.error),
    )


def _next(schedule: str, zone: tzinfo) -> str | None:
    return None if schedule == OFF else _moment(next_due_ms(schedule, zone, now_ms()))


def _moment(time_ms: int | None) -> str | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")
