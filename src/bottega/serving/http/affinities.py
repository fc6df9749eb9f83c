"""`GET /v1/affinities` and `POST /v1/affinities/declare`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.shoppers import affinities as action
from bottega.names import ID_MAX
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["answers"])
EXAMPLES = {"oak": {"summary": "Likes oak", "value": {"user_id": "ana", "tastes": {"material": ["oak"]}}}}


@router.get("/v1/affinities")
async def affinities(
    request: Request,
    shopper: Annotated[str, Query(min_length=1, max_length=ID_MAX, description="Shopper id, or the anonymous id.")],
    n: Annotated[int, Query(ge=1, le=200, description="Values of each attribute.")] = action.VALUES,
) -> action.AffinityAnswer:
    """What a shopper is drawn to: attributes of the catalogue, each value with its probability for the next product."""
    return await run_in_threadpool(action.affinities, door_of(request).shop, shopper, count=n)


@router.post("/v1/affinities/declare")
async def declare(
    request: Request,
    body: Annotated[action.DeclareRequest, Body(openapi_examples=EXAMPLES)],
) -> action.DeclareAnswer:
    """What a shopper says to like. It counts at once, and less with every event that comes after it."""
    return await run_in_threadpool(action.declare_tastes, door_of(request).shop, body)
