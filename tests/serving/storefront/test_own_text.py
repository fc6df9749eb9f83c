"""The description for one visitor, and alternative texts of pictures, as the page asks for them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

ODD_ID = 'shirt/🙂 "7" & <b>?#'
STATIC = Path(__file__).parents[3] / "src" / "bottega" / "serving" / "storefront" / "static"


def _products() -> Iterator[Product]:
    for number in range(24):
        attributes: dict[str, tuple[str, ...]] = {
            "material": (("cotton", "linen", "wool")[number % 3],),
            "color": (("red", "blue")[number % 2],),
            "description_de": ("Ein Hemd.",),
            "generated": ("description",),
        }
        if number == 0:
            attributes |= {"image_alt": ("A red shirt on a hanger",), "image_alt_de": ("Ein rotes Hemd am Bügel",)}
        yield Product(
            id=ODD_ID if number == 0 else f"shirt-{number}",
            title=f"Shirt number {number}",
            category=("Clothing", "Shirts"),
            images=(f"{number}.jpg",),
            attributes=attributes,
        )
    yield Product(id="unseen", title="Unseen shirt", hidden=True)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "corner-shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\nrefresh_s = 600\n")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(list(_products()))
    with TestClient(create_app(folder)) as client:
        yield client


def _viewed(client: TestClient, visitor: str, *ids: str) -> None:
    rows = [{"kind": "view", "product_id": one, "anonymous_id": visitor} for one in ids]
    assert client.post("/shop/api/events", json={"events": rows}).status_code == 200


def _own(client: TestClient, visitor: str, product_id: str = ODD_ID) -> Any:
    response = client.get("/shop/api/own-text", params={"product_id": product_id, "shopper": visitor})
    assert response.headers.get("cache-control") == "no-store"
    return response.json()


def test_the_page_gets_a_text_of_the_visitors_own_with_the_products_that_say_why(client: TestClient) -> None:
    everybodys = _own(client, "visitor-b")
    assert (everybodys["basis"], everybodys["why"]) == ("nothing known", [])
    _viewed(client, "visitor-a", "shirt-3", "shirt-9", "shirt-15")
    own = _own(client, "visitor-a")
    assert own["basis"] == "events" and "cotton" in own["text"].casefold()
    [why] = [one for one in own["why"] if "“cotton”" in one["text"]]
    named = {one["id"]: one["title"] for one in why["products"]}
    seen = {"shirt-3": "Shirt number 3", "shirt-9": "Shirt number 9", "shirt-15": "Shirt number 15"}
    assert len(named) == 2 and named.items() <= seen.items()
    assert _own(client, "visitor-b") == everybodys, "the next visitor reads everybody's"


def test_what_is_hidden_or_unknown_is_not_found(client: TestClient) -> None:
    for name in ("unseen", "nothing"):
        asked = {"product_id": name, "shopper": "visitor-a"}
        assert client.get("/shop/api/own-text", params=asked).status_code == 404
    assert client.get("/shop/api/own-text", params={"product_id": ODD_ID}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "text", "language"),
    [
        ("", "A red shirt on a hanger", None),
        ("en-GB,en;q=0.9", "A red shirt on a hanger", None),
        ("de-AT,de;q=0.9,en;q=0.5", "Ein rotes Hemd am Bügel", "de"),
        ("en;q=0.4, de", "Ein rotes Hemd am Bügel", "de"),
        ("fr,de;q=0.9", "A red shirt on a hanger", None),
        (";;q=,*", "A red shirt on a hanger", None),
    ],
)
def test_a_picture_is_told_in_the_visitors_language_where_somebody_wrote_it(
    client: TestClient, asked: str, text: str, language: str | None
) -> None:
    headers = {"Accept-Language": asked}
    page = client.get("/shop/api/product", params={"id": ODD_ID}, headers=headers).json()
    assert page["variants"][0]["alt"] == {"text": text, "language": language}
    cards = client.get("/shop/api/products", headers=headers).json()["products"]
    told = {one["id"]: one["alt"] for one in cards}
    assert told.pop(ODD_ID) == {"text": text, "language": language} and set(told.values()) == {None}
    found = client.post("/shop/api/search", json={"text": "shirt"}, headers=headers).json()["items"]
    assert {"text": text, "language": language} in [one["card"]["alt"] for one in found]
    liked = client.post("/shop/api/recommendations", json={"n": 24}, headers=headers).json()["items"]
    assert {"text": text, "language": language} in [one["card"]["alt"] for one in liked]


def test_texts_are_no_facts_of_the_thing(client: TestClient) -> None:
    page = client.get("/shop/api/product", params={"id": ODD_ID}).json()
    assert set(page["variants"][0]["attributes"]) == {"material", "color"}
    facets = client.post("/shop/api/search", json={"text": "shirt", "facets": True}).json()["facets"]
    assert not {one["name"] for one in facets} & {"image_alt", "image_alt_de", "generated", "description_de"}


def test_the_module_writes_no_markup_and_is_fetched_by_those_alone_who_ask(client: TestClient) -> None:
    code = (STATIC / "own_text.js").read_text()
    assert "innerHTML" not in code and "insertAdjacentHTML" not in code
    assert 'import("./own_text.js")' in (STATIC / "product.js").read_text()
    assert "own_text.js" not in client.get("/").text
