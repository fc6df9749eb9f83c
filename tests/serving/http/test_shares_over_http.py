"""Kept pictures and links for friends, over HTTP: whose they are, what a link shows, and when it shows nothing."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bottega.actions.closet import kept_pictures, shares
from bottega.actions.talks.tending import tend_talks
from bottega.actions.visitors import own_pictures
from bottega.datasets.photos.provenance import SourceType, marked, source_type_of
from bottega.names import KeyKind
from bottega.shop.pictures.picture_seals import seal_of

SHIRT = {
    "id": "shirt/1",
    "title": 'Shirt & "tie" set',
    "price_minor": 1990,
    "currency": "EUR",
    "url": "https://shop.example/shirt-1",
}
OWN, OTHER = "v-0123456789abcdef0123", "v-fedcba9876543210fedc"


def photo() -> bytes:
    """A photo with a place in it."""
    picture, stream = Image.new("RGB", (60, 80), (90, 120, 160)), BytesIO()
    exif = picture.getexif()
    exif[0x010F] = "Camera of Ana"
    picture.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def made() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (60, 80), (160, 20, 30)).save(stream, "WEBP")
    return marked(stream.getvalue(), SourceType.GENERATED)


@pytest.fixture
def door(open_door: Any) -> Any:
    opened = open_door(None, shop_name="Ana & Co")
    opened.post("/v1/products", [SHIRT])
    return opened


def sealed(door: Any, content: bytes) -> str:
    return seal_of(door.shop.secrets, content, made_by="try_on", product_ids=["shirt/1", "gone"])


def send(door: Any, path: str, picture: bytes | None, status: int = 200, key: str = "", **fields: str) -> Any:
    files = {} if picture is None else {"picture": ("a.webp", picture, "image/webp")}
    body: Any = {"files": files, "data": fields} if files else {"json": fields}
    answer = door.client.post(path, headers={"X-API-Key": key or door.key}, **body)
    assert answer.status_code == status, answer.text
    return answer.json()


def files(door: Any, folder: str) -> list[str]:
    return sorted(path.name for path in (door.folder / folder).glob("*"))


def test_a_picture_is_kept_because_it_was_asked_shown_to_its_owner_and_taken_out(door: Any) -> None:
    own = send(door, "/v1/closet/pictures", photo(), shopper="ana")
    assert own["made_by"] == "" and own["product_ids"] == []
    worn = send(door, "/v1/closet/pictures", made(), shopper="ana", seal=sealed(door, made()))
    assert worn["made_by"] == "try_on" and worn["product_ids"] == ["shirt/1", "gone"]
    listed = door.post("/v1/closet/pictures/query", {"shopper": "ana"})["pictures"]
    assert {one["picture_id"] for one in listed} == {own["picture_id"], worn["picture_id"]}
    shown = door.post("/v1/closet/pictures/show", {"shopper": "ana", "picture_id": own["picture_id"]})
    assert b"Camera of Ana" in photo() and b"Camera of Ana" not in base64.b64decode(shown["content"])
    shown = door.post("/v1/closet/pictures/show", {"shopper": "ana", "picture_id": worn["picture_id"]})
    assert source_type_of(base64.b64decode(shown["content"])) is SourceType.GENERATED
    refused = door.post("/v1/closet/pictures/show", {"shopper": "bo", "picture_id": own["picture_id"]}, 404)
    assert refused["error"]["code"] == "picture_unknown"
    ids = [own["picture_id"], worn["picture_id"]]
    assert door.post("/v1/closet/pictures/remove", {"shopper": "bo", "picture_ids": ids})["removed"] == []
    assert len(files(door, "closet_pictures")) == 2
    assert sorted(door.post("/v1/closet/pictures/remove", {"shopper": "ana", "picture_ids": ids})["removed"]) == sorted(
        ids
    )
    assert files(door, "closet_pictures") == []


def test_a_link_shows_the_picture_its_mark_and_the_products_and_hides_from_search_engines(door: Any) -> None:
    share = send(door, "/v1/shares", made(), shopper="ana", seal=sealed(door, made()), hours="1")
    assert share["expires_ms"] - share["time_ms"] == 3_600_000 and share["path"].startswith("/shared/")
    page = door.client.get(share["path"], headers={"Accept-Language": "de"})
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"].startswith("noindex") and page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex' in page.text and 'lang="de"' in page.text
    assert "Ana &amp; Co" in page.text and "Dieses Bild hat ein Computer gemacht" in page.text
    assert "Shirt &amp; &#34;tie&#34; set" in page.text and "19,90" in page.text
    assert 'href="https://shop.example/shirt-1"' in page.text
    picture = door.client.get(share["path"] + "/picture")
    assert picture.headers["content-type"] == "image/webp" and "noindex" in picture.headers["X-Robots-Tag"]
    assert source_type_of(picture.content) is SourceType.GENERATED
    assert share["path"].rpartition("/")[2] not in str(door.post("/v1/shares/query", {"shopper": "ana"}))


def test_a_shop_without_a_name_of_its_own_is_called_by_its_folder_in_words(open_door: Any) -> None:
    door = open_door(None)
    door.post("/v1/products", [SHIRT])
    share = send(door, "/v1/shares", made(), shopper="ana", seal=sealed(door, made()))
    folder = door.shop.folder.root.resolve().name
    words = folder.replace("-", " ").replace("_", " ")
    assert f"<h1>A look from {words[:1].upper()}{words[1:]}</h1>" in door.client.get(share["path"]).text


def test_a_link_opens_nothing_once_it_was_taken_back_or_expired(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (send(door, "/v1/shares", made(), shopper="ana", seal=sealed(door, made())) for _ in range(2))
    assert door.post("/v1/shares/remove", {"shopper": "bo", "share_ids": [first["share_id"]]})["removed"] == []
    assert door.client.get(first["path"]).status_code == 200
    door.post("/v1/shares/remove", {"shopper": "ana", "share_ids": [first["share_id"]]})
    gone = door.client.get(first["path"])
    assert gone.status_code == 404 and "opens nothing" in gone.text and "noindex" in gone.headers["X-Robots-Tag"]
    assert door.client.get(first["path"] + "/picture").json()["error"]["code"] == "share_unknown"
    assert len(files(door, "shares")) == 1
    tend_talks(door.shop, second["expires_ms"] - 60_000)
    assert len(files(door, "shares")) == 1
    tend_talks(door.shop, second["expires_ms"])
    assert files(door, "shares") == [], "what expired is deleted though nobody asks for it"
    assert door.client.get(second["path"]).status_code == 404
    assert door.client.get("/shared/" + "x" * 500).status_code == 404


def test_only_what_this_shop_made_is_shared(door: Any) -> None:
    seal = sealed(door, made())
    for content, told in ((photo(), seal), (made() + b"\0", seal), (made(), "a.b"), (made(), seal[:-2]), (made(), "é")):
        error = send(door, "/v1/shares", content, 422, shopper="ana", seal=told)["error"]
        assert "not of this picture" in error["message"]
    assert "no picture" in send(door, "/v1/shares", None, 422, shopper="ana")["error"]["message"]
    assert "has picture" in send(door, "/v1/shares", made(), 422, shopper="ana")["error"]["message"]
    own = send(door, "/v1/closet/pictures", photo(), shopper="ana")["picture_id"]
    assert (
        "of the shopper's own" in send(door, "/v1/shares", None, 422, shopper="ana", picture_id=own)["error"]["message"]
    )
    worn = send(door, "/v1/closet/pictures", made(), shopper="ana", seal=seal)["picture_id"]
    assert send(door, "/v1/shares", None, 404, shopper="bo", picture_id=worn)["error"]["code"] == "picture_unknown"
    share = send(door, "/v1/shares", None, shopper="ana", picture_id=worn)
    door.post("/v1/closet/pictures/remove", {"shopper": "ana", "picture_ids": [worn]})
    assert door.client.get(share["path"] + "/picture").status_code == 200, "a share has a file of its own"
    assert "hours" in send(door, "/v1/shares", made(), 422, shopper="ana", seal=seal, hours="721")["error"]["message"]


def test_export_and_forget_reach_pictures_and_shares(door: Any) -> None:
    send(door, "/v1/closet/pictures", photo(), shopper="ana")
    share = send(door, "/v1/shares", made(), shopper="ana", seal=sealed(door, made()))
    record = door.post("/v1/shoppers/export", {"shopper": "ana"})
    assert len(record["kept_pictures"]) == len(record["shared_pictures"]) == 1
    assert record["shares"][0]["product_ids"] == ["shirt/1", "gone"] and "token_hash" not in record["shares"][0]
    gone = door.post("/v1/shoppers/forget", {"shopper": "ana"})
    assert gone["rows"]["closet_pictures"] == gone["rows"]["shares"] == 1
    assert files(door, "closet_pictures") == files(door, "shares") == []
    assert door.client.get(share["path"]).status_code == 404


def test_limits_on_size_and_count(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "BYTES_MAX", len(made()) - 1)
    assert "MB" in send(door, "/v1/shares", made(), 422, shopper="ana", seal=sealed(door, made()))["error"]["message"]
    monkeypatch.undo()
    monkeypatch.setattr(shares, "SHARES_MAX", 1)
    monkeypatch.setattr(kept_pictures, "PICTURES_MAX", 1)
    send(door, "/v1/shares", made(), shopper="ana", seal=sealed(door, made()))
    assert (
        "shares 1"
        in send(door, "/v1/shares", made(), 422, shopper="ana", seal=sealed(door, made()))["error"]["message"]
    )
    send(door, "/v1/closet/pictures", photo(), shopper="ana")
    assert "keeps 1" in send(door, "/v1/closet/pictures", photo(), 422, shopper="ana")["error"]["message"]
    assert "no picture" in send(door, "/v1/closet/pictures", b"<svg/>", 400, shopper="bo")["error"]["message"]


def test_pages_keep_and_share_under_their_visitors_name_and_not_too_much(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)
    kept = send(door, "/v1/closet/pictures", photo(), key=key, shopper=OWN)
    theirs = {"shopper": OTHER, "picture_id": kept["picture_id"]}
    assert send(door, "/v1/closet/pictures/show", None, 404, key, **theirs)["error"]["code"] == "picture_unknown"
    assert send(door, "/v1/closet/pictures", photo(), 403, key, shopper="ana")["error"]["code"] == "signature_refused"
    monkeypatch.setattr(own_pictures, "KEPT_MOST", 1)
    monkeypatch.setattr(own_pictures, "SHARED_MOST", 1)
    assert send(door, "/v1/closet/pictures", photo(), 429, key, shopper=OWN)["error"]["code"] == "rate_exceeded"
    seal = sealed(door, made())
    send(door, "/v1/shares", made(), key=key, shopper=OWN, seal=seal)
    assert "shares 1" in send(door, "/v1/shares", made(), 429, key, shopper=OWN, seal=seal)["error"]["message"]
    settings = door.shop.settings.model_copy(update={"pictures_an_hour": 1})
    monkeypatch.setattr(door.shop, "settings", settings)
    assert "last hour" in send(door, "/v1/shares", made(), 429, key, shopper=OTHER, seal=seal)["error"]["message"]
    assert "last hour" in send(door, "/v1/closet/pictures", photo(), 429, key, shopper=OTHER)["error"]["message"]
