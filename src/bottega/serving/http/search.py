"""`POST /v1/search` and `POST /v1/search/image`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import PhotoSearchAnswer, PhotoSearchRequest, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.actions.vision.uploads import Upload
from bottega.errors import RequestInvalid
from bottega.serving.http.door import door_of
from bottega.serving.http.uploads import fields_as, photo_body, uploads_of

__all__ = ["photo_request", "router"]

router = APIRouter(tags=["answers"])
EXAMPLES = {
    "words": {"summary": "By words", "value": {"text": "red striped shirt", "n": 6}},
    "but": {"summary": "Like this, but blue", "value": {"item_id": "lamp-7", "text": "blue", "n": 6}},
}
FIELDS = {
    name: (field.description or "The filter of /v1/recommendations, as JSON.")
    for name, field in PhotoSearchRequest.model_fields.items()
}


@router.post("/v1/search", response_model=SearchAnswer)
async def search(request: Request, body: Annotated[SearchRequest, Body(openapi_examples=EXAMPLES)]) -> Response:
    """Products by words, by listing and by photo; with `item_id`, products like that one but for the words."""
    answer = await run_in_threadpool(search_text, door_of(request).shop, body)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/v1/search/image", response_model=PhotoSearchAnswer, openapi_extra=photo_body(FIELDS))
async def search_image(request: Request) -> Response:
    """Products like those on one photo, for each product seen in it; with `but`, like them but for these words."""
    photo, wanted = await photo_request(request)
    door = door_of(request)
    answer = await run_in_threadpool(search_photo, door.shop, photo.content, wanted, name=photo.name)
    return Response(answer.model_dump_json(), media_type="application/json")


async def photo_request(request: Request) -> tuple[Upload, PhotoSearchRequest]:
    """The photo that a request brought, and what it asks. Raises `RequestInvalid`, `PhotoRefused`."""
    came = await uploads_of(request, fields=FIELDS)
    if len(came.photos) != 1:
        raise RequestInvalid(
            f"{len(came.photos)} photos came.", allowed="This route searches one.", next_step="Send them one by one."
        )
    return came.photos[0], fields_as(PhotoSearchRequest, came.fields)
