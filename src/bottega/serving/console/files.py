"""Files of the console: its style and script, which everybody may read, and the shop's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse

from bottega.names import Role
from bottega.serving.console.asked import asked_of
from bottega.serving.console.frame import form_of, visit_of
from bottega.serving.console.rendering import HEADERS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FILES = {path.name: _TYPES[path.suffix] for path in _STATIC.iterdir() if path.suffix in _TYPES}
_KEPT = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


@router.get("/console/static/{name}")
async def static_file(name: str) -> Response:
    """Open without a log-in: the page that says who may come in is drawn with them, too."""
    if name not in _FILES:
        return Response(status_code=404)
    return FileResponse(_STATIC / name, media_type=_FILES[name], headers=_KEPT)


@router.get("/console/picture")
async def picture(request: Request, path: str = "", w: Annotated[int | None, Query(ge=1)] = None) -> Response:
    """A picture of the shop's own folder; with `w` a thumbnail of at least so many pixels, where it can have one."""
    await visit_of(request, Role.READ)
    return await asked_of(request).pictures.answer(path, w, request.scope, kept="private, max-age=86400")


@router.post("/console/log-out")
async def log_out(request: Request) -> Response:
    """End the session, and show where to log in."""
    visit, _ = await form_of(request, None)
    if visit.token:
        await run_in_threadpool(visit.shop.sessions.log_out, visit.token)
    return RedirectResponse(f"{visit.root}/login", status_code=303, headers=HEADERS)
