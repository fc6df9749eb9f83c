"""`/letters/unsubscribe`: the way out of all letters. No key: the link itself is signed.

Looking (GET) shows a page with one button and changes nothing, for mail scanners open links; pressing it, or a mail
program's own button (POST, RFC 8058), does it.
"""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from bottega.actions.messages.shapes import UnsubscribeAnswer, UnsubscribeRequest
from bottega.serving.http.door import door_of

__all__ = ["router"]

router = APIRouter(tags=["messages"])
_TOKEN = Query(max_length=2000, description="As it stands in the link.")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@router.get("/letters/unsubscribe", response_class=HTMLResponse)
def ask_unsubscribe(request: Request, token: str = _TOKEN) -> HTMLResponse:
    """The page with the button. Nothing is changed by looking at it."""
    return _page(request, UnsubscribeRequest(token=token))


@router.post("/letters/unsubscribe", response_class=HTMLResponse)
def do_unsubscribe(request: Request, token: str = _TOKEN) -> HTMLResponse:
    """Out of all letters, at once. The body does not matter: mail programs send `List-Unsubscribe=One-Click`."""
    return _page(request, UnsubscribeRequest(token=token, confirm=True))


def _page(request: Request, asked: UnsubscribeRequest) -> HTMLResponse:
    from bottega.actions.messages.unsubscribe import unsubscribe

    answer = unsubscribe(door_of(request).shop, asked)
    return HTMLResponse(_html(answer), status_code=200 if answer.known else 404, headers=_HEADERS)


def _html(answer: UnsubscribeAnswer) -> str:
    words = escape(answer.words)
    button = f'<form method="post"><button>{escape(answer.button)}</button></form>' if answer.button else ""
    return (
        f'<!doctype html>\n<html lang="{escape(answer.language)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{words}</title></head>\n'
        f"<body><main><h1>{words}</h1>{button}</main></body>\n</html>\n"
    )
