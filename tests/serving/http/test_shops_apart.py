"""Two shops with the same ids in one server: nothing of one is ever seen, or changed, through a key of the other.

Every route and every method is asked, as the application lists them: a new route is tested by itself. Each shop holds a
word of its own in every text that callers can give it. A key's answers must show its own shop's word, and never the
other's; and the other's rows must be the same after all of it.
"""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from bottega.actions.verbs import VERBS
from bottega.errors import BottegaError
from bottega.serving.http import app as serving
from bottega.serving.http.callers import gorse, personalize
from bottega.shop.lookbook_files import LOOKBOOK, PAGE, put_lookbook
from bottega.shop.open_shop import OpenShop
from bottega.store.tables import metadata

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

WORDS = {"nord": "qxnordwort", "sud": "qxsudwort"}
PRODUCT, SHOPPER = "lamps-5", "s1"
KNOWN: dict[str, Any] = {
    "shopper": SHOPPER, "product_id": PRODUCT, "product_ids": [PRODUCT], "ids": [PRODUCT], "text": "lamp", "n": 3,
    "numbers": [1], "talk_id": "1", "name": "x", "email": "a@b.example", "consent": {"analytics": "yes"},
    "words": "red shirt", "language": "en", "days": 30, "number": 1, "answer": "yes", "suggestion_id": "1",
    "token": "x", "design_id": "1", "design_ids": ["1"], "model": "ana", "products": [PRODUCT], "lookbook": "1",
    "state": "pending", "decision": "reject", "picture_id": "1", "picture_ids": ["1"], "share_ids": ["1"],
    "closet_items": [1], "to": "red", "agent": "ben", "names": ["x"], "kind": "cart", "off": ["x"], "phrase": "lamp",
    "erase": False, "job": 1, "label": "x", "version": "x",
}  # fmt: skip
"""Values of fields, the same in both shops: ids of one are ids of the other."""
BOOK: dict[str, Any] = {
    "lookbook": "l-0123456789abcdef", "language": "en", "looks": [], "not_used": {}, "source_type": "",
    "folder": "", "time_ms": 1, "seconds": 1.0,
}  # fmt: skip
IN_PATHS = {
    "platform": "shopify", "token": "x", "kind": "live", "name": "x", "file": "index.html", "path": "a.jpg",
    "lookbook": BOOK["lookbook"],
}  # fmt: skip
OF_SHOPS = re.compile(r"/(v1/(?!health$)|gorse/|personalize/|shared/|letters/|images/|shop/)")
"""Paths that are answered for a shop alone."""
UNCHANGED = [table for table in metadata.sorted_tables if table.name != "turns"]
"""Tables that only a shop's own callers change; the log of answers takes turns by itself."""


class Asked(NamedTuple):
    """One request, without its key."""

    method: str
    path: str
    sent: dict[str, Any]


