"""`GET /v1/health`: open without a key, so that whatever watches the server can ask."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from bottega import __version__
from bottega.serving.http.door import REFUSAL, door_of
from bottega.shop.shape import Health

__all__ = ["router"]

router = APIRouter(tags=["state"])


@router.get(
    "/v1/health",
    response_model=Health,
    responses={503: {"model": Health, "description": "The database cannot be reached, or the disk is full."}},
)
async def health(request: Request, response: Response) -> Any:
    """Whether the shop answers, how much it knows, and how old its model is."""
    if REFUSAL in request.scope:
        return JSONResponse({"status": "ok", "version": __version__})  # a server of several shops, and none is asked
    found = await run_in_threadpool(door_of(request).shop.health)
    response.status_code = 200 if found.status == "ok" else 503
    return found
