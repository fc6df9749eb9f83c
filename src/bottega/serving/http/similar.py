"""`POST /v1/similar`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.shapes import SimilarAnswer, SimilarRequest
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["answers"])
EXAMPLES = {"lamp": {"summary": "Like this lamp", "value": {"item_id": "lamp-7", "n": 6}}}


@router.post("/v1/similar", response_model=SimilarAnswer)
async def similar(
    request: Request,
    body: Annotated[SimilarRequest, Body(openapi_examples=EXAMPLES)],
) -> Response:
    """Products like one product, by what they are; never itself nor its variants."""
    answer = await run_in_threadpool(find_similar, door_of(request).shop, body)
    return Response(answer.model_dump_json(), media_type="application/json")
