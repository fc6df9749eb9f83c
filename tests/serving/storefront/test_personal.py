"""What is a visitor's own on the storefront: wish list, tastes, closet and outfits, with cards and without a key."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.models.vision.eye.eye import Eye
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder
from bottega.shop.trained.shipped_models import SHIPPED

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient


def picture(colour: tuple[int, int, int]) -> bytes:
    photo = np.full((60, 60, 3), 255, dtype=np.uint8)
    photo[12:48, 14:46] = colour
    file = BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, plain_parts: Callable[[], object]) -> Iterator[TestClient]:
    """Shirts, trousers and lamps, seen by an eye that learnt nothing."""
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    (folder / "images").mkdir(parents=True)
    (folder / "bottega.toml").write_text("storefront = true\nrefresh_s = 600\n")
    kinds = {"Shirts": (200, 20, 20), "Trousers": (20, 20, 200), "Lamps": (20, 200, 20)}
    products = []
    for kind, colour in kinds.items():
        (folder / "images" / f"{kind}.png").write_bytes(picture(colour))
        products += [
            Product(id=f"{kind}/{i} 🙂", title=f"{kind[:-1]} {i}", category=("All", kind), images=(f"{kind}.png",))
            for i in range(4)
        ]
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(products)
    eye = Eye.fresh({"color": ("red", "blue")}, ("plain",), rng=np.random.default_rng(0))
    with SHIPPED.standing_in(eye=eye, words=None, parts=plain_parts()), TestClient(create_app(folder)) as client:
        yield client


def test_a_heart_is_on_the_list_with_its_card_and_off_again(client: TestClient) -> None:
    event = {"kind": "wishlist", "product_id": "Lamps/1 🙂", "anonymous_id": "v-1"}
    assert client.post("/shop/api/events", json={"events": [event]}).json()["accepted"] == 1
    answer = client.get("/shop/api/wishes", params={"shopper": "v-1"}).json()
    assert [(one["product_id"], one["card"]["title"]) for one in answer["items"]] == [("Lamps/1 🙂", "Lamp 1")]
    gone = client.post("/shop/api/wishes/remove", json={"shopper": "v-1", "product_ids": ["Lamps/1 🙂"]})
    assert gone.json()["removed"] == 1
    assert client.get("/shop/api/wishes", params={"shopper": "v-1"}).json()["items"] == []


def test_tastes_are_listed_and_declared(client: TestClient) -> None:
    groups = client.get("/shop/api/tastes", params={"shopper": "v-2", "n": 9}).json()["groups"]
    assert "category" in [group["attribute"] for group in groups]
    said = client.post("/shop/api/tastes", json={"shopper": "v-2", "tastes": {"category": ["lamps"]}}).json()
    assert said["tastes"] == {"category": ["All > Lamps"]}
    groups = client.get("/shop/api/tastes", params={"shopper": "v-2", "n": 9}).json()["groups"]
    declared = [one["value"] for group in groups for one in group["values"] if one["declared"]]
    assert declared == ["All > Lamps"]


def test_a_photo_hangs_in_the_closet_with_what_is_like_it(client: TestClient) -> None:
    sent = {"photo": ("mine.png", picture((200, 20, 20)), "image/png")}
    hung = client.post("/shop/api/closet", files=sent, data={"shopper": "v-3"})
    assert hung.status_code == 200, hung.text
    (item,) = client.get("/shop/api/closet", params={"shopper": "v-3"}).json()["items"]
    assert item["photo"] == "mine.png" and item["kept"] is False
    assert all(hit["card"]["id"] == hit["product_id"] for hit in item["like"])
    out = client.post("/shop/api/closet/remove", json={"shopper": "v-3", "closet_items": [item["closet_item"]]})
    assert out.json()["removed"] == [item["closet_item"]]
    assert client.get("/shop/api/closet", params={"shopper": "v-3"}).json()["items"] == []


def test_a_look_is_completed_and_what_is_no_garment_is_no_mistake(client: TestClient) -> None:
    look = client.post("/shop/api/outfits", json={"product_id": "Shirts/1 🙂"}).json()
    shown = [one["card"]["title"] for slot in look["slots"] for one in slot["suggestions"] if one["card"]]
    assert any(title.startswith("Trouser") for title in shown)
    lamp = client.post("/shop/api/outfits", json={"product_id": "Lamps/1 🙂"})
    assert (lamp.status_code, lamp.json()["slots"]) == (200, [])
