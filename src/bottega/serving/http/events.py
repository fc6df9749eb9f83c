"""`POST /v1/events`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import IngestAnswer
from bottega.serving.http.door import door_of
from bottega.serving.http.rows import rows_of

__all__ = ["router"]

router = APIRouter(tags=["input"])
EXAMPLES = {
    "one": {
        "summary": "One event",
        "value": {"shopper_id": "ana", "kind": "view", "product_id": "lamp-7", "time": "2026-05-01T12:00:00Z"},
    },
    "order": {
        "summary": "An order of two products",
        "value": {
            "events": [
                {"event_id": "o1-1", "shopper_id": "ana", "kind": "purchase", "product_id": "lamp-7", "value": 39.9},
                {"event_id": "o1-2", "shopper_id": "ana", "kind": "purchase", "product_id": "bulb-2", "quantity": 3},
            ]
        },
    },
}


@router.post("/v1/events")
async def events(
    request: Request,
    body: Annotated[dict[str, Any] | list[Any], Body(openapi_examples=EXAMPLES)],
) -> IngestAnswer:
    """Take one event, a list, or `{"events": [...]}`. What is accepted is on disk and in the very next answer."""
    door = door_of(request)
    answer = await run_in_threadpool(record_events, door.shop, rows_of(body, "events"))
    for result, count in (
        ("accepted", answer.accepted),
        ("duplicate", answer.duplicates),
        ("rejected", len(answer.rejected)),
    ):
        door.meters.events.labels(result).inc(count)
    return answer
