"""The demo storefront over HTTP: the page, its files, its key-less calls, and ids and titles that are free text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.names import Availability
from bottega.serving.http.app import create_app
from bottega.serving.storefront import routes
from bottega.shop.folder import ShopFolder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

ODD_ID = 'mug/🙂 "7" & <b>?#'
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def products() -> list[Product]:
    """Six mugs, six lamps, a shirt in three sizes, one hidden and one sold-out product."""
    kinds = [("Mug", ("Kitchen", "Mugs"), "blue"), ("Lamp", ("Home", "Lamps"), "white")]
    plain = [
        Product(
            id=f"{name.lower()}/{i}",
            title=f"{name} {i}",
            category=path,
            brand="Alma",
            price_minor=1000 + i,
            currency="EUR",
            images=(f"{name.lower()} {i}.png",),
            attributes={"color": (colour,)},
        )
        for name, path, colour in kinds
        for i in range(6)
    ]
    shirt = [
        Product(
            id=f"shirt-{size}",
            group_id="shirt",
            title="Linen shirt",
            category=("Apparel",),
            price_minor=2000 + 100 * i,
            availability=Availability.OUT_OF_STOCK if size == "S" else Availability.IN_STOCK,
            attributes={"size": (size,), "color": ("sand",)},
        )
        for i, size in enumerate("SML")
    ]
    return [
        *plain,
        *shirt,
        Product(
            id=ODD_ID, title=SCRIPT, description=SCRIPT, category=("Kitchen", "Mugs"), images=("https://x.test/a.jpg",)
        ),
        Product(id="secret", title="Hidden mug", category=("Kitchen", "Mugs"), hidden=True),
        Product(id="gone", title="Sold out mug", category=("Kitchen", "Mugs"), availability=Availability.OUT_OF_STOCK),
    ]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text('storefront = true\ncurrency = "SEK"\nrefresh_s = 600\n')
    (folder / "images").mkdir()
    Image.new("RGB", (8, 8), "teal").save(folder / "images" / "mug 1.png")
    (folder / "private.txt").write_text("not a picture")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(products())
    with TestClient(create_app(folder)) as client:
        yield client


def post(client: TestClient, *events: dict[str, str]) -> dict[str, Any]:
    response = client.post("/shop/api/events", json={"events": list(events)})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_the_page_names_the_shop_and_lets_no_foreign_script_run(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "<title>Corner shop</title>" in response.text
    policy = response.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    inline = re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|\bstyle=", response.text)
    assert inline == []  # the policy would block them, so the page must not need them


def test_every_file_the_page_and_its_modules_name_is_served(client: TestClient) -> None:
    names = set(re.findall(r'(?:src|href)="(/shop/static/[^"]+)"', client.get("/").text))
    modules = {f"/shop/static/{path.name}" for path in (routes.HERE / "static").glob("*.js")}
    imported = {
        f"/shop/static/{name}"
        for module in modules
        for name in re.findall(r'(?:from |import\()"\./([^"]+)"', client.get(module).text)
    }
    assert imported | {"/shop/static/shop.js"} == modules
    for name in names | modules:
        response = client.get(name)
        assert response.status_code == 200, name
        assert response.content
    assert client.get("/shop/static/../routes.py").status_code == 404
    assert client.get("/shop/static/%2e%2e/routes.py").status_code == 404


def test_no_module_turns_text_into_markup() -> None:
    for path in (routes.HERE / "static").glob("*.js"):
        code = path.read_text()
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", code)
        assert found == [], path.name


def test_the_page_asks_nothing_of_other_hosts() -> None:
    for path in [*(routes.HERE / "static").iterdir(), *(routes.HERE / "templates").iterdir()]:
        hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text()))
        assert hosts <= {"www.w3.org"}, path.name  # the name space of SVG


def test_the_shop_opens_with_categories_and_one_card_a_group(client: TestClient) -> None:
    shop = client.get("/shop/api/shop").json()
    assert shop["name"] == "Corner shop"
    assert shop["total"] == 15  # 12 plain, the shirt once, the odd one, the sold-out one; not the hidden one
    assert [(one["label"], one["count"]) for one in shop["categories"]] == [("Kitchen", 8), ("Home", 6), ("Apparel", 1)]


def test_browsing_by_category_and_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    mugs = client.get("/shop/api/products", params={"category": ["Kitchen", "Mugs"]}).json()
    assert mugs["total"] == 8
    assert {card["category"][-1] for card in mugs["products"]} == {"Mugs"}
    kitchen = client.get("/shop/api/products", params={"category": "Kitchen"}).json()
    assert kitchen["inside"] == [{"label": "Mugs", "path": ["Kitchen", "Mugs"], "count": 8}]
    everything = client.get("/shop/api/products").json()["products"]
    assert len({card["category"][-1] for card in everything[:3]}) == 3  # categories take turns
    monkeypatch.setattr(routes, "PAGE", 10)
    first = client.get("/shop/api/products").json()
    second = client.get("/shop/api/products", params={"after": first["next"]}).json()
    assert (first["next"], second["next"]) == (10, None)
    ids = [card["id"] for card in first["products"] + second["products"]]
    assert len(set(ids)) == len(ids) == 15


def test_the_product_page_shows_variants_and_what_sets_them_apart(client: TestClient) -> None:
    for name in ("shirt", "shirt-M"):  # a group id and a variant's id lead to the same page
        page = client.get("/shop/api/product", params={"id": name}).json()
        assert page["varies_by"] == ["size"]
        assert [variant["label"] for variant in page["variants"]] == ["S", "M", "L"]
        assert [variant["buyable"] for variant in page["variants"]] == [False, True, True]
        assert page["variants"][0]["availability_words"] == "Out of stock"
        assert page["variants"][1]["currency"] == "SEK"  # the shop's, where the product names none
    cards = client.get("/shop/api/products", params={"category": "Apparel"}).json()["products"]
    assert [(card["id"], card["price_minor"], card["price_varies"]) for card in cards] == [("shirt-M", 2000, True)]


def test_ids_and_titles_are_free_text(client: TestClient) -> None:
    page = client.get("/shop/api/product", params={"id": ODD_ID})
    assert page.headers["content-type"] == "application/json"
    assert page.json()["title"] == SCRIPT  # as it is: the page writes it as text
    assert page.json()["variants"][0]["id"] == ODD_ID
    answer = post(client, {"kind": "view", "product_id": ODD_ID, "anonymous_id": "v-odd"})
    assert (answer["accepted"], answer["unknown_products"]) == (1, [])
    mind = client.get("/shop/api/shopper", params={"shopper": "v-odd"}).json()
    assert [(event["product_id"], event["title"]) for event in mind["events"]] == [(ODD_ID, SCRIPT)]
    similar = client.post("/shop/api/similar", json={"product_id": ODD_ID, "n": 3}).json()
    assert len(similar["items"]) == 3
    assert SCRIPT not in client.get("/").text


def test_an_unknown_or_hidden_product_is_refused_in_words(client: TestClient) -> None:
    for name in ("nowhere", "secret"):
        response = client.get("/shop/api/product", params={"id": name})
        assert response.status_code == 404
        assert name in response.json()["error"]["message"]
        assert response.json()["error"]["code"] == "product_unknown"


def test_rails_follow_a_click_and_carry_cards_and_reasons(client: TestClient) -> None:
    def rail() -> dict[str, Any]:
        answer = client.post("/shop/api/recommendations", json={"shopper": "v-1", "n": 5}).json()
        assert all(item["card"]["id"] == item["product_id"] for item in answer["items"])
        return cast(dict[str, Any], answer)

    before = rail()
    post(client, {"kind": "view", "product_id": "lamp/2", "anonymous_id": "v-1"})
    after = rail()
    assert [item["product_id"] for item in after["items"]] != [item["product_id"] for item in before["items"]]
    assert {item["card"]["title"].split()[0] for item in after["items"]} == {"Lamp"}
    assert all("Lamp 2" in item["reasons"][0]["text"] for item in after["items"])
    other = client.post("/shop/api/recommendations", json={"shopper": "v-2", "n": 5}).json()
    assert [item["product_id"] for item in other["items"]] == [item["product_id"] for item in before["items"]]


def test_a_bad_event_is_refused_and_says_why(client: TestClient) -> None:
    answer = post(client, {"kind": "hum", "product_id": "mug/1", "anonymous_id": "v-3"})
    assert answer["accepted"] == 0
    (rejected,) = answer["rejected"]
    assert rejected["field"] == "kind"
    assert client.post("/shop/api/events", json={"events": []}).status_code == 422
    assert client.post("/shop/api/events", json={"clicks": []}).status_code == 422


def test_taste_is_what_stands_out(client: TestClient) -> None:
    for i in range(6):
        post(client, {"kind": "view", "product_id": f"mug/{i}", "anonymous_id": "v-4"})
    mind = client.get("/shop/api/shopper", params={"shopper": "v-4"}).json()
    assert set(mind["taste"]) == {"Mugs", "blue"}  # Alma makes lamps too: it sets nobody apart
    assert mind["events_known"] == 6
    assert client.get("/shop/api/shopper", params={"shopper": "nobody"}).json()["taste"] == []


def test_shoppers_to_become_have_bought_and_differ(client: TestClient) -> None:
    for name, kind in (("ana", "mug"), ("bo", "lamp"), ("cy", "lamp")):
        post(
            client,
            *(
                {
                    "kind": "purchase" if i == 3 else "view",
                    "product_id": f"{kind}/{i % 6}",
                    "shopper_id": name,
                    "event_id": f"{name}{i}",
                }
                for i in range(14)
            ),
        )
    shoppers = client.get("/shop/api/shop").json()["shoppers"]
    assert sorted(one["taste"][0] for one in shoppers) == ["Lamps", "Mugs"]  # bo and cy are alike: one will do
    assert all(one["events_known"] == 14 for one in shoppers)


def test_pictures_come_from_the_images_folder_and_nowhere_else(client: TestClient) -> None:
    card = client.get("/shop/api/product", params={"id": "mug/1"}).json()["variants"][0]
    assert card["image"] == "/images/mug%201.png"
    response = client.get(card["image"])
    assert response.headers["content-type"] == "image/png"
    assert client.get("/images/../private.txt").status_code == 404
    assert client.get("/images/%2e%2e/private.txt").status_code == 404
    odd = client.get("/shop/api/product", params={"id": ODD_ID}).json()["variants"][0]
    assert odd["image"] == "https://x.test/a.jpg"


def test_a_picture_comes_in_the_width_asked_for_and_may_be_kept(client: TestClient) -> None:
    for width, shown in ((100, 8), (5000, 8)):  # never wider than it is
        response = client.get("/images/mug%201.png", params={"w": width})
        assert (response.status_code, response.headers["content-type"]) == (200, "image/webp")
        assert Image.open(BytesIO(response.content)).size == (shown, shown)
        assert "max-age" in response.headers["cache-control"]
        again = client.get(
            "/images/mug%201.png", params={"w": width}, headers={"if-none-match": response.headers["etag"]}
        )
        assert again.status_code == 304
    assert client.get("/images/nowhere.png", params={"w": 100}).status_code == 404
    assert client.get("/images/%2e%2e/private.txt", params={"w": 100}).status_code == 404
    assert client.get("/images/mug%201.png", params={"w": 0}).status_code == 422


def test_files_of_the_page_may_be_kept_for_good_since_others_have_another_address(client: TestClient) -> None:
    names = set(re.findall(r'(?:src|href)="(/shop/static/[^"]+)"', client.get("/").text))
    assert len(names) > 10
    for name in names:
        assert "immutable" in client.get(name).headers["cache-control"], name
    assert client.get("/shop/static/shop.js").headers["cache-control"] == "no-cache"
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_the_page_comes_with_its_categories(client: TestClient) -> None:
    assert re.findall(r'href="(#/category[^"]*)"', client.get("/").text) == [
        "#/category?in=Kitchen",
        "#/category?in=Home",
        "#/category?in=Apparel",
    ]


def test_without_the_setting_there_is_no_storefront(tmp_path: Path) -> None:
    with TestClient(create_app(tmp_path)) as client:
        assert "/shop/" not in client.get("/").text  # a page that leads to the manual
        assert client.get("/shop/api/shop").status_code == 404
