"""The frame of every page of the console: who is there, what they may do, how a page is made, what a form may change.

    visit = await visit_of(request, PAGE.role)            who is logged in, with a role that opens the page
    answer = await visit.ask(list_rules, RulesRequest())  a verb, on a thread, as this user
    return visit.page("rules.html", PAGE, rules=answer.rules)

    visit, form = await form_of(request, Role.MANAGE)     the same for a form: its token was right, too
    return visit.done("/console/rules", "The rule is saved.", undo=("/console/rules/undo", {"id": "..."}))

Errors of ours need no care here: `faults.py` shows their words, above the form again where a form was wrong.
"""

from __future__ import annotations

import csv
import hmac
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from fastapi import Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from bottega.actions.verb import Verb
from bottega.actions.verbs import VERBS
from bottega.errors import LogInRefused, RoleRefused, TokenRefused
from bottega.names import Role
from bottega.serving.console.asked import asked_of, path_of
from bottega.serving.console.pages import ConsolePage
from bottega.serving.console.rendering import BACK, CSRF, HEADERS, render
from bottega.serving.console.saying import SAID_COOKIE, Notice, read_said, written_said
from bottega.serving.refusals import refusal_of
from bottega.shop.doors.acting import ACTOR, Actor
from bottega.shop.doors.sessions import csrf_token_of
from bottega.shop.open_shop import OpenShop

__all__ = ["AGAIN", "FORM", "Again", "Page", "Visit", "form_of", "made", "made_of", "visit_of"]

Page = ConsolePage
"""What an area says of each of its pages."""
FORM, AGAIN = "bottega_form", "bottega_again"
"""In the scope of a request: the form that came; and of one that shows it again, what was wrong and what it held."""
_SAFE = "\t\r=+-@"
"""A cell that begins with one of these is a formula to a spreadsheet."""


