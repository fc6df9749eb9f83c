"""Searches on the storefront: the answers of /v1/search without a key, each product with the card that shows it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.models.vision.eye.eye import Eye
from bottega.names import Availability
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder
from bottega.shop.trained.shipped_models import SHIPPED

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

RED, BLUE = (200, 20, 20), (20, 20, 200)


def picture(*colours: tuple[int, int, int]) -> bytes:
    """Patches of these colours side by side on white."""
    photo = np.full((60, 60 * len(colours), 3), 255, dtype=np.uint8)
    for place, colour in enumerate(colours):
        photo[12:48, 60 * place + 14 : 60 * place + 46] = colour
    file = BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, plain_parts: Callable[[], object]) -> Iterator[TestClient]:
    """A shirt in red and in blue, a sold-out and a hidden lamp, seen by an eye that learnt nothing."""
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    (folder / "images").mkdir(parents=True)
    (folder / "bottega.toml").write_text("storefront = true\n")
    shirts = []
    for place, (name, colour) in enumerate({"red": RED, "blue": BLUE}.items()):
        (folder / "images" / f"{name}.png").write_bytes(picture(colour))
        shirts.append(
            Product(
                id=f"shirt/{name} 🙂",
                group_id="shirt",
                title="Linen shirt",
                price_minor=2000 + place,
                currency="EUR",
                images=(f"{name}.png",),
                attributes={"color": (name,)},
            )
        )
    lamps = [
        Product(id="oak", title="Oak lamp <b>"),
        Product(id="gone", title="Ash lamp", availability=Availability.OUT_OF_STOCK),
        Product(id="secret", title="Elm lamp", hidden=True),
    ]
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert([*shirts, *lamps])
    eye = Eye.fresh({"color": ("red", "blue")}, ("plain",), rng=np.random.default_rng(0))
    with SHIPPED.standing_in(eye=eye, words=None, parts=plain_parts()), TestClient(create_app(folder)) as client:
        yield client


def by_words(client: TestClient, **request: Any) -> dict[str, Any]:
    response = client.post("/shop/api/search", json=request)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def by_photo(client: TestClient, content: bytes, status: int = 200, **fields: str) -> dict[str, Any]:
    response = client.post("/shop/api/search/image", files={"photo": ("mine.png", content)}, data=fields)
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_words_find_cards_and_say_how_they_were_read(client: TestClient) -> None:
    answer = by_words(client, text="oak lmap qzqz")
    assert [item["card"]["title"] for item in answer["items"]] == ["Oak lamp <b>"]  # not those nobody can buy
    assert answer["items"][0]["product"] is None  # the card says it all
    assert answer["read_as"] == {"lmap": ["lamp"]} and answer["unknown_words"] == ["qzqz"]
    assert by_words(client, text="")["items"] == []


@pytest.mark.parametrize("colour", ["red", "blue"])
def test_the_card_shows_the_variant_found(client: TestClient, colour: str) -> None:
    [item] = by_words(client, text=f"{colour} shirt")["items"]
    assert item["card"]["id"] == item["product_id"] == f"shirt/{colour} 🙂"
    assert item["card"]["image"] == f"/images/{colour}.png"
    assert (item["card"]["price_minor"], item["card"]["price_varies"]) == (2000, True)  # of the group


def test_a_photo_finds_its_own_product_in_each_region(client: TestClient) -> None:
    answer = by_photo(client, picture(RED, BLUE), n="1")
    found = {
        region["items"][0]["card"]["image"]: (region["box"]["left"], region["box"]["right"])
        for region in answer["regions"]
    }
    assert set(found) == {"/images/red.png", "/images/blue.png"}
    assert found["/images/red.png"][1] <= 60 <= found["/images/blue.png"][0]


def test_but_and_its_unknown_words_travel_with_the_photo(client: TestClient) -> None:
    [region] = by_photo(client, picture(RED), but="blue", n="1")["regions"]
    [before] = by_photo(client, picture(RED), n="1")["regions"]
    assert before["items"][0]["card"]["id"] == "shirt/red 🙂"
    assert region["items"][0]["card"]["id"] == "shirt/blue 🙂"
    assert by_photo(client, picture(RED), but="qzqz")["unknown_words"] == ["qzqz"]


def test_what_is_no_photo_is_refused_in_words(client: TestClient) -> None:
    error = by_photo(client, b"no picture", 400)["error"]
    assert error["code"] == "photo_refused" and "mine.png" in error["message"]
    assert client.post("/shop/api/search", json={"words": "red"}).status_code == 422


def test_the_page_may_show_the_visitors_own_photo_and_nothing_more(client: TestClient) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get("/").headers["content-security-policy"].split(";"))
    assert "blob:" in policy["img-src"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"


def test_a_product_of_a_second_ago_is_found_and_on_display(client: TestClient) -> None:
    total = client.get("/shop/api/shop").json()["total"]
    store = client.app.state.door.shop.folder.store  # type: ignore[attr-defined]  # of FastAPI
    store.products.upsert([Product(id="new", title="Walnut stool", currency="EUR")])
    [item] = by_words(client, text="walnut")["items"]
    assert (item["card"]["id"], item["card"]["title"]) == ("new", "Walnut stool")
    assert client.get("/shop/api/shop").json()["total"] == total + 1
