"""`/docs`, the manual of the API from files of this package, and `/` where no storefront stands there.

No page of this server asks another host for anything.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from bottega.errors import BottegaError
from bottega.serving.http.door import door_of
from bottega.serving.pages.own import landing_html, nothing_here_html

__all__ = ["HEADERS", "landing", "manual", "nothing_here"]

_STATIC = Path(__file__).parents[1] / "pages" / "static"
_FILES = {
    "docs.js": "text/javascript",
    "docs.css": "text/css",
    "pages.css": "text/css",
    "mark.svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}

manual = APIRouter(include_in_schema=False)
landing = APIRouter(include_in_schema=False)


@manual.get("/docs")
async def docs() -> FileResponse:
    return FileResponse(_STATIC / "docs.html", headers=HEADERS)


def _add_file(name: str, media_type: str) -> None:
    async def file() -> FileResponse:
        return FileResponse(_STATIC / name, media_type=media_type, headers=HEADERS)

    manual.add_api_route(f"/docs/{name}", file, methods=["GET"])


for _name, _media_type in _FILES.items():
    _add_file(_name, _media_type)


@landing.get("/")
async def start(request: Request) -> HTMLResponse:
    return HTMLResponse(landing_html(_root(request)), headers=HEADERS)


def nothing_here(request: Request) -> Response | None:
    """The page for a browser that asked for an address where nothing stands; null for a program, which gets JSON."""
    if request.method not in ("GET", "HEAD") or "text/html" not in request.headers.get("accept", ""):
        return None
    with suppress(BottegaError):  # it is for no shop
        if (lost := door_of(request).nothing_here) is not None:
            return lost(request)
    return HTMLResponse(nothing_here_html(request.url.path, _root(request)), status_code=404, headers=HEADERS)


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
