"""`/shared/...`: a picture that a shopper shares with friends by a link that expires. No key: the link opens it.

Search engines are told to stay away, no page that is opened from here hears of the link, and nobody keeps a copy: a
share that was taken back is gone at the next look.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, Template, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from bottega.errors import ShareUnknown
from bottega.serving.asked_language import language_of
from bottega.serving.http.door import door_of

if TYPE_CHECKING:
    from bottega.actions.closet.picture_shapes import SharedPicture

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noimageindex",
}
_TYPES = {b"\x89PNG": "image/png", b"RIFF": "image/webp"}


@router.get("/shared/{token}")
async def page(request: Request, token: str) -> HTMLResponse:
    """The page of a link, or one that says that it opens nothing."""
    try:
        found = await run_in_threadpool(_shared, request, token)
    except ShareUnknown:
        return HTMLResponse(_gone(request), status_code=404, headers=_HEADERS)
    return HTMLResponse(_html(request, token, found), headers=_HEADERS)


@router.get("/shared/{token}/picture")
async def picture(request: Request, token: str) -> Response:
    """The picture of a link."""
    found = await run_in_threadpool(_shared, request, token)
    return Response(found.content, media_type=_TYPES.get(found.content[:4], "image/jpeg"), headers=_HEADERS)


def _shared(request: Request, token: str) -> SharedPicture:
    from bottega.actions.closet.shares import shared

    return shared(door_of(request).shop, token, language_of(request))


def _html(request: Request, token: str, found: SharedPicture) -> str:
    from babel.dates import format_datetime

    from bottega.languages.talking import said_in

    words = said_in("sharing", found.language)
    titles = ", ".join(product.title for product in found.products)
    until = datetime.fromtimestamp(found.expires_ms / 1000, UTC)
    root = str(request.scope.get("root_path", ""))
    return _template().render(
        language=found.language,
        root=root,
        title=words.say("title", seed="", shop=found.shop),
        picture=f"{root}/shared/{token}/picture",
        alt=words.say("alt", seed="", titles=titles) if titles else words.say("alt.bare", seed=""),
        mark=words.say("mark", seed=""),
        worn=words.say("worn", seed=""),
        products=found.products,
        until=words.say("until", seed="", day=format_datetime(until, "long", locale=found.language)),
    )


def _gone(request: Request) -> str:
    from bottega.languages.talking import said_in, talking_languages

    asked = language_of(request)
    words = said_in("sharing", asked if asked in talking_languages() else "en")
    return _template().render(
        language=words.code,
        root=str(request.scope.get("root_path", "")),
        title=words.say("gone", seed=""),
        until=words.say("gone.words", seed=""),
    )


@cache
def _template() -> Template:
    loader = PackageLoader("bottega.serving.pages")
    return Environment(
        loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    ).get_template("shared.html")
