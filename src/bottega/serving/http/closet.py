"""`POST /v1/closet`, `GET /v1/closet`, `POST /v1/closet/remove`, `POST /v1/outfits` and `POST /v1/outfits/image`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.actions.closet.closet import LIKE, add_to_closet, closet_of, remove_from_closet
from bottega.actions.closet.outfits import outfit, outfit_for_photo
from bottega.actions.closet.shapes import (
    ClosetAnswer,
    ClosetRemoval,
    ClosetRequest,
    OutfitAnswer,
    OutfitRequest,
    PhotoOutfitRequest,
    RemovedAnswer,
)
from bottega.errors import RequestInvalid
from bottega.names import ID_MAX
from bottega.serving.http.door import door_of
from bottega.serving.http.uploads import fields_as, photo_body, uploads_of

__all__ = ["router"]

router = APIRouter(tags=["closet"])
EXAMPLES = {
    "product": {"summary": "With this product", "value": {"item_id": "shirt-3", "n": 3}},
    "closet": {"summary": "With something of mine", "value": {"user_id": "ana", "closet_item": 7, "own_first": True}},
}
REMOVAL = {"one": {"summary": "One item", "value": {"user_id": "ana", "item_ids": [7]}}}
CLOSET_FIELDS = {name: field.description or "" for name, field in ClosetRequest.model_fields.items()}
OUTFIT_FIELDS = {
    name: field.description or "The filter of /v1/recommendations, as JSON."
    for name, field in PhotoOutfitRequest.model_fields.items()
}


@router.post("/v1/closet", response_model=ClosetAnswer, openapi_extra=photo_body(CLOSET_FIELDS))
async def add(request: Request) -> Response:
    """A shopper's photos become items of their closet: what they are, their colours, and products like them."""
    came = await uploads_of(request, fields=CLOSET_FIELDS)
    wanted = fields_as(ClosetRequest, came.fields)
    answer = await run_in_threadpool(add_to_closet, door_of(request).shop, came.photos, wanted)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.get("/v1/closet", response_model=ClosetAnswer)
async def closet(
    request: Request,
    shopper: Annotated[str, Query(min_length=1, max_length=ID_MAX, description="Shopper id, or the anonymous id.")],
    n: Annotated[int, Query(ge=1, le=200, description="Products like each item.")] = LIKE,
) -> Response:
    """What hangs in a shopper's closet, the newest first."""
    answer = await run_in_threadpool(closet_of, door_of(request).shop, shopper, n=n)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/v1/closet/remove")
async def remove(request: Request, body: Annotated[ClosetRemoval, Body(openapi_examples=REMOVAL)]) -> RemovedAnswer:
    """Take items out of a closet; a kept photo goes with its last item."""
    return await run_in_threadpool(remove_from_closet, door_of(request).shop, body)


@router.post("/v1/outfits", response_model=OutfitAnswer)
async def outfits(request: Request, body: Annotated[OutfitRequest, Body(openapi_examples=EXAMPLES)]) -> Response:
    """What goes with a product or with an item of a closet, slot by slot, each suggestion with its reasons."""
    answer = await run_in_threadpool(outfit, door_of(request).shop, body)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/v1/outfits/image", response_model=OutfitAnswer, openapi_extra=photo_body(OUTFIT_FIELDS))
async def outfits_image(request: Request) -> Response:
    """What goes with the garments on one photo."""
    came = await uploads_of(request, fields=OUTFIT_FIELDS)
    if len(came.photos) != 1:
        raise RequestInvalid(
            f"{len(came.photos)} photos came.", allowed="This route takes one.", next_step="Send them one by one."
        )
    wanted, [photo] = fields_as(PhotoOutfitRequest, came.fields), came.photos
    shop = door_of(request).shop
    answer = await run_in_threadpool(outfit_for_photo, shop, photo.content, wanted, name=photo.name)
    return Response(answer.model_dump_json(), media_type="application/json")
