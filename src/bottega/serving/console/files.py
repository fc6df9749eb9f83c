"""Files of the console: its style and script, which everybody may read, and the shop's own pictures."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from bottega.names import Role
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
async def picture(request: Request, path: str = "") -> Response:
    """A picture of the shop's own folder."""
    visit = await visit_of(request, Role.READ)
    folder = visit.shop.folder
    if folder.lies_elsewhere:
        await run_in_threadpool(folder.have_picture, path)
    files = StaticFiles(directory=folder.images, check_dir=False)
    response = await files.get_response(path, request.scope)
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@router.post("/console/log-out")
async def log_out(request: Request) -> Response:
    """End the session, and show where to log in."""
    visit, _ = await form_of(request, None)
    if visit.token:
        await run_in_threadpool(visit.shop.sessions.log_out, visit.token)
    return RedirectResponse(f"{visit.root}/login", status_code=303, headers=HEADERS)
