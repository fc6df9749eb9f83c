"""`POST /v1/shoppers` and `POST /v1/shoppers/query`: what the shop was told of a shopper."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.shoppers.shopper import (
    KnownShopperAnswer,
    ShopperQuery,
    TellShopperRequest,
    show_shopper,
    tell_shopper,
)
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["shoppers"])
TOLD = {
    "consent": {
        "summary": "A word on one purpose",
        "value": {"shopper": "ana", "consent": {"personalisation": "no"}, "consent_source": "privacy page"},
    },
    "details": {"summary": "Who it is", "value": {"shopper": "ana", "name": "Ana", "language": "pt", "country": "PT"}},
}
ASKED = {"ana": {"summary": "One shopper", "value": {"shopper": "ana"}}}


@router.post("/v1/shoppers")
async def tell(
    request: Request, body: Annotated[TellShopperRequest, Body(openapi_examples=TOLD)]
) -> KnownShopperAnswer:
    """Keep what is told of one shopper: absent fields stay, null clears. It counts from the very next answer."""
    return await run_in_threadpool(tell_shopper, door_of(request).shop, body)


@router.post("/v1/shoppers/query")
async def show(request: Request, body: Annotated[ShopperQuery, Body(openapi_examples=ASKED)]) -> KnownShopperAnswer:
    """What the shop was told of one shopper, what they agreed to, and when they were first and last seen."""
    return await run_in_threadpool(show_shopper, door_of(request).shop, body)
