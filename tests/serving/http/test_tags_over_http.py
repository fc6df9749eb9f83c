"""Photos and suggestions over HTTP, with a small untrained eye: the shape of every answer, the reason of refusals."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.models.vision.eye.eye import Eye
from bottega.store.suggestions import Suggestion, SuggestionKind

HEADS = {"gender": ("Men", "Women"), "color": ("Blue", "Green", "Red"), "photo_kind": ("product", "worn")}


def jpeg(seed: int = 0) -> bytes:
    stream = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((60, 80)).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def shop_door(open_door: Callable[..., Any], ships: Callable[..., None]) -> Any:
    """A shop with two shirts and what was suggested for them."""
    eye = Eye.fresh(HEADS, ("shirt", "summer"), rng=np.random.default_rng(0))
    ships(eye=eye)
    door = open_door(None)
    shirt = Product(id="shirt", title="Shirt", attributes={"color": ("red",)})
    door.shop.upsert([shirt, Product(id="plain/1", title="Plain")])
    shared: dict[str, Any] = {"maker": "eye", "version": "1", "time_ms": 1}
    door.shop.folder.store.suggestions.put(
        [
            Suggestion(SuggestionKind.FILL, "plain/1", "color", "blue", 0.9, **shared),
            Suggestion(SuggestionKind.FILL, "plain/1", "category", "Clothes > Shirts", 0.8, **shared),
            Suggestion(SuggestionKind.DOUBT, "shirt", "color", "green", 0.7, present="red", **shared),
        ]
    )
    return door


def send(door: Any, status: int = 200, **sent: Any) -> Any:
    headers = {"X-API-Key": door.key} | sent.pop("headers", {})
    response = door.client.post("/v1/tags", headers=headers, **sent)
    assert response.status_code == status, response.text
    return response.json()


def listed(door: Any, **asked: Any) -> Any:
    response = door.client.get("/v1/suggestions", params=asked, headers={"X-API-Key": door.key})
    assert response.status_code == 200, response.text
    return response.json()


def test_photos_are_tagged_alone_and_together(shop_door: Any) -> None:
    whole = send(shop_door, content=jpeg(), headers={"Content-Type": "image/jpeg"})
    assert whole["eye"] == "fresh" and len(whole["photos"]) == 1
    files = [("photo", (f"{name}.jpg", jpeg(seed))) for seed, name in enumerate(("a", "b"))]
    found = send(shop_door, files=[*files, ("photo", ("c.txt", b"no picture"))])["photos"]
    assert [one["photo"] for one in found] == ["a.jpg", "b.jpg", "c.txt"]
    assert found[2]["refused"] and found[0]["refused"] is None
    assert {name: value for name, value in found[0].items() if name != "photo"} == {
        name: value for name, value in whole["photos"][0].items() if name != "photo"
    }, "the same photo, alone or in a crowd"
    heads = [one["head"] for one in found[0]["tags"] + found[0]["unknown"]]
    assert sorted(heads) == ["color", "gender"] and found[0]["product_photo"]
    assert sum(colour["share"] for colour in found[0]["colours"]) <= 1.001 and found[0]["colours"][0]["rgb"][0] == "#"


def test_refusals(shop_door: Any) -> None:
    assert send(shop_door, 422, json={"photo": "shirt.jpg"})["error"]["code"] == "request_invalid"
    alone = send(shop_door, 400, files=[("photo", ("c.txt", b"no picture"))])["error"]
    assert alone["code"] == "photo_refused" and "c.txt" in alone["message"] and alone["next_step"]
    huge = BytesIO()
    Image.new("1", (6000, 5000)).save(huge, "PNG")
    assert "25" in send(shop_door, 400, files=[("photo", ("huge.png", huge.getvalue()))])["error"]["message"]
    assert shop_door.client.post("/v1/tags", content=jpeg()).status_code == 401
    assert shop_door.client.get("/v1/suggestions").status_code == 401
    headers = {"X-API-Key": shop_door.key}
    for wrong in ({"state": "later"}, {"kind": "colour"}, {"limit": 0}, {"after": "x"}):
        response = shop_door.client.get("/v1/suggestions", params=wrong, headers=headers)
        assert response.status_code == 422 and response.json()["error"]["code"] == "request_invalid"
    for body in ({"decision": "maybe", "numbers": [1]}, {"decision": "accept", "numbers": []}, {"numbers": [1]}):
        assert shop_door.post("/v1/suggestions/decide", body, 422)["error"]["code"] == "request_invalid"


def test_suggestions_are_listed_and_decided_on(shop_door: Any) -> None:
    page = listed(shop_door, limit=2)
    assert [one["value"] for one in page["suggestions"]] == ["blue", "Clothes > Shirts"]
    assert page["counts"] == {"doubt open": 1, "fill open": 2}
    (rest,) = listed(shop_door, after=page["next"])["suggestions"]
    assert (rest["kind"], rest["present"], rest["value"], rest["title"]) == ("doubt", "red", "green", "Shirt")
    assert [one["number"] for one in listed(shop_door, kind="doubt")["suggestions"]] == [rest["number"]]
    numbers = [one["number"] for one in page["suggestions"]]
    done = shop_door.post("/v1/suggestions/decide", {"decision": "accept", "numbers": [*numbers, 77]})
    assert done["decided"] == 2 and done["written"] == 1 and [one["number"] for one in done["left"]] == [77]
    (plain,) = shop_door.post("/v1/products/query", {"filter": {"category": ["Shirts"]}})["products"]
    assert plain["id"] == "plain/1" and plain["attributes"] == {"color": ["blue"]}, "in the very next answer"
    shop_door.post("/v1/suggestions/decide", {"decision": "reject", "numbers": [rest["number"]]})
    assert listed(shop_door)["suggestions"] == [] and len(listed(shop_door, state="rejected")["suggestions"]) == 1
    shop_door.post("/v1/products", [{"id": "plain/1", "title": "Plain", "attributes": {"color": ["violet"]}}])
    (plain,) = shop_door.post("/v1/products/query", {"filter": {"category": ["Shirts"]}})["products"]
    assert plain["attributes"] == {"color": ["violet"]}, "its own value wins, what it does not say stays"
