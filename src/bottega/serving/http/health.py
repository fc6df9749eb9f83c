"""How the server is: `GET /v1/health`, and `/live` and `/ready` as Kubernetes and load balancers ask for them.

Open without a key, so that whatever watches the server can ask.
"""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from bottega import __version__
from bottega.errors import StoreUnavailable
from bottega.serving.http.auth import from_here
from bottega.serving.http.door import REFUSAL, door_of
from bottega.shop.readiness import ShopReady, readiness
from bottega.shop.shape import Health, Shape

__all__ = ["router"]

router = APIRouter(tags=["state"])


class Live(Shape):
    """That the server lives."""

    status: Literal["ok"] = "ok"


@router.get(
    "/v1/health",
    response_model=Health,
    responses={503: {"model": Health, "description": "The database cannot be reached, or the disk is full."}},
)
async def health(request: Request, response: Response) -> Any:
    """Whether the shop answers, how much it knows, and how old its model is."""
    if REFUSAL in request.scope:
        return JSONResponse({"status": "ok", "version": __version__})  # a server of several shops, and none is asked
    door = door_of(request)
    found = await run_in_threadpool(door.shop.health)
    _answered(response, well=found.status == "ok")
    if door.limit is not None and not from_here(request):  # a public storefront tells strangers nothing of the shop
        told = {"status": found.status, "version": __version__}
        return JSONResponse(told, status_code=response.status_code or 200, headers=dict(response.headers))
    return found


@router.get("/live")
async def live() -> Live:
    """That the process answers at all; it asks nothing. Where it does not answer, start it anew."""
    return Live()


@router.get("/ready", responses={503: {"model": ShopReady, "description": "Something that it needs is not there."}})
async def ready(request: Request, response: Response) -> ShopReady:
    """Whether the database answers, its tables are of this version, the shop is loaded and the disk has room."""
    if REFUSAL in request.scope:  # each shop says for itself, below /s/NAME/ or by its key
        return ShopReady(ready=True, checks=[])
    found = await run_in_threadpool(readiness, door_of(request).shop)
    _answered(response, well=found.ready)
    return found


def _answered(response: Response, *, well: bool) -> None:
    if not well:
        response.status_code = 503
        response.headers["Retry-After"] = str(StoreUnavailable.retry_after_s)
