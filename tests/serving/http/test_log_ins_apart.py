"""Two shops in one server, and somebody of the same name in both: a log-in for one opens no other."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bottega.actions.shops.shops import new_shop
from bottega.names import Role
from bottega.serving.http import app as serving
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder
from bottega.store.users import User

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

CHANGE = {"synonyms": [{"words": ["lantern", "lamp"]}]}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server of the shops nord and sud, each with an Eva who has a password of her own there."""
    monkeypatch.setenv("BOTTEGA_WORKER", "false")
    monkeypatch.setattr(serving, "tend_beside_shops", lambda *_: nullcontext())
    monkeypatch.setattr(serving, "_warm_libraries", lambda _: None)
    shops = ShopsFolder.open(tmp_path / "shops", make=True)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    for name in ("nord", "sud"):
        new_shop(shops, name)
        with (shops.folder(name) / "bottega.toml").open("a") as settings:
            settings.write(f'public_url = "http://{name}.example"\n')
        with OpenShop.open(shops.folder(name)) as shop:
            shop.store.users.add(User("eva", Role.ADMIN, quick.hash(f"the long one of {name}"), 1))
    with TestClient(serving.create_app_of_shops(shops.root)) as client:
        yield client


def test_a_log_in_for_one_shop_opens_no_other(server: TestClient) -> None:
    headers = {}
    for name in ("nord", "sud"):
        said = {"name": "eva", "password": f"the long one of {name}"}
        answer = server.post(f"/s/{name}/v1/session", json=said)
        assert answer.status_code == 200 and f"Path=/s/{name};" in answer.headers["set-cookie"]
        cookie = answer.headers["set-cookie"].partition(";")[0]
        headers[name] = {"X-CSRF-Token": answer.json()["csrf_token"], "Cookie": cookie}
        server.cookies.clear()
    wrong = server.post("/s/sud/v1/session", json={"name": "eva", "password": "the long one of nord"})
    assert wrong.status_code == 401 and wrong.json()["error"]["code"] == "log_in_refused"
    for where in ("/s/sud", "http://sud.example", ""):
        for method, path in (("GET", "/v1/session"), ("GET", "/v1/audit"), ("POST", "/v1/synonyms")):
            body = CHANGE if method == "POST" else None
            refused = server.request(method, f"{where}{path}", json=body, headers=headers["nord"])
            assert refused.status_code == 401 and "eva" not in refused.text, (where, path)
            assert ("/s/sud/login" if where else "/s/NAME/login") in refused.text, "it says where to log in"
    for name in headers:
        done = server.post(f"/s/{name}/v1/synonyms", json=CHANGE, headers=headers[name])
        assert done.status_code == 200, done.text
        changes = server.get(f"/s/{name}/v1/audit", headers=headers[name]).json()["changes"]
        by_users = [(one["who"], one["verb"], one["request_id"]) for one in changes if one["by"] == "user"]
        assert by_users == [("eva", "put_synonyms", done.headers["X-Request-ID"])], (
            "each shop has its own changes, and no other's"
        )
