"""`GET /feeds/google`, `/feeds/meta`: the catalogue as those fetch it. The token in the address is the key."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_TYPES = {".csv": "text/csv; charset=utf-8", ".tsv": "text/tab-separated-values; charset=utf-8"}


@router.api_route("/feeds/{channel}", methods=["GET", "HEAD"])
async def feed(request: Request, channel: str, token: str = Query(default="", max_length=200)) -> Response:
    """The file as it is now; 304 where whoever asks has that one."""
    from bottega.actions.catalogue.feed_addresses import FeedFileRequest, feed_file

    asked = FeedFileRequest(channel=channel, token=token)
    found = await run_in_threadpool(feed_file, door_of(request).shop, asked)
    headers = {"ETag": f'"{found.tag}"', "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    if headers["ETag"] in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        found.path, media_type=_TYPES[found.suffix], filename=f"{channel}{found.suffix}", headers=headers
    )
