"""Persons log in with a name and a password, may do what their role opens, and are out when their time is over."""

from __future__ import annotations

import time
from typing import Any

import pytest
from typer.testing import CliRunner

from bottega.names import Role
from bottega.serving.cli.main import app

PASSWORD = "horse battery staple"
PRODUCT = {"id": "late", "title": "Late tea", "category": ["Tea"]}


def logged_in(door: Any, role: Role = Role.MANAGE, name: str = "Mia") -> dict[str, str]:
    door.shop.sessions.add(name, role, PASSWORD)
    answer = door.client.post("/v1/session", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 200 and answer.json()["role"] == role
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


def test_a_session_opens_what_its_role_opens(door: Any) -> None:
    token = logged_in(door)
    assert door.client.get("/v1/session").json()["name"] == "Mia"
    assert door.client.get("/v1/models").status_code == 200
    assert door.client.post("/v1/products", json=PRODUCT, headers=token).status_code == 200
    refused = door.client.get("/v1/audit")
    assert refused.status_code == 403 and refused.json()["error"]["code"] == "role_refused"
    changes = door.client.get("/v1/audit", headers={"X-API-Key": door.key}).json()["changes"]
    assert [(one["by"], one["who"], one["verb"]) for one in changes] == [("user", "Mia", "upsert_products")]


def test_a_change_without_the_sessions_token_is_refused(door: Any) -> None:
    logged_in(door)
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "\u00e9".encode("latin-1")}):
        for method, path in (("POST", "/v1/products"), ("POST", "/v1/search"), ("DELETE", "/v1/session")):
            answer = door.client.request(method, path, json={}, headers=headers)
            assert answer.status_code == 403 and answer.json()["error"]["code"] == "token_refused", path
    assert door.client.get("/v1/session").status_code == 200


def test_the_cookie_is_out_of_reach(door: Any) -> None:
    door.shop.sessions.add("Mia", Role.READ, PASSWORD)
    said = {"name": "Mia", "password": PASSWORD}
    cookie = door.client.post("/v1/session", json=said).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie
    secure = door.client.post("https://testserver/v1/session", json=said).headers["Set-Cookie"]
    assert "Secure" in secure
    token = cookie.partition("=")[2].partition(";")[0]
    with door.shop.store.database.read() as connection:
        dump = str(connection.exec_driver_sql("SELECT * FROM sessions, users").all())
    assert token not in dump and PASSWORD not in dump and "$argon2id$" in dump
    mine, others = f"bottega_session={token}", "bottega_session=of-another-shop-of-this-host"
    for cookies, status in ((f"{mine}; {others}", 200), (f"{others}; {mine}", 401)):  # the nearer path comes first
        door.client.cookies.clear()
        assert door.client.get("/v1/session", headers={"Cookie": cookies}).status_code == status
    refused = door.client.post("/v1/session", json=said, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403 and refused.json()["error"]["code"] == "token_refused"


def test_a_session_ends(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    token = logged_in(door)
    clock, passed_ms = time.time_ns, [0]
    monkeypatch.setattr("bottega.shop.doors.sessions._now_ms", lambda: clock() // 1_000_000 + passed_ms[0])
    asked = []
    for minutes in (50, 100, 161):
        passed_ms[0] = minutes * 60_000
        asked.append(door.client.get("/v1/session").status_code)
    assert asked == [200, 200, 401], "an hour without a request"
    token = logged_in(door, name="Ben")
    began_ms = passed_ms[0]
    for minutes in range(30, 720, 30):
        passed_ms[0] = began_ms + minutes * 60_000
        assert door.client.get("/v1/session").status_code == 200
    passed_ms[0] += 35 * 60_000
    assert door.client.get("/v1/models").json()["error"]["code"] == "log_in_refused", "twelve hours, however busy"
    passed_ms[0] = began_ms
    token = logged_in(door, name="Eve")
    assert door.client.delete("/v1/session", headers=token).status_code == 204
    assert door.client.get("/v1/session").status_code == 401


def test_another_password_ends_every_session(door: Any) -> None:
    logged_in(door)
    kept = dict(door.client.cookies)
    shop = ["--shop", str(door.folder)]
    done = CliRunner().invoke(app, ["users", "password", "Mia", *shop], input="another long password\n")
    assert done.exit_code == 0, done.output
    door.client.cookies.update(kept)
    assert door.client.get("/v1/session").status_code == 401
    asked = [{"name": "Mia", "password": one} for one in (PASSWORD, "another long password")]
    assert [door.client.post("/v1/session", json=one).status_code for one in asked] == [401, 200]
    assert CliRunner().invoke(app, ["users", "remove", "Mia", *shop]).exit_code == 0
    assert door.client.get("/v1/session").status_code == 401


def test_attempts_are_counted(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("argon2.PasswordHasher.verify", lambda _, hashed, given: given == "right" or _wrong())
    monkeypatch.setattr("argon2.PasswordHasher.hash", lambda _, password: "kept")
    monkeypatch.setattr("bottega.shop.doors.sessions._now_ms", lambda: 10**12)
    door.shop.sessions.add("Mia", Role.READ, PASSWORD)
    wrong = {"name": "Mia", "password": "wrong"}
    asked = [door.client.post("/v1/session", json=wrong).status_code for _ in range(11)]
    assert asked == [401] * 10 + [429]
    right = door.client.post("/v1/session", json={"name": "Mia", "password": "right"})
    assert right.status_code == 429 and 0 < int(right.headers["Retry-After"]) <= 3600
    nobody = [door.client.post("/v1/session", json={"name": f"n{one}", "password": "right"}) for one in range(101)]
    assert [one.status_code for one in nobody] == [401] * 100 + [429]
    monkeypatch.setattr("bottega.shop.doors.sessions._now_ms", lambda: 10**12 + 3_600_000)
    assert door.client.post("/v1/session", json={"name": "Mia", "password": "right"}).status_code == 200


def _wrong() -> bool:
    from argon2.exceptions import VerifyMismatchError

    raise VerifyMismatchError


def test_who_logs_in_is_said_at_the_command_line(door: Any) -> None:
    def run(*arguments: str, typed: str = "", code: int = 0) -> str:
        done = CliRunner().invoke(app, ["users", *arguments, "--shop", str(door.folder)], input=typed)
        assert done.exit_code == code, done.output
        return done.output

    assert "Nobody logs in yet" in run("list")
    assert "The password has 5 characters" in run("new", "Mia", "--role", "read", typed="short\n", code=2)
    assert "Mia logs in at http://127.0.0.1:8000/login, as read." in run(
        "new", "Mia", "--role", "read", typed=f"{PASSWORD}\n"
    )
    assert "Nobody can be called 'Mia'" in run("new", "Mia", "--role", "read", typed=f"{PASSWORD}\n", code=2)
    assert "Those who do are: 'Mia'." in run("remove", "Ben", code=2)
    assert run("list").startswith("Mia  (read, made ")
    assert "Left: nobody." in run("remove", "Mia")
