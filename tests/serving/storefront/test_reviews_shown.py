"""What reviews say, on the product's page: counted and quoted over its variants, as text and never as markup."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.catalogue.product import Product
from bottega.reviews.review import Review
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

ODD_ID = 'coat/🙂 "7" & <b>?#'
SCRIPT = "<script>alert(1)</script> runs small"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\nrefresh_s = 600\n")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert([Product(id=ODD_ID, group_id="coat", title="Coat"), Product(id="cup", title="Cup")])
        texts = ["It runs small.", "Zu klein, zu eng.", SCRIPT, "Hidden: runs large."]
        shop.store.reviews.put(
            [
                Review(review_id=str(at), product_id=ODD_ID if at else "coat", text=text, stars=2, published=at < 3)
                for at, text in enumerate(texts)
            ]
        )
    with TestClient(create_app(folder)) as client:
        yield client


def test_the_page_gets_counts_quotes_and_the_warning(client: TestClient) -> None:
    answer = client.get("/shop/api/reviews", params={"product_id": ODD_ID, "n": 5}).json()
    assert (answer["reviews"], answer["stars"], answer["size_warning"]) == (3, 2.0, "small")
    small = answer["sayings"][0]
    assert (small["words"], small["count"]) == ("it runs small", 3)
    assert SCRIPT in {quote["text"] for quote in small["quotes"]}, "text stays text; the page makes no markup of it"
    assert client.get("/shop/api/reviews", params={"product_id": "cup"}).json()["reviews"] == 0


def test_what_is_unknown_or_too_much_is_refused(client: TestClient) -> None:
    assert client.get("/shop/api/reviews", params={"product_id": "nothing"}).status_code == 404
    assert client.get("/shop/api/reviews", params={"product_id": "cup", "n": 1000}).status_code == 422


def test_the_module_writes_no_markup() -> None:
    static = Path(__file__).parents[3] / "src" / "bottega" / "serving" / "storefront" / "static"
    code = (static / "reviews.js").read_text()
    assert "innerHTML" not in code and "insertAdjacentHTML" not in code
    assert 'from "./reviews.js"' in (static / "product.js").read_text()
