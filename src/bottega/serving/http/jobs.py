"""Jobs that bring their file along: `/v1/import/...`, and a long song for a product."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.jobs.import_sent import import_sent
from bottega.actions.jobs.shapes import JobInfo
from bottega.actions.verbs import verb
from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of
from bottega.serving.http.sent_file import file_body, sent_file

__all__ = ["router"]

router = APIRouter(tags=["jobs"], dependencies=[needs(Role.MANAGE)])


@router.post("/v1/import/catalogue", status_code=202, openapi_extra=file_body(verb("import_catalogue").takes))
async def catalogue(request: Request) -> JobInfo:
    """Import products from a feed that is sent along, as a job."""
    return await _import("import_catalogue", request)


@router.post("/v1/import/events", status_code=202, openapi_extra=file_body(verb("import_events").takes))
async def events(request: Request) -> JobInfo:
    """Import what shoppers did from a file that is sent along, as a job."""
    return await _import("import_events", request)


@router.post("/v1/import/shoppers", status_code=202, openapi_extra=file_body(verb("import_shoppers").takes))
async def shoppers(request: Request) -> JobInfo:
    """Import who shoppers are and what they agreed to from a file that is sent along, as a job."""
    return await _import("import_shoppers", request)


@router.post("/v1/import/reviews", status_code=202, openapi_extra=file_body(verb("import_reviews").takes))
async def reviews(request: Request) -> JobInfo:
    """Import what shoppers wrote about products from a file that is sent along, as a job."""
    return await _import("import_reviews", request)


@router.post(
    "/v1/studio/customise/song", status_code=202, openapi_extra=file_body(verb("customise_song").takes), tags=["studio"]
)
async def song(request: Request) -> JobInfo:
    """A song of any length as a picture on a product, as a job; its answer names the design."""
    return await _import("customise_song", request)


async def _import(name: str, request: Request) -> JobInfo:
    one = verb(name)
    async with sent_file(request, one.takes) as sent:
        fields: dict[str, Any] = sent.fields
        return await run_in_threadpool(import_sent, door_of(request).shop, one, sent.name, sent.content, fields)
