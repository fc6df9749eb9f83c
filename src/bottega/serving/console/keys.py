"""Keys and people: who and what may come in. A key must not make keys; an admin who is logged in may, and here alone.

What is made is shown once, in the answer to the form itself, and kept nowhere but as a hash.
"""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.actions.running.keys import (
    KeysRequest,
    NewKeyRequest,
    RevokeKeyRequest,
    list_keys,
    new_key,
    new_signing_key,
    revoke_key,
)
from bottega.actions.running.users import (
    NewUserRequest,
    PasswordRequest,
    UserRequest,
    UsersRequest,
    change_password,
    list_users,
    new_user,
    remove_user,
)
from bottega.errors import LogInRefused, RequestInvalid, RoleRefused
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
KEYS = Page("/console/keys", "Keys", group="Running", role=Role.ADMIN)
PEOPLE = Page("/console/people", "People", group="Running", role=Role.ADMIN)
OWN = Page("/console/password", "Your password", under="/console")
PAGES = (KEYS, PEOPLE)


@router.get("/console/keys")
async def show_keys(request: Request) -> Response:
    """The keys that open this shop, by label."""
    visit = await visit_of(request, KEYS.role)
    found = await visit.ask(list_keys, KeysRequest())
    return visit.page("keys.html", KEYS, keys=found.keys, roles=_roles())


@router.post("/console/keys")
async def make_key(request: Request) -> Response:
    """A new key, shown once."""
    visit, form = await form_of(request, KEYS.role)
    _named(visit)
    kind = str(form.get("kind", "secret"))
    fields = ("label", "expires", "per_minute", *(("role",) if kind in ("secret", "signing") else ()))
    asked = made_of(NewKeyRequest, form, *fields)
    asked = asked.model_copy(update={"publishable": kind == "publishable", "agent": kind == "agent"})
    if kind == "signing":
        pair = await visit.ask(new_signing_key, asked)
        shown = [("Key id", pair.key_id), ("Secret", pair.secret)]
    else:
        made = await visit.ask(new_key, asked)
        shown = [("Key", made.key)]
    return visit.page("shown_once.html", KEYS, what=f"The key {asked.label}", shown=shown, back=KEYS)


@router.post("/console/keys/revoke")
async def take_key(request: Request) -> Response:
    """One key less."""
    visit, form = await form_of(request, KEYS.role)
    _named(visit)
    asked = made_of(RevokeKeyRequest, form, "label")
    await visit.ask(revoke_key, asked)
    return visit.done(KEYS.path, f"The key {asked.label} opens nothing any more, within seconds everywhere.")


@router.get("/console/people")
async def show_people(request: Request) -> Response:
    """Who logs in to this shop."""
    visit = await visit_of(request, PEOPLE.role)
    found = await visit.ask(list_users, UsersRequest())
    return visit.page("people.html", PEOPLE, users=found.users, roles=_roles())


@router.post("/console/people")
async def let_in(request: Request) -> Response:
    """Somebody who logs in from now on; where no password is given, one is made and shown once."""
    visit, form = await form_of(request, PEOPLE.role)
    _named(visit)
    password, made = _password_of(str(form.get("password", "")))
    asked = made_of(NewUserRequest, {**form, "password": password}, "name", "role", "password")
    await visit.ask(new_user, asked)
    if not made:
        return visit.done(PEOPLE.path, f"{asked.name} may log in.")
    shown = [("Name", asked.name), ("Password", password), ("Where", str(request.base_url).rstrip("/") + "/login")]
    return visit.page("shown_once.html", PEOPLE, what=f"{asked.name} may log in with this", shown=shown, back=PEOPLE)


@router.post("/console/people/password")
async def another_password(request: Request) -> Response:
    """Another password for somebody; their sessions are over."""
    visit, form = await form_of(request, PEOPLE.role)
    _named(visit)
    password, made = _password_of(str(form.get("password", "")))
    asked = made_of(PasswordRequest, {**form, "password": password}, "name", "password")
    await visit.ask(change_password, asked)
    if not made:
        return visit.done(PEOPLE.path, f"{asked.name} has another password, and is logged out.")
    shown = [("Name", asked.name), ("Password", password)]
    return visit.page("shown_once.html", PEOPLE, what=f"{asked.name} has another password", shown=shown, back=PEOPLE)


@router.post("/console/people/remove")
async def let_out(request: Request) -> Response:
    """Somebody who logs in no more."""
    visit, form = await form_of(request, PEOPLE.role)
    _named(visit)
    asked = made_of(UserRequest, form, "name")
    if asked.name == visit.name:
        raise RequestInvalid(
            "You cannot remove yourself.",
            allowed="So there is always an admin left.",
            next_step="Another admin may do it, or whoever runs the server: `bottega users remove`.",
        )
    await visit.ask(remove_user, asked)
    return visit.done(PEOPLE.path, f"{asked.name} logs in no more, and is logged out.")


@router.get("/console/password")
async def show_own(request: Request) -> Response:
    """A form for one's own password."""
    visit = await visit_of(request, None)
    return visit.page("password.html", OWN)


@router.post("/console/password")
async def change_own(request: Request) -> Response:
    """Another password of one's own, for whoever knows the present one; then they log in again."""
    visit, form = await form_of(request, None)
    _named(visit)
    address = request.client.host if request.client else ""
    present, wanted = str(form.get("present", "")), str(form.get("password", ""))
    try:
        _, token = await run_in_threadpool(visit.shop.sessions.log_in, visit.name, present, address)
    except LogInRefused as refusal:
        raise RequestInvalid("The present password is wrong.", next_step="Type it again.") from refusal
    await run_in_threadpool(visit.shop.sessions.log_out, token)
    await visit.ask(change_password, PasswordRequest(name=visit.name, password=wanted))
    return visit.done(OWN.path, "The password is changed.")


def _named(visit: Visit) -> None:
    """Raise `RoleRefused` where nobody is logged in: a shop that asks for no key would let anybody make some."""
    if not visit.name:
        raise RoleRefused(
            "Nobody is logged in.",
            allowed="Keys and people are made and taken by an admin who is.",
            next_step="Make one at the server (`bottega users new NAME --role admin`), and log in at /login.",
        )


def _password_of(given: str) -> tuple[str, bool]:
    """The password that was given, or one that is made here; and whether it was made."""
    return (given, False) if given else (secrets.token_urlsafe(15), True)


def _roles() -> list[tuple[str, str]]:
    return [(one.value, f"{one.value}: {words}") for one, words in _MAY.items()]


_MAY = {
    Role.READ: "sees lists, products, figures; changes nothing",
    Role.EVENTS: "tells what shoppers did; sees nothing",
    Role.MANAGE: "the shop's daily work",
    Role.ADMIN: "everything, keys and people too",
}
