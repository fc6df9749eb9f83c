"""`POST /v1/shoppers/export` and `POST /v1/shoppers/forget`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ForgetAnswer, ShopperRequest
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["shoppers"])
EXAMPLES = {"ana": {"summary": "One shopper", "value": {"user_id": "ana"}}}
Named = Annotated[ShopperRequest, Body(openapi_examples=EXAMPLES)]


@router.post("/v1/shoppers/export")
async def export_one(request: Request, body: Named) -> dict[str, Any]:
    """Everything the shop remembers of one shopper."""
    return await run_in_threadpool(export_shopper, door_of(request).shop.folder, body.user_id)


@router.post("/v1/shoppers/forget")
async def forget_one(request: Request, body: Named) -> ForgetAnswer:
    """Delete everything the shop remembers of one shopper; the next answer no longer knows them."""
    shop = door_of(request).shop
    done = await run_in_threadpool(forget, shop.folder, body.user_id)
    await run_in_threadpool(shop.refresh)
    return ForgetAnswer(**asdict(done))
