"""`/check`: the page of a check in a browser. It asks for a secret key, as routes do; the document has no script."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse

from bottega.actions.check.shapes import CheckRequest
from bottega.actions.verbs import verb
from bottega.names import Role
from bottega.serving.http.auth import needs
from bottega.serving.http.door import door_of

__all__ = ["DOCUMENT", "router"]

router = APIRouter(include_in_schema=False)
_STATIC = Path(__file__).parents[1] / "pages" / "static"
_SHELL = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The document inside the frame brings its own styles and nothing else; it takes over the policy of the page."""
DOCUMENT = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The policy of a report as a document."""


@router.get("/check")
async def shell() -> FileResponse:
    return FileResponse(_STATIC / "check.html", headers={"Content-Security-Policy": _SHELL})


@router.get("/check/check.js")
async def script() -> FileResponse:
    return FileResponse(_STATIC / "check.js", media_type="text/javascript")


@router.get("/check/check.css")
async def style() -> FileResponse:
    return FileResponse(_STATIC / "check.css", media_type="text/css")


@router.get("/v1/check/page", dependencies=[needs(Role.READ)])
async def page(request: Request) -> HTMLResponse:
    """What `GET /v1/check` says, as a document."""
    from bottega.serving.pages.check import check_html

    door = door_of(request)
    report = await run_in_threadpool(lambda: verb("check").run(door.shop, CheckRequest()))
    return HTMLResponse(check_html(report), headers={"Content-Security-Policy": DOCUMENT})
