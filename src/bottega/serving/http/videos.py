"""`/v1/studio/video/own` takes a merchant's own video in, as a job; `/v1/studio/videos/...` sends what came of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from bottega.actions.jobs.import_sent import import_sent
from bottega.actions.jobs.shapes import JobInfo
from bottega.actions.verbs import verb
from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of
from bottega.serving.http.sent_file import file_body, sent_file

__all__ = ["router"]

router = APIRouter(tags=["studio"])


@router.post(
    "/v1/studio/video/own",
    status_code=202,
    openapi_extra=file_body(verb("restage").takes),
    dependencies=[needs(Role.MANAGE)],
)
async def own(request: Request) -> JobInfo:
    """Stage a product video that is sent along anew, as a job."""
    one = verb("restage")
    async with sent_file(request, one.takes) as sent:
        fields: dict[str, Any] = sent.fields
        return await run_in_threadpool(import_sent, door_of(request).shop, one, sent.name, sent.content, fields)


@router.get("/v1/studio/videos/{name}", response_class=FileResponse, dependencies=[needs(Role.READ)])
async def show(request: Request, name: str) -> FileResponse:
    """The file of a video that was staged anew."""
    from bottega.shop.pictures.video_files import MEDIA_TYPES, video_path

    path = await run_in_threadpool(video_path, door_of(request).shop.folder, name)
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers={"Cache-Control": "private, max-age=86400"})
