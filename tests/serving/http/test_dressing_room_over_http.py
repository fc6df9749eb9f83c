"""The dressing room over HTTP: nothing of a photo is left, seals hold, events are noted, pages ask for so much."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.actions.studio.dressing.drawn_clothes import RED, photo
from tests.actions.studio.try_on.stocked import PERSON, parse, png, stock
from tests.models.studio.try_on.drawn_person import photo_of

from bottega.catalogue.product import Product
from bottega.names import KeyKind, KindCode
from bottega.shop.pictures.pictures import put_picture

OWN = "v-0123456789abcdef0123"


@pytest.fixture
def door(open_door: Any, ships: Callable[..., None], plain_parts: type[Any]) -> Any:
    parts = plain_parts(parse)
    parts.version = "plain"
    ships(parts=parts)
    opened = open_door(None)
    stock(opened.shop)
    tee = put_picture(opened.shop.folder.images, photo("tee", RED, 200), ".jpg")
    opened.shop.upsert([Product(id="tee", title="Women's T-shirt", category=("T-Shirts",), images=(tee,))])
    return opened


def files(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def try_on(door: Any, status: int = 200, key: str = "", **fields: str) -> Any:
    answer = door.client.post(
        "/v1/studio/try-on",
        files={"photo": ("me.png", png(photo_of(PERSON)), "image/png")},
        data={"product_id": "top", **fields},
        headers={"X-API-Key": key or door.key},
    )
    assert answer.status_code == status, answer.text
    return answer.json()


def test_nothing_of_a_photo_is_left_when_the_answer_is_given(
    door: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = set(files(door.folder))
    sent = png(photo_of(PERSON))
    answer = try_on(door, shopper="ana")
    made = base64.b64decode(answer["content"])
    after = files(door.folder, temporary)
    assert {path for path in after if temporary in path.parents} == set()
    grown = {path.name for path in set(after) - before}
    assert grown <= {"secret.key", "shop.db-wal", "shop.db-shm"}, "no file of a picture came"
    for content in after.values():
        assert sent[64:256] not in content and made[200:400] not in content
    rows = door.shop.folder.store.events.of_shopper("ana", 9)
    assert [(row.product_id, row.kind) for row in rows] == [("top", KindCode.TRY_ON)]
    assert door.post("/v1/closet/pictures/query", {"shopper": "ana"})["pictures"] == []


def test_what_was_tried_on_is_kept_and_shared_by_its_seal_and_a_kept_photo_is_tried_on_again(door: Any) -> None:
    answer = try_on(door)
    assert not door.shop.folder.store.events.of_shopper("ana", 9), "nobody was named"
    made = base64.b64decode(answer["content"])
    form = {"files": {"picture": ("a.jpg", made, "image/jpeg")}, "data": {"shopper": "ana", "seal": answer["seal"]}}
    share = door.client.post("/v1/shares", headers={"X-API-Key": door.key}, **form).json()
    assert share["product_ids"] == ["top"] and door.client.get(share["path"]).status_code == 200
    own = {"files": {"picture": ("me.png", png(photo_of(PERSON)), "image/png")}, "data": {"shopper": "ana"}}
    kept = door.client.post("/v1/closet/pictures", headers={"X-API-Key": door.key}, **own).json()["picture_id"]
    again = door.post("/v1/studio/try-on", {"product_id": "top", "picture_id": kept, "shopper": "ana"})
    assert again["content"] == answer["content"]
    theirs = door.post("/v1/studio/try-on", {"product_id": "top", "picture_id": kept, "shopper": "bo"}, 404)
    assert theirs["error"]["code"] == "picture_unknown"
    for body in ({"product_id": "top"}, {"product_id": "top", "picture_id": kept}):
        assert "no photo" in door.post("/v1/studio/try-on", body, 422)["error"]["message"]


def test_a_page_asks_what_there_is_and_for_so_many_pictures_in_an_hour(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)

    def page(path: str, status: int, **body: Any) -> Any:
        answer = door.client.post(path, json=body, headers={"X-API-Key": key})
        assert answer.status_code == status, answer.text
        return answer.json()

    found = door.client.get("/v1/studio/fittings", params={"product_id": "tee"}, headers={"X-API-Key": key}).json()
    assert found["try_on"] and not found["live"] and found["turn"] and not found["own_model"]
    assert all("woman" in one["says"] for one in found["models"]) and len(found["models"]) > 4
    for name, tries in (("bikini", False), ("mug", False), ("bare", False)):
        one = door.client.get("/v1/studio/fittings", params={"product_id": name}, headers={"X-API-Key": key}).json()
        assert one["try_on"] is tries, name
    settings = door.shop.settings.model_copy(update={"dressing_an_hour": 2})
    monkeypatch.setattr(door.shop, "settings", settings)
    model = found["models"][0]["name"]
    assert page("/v1/studio/dress", 403, model=model, products=["tee"], turn=True)["error"]["code"] == "visitor_refused"
    assert "no product of the shop" in page("/v1/studio/turn", 422, shape="card")["error"]["message"]
    assert try_on(door, 403, key, shopper="ana")["error"]["code"] == "signature_refused"
    dressed = page("/v1/studio/dress", 200, model=model, products=["tee"], shopper=OWN)
    assert dressed["seal"] and door.shop.folder.store.events.of_shopper(OWN, 9)[0].kind is KindCode.TRY_ON
    try_on(door, 200, key, shopper=OWN)
    refused = page("/v1/studio/dress", 429, model=model, products=["tee"])["error"]
    assert refused["code"] == "rate_exceeded" and "dressing_an_hour" in refused["allowed"]
    assert try_on(door)["product_id"] == "top", "the shop's own server is not counted"
