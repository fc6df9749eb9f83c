"""What goes wrong in the console, as a page with the error's words and a way on.

Nobody logged in: to the log-in page, and back here after it. A form that is wrong: its page again, with the words above
and the fields as they were filled. Anything else: a page of its own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from bottega.errors import BottegaError, LogInRefused, RoleRefused
from bottega.serving.console.asked import ASKED, HOME, path_of
from bottega.serving.console.frame import AGAIN, FORM, Again, Page, visit_of
from bottega.serving.console.rendering import BACK, HEADERS, bare_page

__all__ = ["fault_page"]

_UNSAID = ("password", "secret", "key", "token")
_KEPT = (403, 429)
"""Statuses that a form shown again keeps; what was wrong with any other is that it could not be taken, 422."""
_TITLES = {403: "Not open to you", 404: "Nothing here", 409: "Not ready yet", 500: "Something failed inside"}


async def fault_page(request: Request, error: BottegaError) -> Response:
    """The answer to a request that failed."""
    scope, root = request.scope, str(request.scope.get("root_path", ""))
    form, came_from = scope.get(FORM), _came_from(request)
    back = _page_at(came_from) if request.method == "POST" else came_from
    if isinstance(error, LogInRefused):
        return RedirectResponse(f"{root}/login?next={quote(root + back, safe='')}", status_code=303, headers=HEADERS)
    told = error.for_others()
    if form is not None and request.method == "POST" and not isinstance(error, RoleRefused):
        held = {
            name: value
            for name, value in form.multi_items()
            if isinstance(value, str) and not any(word in name for word in _UNSAID)
        }
        return _FormAgain(back, Again(told, held), told.status if told.status in _KEPT or told.status > 499 else 422)
    title = _TITLES.get(told.status, "That did not work")
    if ASKED in scope:
        try:
            visit = await visit_of(request, None)
        except BottegaError:
            pass
        else:
            page = Page(path_of(scope), title)
            way = HOME if back.partition("?")[0] == path_of(scope) else back
            return visit.page("fault.html", page, status=told.status, error=told, back=way)
    text = bare_page(root, title, told, f"{root}{HOME}")
    return HTMLResponse(text, status_code=told.status, headers=HEADERS)


class _FormAgain(Response):
    """The page that a form stood on, made anew with what was wrong above it."""

    def __init__(self, back: str, again: Again, status: int) -> None:
        self._back, self._again, self._status = back, again, status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from bottega.serving.console.routes import console_router

        path, _, query = self._back.partition("?")
        dropped = ("route", "endpoint", "path_params", FORM, "router")
        asked: dict[str, Any] = {name: value for name, value in scope.items() if name not in dropped}
        asked.update(method="GET", path=path, raw_path=path.encode(), query_string=query.encode())
        asked[AGAIN] = self._again

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["status"] = self._status
            await send(message)

        await console_router()(asked, _nothing, told)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _came_from(request: Request) -> str:
    """Path and query of the page that asked: this one, or the one that the form stood on, by its own words or by the
    browser's; else the first page."""
    scope, form = request.scope, request.scope.get(FORM)
    if request.method != "POST":
        return path_of(scope) + (f"?{request.url.query}" if request.url.query else "")
    if form is not None and (back := _own(str(form.get(BACK, "")))):
        return back
    said = urlsplit(request.headers.get("referer", ""))
    path = said.path.removeprefix(str(scope.get("root_path", "")))
    here = said.netloc.lower() == request.headers.get("host", "").lower()
    return (_own(path + (f"?{said.query}" if said.query else "")) if here else "") or HOME


def _page_at(address: str) -> str:
    """An address, where a page stands there; else that of the page above it: some paths take forms alone."""
    from bottega.serving.console.routes import console_router

    path, _, query = address.partition("?")
    if path == HOME:
        return address
    while path != HOME:
        asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        if any(route.matches(asked)[0] is Match.FULL for route in console_router().routes):
            return path + (f"?{query}" if query else "")
        path, query = path.rpartition("/")[0], ""
    return path


def _own(given: str) -> str:
    """An address, where it is one of the console; else nothing."""
    plain = given == HOME or given.startswith((f"{HOME}?", f"{HOME}/"))
    return given if plain and given.isascii() and given.isprintable() else ""