@pytest.fixture
def server(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A server of two shops, each full of its word, and their keys."""
    root = tmp_path / "shops"
    monkeypatch.setenv("BOTTEGA_WORKER", "false")
    monkeypatch.setenv("BOTTEGA_REFRESH_S", "3600")
    monkeypatch.setenv("BOTTEGA_SHOPS_FILES_URL", f"memory://{uuid4().hex}")  # one bucket for both
    monkeypatch.setattr(
        serving, "tend_beside_shops", lambda *_: nullcontext()
    )  # it writes into each shop what it learns
    keys = {}
    for name, word in WORDS.items():
        shutil.copytree(trained, root / name)
        (root / "shops.toml").touch()
        settings = f'storefront = true\nshop_name = "{word}"\npublic_url = "http://{name}.example"\n'
        (root / name / "bottega.toml").write_text(f'{settings}files_prefix = "{name}"\n')
        (root / name / "policies.md").write_text(f"# Returns\n\nReturns of {word} within 30 days.\n")
        images = root / name / "images"
        images.mkdir()
        (images / "a.jpg").write_bytes(_jpeg() + word.encode())
        with OpenShop.open(root / name) as shop:
            keys[name] = shop.store.keys.create("test")
            for file in ("images/a.jpg", "policies.md"):
                shop.folder.files.hand_over(file)
            put_lookbook(shop.folder, BOOK["lookbook"], {PAGE: word.encode(), LOOKBOOK: json.dumps(BOOK).encode()})
            worded = [_worded(product, word) for product in shop.store.products.all()]
            shop.upsert(worded)
    with TestClient(serving.create_app_of_shops(root), raise_server_exceptions=False) as client:
        for name, word in WORDS.items():
            _fill(client, keys[name], word)
        yield client, keys


def _worded(product: Any, word: str) -> Any:
    changes = {
        "title": f"{product.title} {word}", "description": f"About {word}.", "brand": f"{product.brand} {word}",
        "attributes": {**product.attributes, "material": (word,)}, "url": f"https://shop.example/{word}",
        "images": ("a.jpg",),
    }  # fmt: skip
    return product.model_copy(update=changes)


def _fill(client: TestClient, key: str, word: str) -> None:
    """What callers say, each text with the shop's word; the ids are the same."""
    asked: list[tuple[str, Any]] = [
        ("/v1/events", [{"kind": "search", "query": f"lamp {word}", "shopper_id": SHOPPER, "session_id": word}]),
        ("/v1/events", [{"kind": "purchase", "product_id": PRODUCT, "shopper_id": SHOPPER, "value": 3}]),
        ("/v1/shoppers", {"shopper": SHOPPER, "name": word, "email": f"{word}@b.example"}),
        ("/v1/synonyms", {"synonyms": [{"words": ["lamp", word]}]}),
        ("/v1/rules", {"id": "nord", "name": word, "kind": "boost", "products": {"brand": ["Nord"]}, "multiply": 1.1}),
        ("/v1/affinities/declare", {"shopper": SHOPPER, "tastes": {"brand": ["Nord"]}}),
        (
            "/v1/reviews",
            [{"product_id": PRODUCT, "text": f"Lovely {word}, very bright.", "rating": 5}],
        ),
        ("/v1/assistant", {"text": f"Is the {word} lamp bright?", "shopper": SHOPPER}),
        ("/v1/describe", {"product_ids": [PRODUCT]}),
    ]
    for path, body in asked:
        answer = client.post(path, json=body, headers={"X-API-Key": key})
        assert answer.status_code < 300, (path, answer.text)


def _jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (48, 48), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


def _requests(app: Any, pages: Any) -> list[Asked]:
    """A few requests for each route and method that the application has."""
    takes = {(one.method, one.path): one.takes for one in VERBS if one.route}
    found: list[Asked] = []
    routes = list(_flat([*app.routes, *pages.routes]))
    assert len(routes) > 150
    for route in routes:
        for method in sorted(getattr(route, "methods", None) or ("GET",)):
            for path in _paths(route.path):
                bodies = _bodies(takes.get((method, route.path)), method)
                found += [Asked(method, path, body) for body in bodies]
    return found


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        inside = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        if inside:
            yield from _flat(inside)
        elif hasattr(route, "path"):
            yield route


def _paths(path: str) -> list[str]:
    if path == f"{gorse.PREFIX}/{{rest:path}}":
        return [f"{gorse.PREFIX}/{_filled(one[1])}" for one in gorse._ROUTES]
    if path == f"{personalize.PREFIX}/{{operation}}":
        return [f"{personalize.PREFIX}/{one}" for one in personalize._OPERATIONS]
    return [_filled(path)]


def _filled(path: str) -> str:
    known = {"user": SHOPPER, "item": PRODUCT, "type": "view", "category": "Home", **IN_PATHS}
    path = path.replace("/lookbooks/{name}/", "/lookbooks/{lookbook}/")
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: known.get(found[1], "1"), path)


def _bodies(takes: Any, method: str) -> list[dict[str, Any]]:
    """What is sent: fields that both shops know, the examples of the manual, and a photo where one may come."""
    if takes is None:
        known = {"id": PRODUCT, "shopper": SHOPPER, "q": "lamp", "text": "lamp", "product_id": PRODUCT, "n": 2}
        if method in ("GET", "HEAD", "DELETE"):
            return [{}, {"params": known}]
        return [{"json": {"shopper": SHOPPER, "product_id": PRODUCT, "n": 3}}, {"json": [{"UserId": SHOPPER}]}]
    said = {name: KNOWN[name] for name in takes.model_fields if name in KNOWN}
    if method == "GET":
        return [{"params": said}, {}]
    if not {"photo", "photos"}.isdisjoint(takes.model_fields):
        name = "photo" if "photo" in takes.model_fields else "photos"
        plain = {key: str(value) for key, value in said.items() if isinstance(value, str | int)}
        return [{"files": {name: ("a.jpg", _jpeg(), "image/jpeg")}, "data": plain}]
    rows = getattr(takes, "ROWS", "")
    some = [{"json": {rows: [said]}}] if rows else [{"json": said}]
    return some + [{"json": example} for example in list(getattr(takes, "EXAMPLES", {}).values())[:2]]


