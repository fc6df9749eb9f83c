"""`GET /metrics` in Prometheus' text format: open to this machine, with a key from others."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool

from bottega.actions.jobs.ask import count_jobs
from bottega.errors import StoreUnavailable
from bottega.serving.http.auth import MetricsReader
from bottega.serving.http.door import REFUSAL, door_of
from bottega.shop.trained.judgements import newest_drift, newest_judgement

__all__ = ["router"]

router = APIRouter(tags=["state"])


@router.get("/metrics", response_class=Response, dependencies=[MetricsReader])
async def metrics(request: Request) -> Response:
    """Requests, latencies, events, answers by fallback, age of the model, drift, the newest challenger."""
    if REFUSAL in request.scope and (request.headers.get("x-api-key") or request.headers.get("authorization")) is None:
        return Response(
            request.app.state.meters.text(), media_type=CONTENT_TYPE_LATEST
        )  # of all shops, to this machine
    door = door_of(request)
    health = await run_in_threadpool(door.shop.health)
    with suppress(StoreUnavailable):
        for state, count in (await run_in_threadpool(count_jobs, door.shop)).items():
            door.meters.jobs.labels(state).set(count)
        store = door.shop.store
        found = await run_in_threadpool(lambda: (newest_judgement(store), newest_drift(store)))
        door.meters.models.set(*found)
    door.meters.items.set(health.recommendable_items)
    door.meters.stored.set(health.events)
    door.meters.age.set(-1 if health.model_age_s is None else health.model_age_s)
    return Response(door.meters.text(), media_type=CONTENT_TYPE_LATEST)
