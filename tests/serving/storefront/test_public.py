"""The public storefront: what strangers and search engines read, and that nobody reaches what is another's."""

from __future__ import annotations

import json
import re
import time
import warnings
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.filled import SHOPPER, filled, put

from bottega.actions.catalogue.browse import VariantsRequest, variants
from bottega.actions.catalogue.site_map import SiteMapRequest, site_map
from bottega.actions.verbs import VERBS
from bottega.catalogue.product import Product
from bottega.errors import RateExceeded, SettingsInvalid
from bottega.names import Availability, KeyKind
from bottega.reviews.review import Review
from bottega.serving.http.app import create_app
from bottega.serving.storefront.public.words import LANGUAGES, words_of
from bottega.serving.visitor_limit import VisitorLimit
from bottega.shop.doors.visitors import signature_of
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.page_key import PURPOSE, page_key
from bottega.store.tables import metadata

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

ODD_ID = 'mug/🙂 "7" & <b>?#'
SCRIPT = '</script><script>alert(1)</script> & "x"'
SECRET = "qxwhatonedid"
BASE = "https://shop.example"


def products() -> list[Product]:
    """Forty lamps, shirts in sizes, an odd mug, one that is no longer made, one hidden."""
    made: dict[str, Any] = {"currency": "EUR", "price_minor": 1990}
    return [
        *(
            Product(id=f"lamp/{i}", title=f"Oak lamp {i}", category=("Home", "Lamps"), brand="Nord", **made)
            for i in range(40)
        ),
        *(
            Product(
                id=f"shirt-{size}", group_id="shirt", title="Linen shirt", category=("Apparel",), currency="EUR",
                updated_at_ms=i * 10**12,
                attributes={"size": (size,), "gtin": ("4006381333931",), "list_price": ("29.90 EUR",)},
                price_minor=1990 + 100 * i, images=("shirt.png", "https://cdn.example/b.jpg"), description="Of flax.",
                availability=Availability.OUT_OF_STOCK if size == "S" else Availability.IN_STOCK,
            )
            for i, size in enumerate("SML")
        ),
        Product(id=ODD_ID, title=SCRIPT, description=SCRIPT, category=("Kitchen",), url="https://sell.test/7", **made),
        Product(id="old", title="Old mug", category=("Kitchen",), availability=Availability.DISCONTINUED, **made),
        Product(id="ended", title="Ended mug", availability=Availability.DISCONTINUED, hidden=True, **made),
        Product(id="draft", title="Draft mug", category=("Kitchen",), hidden=True, **made),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A public storefront, and shoppers of whom every table holds a word that nobody else may read."""
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text(
        f'storefront = "public"\npublic_url = "{BASE}"\nwhatsapp = "+351 912 345 678"\nworker = false\n'
        "refresh_s = 600\n"
        'storefront_language = "de"\nstorefront_links = { Impressum = "/impressum" }\nvisitor_per_minute = 100000\n'
    )
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(products())
        shop.store.reviews.put([
            Review(review_id=f"r{i}", product_id="shirt-M", text="Good.", stars=stars, language="en")
            for i, stars in enumerate((4, 5))
        ])  # fmt: skip
        of_shoppers = {
            name: rows
            for name, rows in filled(SECRET).items()
            if not name.startswith(("product", "review", "rule", "suggestion", "synonym", "item_"))
        }
        with shop.store.database.write() as connection:
            put(connection, of_shoppers, metadata)
    with TestClient(create_app(folder), raise_server_exceptions=False) as client:
        yield client


def data_of(text: str) -> list[dict[str, Any]]:
    """The objects that stand in a page as JSON-LD."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return [one for script in found for one in json.loads(script)]


def test_a_product_is_told_to_search_engines_as_it_is_shown(client: TestClient) -> None:
    page = client.get("/product", params={"id": "shirt-M"})
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert f'<link rel="canonical" href="{BASE}/product?id=shirt-S">' in page.text  # of all variants the same
    assert '<meta property="og:image" content="https://shop.example/images/shirt.png">' in page.text
    assert '<html lang="de">' in page.text
    assert "20,90\xa0€" in page.text
    group, trail = data_of(page.text)
    assert (group["@type"], group["variesBy"]) == ("ProductGroup", ["https://schema.org/size"])
    assert (group["aggregateRating"]["ratingValue"], group["aggregateRating"]["reviewCount"]) == (4.5, 2)
    assert "4.5 von 5 Sternen, 2 Bewertungen" in page.text
    small, middle, _ = group["hasVariant"]
    assert (small["offers"]["availability"], middle["offers"]["availability"]) == (
        "https://schema.org/OutOfStock", "https://schema.org/InStock",
    )  # fmt: skip
    assert (middle["offers"]["price"], middle["offers"]["priceCurrency"], middle["gtin"]) == (
        "20.90", "EUR", "4006381333931",
    )  # fmt: skip
    assert middle["image"] == [f"{BASE}/images/shirt.png", "https://cdn.example/b.jpg"]
    assert [one["item"] for one in trail["itemListElement"]] == [
        f"{BASE}/", f"{BASE}/category?in=Apparel", f"{BASE}/product?id=shirt-S",
    ]  # fmt: skip
    assert client.get("/product?id=shirt-M", headers={"If-None-Match": page.headers["etag"]}).status_code == 304


def test_titles_and_ids_that_are_markup_stay_text(client: TestClient) -> None:
    found = client.get("/search", params={"q": SCRIPT}).text + client.get("/category?in=Kitchen").text
    page = client.get("/product", params={"id": ODD_ID})
    assert "alert(1)</script>" not in page.text + found
    assert data_of(page.text)[0]["name"] == SCRIPT
    assert "unsafe" not in page.headers["content-security-policy"]
    assert re.findall(r'<script(?![^>]*\bsrc=)(?! type="application/ld\+json")|\son\w+=|\bstyle=', page.text) == []
    links = re.findall(r'href="(/product[^"]*)"', client.get("/category?in=Kitchen").text)
    assert [client.get(unescape(one)).status_code for one in links] == [200]  # what an address says leads back
    assert 'href="https://sell.test/7"' in page.text
    assert "https://wa.me/351912345678?text=Hallo%2C%20ich" in page.text


def test_what_is_gone_is_410_and_what_never_was_404(client: TestClient) -> None:
    said = {
        "/product?id=old": 410, "/product?id=ended": 410, "/product?id=draft": 404, "/product?id=nowhere": 404,
        "/product": 404, "/product?id=": 404, f"/product?id={'x' * 3000}": 404, "/category?in=Nowhere": 404,
        "/category?in=Home&page=3": 404, "/category?in=Home&page=0": 404, "/category?page=x": 404,
        "/search?q=lamp&after=-1": 404, "/nowhere": 404, "/sitemap.xml?part=2": 404, "/sitemap.xml?part=x": 404,
    }  # fmt: skip
    for path, status in said.items():
        answer = client.get(path, headers={"Accept": "text/html"})
        assert (path, answer.status_code) == (path, status)
        assert words_of("de")["gone" if status == 410 else "not_here"] in answer.text
        assert '<meta name="robots" content="noindex' in answer.text
    assert "Draft mug" not in client.get("/category?in=Kitchen").text + client.get("/search?q=mug").text


def test_categories_have_pages_and_searches_are_not_indexed(client: TestClient) -> None:
    first, second = client.get("/category?in=Home&in=Lamps").text, client.get("/category?in=Home&in=Lamps&page=2").text
    assert len(data_of(first)[1]["itemListElement"]) == 36
    assert [one["position"] for one in data_of(second)[1]["itemListElement"]] == [37, 38, 39, 40]
    assert f'<link rel="canonical" href="{BASE}/category?in=Home&amp;in=Lamps&amp;page=2">' in second
    assert 'rel="next" href="/category?in=Home&amp;in=Lamps&amp;page=2"' in first
    found = client.get("/search?q=oak+lamp")
    assert (found.status_code, "Oak lamp" in found.text) == (200, True)
    assert '<meta name="robots" content="noindex, follow">' in found.text
    assert "noindex" not in first


def test_the_sitemap_has_what_is_made_and_comes_in_parts(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    pages = {one.findtext(f"{space}loc"): one.findtext(f"{space}lastmod") for one in root}
    assert len(pages) == 1 + 4 + 42  # the first page, categories, products
    assert pages[f"{BASE}/product?id=shirt-S"] == "2033-05-18T03:33:20Z"  # the variant that changed last
    assert f"{BASE}/product?id=old" not in pages
    assert all(client.get(str(address).removeprefix(BASE)).status_code == 200 for address in list(pages)[-3:])
    shop = client.app.state.door.shop  # type: ignore[attr-defined]
    parts = [site_map(shop, SiteMapRequest(part=number, size=20)) for number in (1, 2, 3, 4)]
    assert [(len(one.categories), len(one.products)) for one in parts] == [(4, 16), (0, 20), (0, 6), (0, 0)]
    whole = site_map(shop, SiteMapRequest())
    assert [one for part in parts for one in part.products] == whole.products
    assert f"Sitemap: {BASE}/sitemap.xml" in client.get("/robots.txt").text


def test_every_route_tells_a_stranger_and_another_visitor_nothing_of_somebody(client: TestClient) -> None:
    door = client.app.state.door  # type: ignore[attr-defined]
    key = page_key(door.shop)
    afar = {"X-Forwarded-For": "203.0.113.9"}
    other = {**afar, "X-API-Key": key, "Cookie": f"bottega_shopper=1.{'0' * 64}.{SHOPPER}"}
    known = {"shopper": SHOPPER, "id": "lamp/1", "product_id": "lamp/1", "q": "lamp", "text": "lamp", "token": "x",
             "talk_id": "1", "session_id": SHOPPER, "anonymous_id": SHOPPER, "n": 3, "name": "x"}  # fmt: skip
    asked = answered = 0
    for route in [one for one in flat(client.app.routes) if getattr(one, "methods", None)]:  # type: ignore[attr-defined]
        path = re.sub(r"\{[^}]*\}", "x", route.path)
        for method in sorted(set(route.methods) & {"GET", "POST", "PATCH"}):
            for headers in (afar, other):
                sent: dict[str, Any] = {"params": known} if method == "GET" else {"json": known}
                answer = client.request(method, path, headers=headers, **sent)
                assert SECRET not in answer.text, (method, path)
                asked, answered = asked + 1, answered + (answer.status_code < 300)
    assert asked > 300
    assert answered > 20
    assert not [one.path for one in flat(door.pages.routes) if one.path.startswith("/shop/api")]
    assert client.get("/v1/health", headers=afar).json().keys() == {"status", "version"}


def test_nobody_speaks_for_a_shopper_without_their_signature(client: TestClient) -> None:
    shop: OpenShop = client.app.state.door.shop  # type: ignore[attr-defined]
    secret = "s" * 40
    shop.secrets.keep("shopper-signature", secret)
    headers = {"X-API-Key": page_key(shop)}
    forged, until = signature_of("t" * 40, SHOPPER, int(time.time()) + 60), int(time.time()) + 60
    mine: dict[str, Any] = {"placement": "home", "shopper": SHOPPER}
    for signature, status in ((None, 403), (forged, 403), (signature_of(secret, SHOPPER, until), 200)):
        body = {**mine, "shopper_signature": signature}
        assert client.post("/v1/recommendations", json=body, headers=headers).status_code == status
    takes_one = [one for one in VERBS if one.visitor and one.route and "shopper_signature" in one.takes.model_fields]
    assert len(takes_one) > 5
    with_one = {"product_id": "lamp/1", "text": "lamp", "personal": True, "product_ids": ["lamp/1"], "picture_id": "1"}
    for one in takes_one:
        fields = {name: value for name, value in with_one.items() if name in one.takes.model_fields}
        body = {**fields, "shopper": SHOPPER}
        sent: dict[str, Any] = {"params": body} if one.method == "GET" else {"json": body}
        answer = client.request(one.method, one.path, headers=headers, **sent)
        assert answer.status_code in (403, 415, 422), (one.route, answer.text)


def test_the_key_of_the_pages_is_made_once_and_anew_when_revoked(client: TestClient) -> None:
    shop: OpenShop = client.app.state.door.shop  # type: ignore[attr-defined]
    key = page_key(shop)
    assert f'data-key="{key}"' in client.get("/").text
    assert key == page_key(shop)
    known = shop.keys.opens(key)
    assert known is not None and known.kind is KeyKind.PUBLISHABLE
    shop.store.keys.revoke(known.label)
    shop.keys._known = {}
    another = page_key(shop)
    assert another != key
    assert [one.purpose for one in shop.secrets.kept()].count(PURPOSE) == 1


def test_an_address_asks_so_much_a_minute_and_no_more() -> None:
    now = [0.0]
    limit = VisitorLimit(3, clock=lambda: now[0])

    def ask(address: str) -> None:
        limit.count({"type": "http", "client": (address, 1)})

    for _ in range(3):
        ask("203.0.113.9")
    with pytest.raises(RateExceeded) as refused:
        ask("203.0.113.9")
    assert refused.value.retry_after_s == 20
    for _ in range(3):
        ask("2001:db8:1:2::1")
    with pytest.raises(RateExceeded):
        ask("2001:db8:1:2:ffff::9")  # the same home
    ask("203.0.113.10")
    now[0] = 20.0
    ask("203.0.113.9")


def test_too_much_is_a_page_for_browsers_and_an_error_for_calls(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = client.app.state.door  # type: ignore[attr-defined]
    key = page_key(door.shop)
    monkeypatch.setattr(door.limit, "_most", 2.0)
    monkeypatch.setattr(door.limit, "_buckets", type(door.limit._buckets)())
    said = [client.get("/?x").status_code for _ in range(3)]
    call = client.post("/v1/recommendations", json={"placement": "home"}, headers={"X-API-Key": key})
    assert (said, call.status_code, call.json()["error"]["code"]) == ([200, 200, 429], 429, "rate_exceeded")
    page = client.get("/")
    assert words_of("de")["too_much"] in page.text
    assert int(page.headers["retry-after"]) > 0
    assert client.get("/images/nowhere.png").status_code == 404  # pictures do not count


def test_without_an_address_of_its_own_a_shop_is_not_to_be_found(tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_text('storefront = "public"\nworker = false\n')
    with TestClient(create_app(tmp_path)) as client:  # and an empty one opens
        page = client.get("/")
        assert (page.status_code, 'content="noindex' in page.text) == (200, True)
        assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
        assert client.get("/sitemap.xml").status_code == 404
        shop = client.app.state.door.shop  # type: ignore[attr-defined]
        assert variants(shop, VariantsRequest(product_ids=["x"])).gone == []


def test_a_public_storefront_without_keys_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_text('require_key = false\nstorefront = "public"\n')
    with pytest.raises(SettingsInvalid, match="require_key"):
        ShopFolder.open(tmp_path)


def test_every_language_says_all_and_fills_the_same_places() -> None:
    for name, said in words_of("en").items():
        places = set(re.findall(r"\{\w+\}", said))
        assert all(set(re.findall(r"\{\w+\}", words_of(code)[name])) == places for code in LANGUAGES), name


def flat(routes: Any) -> Iterator[Any]:
    """Routes, and those inside them."""
    for route in routes:
        inside = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        if inside:
            yield from flat(inside)
        else:
            yield route
