"""Every page of the console opens on any shop, shows no hostile word raw, and is closed to whoever may not be here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import BaseRoute

from bottega.names import KeyKind, Role
from bottega.serving import console
from bottega.serving.console.routes import AREAS, PAGES, console_router, navigation

OPEN = {"/console/static/{name}"}
"""What everybody may read: style and script."""
LISTED = [page for page in PAGES if not page.under]
RAW = re.compile(r"""<script>alert|<img src=x|(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)


def routes(some: list[BaseRoute]) -> Iterator[Any]:
    for route in some:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from routes(inside.routes)
        else:
            yield route


ROUTES = list(routes(console_router().routes))


@pytest.mark.parametrize("page", LISTED, ids=lambda page: page.path)
def test_a_page_opens_on_any_shop(page: Any, merchant: Any, empty: Any, hostile: Any) -> None:
    for client in (merchant, empty, hostile):
        answer = client.get(page.path)
        assert answer.status_code == 200, (page.path, answer.text[-2000:])
        text = answer.text
        assert text.count("<h1") == 1 and "<main" in text and 'lang="en"' in text
        assert not (raw := RAW.search(text)), text[max(0, raw.start() - 200) : raw.end() + 50]
        assert not re.search(r"<script(?![^>]*\ssrc=)", text) and not re.search(r"\s(?:on\w+|style)=", _tags(text))
        assert answer.headers["cache-control"] == "no-store" and "script-src 'self'" in str(answer.headers)
        ids = re.findall(r'\sid="([^"]*)"', text)
        assert len(ids) == len(set(ids)), "two things of a page have one id"
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert 'name="csrf"' in form, form[:300]


ASKED = ("id", "name", "q", "state", "segment", "segments", "days", "after", "number", "place", "kind", "by", "share")


@pytest.mark.parametrize(
    "value", ["", " \n", "-1", "nan", "99999999999999999999", "a" * 3000], ids=lambda value: ascii(value[:20])
)
def test_an_address_with_any_values_is_answered_with_a_page(value: str, merchant: Any) -> None:
    for page in PAGES:
        answer = merchant.get(page.path, params=dict.fromkeys(ASKED, value))
        assert answer.status_code < 500 and "<main" in answer.text, (page.path, answer.text[-1500:])
        for alone in ("id", "segment", "state"):
            answer = merchant.get(page.path, params={alone: value})
            assert answer.status_code < 500 and "<main" in answer.text, (page.path, alone, answer.text[-1500:])


def test_pages_ask_verbs_and_never_the_store() -> None:
    for path in Path(console.__path__[0]).rglob("*.py"):
        assert "shop.store" not in path.read_text(), f"{path.name}: what it reads stands in a verb"


def _tags(text: str) -> str:
    """The tags of a page without the values of their attributes."""
    return re.sub(r'"[^"]*"', '""', "".join(re.findall(r"<[a-z][^>]*>", text)))


def test_every_route_is_closed_to_whoever_is_not_logged_in(merchant: Any) -> None:
    merchant.log_in(None)
    try:
        for route in ROUTES:
            if route.path in OPEN:
                continue
            for method in route.methods:
                asked = merchant.request(method, route.path, follow_redirects=False)
                assert asked.status_code == 303, (method, route.path)
                assert asked.headers["location"].startswith("/login?next=%2Fconsole"), (method, route.path)
    finally:
        merchant.log_in(Role.ADMIN)


def test_a_page_is_closed_to_a_role_that_does_not_open_it(merchant: Any) -> None:
    try:
        for role in (Role.READ, Role.EVENTS, Role.MANAGE):
            merchant.log_in(role)
            for page in LISTED:
                answer = merchant.get(page.path)
                assert answer.status_code == (200 if role.opens(page.role) else 403), (role, page)
                assert role.opens(page.role) or f"Your role is {role.value}" in answer.text
    finally:
        merchant.log_in(Role.ADMIN)


def test_a_form_counts_with_its_sessions_token_alone(merchant: Any) -> None:
    for route in ROUTES:
        if "POST" in route.methods:
            for sent in ({}, {"csrf": "0" * 64}):
                refused = merchant.post(route.path, data=sent)
                assert refused.status_code == 403 and "not of this session" in refused.text, route.path


def test_another_shops_session_opens_nothing(merchant: Any, empty: Any) -> None:
    for page in LISTED:
        theirs = empty.get(page.path, headers={"Cookie": f"bottega_session={merchant.token}"}, follow_redirects=False)
        own = theirs.request.headers["cookie"]
        assert own == f"bottega_session={merchant.token}" and theirs.status_code == 303, page.path


def test_the_navigation_lists_what_a_role_opens() -> None:
    for role in Role:
        shown = [page for group in navigation(role) for page in group.pages]
        assert shown == [page for page in shown if role.opens(page.role)]
        assert {page.path for page in shown} == {page.path for page in LISTED if role.opens(page.role)}
    paths = [page.path for page in PAGES]
    assert len(set(paths)) == len(paths) and {page.under for page in PAGES} - {""} <= set(paths)
    gets = {route.path for route in ROUTES if "GET" in route.methods}
    assert {page.path for area in AREAS for page in area.PAGES} <= gets, "a page of the navigation has a route"
    assert not [route.path for route in ROUTES if "{" in route.path and route.path not in OPEN], "ids are no paths"


def test_the_page_of_keys_names_every_kind(merchant: Any) -> None:
    for kind in KeyKind:
        merchant.shop.store.keys.create(f"one {kind.value}", kind)
    try:
        page = merchant.get("/console/keys")
        assert page.status_code == 200
        assert all(f"one {kind.value}" in page.text for kind in KeyKind)
        assert "in the address of a feed" in page.text and "that one file" in page.text
    finally:
        for kind in KeyKind:
            merchant.shop.store.keys.revoke(f"one {kind.value}")
