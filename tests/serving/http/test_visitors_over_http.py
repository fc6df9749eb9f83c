"""What a publishable key opens, and for whom: every route is asked with it, and with ids of others."""

from __future__ import annotations

import hashlib
import hmac
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bottega.actions.assistant import visiting
from bottega.actions.verbs import VERBS
from bottega.actions.visitors import own
from bottega.catalogue.product import Product
from bottega.names import KeyKind
from bottega.serving.http.errors import ErrorAnswer

OPEN = {
    "POST /v1/events",
    "POST /v1/recommendations",
    "POST /v1/similar",
    "POST /v1/search",
    "POST /v1/search/image",
    "POST /v1/assistant",
    "POST /v1/assistant/lines",
    "POST /v1/studio/hair",
    "POST /v1/studio/try-on",
    "POST /v1/studio/dress",
    "POST /v1/studio/turn",
    "GET /v1/studio/fittings",
    "POST /v1/describe",
    "GET /v1/reviews",
    "GET /v1/search/completions",
    "POST /v1/closet/pictures",
    "POST /v1/closet/pictures/query",
    "POST /v1/closet/pictures/show",
    "POST /v1/closet/pictures/remove",
    "POST /v1/shares",
    "POST /v1/shares/query",
    "POST /v1/shares/remove",
    "POST /v1/studio/customise",
    "POST /v1/studio/designs/query",
    "POST /v1/studio/designs/remove",
}
"""All that a visitor may ask. A route more is a decision, and is written down here and in docs/keys.md."""
SIGNED = "POST /personalize/{operation}"
"""Opened by a signature alone (docs/callers.md)."""
WITHOUT_KEY = {
    "GET /gorse/api/health/{kind}",
    "GET /v1/health",
    "GET /feeds/{channel}",  # the token in the address opens it
    "GET /live",
    "GET /ready",
    "GET /pixel.js",
    "GET /assistant.js",  # as the pixel: a script of pages, the same for everybody
    "GET /dressing-room.js",
    "GET /check",  # the shell of a page, which holds nothing of the shop; what it shows asks for a key
    "GET /check/check.js",
    "GET /check/check.css",
    "GET /login",  # the shell of a page, which asks for a name and a password
    "GET /login/{name}",
    "GET /v1/session",  # opened by the session of somebody who logged in
    "POST /v1/session",
    "DELETE /v1/session",
    "GET /agent",  # the shell of a page, too: it asks for an agent's key
    "GET /agent/agent.js",
    "GET /agent/agent.css",
    "POST /v1/webhooks/{platform}",
    "GET /letters/unsubscribe",  # the way out of letters: the link in each is signed, and an unsigned one does nothing
    "POST /letters/unsubscribe",
    "GET /shared/{token}",  # a picture for friends: its link, which nobody guesses, is what opens it
    "GET /shared/{token}/picture",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/docs.css",
    "GET /docs/docs.js",
    "GET /docs/mark.svg",
    "GET /docs/pages.css",
    "GET /",  # a page that says what answers here
}
OWN = "v-0123456789abcdef0123"
OTHER = "v-fedcba9876543210fedc"
SECRET = "s3cret" * 8


def signed(shopper: str, seconds: float = 60, secret: str = SECRET) -> str:
    """As docs/keys.md has it."""
    until = int(time.time() + seconds)
    return f"{until}.{hmac.new(secret.encode(), f'{until}.{shopper}'.encode(), hashlib.sha256).hexdigest()}"


class Page:
    """The shop as its pages see it."""

    def __init__(self, door: Any) -> None:
        self.door = door
        self.key = door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)
        door.shop.secrets.keep("shopper-signature", SECRET)

    def post(self, path: str, body: Any, code: int = 200) -> Any:
        for kind in ("application/json", "application/vnd.shop+json"):  # the fast lane, and the framework's way
            headers = {"X-API-Key": self.key, "Content-Type": kind}
            response = self.door.client.post(path, json=body, headers=headers)
            assert response.status_code == code, response.text
        return response.json()

    def events(self) -> list[Any]:
        store = self.door.shop.store.events
        return [row for row in store.since(0, 10_000) if row.source == "test"]


@pytest.fixture
def page(door: Any) -> Page:
    return Page(door)


