"""`/v1/session`: log in, who am I, log out; and `/login`, the page that does it.

The token lies in a cookie that scripts cannot read and that other sites' pages do not send along (HttpOnly, SameSite).
Whoever is logged in may ask what their role opens, with the session's second token for every change.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from bottega.errors import LogInRefused, TokenRefused
from bottega.names import Role
from bottega.serving.http.auth import SESSION_COOKIE, session_token
from bottega.serving.http.door import door_of
from bottega.serving.http.own_pages import HEADERS
from bottega.shop.doors.sessions import LoggedIn, check_csrf, csrf_token_of
from bottega.shop.shape import Shape

__all__ = ["router"]

router = APIRouter(tags=["running"])
_STATIC = Path(__file__).parents[1] / "pages" / "static"
_TYPES = {"login.js": "text/javascript", "login.css": "text/css"}


class LogInRequest(Shape):
    """Who wants to log in."""

    name: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=200, repr=False)


class SessionInfo(Shape):
    """Who is logged in."""

    name: str
    role: Role = Field(description="What they may do (docs/keys.md).")
    csrf_token: str = Field(description="Changes of this session carry it in the header X-CSRF-Token.")


@router.post("/v1/session")
async def log_in(body: LogInRequest, request: Request, response: Response) -> SessionInfo:
    """Log in with a name and a password (`bottega users new`). The session is in a cookie that scripts cannot read."""
    _own_page(request)
    shop, address = door_of(request).shop, request.client.host if request.client else ""
    user, token = await run_in_threadpool(shop.sessions.log_in, body.name, body.password, address)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(shop.settings.session_hours * 3600),
        path=_root(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
    return _info(user, token)


@router.get("/v1/session")
async def who_am_i(request: Request, response: Response) -> SessionInfo:
    """Who is logged in, and the token that changes carry."""
    token = session_token(request)
    if not token:
        raise LogInRefused("Nobody is logged in.", next_step=f"Log in at {_page(request)}.")
    response.headers["Cache-Control"] = "no-store"
    return _info(await run_in_threadpool(door_of(request).shop.sessions.of, token), token)


@router.delete("/v1/session", status_code=204)
async def log_out(request: Request) -> Response:
    """Log out; whoever is not logged in is so already."""
    if token := session_token(request):
        check_csrf(token, request.headers.get("x-csrf-token", ""))
        await run_in_threadpool(door_of(request).shop.sessions.log_out, token)
    response = Response(status_code=204)
    response.delete_cookie(SESSION_COOKIE, path=_root(request), httponly=True, samesite="strict")
    return response


@router.get("/login", include_in_schema=False)
async def page() -> FileResponse:
    return FileResponse(_STATIC / "login.html", headers=HEADERS)


@router.get("/login/{name}", include_in_schema=False)
async def file(name: str) -> Response:
    if name not in _TYPES:
        return Response(status_code=404)
    return FileResponse(_STATIC / name, media_type=_TYPES[name], headers=HEADERS)


def _info(user: LoggedIn, token: str) -> SessionInfo:
    return SessionInfo(name=user.name, role=user.role, csrf_token=csrf_token_of(token))


def _own_page(request: Request) -> None:
    """A page of another origin logs nobody in: they would work under somebody else's name without knowing."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise TokenRefused(
            f"A page of {origin!r} may log nobody in.",
            allowed="The page /login of this shop may, and programs that name no origin.",
            next_step=f"Log in at {_page(request)}.",
        )


def _page(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/login"


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")) or "/"
