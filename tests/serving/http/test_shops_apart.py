"""Two shops with the same ids in one server: nothing of one is ever seen, or changed, through a key of the other.

Every route and every method is asked, as the application lists them: a new route is tested by itself. Each shop holds a
word of its own in every free text of every table (tests/filled.py, which lacks no table) and in every kind of file. A
key's answers must show its own shop's word, and never the other's; and the other's rows and files must be the same
after all of it.
"""

from __future__ import annotations

import json
import re
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import asdict, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from sqlalchemy import select, update
from tests.filled import PRODUCT, SHOPPER, filled, put

from bottega.actions.shops.moves import restore_shop
from bottega.actions.verbs import VERBS
from bottega.errors import BottegaError
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.serving.http import app as serving
from bottega.serving.http.callers import gorse, personalize
from bottega.shop.backup import back_up
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder
from bottega.store.tables import metadata

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

WORDS = {"nord": "qxnordwort", "sud": "qxsudwort"}
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
IN_PATHS = {"platform": "shopify", "token": "x", "kind": "live", "name": "x", "file": "x.png", "path": "a.jpg"}
WEEK = "2026-11-23"
LOOKBOOK, VIDEO, PHOTO = "l-0123456789abcdef", f"v-{'0' * 24}.mp4", f"ab/{'0' * 30}.jpg"
PATHS = {
    "/v1/studio/lookbooks/{name}/{file}": f"/v1/studio/lookbooks/{LOOKBOOK}/index.html",
    "/v1/studio/videos/{name}": f"/v1/studio/videos/{VIDEO}",
    "/v1/reports/{week}/{file}": f"/v1/reports/{WEEK}/report.html",
}
"""Routes whose files have names of a form of their own."""
OF_SHOPS = re.compile(r"/(v1/(?!health$)|gorse/|personalize/|shared/|letters/|images/|shop/|feeds/)")
"""Paths that are answered for a shop alone."""
UNCHANGED = [table for table in metadata.sorted_tables if table.name != "turns"]
"""Tables that only a shop's own callers change; the log of answers takes turns by itself."""
KINDS = {
    "images", "closet", "closet_pictures", "designs", "shares", "uploads", "models", "thumbnails", "fetched", "rejects",
    "lookbooks", "videos", "backups", "reports", "policies.md", "bottega.toml", "fashion_models.json",
}  # fmt: skip
"""Whatever of a shop's folder is files, by the first part of their path: each has the shop's word."""
OF_PROCESSES = {"run", "pack", "shop.db", "shop.db-shm", "shop.db-wal", "secret.key"}
"""What else may lie there: rows, and what is made of them."""


class Asked(NamedTuple):
    """One request, without its key."""

    method: str
    path: str
    sent: dict[str, Any]