def _routes(door: Any) -> set[str]:
    """Method and path of every route, those outside the manual included."""
    found: set[str] = set()
    waiting = list(door.client.app.routes)
    while waiting:
        route = waiting.pop()
        inside = getattr(route, "original_router", None)
        if inside is not None:
            waiting += inside.routes
        else:
            methods = getattr(route, "methods", None) or set()  # none: the console, whose pages are tested apart
            found |= {f"{method} {route.path}" for method in methods - {"HEAD"}}
    described = door.client.app.openapi()["paths"]
    assert {f"{method.upper()} {path}" for path, methods in described.items() for method in methods} <= found
    return found


def test_every_route_but_a_visitors_is_closed(page: Page) -> None:
    opened = set()
    for name in _routes(page.door):
        method, _, path = name.partition(" ")
        url = path.replace("{number}", "1").replace("{platform}", "shopify")
        headers = {"X-API-Key": page.key, "X-Forwarded-For": "203.0.113.9"}  # metrics are open to this machine
        response = page.door.client.request(method, url, json={} if method == "POST" else None, headers=headers)
        if name == SIGNED:
            assert response.status_code == 403
            assert response.json()["__type"] == "MissingAuthenticationTokenException"
        elif response.status_code != 403:
            opened.add(name)
        else:
            error = ErrorAnswer.model_validate(response.json()).error
            assert error.code == "visitor_refused" and "A publishable key does not open" in error.message
    assert opened - WITHOUT_KEY == OPEN
    assert {one.route for one in VERBS if one.visitor} == OPEN


def test_without_a_key_or_with_a_revoked_one_nothing_opens(page: Page) -> None:
    page.door.shop.folder.store.keys.revoke("pages")
    for name in OPEN:
        response = page.door.client.request(*name.split(), json={}, headers={"X-API-Key": page.key})
        assert response.status_code == 401


FORGED: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("missing", lambda _: {}),
    ("null", lambda _: {"shopper_signature": None}),
    ("expired", lambda name: {"shopper_signature": signed(name, -1)}),
    ("of somebody else", lambda _: {"shopper_signature": signed("s2")}),
    ("of another secret", lambda name: {"shopper_signature": signed(name, secret="guess")}),
    ("later than signed", lambda name: {"shopper_signature": _later(signed(name))}),
    ("no signature", lambda _: {"shopper_signature": "yes"}),
    ("a number", lambda _: {"shopper_signature": 7}),
)


def _later(signature: str) -> str:
    until, _, digits = signature.partition(".")
    return f"{int(until) + 1000}.{digits}"


@pytest.mark.parametrize("forge", [one for _, one in FORGED], ids=[name for name, _ in FORGED])
@pytest.mark.parametrize("name", ["s1", 1050, "v-short"])
def test_a_shopper_id_without_the_shops_signature_is_refused(
    page: Page, forge: Callable[[str], Any], name: Any
) -> None:
    before = page.door.shop.store.events.count()
    proof = forge(str(name))
    code = 422 if proof.get("shopper_signature") == 7 else 403
    page.post("/v1/search", {"text": "tea", "personal": True, "shopper": name, **proof}, code)
    told = page.post("/v1/recommendations", {"shopper": name, **proof}, code)
    assert "items" not in told and "because" not in str(told)
    for field in ("shopper_id", "user_id"):
        row = {"kind": "view", "product_id": "tea-0", "anonymous_id": OWN, field: name, **proof}
        for body in (row, [row], {"events": [{"kind": "view", "product_id": "tea-1", "anonymous_id": OWN}, row]}):
            error = page.post("/v1/events", body, 403)["error"]
            assert error["code"] == "signature_refused" and error["allowed"] and error["next_step"]
    row = {"kind": "identify", "shopper_id": name, "anonymous_id": OWN, **proof}
    page.post("/v1/events", row, 403)
    assert page.door.shop.store.events.count() == before
    assert page.door.shop.known_profile(OWN) is None


@pytest.mark.parametrize("field", ["anonymous_id", "session_id"])
@pytest.mark.parametrize("name", ["s1", 1050, " s1 ", "visitor-1", "v-1", "v-é0123456789abcdef"])
def test_an_id_that_no_browser_made_is_refused(page: Page, field: str, name: Any) -> None:
    before = page.door.shop.store.events.count()
    error = page.post("/v1/events", {"kind": "view", "product_id": "tea-0", field: name}, 403)["error"]
    assert error["code"] == "visitor_refused" and "may be anybody's" in error["message"]
    if field == "session_id":
        page.post("/v1/recommendations", {"session_id": name}, 403)
    assert page.door.shop.store.events.count() == before


