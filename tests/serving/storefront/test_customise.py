"""A visitor's own picture on a product: the page knows which products take one, and the order keeps the design."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.serving import storefront
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

STATIC = Path(storefront.__file__).parent / "static"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\nrefresh_s = 600\n")
    mug: dict[str, tuple[str, ...]] = {"customise": ("mug",), "color": ("white",)}
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(
            [Product(id="mug/1 🙂", title="Mug", attributes=mug), Product(id="lamp", title="Lamp")]
        )
    with TestClient(create_app(folder)) as client:
        yield client


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1500, 700), (20, 90, 160)).save(file, "PNG")
    return file.getvalue()


def test_the_page_of_a_product_says_what_can_be_printed_on(client: TestClient) -> None:
    (mug,) = client.get("/shop/api/product", params={"id": "mug/1 🙂"}).json()["variants"]
    (lamp,) = client.get("/shop/api/product", params={"id": "lamp"}).json()["variants"]
    assert mug["templates"] == ["mug"] and lamp["templates"] == []
    assert mug["attributes"] == {"color": ["white"]}, "what the shop alone needs is no fact for shoppers"


def test_a_visitors_picture_is_shown_laid_and_ordered(client: TestClient) -> None:
    sent = {"picture": ("me.png", picture(), "image/png")}
    made = client.post("/shop/api/customise", files=sent, data={"shopper": "v-1", "product_id": "mug/1 🙂"}).json()
    assert made["shopper"] == "v-1" and len(made["previews"]) == 3
    laid = {"shopper": "v-1", "design_id": made["design_id"], "scale": "0.5"}
    again = client.post("/shop/api/customise", data=laid, files={"x": ("", b"")}).json()
    assert again["placement"]["scale"] == 0.5
    theirs = client.post("/shop/api/customise", data={**laid, "shopper": "v-2"}, files={"x": ("", b"")})
    assert theirs.status_code == 404
    event = {"kind": "purchase", "product_id": "mug/1 🙂", "anonymous_id": "v-1", "design_id": made["design_id"]}
    assert client.post("/shop/api/events", json={"events": [event]}).json()["accepted"] == 1
    late = client.post("/shop/api/customise", data=laid, files={"x": ("", b"")})
    assert late.status_code == 422 and "was ordered" in late.json()["error"]["message"]


def test_nobody_waits_for_the_code_who_does_not_need_it(client: TestClient) -> None:
    assert 'import("./customise.js")' in (STATIC / "product.js").read_text()
    assert "customise.js" not in client.get("/").text
    assert client.get("/shop/static/customise.js").status_code == 200
