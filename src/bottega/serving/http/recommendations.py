"""`POST /v1/recommendations`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["answers"])
EXAMPLES = {
    "home": {"summary": "For this shopper", "value": {"placement": "home", "user_id": "ana", "n": 10}},
    "product": {"summary": "Beside a product", "value": {"placement": "product", "item_ids": ["lamp-7"], "n": 6}},
    "category": {
        "summary": "Within a category, at most 50.00",
        "value": {
            "placement": "category",
            "user_id": "ana",
            "filter": {"category": ["Lamps"], "price_minor": {"max": 5000}},
        },
    },
}


@router.post("/v1/recommendations", response_model=RecommendationAnswer)
async def recommendations(
    request: Request,
    body: Annotated[RecommendationRequest, Body(openapi_examples=EXAMPLES)],
) -> Response:
    """A list of products for one place on the site, each with a source and a reason."""
    door = door_of(request)
    answer = await door.batcher.ask(body)
    door.meters.answers.labels(body.placement, answer.fallback or "none").inc()
    return Response(answer.model_dump_json(), media_type="application/json")
