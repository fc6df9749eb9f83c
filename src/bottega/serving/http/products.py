"""`POST /v1/products` and `POST /v1/products/query`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery, ProductQueryAnswer, UpsertAnswer
from bottega.actions.intake.upsert_products import upsert_products
from bottega.serving.http.door import door_of
from bottega.serving.http.rows import rows_of

__all__ = ["router"]

router = APIRouter(tags=["input"])
UPSERTS = {
    "one": {
        "summary": "One product",
        "value": {
            "id": "lamp-7",
            "title": "Oak lamp",
            "category": ["Home", "Lamps"],
            "price_minor": 3990,
            "currency": "EUR",
            "attributes": {"material": ["oak"]},
        },
    }
}
QUERIES = {"text": {"summary": "Search", "value": {"text": "oak lamp", "filter": {"brand": "Nord"}, "limit": 20}}}


@router.post("/v1/products")
async def products(
    request: Request,
    body: Annotated[dict[str, Any] | list[Any], Body(openapi_examples=UPSERTS)],
) -> UpsertAnswer:
    """Add or replace one product, a list, or `{"products": [...]}`. They may appear in the very next answer."""
    door = door_of(request)
    answer = await run_in_threadpool(upsert_products, door.shop, rows_of(body, "products"))
    for result, count in (
        ("added", answer.added),
        ("updated", answer.updated),
        ("unchanged", answer.unchanged),
        ("rejected", len(answer.rejected)),
    ):
        door.meters.products.labels(result).inc(count)
    return answer


@router.post("/v1/products/query")
async def query(
    request: Request,
    body: Annotated[ProductQuery, Body(openapi_examples=QUERIES)],
) -> ProductQueryAnswer:
    """Search the catalogue, a page at a time, hidden products included."""
    return await run_in_threadpool(query_products, door_of(request).shop, body)