def test_a_signed_shopper_is_told_and_remembered(page: Page) -> None:
    with_signature = {"shopper": "s1", "shopper_signature": signed("s1"), "n": 3}
    assert page.post("/v1/recommendations", with_signature)["items"] == page.door.ask(shopper="s1", n=3)["items"]
    row = {"kind": "view", "product_id": "tea-0", "shopper_id": "s1", "source": "test"}
    page.post("/v1/events", {**row, "shopper_signature": signed("s1"), "event_id": "e1"})
    [event] = page.events()
    assert (event.shopper, event.event_id) == ("s1", "s1:e1")


def test_two_secrets_count_until_the_old_one_is_revoked(page: Page) -> None:
    secrets = page.door.shop.secrets
    old = secrets.kept()[0].number
    secrets.keep("shopper-signature", "new one")
    for secret in (SECRET, "new one"):
        page.post("/v1/recommendations", {"shopper": "s1", "shopper_signature": signed("s1", secret=secret)})
    secrets.drop(old)
    page.post("/v1/recommendations", {"shopper": "s1", "shopper_signature": signed("s1")}, 403)
    page.post("/v1/recommendations", {"shopper": "s1", "shopper_signature": signed("s1", secret="new one")})


def test_a_shop_without_a_secret_says_how_to_make_one(page: Page) -> None:
    page.door.shop.secrets.drop(page.door.shop.secrets.kept()[0].number)
    error = page.post("/v1/recommendations", {"shopper": "s1", "shopper_signature": signed("s1")}, 403)["error"]
    assert "bottega secrets new shopper-signature" in error["next_step"]


def test_a_visitor_has_a_history_of_their_own(page: Page) -> None:
    stranger = page.post("/v1/recommendations", {"shopper": OWN})
    assert stranger["fallback"] == "popular"
    view = {"kind": "view", "product_id": "tea-0", "anonymous_id": OWN, "event_id": "1", "source": "test"}
    page.post("/v1/events", view)
    known = page.post("/v1/recommendations", {"shopper": OWN})
    assert known["fallback"] is None
    assert page.post("/v1/recommendations", {"shopper": OTHER})["fallback"] == "popular"


def test_a_visitors_search_is_in_their_own_order_or_a_signed_shoppers(page: Page) -> None:
    """Without `personal` nobody is named, and nothing is to be signed."""
    asked = {"text": "tea", "personal": True}
    assert page.post("/v1/search", {"text": "tea"})["personal"] is None
    page.post("/v1/events", {"kind": "view", "product_id": "tea-0", "anonymous_id": OWN})
    own = page.post("/v1/search", {**asked, "shopper": OWN})["personal"]
    assert (own["shopper"], own["basis"], own["events_known"]) == (OWN, "events", 1)
    signed_in = {**asked, "shopper": "s1", "shopper_signature": signed("s1")}
    assert page.post("/v1/search", signed_in)["personal"]["shopper"] == "s1"
    page.post("/v1/events", {"kind": "identify", "shopper_id": "s1", "anonymous_id": OWN, **_proof("s1")})
    left = page.post("/v1/search", {**asked, "shopper": OWN})["personal"]
    assert (left["shopper"], left["basis"]) == (None, "nothing known"), "the next one at that computer"


def _proof(name: str) -> dict[str, str]:
    return {"shopper_signature": signed(name)}


def test_nobody_takes_the_place_of_an_event_of_somebody_else(page: Page) -> None:
    row = {"kind": "purchase", "product_id": "tea-0", "event_id": "order-81#1", "source": "test"}
    page.post("/v1/events", {**row, "anonymous_id": OTHER})
    page.door.post("/v1/events", {**row, "shopper_id": "ana"})
    page.post("/v1/events", {**row, "anonymous_id": OWN})
    ids = [f"{OTHER}:order-81#1", "order-81#1", f"{OWN}:order-81#1"]
    assert [event.event_id for event in page.events()] == ids