def _rows(shop: OpenShop) -> dict[str, list[tuple[Any, ...]]]:
    with shop.store.database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in UNCHANGED
        }


@pytest.mark.parametrize(("own", "other"), [("nord", "sud"), pytest.param("sud", "nord", marks=pytest.mark.slow)])
def test_nothing_of_one_shop_through_a_key_of_another(
    server: tuple[TestClient, dict[str, str]], own: str, other: str
) -> None:
    client, keys = server
    app: Any = client.app
    doors = app.state.doors
    assert {own, other} <= set(doors.opened())  # both are in memory of one process
    door = doors._kept[own].opening.result()
    before, key = _rows(doors.opened()[other]), {"X-API-Key": keys[own]}
    shown = 0
    for asked in _requests(app, door.pages):
        with suppress(BottegaError):
            answer = client.request(asked.method, asked.path, headers=key, **asked.sent)
            told = answer.content + repr(answer.headers).encode()
            assert WORDS[other].encode() not in told, (asked, answer.text[:300])
            assert answer.status_code not in (500, 503), (asked, answer.text[:300])
            shown += WORDS[own].encode() in told
    assert shown > 25, "the answers show too little of a shop to prove anything"
    assert _rows(doors.opened()[other]) == before


def test_a_key_opens_no_other_shop_by_its_address_or_host(server: tuple[TestClient, dict[str, str]]) -> None:
    client, keys = server
    app: Any = client.app
    requests = _requests(app, app.state.doors._kept["sud"].opening.result().pages)
    for number, asked in enumerate(requests):
        headers = ({"X-API-Key": keys["nord"]}, {"Authorization": f"Bearer {keys['nord']}"})[number % 2]
        where = ("/s/sud", "http://sud.example")[number // 2 % 2]
        answer = client.request(asked.method, f"{where}{asked.path}", headers=headers, **asked.sent)
        assert answer.status_code == 401 and WORDS["sud"] not in answer.text, (where, asked, answer.text[:300])
        answer = client.request(asked.method, asked.path, **asked.sent)  # nobody says which shop
        assert all(word not in answer.text for word in WORDS.values()), (asked, answer.text[:300])
        assert answer.status_code != 200 or not OF_SHOPS.match(asked.path), (asked, answer.text[:300])


def test_a_shop_is_told_by_its_address_its_host_or_its_key(server: tuple[TestClient, dict[str, str]]) -> None:
    client, keys = server
    with_key = {"X-API-Key": keys["sud"]}
    for address, headers in (("/s/sud/", {}), ("http://sud.example/", {}), ("/", with_key), ("/s/sud/", with_key)):
        page = client.get(address, headers=headers).text
        assert WORDS["sud"] in page and WORDS["nord"] not in page
    assert client.get("/s/sud/images/a.jpg").content.endswith(b"qxsudwort")
    assert client.get("/").status_code == 200 and WORDS["sud"] not in client.get("/").text
    for address, code in (("/s/west/", "shop_unknown"), ("/s/sud/nothing", "not_found"), ("/shared/x", "shop_unknown")):
        answer = client.get(address)
        assert answer.status_code == 404 and answer.json()["error"]["code"] == code
    refused = client.post("/v1/search", json={"text": "lamp"})
    assert refused.status_code == 401 and "it says which shop is asked" in refused.text
    refused = client.post("/v1/search", json={"text": "lamp"}, headers={"X-API-Key": "btg_nobody"})
    assert refused.status_code == 401 and "opens nothing here" in refused.text


def test_counters_of_one_shop_are_its_own(server: tuple[TestClient, dict[str, str]]) -> None:
    client, keys = server
    asked = client.post("/v1/recommendations", json={"shopper": SHOPPER}, headers={"X-API-Key": keys["sud"]})
    assert asked.status_code == 200
    of_nord = client.get("/metrics", headers={"X-API-Key": keys["nord"]}).text
    assert 'shop="nord"' in of_nord and 'shop="sud"' not in of_nord and "bottega_answers_total{" not in of_nord
    of_all = client.get("/metrics").text  # this machine may see the server's
    assert 'shop="nord"' in of_all and 'shop="sud"' in of_all and "bottega_answers_total{" in of_all
    assert client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 401
