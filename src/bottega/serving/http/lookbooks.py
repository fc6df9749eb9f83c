"""`/v1/studio/lookbooks/...`: the page and the pictures of a lookbook, as files."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["studio"], dependencies=[needs(Role.READ)])
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, max-age=86400",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/v1/studio/lookbooks/{name}/{file}", response_class=Response)
async def show(request: Request, name: str, file: str) -> Response:
    """A file of a lookbook: `index.html`, `lookbook.json`, or a picture."""
    from bottega.shop.pictures.lookbook_files import MEDIA_TYPES, lookbook_file

    content = await run_in_threadpool(lookbook_file, door_of(request).shop.folder, name, file)
    return Response(content, media_type=MEDIA_TYPES[Path(file).suffix], headers=_HEADERS)