def test_nobody_gives_back_what_somebody_else_bought(page: Page) -> None:
    """Orders have numbers that anybody can guess."""
    bought = {"kind": "purchase", "product_id": "tea-0", "order_id": "81", "source": "test"}
    page.door.post("/v1/events", {**bought, "shopper_id": "ana"})
    for kind in ("refund", "Refund", "order_refunded"):
        for row in ({"anonymous_id": OWN}, {}, {"shopper_id": "bob", "shopper_signature": signed("bob")}):
            page.post("/v1/events", {"kind": kind, "order_id": "81", **row}, 403)
    page.post("/v1/events", {**bought, "anonymous_id": OWN, "event_id": "mine"})
    page.post("/v1/events", bought)
    assert [(event.shopper, event.order_id) for event in page.events()] == [("ana", "81"), (OWN, f"{OWN}:81")]
    page.door.post("/v1/events", {"kind": "refund", "order_id": "81"})
    assert page.door.shop.store.events.of_shopper(OWN, 9)[0].kind.name == "PURCHASE"
    [undone, refund] = sorted(page.door.shop.store.events.of_shopper("ana", 9), key=lambda event: event.seq)
    assert (undone.product_id, refund.kind.name) == ("tea-0", "REFUND"), "the shop's own word counts for its order"


def test_after_a_log_in_the_visitors_id_alone_tells_nothing(page: Page) -> None:
    """The next person at that computer sees what a stranger sees."""
    view = {"kind": "view", "product_id": "tea-0", "anonymous_id": OWN, "source": "test"}
    page.post("/v1/events", {**view, "event_id": "1"})
    joined = {**view, "event_id": "2", "product_id": "tea-1", "shopper_id": "ana", "shopper_signature": signed("ana")}
    page.post("/v1/events", joined)
    assert [event.shopper for event in page.events()] == ["ana", "ana"]
    alone = page.post("/v1/recommendations", {"shopper": OWN, "session_id": OWN})
    assert alone["fallback"] == "popular" and "tea-" not in str([item["reasons"] for item in alone["items"]])
    known = page.post("/v1/recommendations", {"shopper": "ana", "shopper_signature": signed("ana")})
    assert known["fallback"] is None


def test_a_browser_tells_what_its_visitor_agreed_to_and_no_more(page: Page) -> None:
    said = {"kind": "identify", "anonymous_id": OWN, "traits": {"consent": {"personalisation": "no"}}}
    page.post("/v1/events", said)
    assert page.post("/v1/recommendations", {"shopper": OWN})["fallback"] == "no_consent"
    error = page.post("/v1/events", {**said, "traits": {"email": "a@example.com"}}, 403)["error"]
    assert "'email'" in error["message"]


def test_where_no_key_is_needed_a_publishable_one_still_speaks_for_its_visitor(
    trained: Path, open_door: Callable[..., Any]
) -> None:
    page = Page(open_door(trained, require_key="false"))
    page.post("/v1/recommendations", {"shopper": "s1"}, 403)
    page.post("/v1/products", {"id": "x", "title": "X"}, 403)
    assert page.door.client.post("/v1/recommendations", json={"shopper": "s1"}).status_code == 200


def test_a_secret_key_needs_no_signature(page: Page) -> None:
    assert page.door.ask(shopper="s1", shopper_signature="whatever")["fallback"] is None


def test_texts_are_for_the_visitor_who_asks_or_a_signed_shopper_and_for_nobody_elses_eyes(page: Page) -> None:
    """Who a text is for is told by what only they, or the shop's server, can say; remarks for the merchant stay out."""
    asked = {"product_ids": ["tea-0", "tea-9"]}
    [plain] = page.post("/v1/describe", asked)["listings"]
    assert plain["product_id"] == "tea-0" and plain["personal"] is None, "a hidden product is not told of"
    rows = [{"kind": "view", "product_id": f"tea-{number}", "anonymous_id": OWN} for number in (2, 4, 6)]
    page.post("/v1/events", {"events": rows})
    [own] = page.post("/v1/describe", {**asked, "shopper": OWN})["listings"]
    assert (own["personal"]["shopper"], own["personal"]["basis"]) == (OWN, "events")
    assert [one["fact"] for one in own["personal"]["choices"]] == ["colour=red"]
    assert {one["product_id"] for one in own["personal"]["choices"][0]["events"]} == {"tea-2", "tea-4", "tea-6"}
    [other] = page.post("/v1/describe", {**asked, "shopper": OTHER})["listings"]
    assert {**other, "personal": None} == plain, "nothing of the first visitor's is left for the next"
    [signed_in] = page.post("/v1/describe", {**asked, "shopper": "s1", **_proof("s1")})["listings"]
    assert signed_in["personal"]["shopper"] == "s1"
    for proof in ({}, {"shopper_signature": signed("s2")}):
        assert "personal" not in page.post("/v1/describe", {**asked, "shopper": "s1", **proof}, 403)
    page.post("/v1/events", {"kind": "identify", "shopper_id": "s1", "anonymous_id": OWN, **_proof("s1")})
    [left] = page.post("/v1/describe", {**asked, "shopper": OWN})["listings"]
    assert left["personal"]["shopper"] is None and {**left, "personal": None} == plain
    many = {"product_ids": [f"tea-{number}" for number in range(21)]}
    for more in ({"all": True}, {**asked, "rephrase": True}, many):
        error = page.post("/v1/describe", more, 403)["error"]
        assert error["code"] == "visitor_refused" and "at most 20 product_ids" in error["allowed"]


