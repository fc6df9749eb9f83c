"""`/agent`: the page of persons who answer shoppers. What it shows comes by the routes of talks, with their own key."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_STATIC = Path(__file__).parents[1] / "pages" / "static"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/agent")
async def page() -> FileResponse:
    return FileResponse(_STATIC / "agent.html", headers=_HEADERS)


@router.get("/agent/agent.js")
async def script() -> FileResponse:
    return FileResponse(_STATIC / "agent.js", media_type="text/javascript", headers=_HEADERS)


@router.get("/agent/agent.css")
async def style() -> FileResponse:
    return FileResponse(_STATIC / "agent.css", media_type="text/css", headers=_HEADERS)