class Visit(NamedTuple):
    """One request of somebody who may be here."""

    request: Request
    shop: OpenShop
    name: str
    """Who is logged in; empty where the shop does without keys and nobody is."""
    role: Role
    token: str
    """Of the session; empty where nobody is logged in."""

    def may(self, role: Role) -> bool:
        """Whether this user may do what needs that role."""
        return self.role.opens(role)

    @property
    def root(self) -> str:
        """What stands before every path of this shop on this server."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def here(self) -> str:
        """Path and query of this page, as the shop's routes know them."""
        query = self.request.url.query
        return path_of(self.request.scope) + (f"?{query}" if query else "")

    @property
    def wants_csv(self) -> bool:
        """Whether what the page shows is asked for as a file of rows (`?form=csv`)."""
        return self.request.query_params.get("form") == "csv"

    def url(self, path: str, **fields: Any) -> str:
        """An address of this shop; fields that are None or empty are left out."""
        asked = urlencode([(name, str(value)) for name, value in fields.items() if value not in (None, "")])
        return f"{self.root}{path}" + (f"?{asked}" if asked else "")

    async def ask(self, function: Callable[..., Any], request: Any, **more: Any) -> Any:
        """What a verb answers, asked on a thread as this user; a change is in the audit log. Raises our errors, and
        `RoleRefused` where the verb needs another role than the page did."""
        verb = _verb_of(function)
        if verb is not None and not self.may(verb.role):
            raise _needs(verb.role, self.role)
        run: Callable[..., Any] = verb.run_by if verb else function
        try:
            return await run_in_threadpool(run, self.shop, request, **more)
        except ValidationError as error:  # of an answer, or of what is kept: nothing that was asked for
            raise RuntimeError(f"{getattr(function, '__name__', function)} made what does not fit its shape") from error

    def page(self, template: str, page: Page, *, status: int = 200, **values: Any) -> Response:
        """A page of the console; `values` are what its template shows."""
        again: Again | None = self.request.scope.get(AGAIN)
        said = None if again else self._said()
        text = render(template, self, page, said=said, again=again, **values)
        response = HTMLResponse(text, status_code=status, headers=HEADERS)
        if SAID_COOKIE in self.request.cookies:
            response.delete_cookie(SAID_COOKIE, path=f"{self.root}/console", httponly=True, samesite="strict")
        return response

    def done(self, path: str, words: str, *, undo: tuple[str, Mapping[str, Any]] | None = None) -> Response:
        """Go on to a page that says these words once, with a button that undoes it where `undo` says how: the path
        that its form is posted to, and the fields."""
        response = RedirectResponse(f"{self.root}{path}", status_code=303, headers=HEADERS)
        response.set_cookie(
            SAID_COOKIE,
            written_said(words, undo, self.token),
            max_age=300,
            path=f"{self.root}/console",
            secure=self.request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    def csv(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
        """A file of rows, as spreadsheets read it; text that would be a formula there is none."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows([_cell(value) for value in row] for row in rows)
        sent = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=sent)

    def _said(self) -> Notice | None:
        value = self.request.cookies.get(SAID_COOKIE, "")
        return read_said(value, self.token) if value else None


class Again(NamedTuple):
    """A form that could not be taken, on its page again."""

    error: Exception
    held: Mapping[str, str]
    """What its fields held, passwords left out."""


async def visit_of(request: Request, role: Role | None = Role.READ) -> Visit:
    """Who is there; None: whoever is logged in may. Raises `LogInRefused` where nobody is, and `RoleRefused` where the
    role opens something else; both become pages."""
    shop, token, request_id, _ = asked_of(request)
    user = None
    if token:
        try:
            user = await run_in_threadpool(shop.sessions.of, token)
        except LogInRefused:
            if shop.settings.require_key:
                raise
            token = ""
    elif shop.settings.require_key:
        raise LogInRefused("Nobody is logged in.", next_step="Log in.")
    has = user.role if user else Role.ADMIN
    ACTOR.set(Actor("user", user.name, request_id) if user else Actor("nobody", "", request_id))
    if role is not None and not has.opens(role):
        raise _needs(role, has)
    return Visit(request, shop, user.name if user else "", has, token)


async def form_of(request: Request, role: Role | None = Role.MANAGE) -> tuple[Visit, FormData]:
    """The same of a form, and what it holds. Raises `TokenRefused` where it stood on no page of this session."""
    visit = await visit_of(request, role)
    form = await request.form()
    request.scope[FORM] = form
    if not visit.token:
        _same_origin(request)
    elif not hmac.compare_digest(csrf_token_of(visit.token).encode(), str(form.get(CSRF, "")).encode()):
        raise TokenRefused(
            "The form is not of this session.",
            allowed="A form counts in the session in which its page was opened.",
            next_step="Do it once more: this page is of the session that goes on now.",
        )
    return visit, FormData([(name, value) for name, value in form.multi_items() if name not in (CSRF, BACK)])


def made_of(shape: type[Any], form: Mapping[str, Any], *names: str) -> Any:
    """A request of these fields of a form; empty ones are left out. Raises `RequestInvalid` in plain words."""
    return made(shape, {name: str(form[name]).strip() for name in names if str(form.get(name, "")).strip()})


def made(shape: type[Any], fields: Mapping[str, Any]) -> Any:
    """A request of fields that a page put together. Raises `RequestInvalid` in plain words."""
    try:
        return shape(**fields)
    except ValidationError as error:
        raise refusal_of(error, "Correct it and send the form again.") from error


def _needs(needed: Role, has: Role) -> RoleRefused:
    opened_by = " and ".join(one.value for one in Role if one.opens(needed))
    return RoleRefused(
        f"Your role is {has.value}, which does not open this.",
        allowed=f"It is open to {opened_by}.",
        next_step="Ask whoever runs the shop for another role.",
    )


def _same_origin(request: Request) -> None:
    """Without a session there is no token: then a browser says which page a form stood on."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    own = origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    if not own or site not in ("same-origin", "none"):
        raise TokenRefused(
            "The form did not stand on a page of this shop.",
            allowed="Pages of the console change the shop, and no others.",
            next_step="Open the console and do it there.",
        )


@cache
def _verbs() -> dict[str, Verb]:
    return {each.function: each for each in VERBS}


def _verb_of(function: Callable[..., Any]) -> Verb | None:
    """The line of a verb's function; None of a function that is no verb and keeps its own books."""
    module = str(getattr(function, "__module__", "")).removeprefix("bottega.actions.")
    return _verbs().get(f"{module}:{getattr(function, '__qualname__', '')}")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] and value[0] in _SAFE else value
