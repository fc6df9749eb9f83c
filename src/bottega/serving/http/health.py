"""`GET /v1/health`: open without a key, so that whatever watches the server can ask."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.serving.http.door import door_of
from bottega.shop.shape import Health

__all__ = ["router"]

router = APIRouter(tags=["state"])


@router.get(
    "/v1/health",
    responses={503: {"model": Health, "description": "The database cannot be reached, or the disk is full."}},
)
async def health(request: Request, response: Response) -> Health:
    """Whether the shop answers, how much it knows, and how old its model is."""
    found = await run_in_threadpool(door_of(request).shop.health)
    response.status_code = 200 if found.status == "ok" else 503
    return found
