"""Who changed what, as the routes and the command line write it down, and as it is read."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from bottega.names import KeyKind, Role
from bottega.serving.cli.main import app


def lines(door: Any) -> list[tuple[str, str, str, str]]:
    changes = door.client.get("/v1/audit", headers={"X-API-Key": door.key}).json()["changes"]
    return [(one["by"], one["who"], one["verb"], one["what"]) for one in changes]


def test_every_change_has_its_line_and_nothing_else_has(door: Any) -> None:
    keys = door.shop.folder.store.keys
    work = {"X-API-Key": keys.create("till 2", role=Role.MANAGE)}
    pages = {"X-API-Key": keys.create("pages", KeyKind.PUBLISHABLE)}
    products = [{"id": f"p{number}", "title": "Late tea", "category": ["Tea"]} for number in range(7)]
    answer = door.client.post("/v1/products", json=products, headers=work)
    assert answer.status_code == 200
    door.client.post("/v1/recommendations", json={}, headers=work)
    door.client.post("/v1/events", json={"shopper_id": "s1", "kind": "view", "product_id": "tea-0"}, headers=work)
    door.client.post("/v1/products", json={"n": 1}, headers={"X-API-Key": "btg_wrong"})
    door.client.post("/v1/shoppers/forget", json={"shopper": "s1"}, headers=work)
    door.client.post("/v1/search", json={"text": "tea"}, headers=pages)
    door.client.patch("/gorse/api/item/tea-1", json={"Comment": "of gorse"}, headers=work)
    found = lines(door)
    assert found[-1] == ("key", "till 2", "upsert_products", "7 products: p0, p1, p2, p3, p4 and 2 more")
    assert found[-2] == ("key", "till 2", "forget", ""), "who was forgotten is not kept here"
    assert {(by, who) for by, who, *_ in found} == {("key", "till 2")} and len(found) == 3
    newest = door.client.get("/v1/audit?n=1", headers={"X-API-Key": door.key}).json()
    assert newest["next"] == newest["changes"][0]["number"] == 3
    first = door.client.get("/v1/audit?verb=upsert_products", headers={"X-API-Key": door.key}).json()["changes"][0]
    assert first["request_id"] == answer.headers["X-Request-ID"]


def test_the_log_is_for_those_who_may_do_everything(door: Any) -> None:
    for role in Role:
        headers = {"X-API-Key": door.shop.folder.store.keys.create(role, role=role)}
        assert door.client.get("/v1/audit", headers=headers).status_code == (200 if role is Role.ADMIN else 403)


def test_the_command_line_is_somebody_too(door: Any) -> None:
    runner, shop = CliRunner(), ["--shop", str(door.folder)]
    made = runner.invoke(app, ["keys", "new", "reports", "--role", "read", *shop]).output.split()[0]
    typed = "a very secret word"
    assert runner.invoke(app, ["secrets", "set", "shopify-webhook", *shop], input=f"{typed}\n").exit_code == 0
    assert runner.invoke(app, ["keys", "revoke", "reports", *shop]).exit_code == 0
    assert runner.invoke(app, ["keys", "revoke", "reports", *shop]).exit_code == 2
    assert runner.invoke(app, ["synonyms", "put", "sofa, couch", *shop]).exit_code == 0
    found = lines(door)
    assert [(by, verb, what) for by, _, verb, what in reversed(found)] == [
        ("command", "new_key", "label: reports; role: read"),
        ("command", "set_secret", "purpose: shopify-webhook"),
        ("command", "revoke_key", "label: reports"),
        ("command", "put_synonyms", ""),
    ]
    assert made not in str(found) and typed not in str(found) and all(who for _, who, *_ in found)
    listed = runner.invoke(app, ["audit", "--verb", "revoke_key", *shop]).output
    assert "label: reports" in listed and "set_secret" not in listed