class Server(NamedTuple):
    """A running server of two shops, each full of its word."""

    client: TestClient
    root: Path
    keys: dict[str, str]

    def request(self, asked: Asked, headers: dict[str, str], before: str = "") -> Any:
        """What is answered, by nobody that an answer before would have let keep a cookie."""
        self.client.cookies.clear()
        return self.client.request(asked.method, f"{before}{asked.path}", headers=headers, **asked.sent)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of one's own; skips where its programs are absent."""
    import postgresql_server as servers

    programs = servers.postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed here")
    with servers.postgresql_server(programs) as folder:
        yield f"postgresql://bottega@/postgres?host={folder}"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def server(trained: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Such a server; what a key changes in its own shop stays for the tests behind."""
    root, keys = tmp_path_factory.mktemp("shops"), {}
    (root / "shops.toml").touch()
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("BOTTEGA_WORKER", "false")
        patch.setenv("BOTTEGA_REFRESH_S", "3600")
        patch.setattr(serving, "tend_beside_shops", lambda *_: nullcontext())  # writes into each shop what it learns
        backup = root.parent / f"{root.name}.zip"
        if request.param == "postgresql":
            patch.setenv("BOTTEGA_SHOPS_DATABASE_URL", request.getfixturevalue("postgresql"))
            with ShopFolder.open(trained) as folder:
                back_up(folder, backup)
        for name, word in WORDS.items():
            if request.param == "postgresql":
                restore_shop(ShopsFolder.open(root), backup, name)
            else:
                shutil.copytree(trained, root / name)
            keys[name] = _filled_with(root / name, word)
        backup.unlink(missing_ok=True)
        client = stack.enter_context(TestClient(serving.create_app_of_shops(root), raise_server_exceptions=False))
        for name, word in WORDS.items():
            _fill(client, keys[name], word)
            assert {one.name for one in (root / name).iterdir()} <= KINDS | OF_PROCESSES, "a new kind of file"
            for kind in KINDS:
                found = [root / name / kind, *(root / name / kind).rglob("*")]
                assert any(word.encode() in one.read_bytes() for one in found if one.is_file()), (name, kind)
            rows = _rows(client.app.state.doors.opened()[name])  # type: ignore[attr-defined]
            assert [table for table, some in rows.items() if word not in repr(some)] == ["counters"]
        yield Server(client, root, keys)


def _filled_with(folder: Path, word: str) -> str:
    """Have a shop hold a word in every free text and every kind of file; a key of it."""
    name = folder.name
    with (folder / "bottega.toml").open("a") as settings:
        settings.write(f'storefront = true\nshop_name = "{word}"\npublic_url = "http://{name}.example"\n')
    (folder / "policies.md").write_text(f"# Returns\n\nReturns of {word} within 30 days.\n")
    for path in (
        "images/a.jpg", f"closet/{PHOTO}", f"closet/{word}.jpg", f"closet_pictures/{word}.jpg", f"designs/{word}.png",
        f"shares/{word}.jpg", "uploads/1.csv", "thumbnails/a.jpg", "fetched/a.json", "rejects/1.csv",
        f"lookbooks/{LOOKBOOK}/index.html", f"videos/{VIDEO}", "backups/a.zip",
        "models/note.json", f"reports/week-{WEEK}/report.html",
    ):  # fmt: skip
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        of_kind = {".jpg": _jpeg(), ".json": b'{"note": "'}.get(Path(path).suffix, b"")
        (folder / path).write_bytes(of_kind + word.encode() + (b'"}' if path.endswith(".json") else b""))
    shown = {"lookbook": LOOKBOOK, "language": "en", "looks": [], "not_used": {PRODUCT: word}, "source_type": word,
             "folder": f"lookbooks/{LOOKBOOK}", "time_ms": 1, "seconds": 1.0}  # fmt: skip
    (folder / "lookbooks" / LOOKBOOK / "lookbook.json").write_text(json.dumps(shown))
    week = {"week": WEEK, "last_day": WEEK, "shop": word, "since": WEEK, "until": WEEK, "currency": "EUR", "made": WEEK,
            "headlines": [word], "next_steps": [], "sections": []}  # fmt: skip
    (folder / "reports" / f"week-{WEEK}" / "week.json").write_text(json.dumps(week))
    model = replace(next(iter(on_call().values())), name="of the shop", says=word)
    (folder / "fashion_models.json").write_text(json.dumps([asdict(model)]))
    with OpenShop.open(folder) as shop:
        key = shop.store.keys.create("test")
        shop.upsert([_worded(product, word) for product in shop.store.products.all()])
        with shop.store.database.write() as connection:
            put(connection, filled(word), metadata)
            whole = {"token_hash": sha256(b"x").hexdigest(), "expires_ms": 1000 * int(time.time()) + 10**8}
            shares, items, answers = (metadata.tables[one] for one in ("shares", "closet_items", "answers"))
            connection.execute(update(answers).values(time_ms=1000 * int(time.time())))  # older ones are not kept
            connection.execute(update(shares).where(shares.c.picture_id == "1").values(whole))
            connection.execute(update(items).where(items.c.item_id == 1).values(photo=PHOTO))
    return key


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
    if path in PATHS:
        return [PATHS[path]]
    if path == f"{gorse.PREFIX}/{{rest:path}}":
        return [f"{gorse.PREFIX}/{_filled(one[1])}" for one in gorse._ROUTES]
    if path == f"{personalize.PREFIX}/{{operation}}":
        return [f"{personalize.PREFIX}/{one}" for one in personalize._OPERATIONS]
    return [_filled(path)]


def _filled(path: str) -> str:
    known = {"user": SHOPPER, "item": PRODUCT, "type": "view", "category": "Home", **IN_PATHS}
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


def _files(folder: Path) -> dict[str, str]:
    """Path to a hash of what lies there, without what processes make for themselves."""
    files = (one for one in folder.rglob("*") if one.is_file() and one.relative_to(folder).parts[0] in KINDS)
    return {str(one.relative_to(folder)): sha256(one.read_bytes()).hexdigest() for one in files}


def test_a_shop_is_told_by_its_address_its_host_or_its_key(server: Server) -> None:
    client, _, keys = server
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


def test_counters_of_one_shop_are_its_own(server: Server) -> None:
    client, _, keys = server
    asked = client.post("/v1/recommendations", json={"shopper": SHOPPER}, headers={"X-API-Key": keys["sud"]})
    assert asked.status_code == 200
    of_nord = client.get("/metrics", headers={"X-API-Key": keys["nord"]}).text
    assert 'shop="nord"' in of_nord and 'shop="sud"' not in of_nord and "bottega_answers_total{" not in of_nord
    of_all = client.get("/metrics").text  # this machine may see the server's
    assert 'shop="nord"' in of_all and 'shop="sud"' in of_all and "bottega_answers_total{" in of_all
    assert client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 401


def test_a_key_opens_no_other_shop_by_its_address_or_host(server: Server) -> None:
    app: Any = server.client.app
    requests = _requests(app, app.state.doors._kept["sud"].opening.result().pages)
    for number, asked in enumerate(requests):
        key = server.keys["nord"]
        headers = ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"})[number % 2]
        where = ("/s/sud", "http://sud.example")[number // 2 % 2]
        answer = server.request(asked, headers, where)
        assert answer.status_code == 401 and WORDS["sud"] not in answer.text, (where, asked, answer.text[:300])
        answer = server.request(asked, {})  # nobody says which shop
        assert all(word not in answer.text for word in WORDS.values()), (asked, answer.text[:300])
        assert answer.status_code != 200 or not OF_SHOPS.match(asked.path), (asked, answer.text[:300])


@pytest.mark.parametrize(("own", "other"), [("nord", "sud"), pytest.param("sud", "nord", marks=pytest.mark.slow)])
def test_nothing_of_one_shop_through_a_key_of_another(server: Server, own: str, other: str) -> None:
    app: Any = server.client.app
    doors = app.state.doors
    assert {own, other} <= set(doors.opened())  # both are in memory of one process
    door = doors._kept[own].opening.result()
    rows, files = _rows(doors.opened()[other]), _files(server.root / other)
    word = WORDS[other].encode()
    shown, faults, leaks = 0, [], list[Asked]()
    for asked in _requests(app, door.pages):
        with suppress(BottegaError):
            answer = server.request(asked, {"X-API-Key": server.keys[own]})
            told = answer.content + repr(answer.headers).encode()
            leaks += [asked] if word in told else []
            if answer.status_code in (500, 503):
                faults.append((asked, answer.text[:300]))
            shown += WORDS[own].encode() in told
    assert not leaks, leaks
    assert not faults, faults
    assert shown > 25, "the answers show too little of a shop to prove anything"
    assert {name: some for name, some in _rows(doors.opened()[other]).items() if some != rows[name]} == {}
    assert _files(server.root / other) == files
    assert {one.name for one in (server.root / own).iterdir()} <= KINDS | OF_PROCESSES, "a new kind of file"
