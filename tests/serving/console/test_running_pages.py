"""Settings, keys, people and the audit log in the console: what a form does, what is shown once, what is refused."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from argon2 import PasswordHasher

from bottega.actions.merchant.overview_shapes import AttentionKind
from bottega.actions.verbs import VERBS
from bottega.names import Role
from bottega.serving.console.audit import UNDONE_AT
from bottega.serving.console.home import WHERE
from bottega.shop.doors.sessions import csrf_token_of


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords at a fraction of their cost."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("argon2.PasswordHasher", lambda: hasher)


def said(page: Any) -> str:
    """What a page says of the change before, or of what was wrong."""
    found = re.search(r'<div class="(?:said|wrong)".*?</div>', page.text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", found[0])).strip() if found else ""


def undo(client: Any, page: Any) -> Any:
    """Press the button that takes the change back."""
    form = re.search(r'<div class="said".*?</div>', page.text, re.DOTALL)
    assert form
    action = re.search(r'action="([^"]+)"', form[0])
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
    assert action
    return client.post(action[1], data={name: value.replace("&#34;", '"') for name, value in fields.items()})


def test_a_setting_is_changed_at_once_and_back(empty: Any) -> None:
    page = empty.submit("/console/settings", name="diversity", value="0.6")
    assert said(page).startswith("Diversity is 0.6 now; it was 0.2.") and empty.shop.settings.diversity == 0.6
    page = empty.submit("/console/settings", name="letters", several="1", value=["cart", "next"])
    assert empty.shop.settings.letters == ("cart", "next") and "Letters is cart, next now" in said(page)
    page = empty.submit("/console/settings", name="letters", several="1")
    assert empty.shop.settings.letters == ()
    undo(empty, page)
    assert empty.shop.settings.letters == ("cart", "next")
    wrong = empty.submit("/console/settings", name="diversity", value="7")
    assert wrong.status_code == 422 and "it must be at most 1" in said(wrong)
    page = empty.submit("/console/settings", name="diversity", reset="1")
    assert empty.shop.settings.diversity == 0.2
    undo(empty, page)
    assert empty.shop.settings.diversity == 0.6
    fixed = empty.submit("/console/settings", name="require_key", value="false")
    assert fixed.status_code == 422 and "cannot be changed while the server runs" in said(fixed)
    assert "change setting" in empty.get("/console/audit?who=Mia+admin&verb=change_setting").text


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(empty: Any) -> None:
    made = empty.submit("/console/keys", label="till 2", kind="secret", role="read", expires="90d", per_minute="60")
    key = re.search(r"<code>(btg_[\w-]+)</code>", made.text)
    assert key and made.headers["cache-control"] == "no-store"
    assert key[1] not in empty.get("/console/keys").text
    assert empty.get("/v1/models", headers={"X-API-Key": key[1]}).status_code == 200
    twice = empty.submit("/console/keys", label="till 2", kind="secret", role="read")
    assert twice.status_code == 422 and "cannot be labelled" in said(twice) and 'value="till 2"' in twice.text
    done = empty.submit("/console/keys/revoke", back="/console/keys", label="till 2")
    assert "till 2 opens nothing" in said(done) and ">till 2<" not in done.text


def test_somebody_is_let_in_and_out(empty: Any) -> None:
    made = empty.submit("/console/people", name="Ben", role="read")
    password = re.findall(r"<code>(.*?)</code>", made.text)[1]
    token = empty.shop.sessions.log_in("Ben", password, "here")[1]
    assert empty.shop.sessions.of(token).role is Role.READ
    short = empty.submit("/console/people", name="Ann", role="manage", password="short")
    assert short.status_code == 422 and "12 to 200" in said(short) and 'value="short"' not in short.text
    own = empty.submit("/console/people/remove", back="/console/people/remove", name="Mia admin")
    assert own.status_code == 422 and "cannot remove yourself" in said(own) and "<h1>People</h1>" in own.text
    assert "Ben logs in no more" in said(empty.submit("/console/people/remove", back="/console/people", name="Ben"))


def test_a_password_of_ones_own_needs_the_present_one(empty: Any) -> None:
    sessions, admin = empty.shop.sessions, empty.token
    sessions.add("Eva", Role.READ, "horse battery staple")
    try:
        empty.token = sessions.log_in("Eva", "horse battery staple", "here")[1]
        empty.cookies.set("bottega_session", empty.token)
        wrong = empty.submit("/console/password", present="a wrong one, surely", password="another long one")
        assert wrong.status_code == 422 and "present password is wrong" in said(wrong)
        done = empty.submit("/console/password", present="horse battery staple", password="another long one")
        assert done.url.path == "/login", "every session is over"
        assert sessions.log_in("Eva", "another long one", "here")[0].name == "Eva"
    finally:
        empty.token = admin
        empty.cookies.clear()
        empty.cookies.set("bottega_session", admin)


def test_what_pages_lead_to_is_there(empty: Any) -> None:
    assert set(UNDONE_AT) <= {one.name for one in VERBS if one.changes}
    assert set(get_args(AttentionKind)) - set(WHERE) == {"store_unavailable", "disk_full"}, "no page mends these"
    save_rule = {"id": "r/1 é", "kind": "hide", "product_ids": ["x"]}
    headers = {"X-CSRF-Token": csrf_token_of(empty.token)}
    assert empty.post("/v1/rules", json=save_rule, headers=headers).status_code == 200
    assert "/console/rules/history?id=r%2F1%20%C3%A9" in empty.get("/console/audit?verb=save_rule").text


def test_without_a_log_in_nobody_makes_keys(open_door: Any) -> None:
    door = open_door(None, require_key=False)
    for path in ("/console/keys", "/console/people", "/console/people/remove", "/console/keys/revoke"):
        refused = door.client.post(path, data={"label": "x", "name": "x", "role": "admin"})
        assert refused.status_code == 403 and "Nobody is logged in" in refused.text, path
    assert door.shop.store.users.all() == []