def _mug(page: Page) -> None:
    page.door.shop.folder.store.products.upsert(
        [Product(id="mug", title="Mug", attributes={"customise": ("mug",)}), Product(id="lamp", title="Lamp")]
    )


def _design(page: Page, code: int = 200, **fields: Any) -> Any:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 40, 60)).save(out, "PNG")
    response = page.door.client.post(
        "/v1/studio/customise",
        headers={"X-API-Key": page.key},
        files={"picture": ("a.png", out.getvalue(), "image/png")},
        data={"product_id": "mug", **fields},
    )
    assert response.status_code == code, response.text
    return response.json()


def test_a_design_is_its_visitors(page: Page) -> None:
    _mug(page)
    made = _design(page, shopper=OWN)
    assert made["shopper"] == OWN and len(made["previews"]) == 3
    assert (
        page.door.client.post(
            "/v1/studio/designs/print", json={"design_id": made["design_id"]}, headers={"X-API-Key": page.key}
        ).status_code
        == 403
    ), "the print file is the shop's"
    for body, code in (
        ({"design_id": made["design_id"], "shopper": OWN}, 200),
        ({"design_id": made["design_id"], "shopper": OTHER}, 404),
        ({"design_id": made["design_id"]}, 422),
    ):
        headers = {"X-API-Key": page.key}
        assert page.door.client.post("/v1/studio/designs/query", json=body, headers=headers).status_code == code
    assert "named nobody" in _design(page, 422)["error"]["message"]
    assert _design(page, 403, shopper="ana")["error"]["code"] == "signature_refused"
    assert _design(page, shopper="ana", shopper_signature=signed("ana"))["shopper"] == "ana"
    theirs = page.post("/v1/studio/designs/remove", {"shopper": OTHER, "design_ids": [made["design_id"]]})
    assert theirs["removed"] == [], "nobody takes another's out"


def test_designs_of_pages_are_counted(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    _mug(page)
    monkeypatch.setattr(own, "DESIGNS_MOST", 2)
    first = _design(page, shopper=OWN)
    _design(page, shopper=OWN)
    refused = _design(page, 429, shopper=OWN)["error"]
    assert refused["code"] == "rate_exceeded" and "has 2 designs" in refused["message"]
    monkeypatch.setattr(page.door.shop, "settings", page.door.shop.settings.model_copy(update={"designs_an_hour": 2}))
    assert "within the last hour" in _design(page, 429, shopper=OTHER)["error"]["message"]
    moved = page.door.client.post(
        "/v1/studio/customise",
        json={"design_id": first["design_id"], "shopper": OWN, "scale": 0.5},
        headers={"X-API-Key": page.key},
    )
    assert moved.status_code == 200, "what is there may be laid otherwise"


def test_talks_of_pages_are_counted(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def turn(code: int, **body: str) -> dict[str, Any]:
        answer = page.door.client.post("/v1/assistant", json={"text": "hello", **body}, headers={"X-API-Key": page.key})
        assert answer.status_code == code, answer.text
        found: dict[str, Any] = answer.json()
        return found

    talk_id = turn(200)["talk_id"]
    settings = page.door.shop.settings.model_copy(update={"talks_an_hour": 1})
    monkeypatch.setattr(page.door.shop, "settings", settings)
    assert "within the last hour" in turn(429)["error"]["message"]
    assert turn(200, talk_id=talk_id)["turn"] == 2, "a talk that is there goes on"
    monkeypatch.setattr(visiting, "TURNS_MOST", 2)
    refused = turn(429, talk_id=talk_id)["error"]
    assert refused["code"] == "rate_exceeded" and "2 lines" in refused["message"]
