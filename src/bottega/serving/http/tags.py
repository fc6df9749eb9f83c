"""`POST /v1/tags`, `GET /v1/suggestions` and `POST /v1/suggestions/decide`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.vision.suggestions import (
    DecisionAnswer,
    DecisionRequest,
    SuggestionPage,
    decide_suggestions,
    list_suggestions,
)
from bottega.actions.vision.tag import TagAnswer, tag_photos
from bottega.serving.http.door import door_of
from bottega.serving.http.uploads import photo_body, uploads_of

__all__ = ["router"]

router = APIRouter(tags=["pictures"])
DECISIONS = {"accept": {"summary": "Accept two", "value": {"decision": "accept", "numbers": [3, 4]}}}


@router.post("/v1/tags", openapi_extra=photo_body())
async def tags(request: Request) -> TagAnswer:
    """What photos show: category and attributes with confidence, colours, likely searches, and what is not known."""
    uploads = await uploads_of(request)
    return await run_in_threadpool(tag_photos, door_of(request).shop, uploads.photos)


@router.get("/v1/suggestions")
async def suggestions(
    request: Request,
    state: Annotated[Literal["open", "accepted", "rejected"], Query(description="What became of them.")] = "open",
    kind: Annotated[
        Literal["fill", "doubt"] | None, Query(description="Empty attributes, or labels that look wrong.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    after: Annotated[str | None, Query(max_length=60, description="The `next` of the page before.")] = None,
) -> SuggestionPage:
    """What the eye suggests for products, a page at a time, the surest first."""
    shop = door_of(request).shop.folder
    return await run_in_threadpool(list_suggestions, shop, state=state, kind=kind, limit=limit, after=after)


@router.post("/v1/suggestions/decide")
async def decide(
    request: Request, body: Annotated[DecisionRequest, Body(openapi_examples=DECISIONS)]
) -> DecisionAnswer:
    """Accept or reject many at once. What is accepted stands in the product in the very next answer."""
    answerer = door_of(request).shop
    return await run_in_threadpool(decide_suggestions, answerer.folder, body, upsert=answerer.upsert)
