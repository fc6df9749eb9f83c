"""`/v1/jobs`, and `/v1/import/...`, which bring their file along."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.jobs.ask import cancel_job, list_jobs, show_job, start_job
from bottega.actions.jobs.import_sent import import_sent
from bottega.actions.jobs.shapes import JobInfo, JobPage, JobRequest, JobsRequest, StartJobRequest
from bottega.actions.verbs import verb
from bottega.serving.http.door import door_of
from bottega.serving.http.sent_file import file_body, sent_file

__all__ = ["router"]

router = APIRouter(tags=["jobs"])
TRAIN = {"train": {"summary": "Train a recommender", "value": {"verb": "train", "request": {"seed": 3}}}}
CANCEL = {"one": {"summary": "End job 7", "value": {"number": 7}}}


@router.post("/v1/jobs", status_code=202)
async def start(request: Request, body: Annotated[StartJobRequest, Body(openapi_examples=TRAIN)]) -> JobInfo:
    """Ask for work that a worker does later; where the same waits already, the answer is that job."""
    return await run_in_threadpool(start_job, door_of(request).shop, body)


@router.get("/v1/jobs")
async def jobs(
    request: Request,
    state: Annotated[
        Literal["waiting", "running", "done", "failed", "cancelled"] | None, Query(description="Only these.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    after: Annotated[int | None, Query(ge=0, le=2**53, description="The `next` of the page before.")] = None,
) -> JobPage:
    """Jobs and how far they are, a page at a time, the newest first."""
    wanted = JobsRequest(state=state, limit=limit, after=after)
    return await run_in_threadpool(list_jobs, door_of(request).shop, wanted)


@router.get("/v1/jobs/{number}")
async def job(request: Request, number: Annotated[int, Path(ge=0, le=2**53)]) -> JobInfo:
    """One job: how far it is, and what came of it."""
    return await run_in_threadpool(show_job, door_of(request).shop, JobRequest(number=number))


@router.post("/v1/jobs/cancel")
async def cancel(request: Request, body: Annotated[JobRequest, Body(openapi_examples=CANCEL)]) -> JobInfo:
    """End a job: one that waits at once, one that runs within seconds. What is over stays as it is."""
    return await run_in_threadpool(cancel_job, door_of(request).shop, body)


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


async def _import(name: str, request: Request) -> JobInfo:
    one = verb(name)
    async with sent_file(request, one.takes) as sent:
        fields: dict[str, Any] = sent.fields
        return await run_in_threadpool(import_sent, door_of(request).shop, one, sent.name, sent.content, fields)
