"""Searches over HTTP: forms and bodies, what is refused and how, and a product of a second ago."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.models.vision.eye.eye import Eye

HEADS = {"color": ("red", "blue"), "type": ("Shirts",)}


def picture(colour: tuple[int, int, int], kind: str = "PNG") -> bytes:
    photo = np.full((48, 48, 3), 255, dtype=np.uint8)
    photo[10:38, 14:34] = colour
    file = BytesIO()
    Image.fromarray(photo).save(file, kind)
    return file.getvalue()


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: Callable[[], object]) -> Any:
    """A shop of two shirts with photos and a lamp without, seen by an eye that learnt nothing."""
    eye = Eye.fresh(HEADS, ("plain",), rng=np.random.default_rng(0))
    ships(eye=eye, words=None, parts=plain_parts())
    door = open_door(None)
    images = door.shop.folder.images
    images.mkdir()
    (images / "red.png").write_bytes(picture((200, 20, 20)))
    (images / "blue.png").write_bytes(picture((20, 20, 200)))
    shirts = [
        {"id": f"shirt/{name}", "title": f"{name} shirt", "images": [f"{name}.png"], "category": ["Shirts"]}
        for name in ("red", "blue")
    ]
    door.post("/v1/products", [*shirts, {"id": "lamp 😀", "title": "Oak lamp", "price_minor": 900}])
    return door


def sent(door: Any, status: int = 200, **request: Any) -> dict[str, Any]:
    headers = {"X-API-Key": door.key, **request.pop("headers", {})}
    response = door.client.post("/v1/search/image", headers=headers, **request)
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_words_find_a_product_of_a_second_ago(door: Any) -> None:
    assert door.post("/v1/search", {"text": "oak lamp"})["items"][0]["product_id"] == "lamp 😀"
    door.post("/v1/products", {"id": "new", "title": "Walnut lamp"})
    answer = door.post("/v1/search", {"text": "walnut lmap", "n": 1, "return_product": True})
    [item] = answer["items"]
    assert item["product_id"] == "new" and item["product"]["title"] == "Walnut lamp" and item["found_by"] == ["words"]
    assert answer["read_as"] == {"lmap": ["lamp"]} and answer["photos_waiting"] == 0
    assert door.post("/v1/search", {})["items"] == []


def test_a_photo_comes_as_a_form_or_as_the_body(door: Any) -> None:
    photo = picture((200, 20, 20), "BMP")
    form = sent(door, files={"photo": ("shirt.bmp", photo)}, data={"n": "1", "regions": "false"})
    [region] = form["regions"]
    assert region["name"] == "photo" and region["box"] == {"left": 0, "top": 0, "right": 48, "bottom": 48}
    assert [item["product_id"] for item in region["items"]] == ["shirt/red"] and region["items"][0]["score"] > 0.99
    kind = {"Content-Type": "image/bmp"}
    body = sent(door, content=photo, params={"n": "1", "regions": "false"}, headers=kind)
    assert body["regions"][0]["items"] == region["items"]


def test_filters_travel_as_json_and_words_beside_the_photo(door: Any) -> None:
    photo = {"photo": ("shirt.png", picture((200, 20, 20)))}
    fields = {"filter": '{"not": {"ids": ["shirt/red"]}}', "exclude_ids": '["lamp 😀"]', "but": "qzqz"}
    answer = sent(door, files=photo, data=fields)
    assert [item["product_id"] for item in answer["regions"][0]["items"]] == ["shirt/blue"]
    assert answer["unknown_words"] == ["qzqz"]
    assert [
        item["product_id"] for item in sent(door, files=photo, data={"exclude_ids": "shirt/red"})["regions"][0]["items"]
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"n": "0"}, "Field 'n' is '0'"),
        ({"m": "1"}, "Field 'm' is unknown"),
        ({"filter": "{"}, "is not JSON"),
        ({"filter": '{"colour": ["red"]}'}, "'filter.colour'"),
        ({"regions": "perhaps"}, "Field 'regions'"),
    ],
)
def test_fields_are_checked_like_those_of_any_body(door: Any, fields: dict[str, str], words: str) -> None:
    error = sent(door, 422, files={"photo": ("shirt.png", picture((1, 2, 3)))}, data=fields)["error"]
    assert error["code"] == "request_invalid" and words in error["seen"]


def test_what_is_no_single_photo_is_refused(door: Any) -> None:
    photo = ("photo", ("shirt.png", picture((1, 2, 3))))
    assert "2 photos came" in sent(door, 422, files=[photo, photo])["error"]["seen"]
    error = sent(door, 400, files={"photo": ("face.jpg", b"no picture")})["error"]
    assert error["code"] == "photo_refused" and "face.jpg" in error["seen"]
    error = door.post("/v1/search", {"product_id": "lost"}, 404)["error"]
    assert error["code"] == "product_unknown" and "'lost'" in error["seen"]
    error = door.post("/v1/search", {"words": "red"}, 422)["error"]
    assert "'words'" in error["seen"] and "text" in error["allowed"]
    assert door.client.post("/v1/search", json={"text": "red"}).status_code == 401
