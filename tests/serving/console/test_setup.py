"""Set up by clicks: from an empty shop to its channels, and what nobody may see or do on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from tests.serving.console.conftest import Merchant, opened

from bottega.actions.catalogue.channel_fit import fitted, objections
from bottega.actions.catalogue.export_catalogue import as_shown
from bottega.catalogue.product import Product
from bottega.names import Role
from bottega.serving.console.rendering import BACK, CSRF
from bottega.shop.doors.sessions import csrf_token_of

PAGES = ("", "/products", "/check", "/channels", "/channel?of=google", "/channel?of=meta", "/widget", "/publish")
TABLE = b"Nr;Artikel;Preis;Farbe\n1;Lampe;10,00;rot\n2;Stuhl;20,00;blau\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    """An admin of a shop that is being set up."""
    with opened(tmp_path_factory.mktemp("setup") / "new") as client:
        yield client


def settings_of(client: Merchant) -> str:
    """What the shop's file says."""
    path = client.shop.folder.root / "bottega.toml"
    return path.read_text() if path.exists() else ""


def test_an_empty_shop_says_the_next_step_on_every_page(shop: Merchant) -> None:
    for path in PAGES:
        assert shop.get(f"/console/setup{path}").status_code == 200, path
    assert re.search(r'id="products" class="next"', shop.get("/console/setup").text)
    assert shop.get("/console/setup/channel?of=etsy").status_code == 400
    assert shop.get("/console/setup/columns?source=../../secret.key").status_code == 422


def test_a_file_is_looked_at_corrected_and_imported(shop: Merchant) -> None:
    sent = {CSRF: csrf_token_of(shop.token), BACK: "/console/setup/products"}
    page = shop.post("/console/setup/file", data=sent, files={"file": ("my list.csv", TABLE)})
    assert page.status_code == 200
    assert all(f">{column}</label>" in page.text for column in ("Nr", "Artikel", "Preis", "Farbe"))
    assert ">Import</button>" not in page.text  # nothing in it looks like an id
    source = re.search(r'name="source" value="([^"]+)"', page.text)
    assert source is not None
    back, chosen = f"/console/setup/columns?source={source[1]}", {"field-Nr": "id", "field-Artikel": "title"}
    twice = shop.submit(
        "/console/setup/columns", back=back, source=source[1], **{"field-Nr": "id", "field-Preis": "id"}
    )
    assert (twice.status_code, "Two columns are the id" in twice.text) == (422, True)
    again = shop.submit("/console/setup/columns", back=back, source=source[1], again="1", **chosen)
    assert ">Import</button>" in again.text
    done = shop.submit("/console/setup/columns", back=back, source=source[1], **chosen)
    assert "is being imported" in done.text
    job = shop.shop.store.jobs.unfinished()[-1]
    assert (job.verb, job.request["mapping"]) == ("import_catalogue", {"id": "Nr", "title": "Artikel"})


def test_a_platform_is_connected_and_its_token_shown_nowhere(shop: Merchant) -> None:
    def connect(**fields: str) -> Any:
        return shop.submit("/console/setup/platform", back="/console/setup/products", platform="shopify", **fields)

    address, token = "https://my-shop.myshopify.com", "shpat_0123456789"
    missing = connect(address=address)
    done = connect(address=address, token=token)
    moved = connect(address="https://other.myshopify.com")  # the token of one place is sent to no other
    assert (missing.status_code, done.status_code, moved.status_code) == (422, 200, 422)
    assert shop.shop.secrets.of("shopify-token") == (token,)
    assert token not in done.text + moved.text + shop.get("/console/setup/products").text
    again = connect(address=address, token="shpat_9876543210")
    assert again.status_code == 200
    assert shop.shop.secrets.of("shopify-token") == ("shpat_9876543210",)
    connection = shop.shop.store.connections.get("shopify")
    assert connection is not None and connection.address == address
    assert shop.shop.store.jobs.unfinished()[-1].verb == "connect"


def test_a_feed_has_an_address_that_is_shown_once_and_may_be_changed(shop: Merchant) -> None:
    shop.shop.upsert([Product(id="a/1", title="Lamp", price_minor=1990, currency="EUR", url="https://x.example/a")])

    def make() -> str:
        page = shop.submit("/console/setup/channels", channel="google")
        found = re.search(r'value="([^"]+/feeds/google[^"]+)"', page.text)
        assert found is not None
        return "/feeds/" + unescape(found[1]).partition("/feeds/")[2]

    first = make()
    file = shop.get(first)
    assert (file.status_code, file.headers["content-type"]) == (200, "text/tab-separated-values; charset=utf-8")
    assert "a/1\tLamp\t" in file.text
    assert shop.get(first, headers={"If-None-Match": file.headers["etag"]}).status_code == 304
    shop.shop.upsert([Product(id="a/2", title="Chair", price_minor=990, currency="EUR")])
    assert "a/2" in shop.get(first, headers={"If-None-Match": file.headers["etag"]}).text
    assert len(list(shop.shop.folder.running.glob("feed-google-*"))) == 1
    shop.shop.upsert([Product(id="a/3", title="Rug", updated_at_ms=1_764_000_000_000)])
    judged = shop.get("/console/setup/channel?of=google").text
    assert "<li>last change: of 1 product</li>" in judged and "updated_at_ms" not in judged
    assert first.partition("token=")[2] not in shop.get("/console/setup/channels").text
    said = [shop.get(path).status_code for path in (first.replace("google", "meta"), "/feeds/google", "/feeds/etsy")]
    assert said == [401, 401, 404]
    assert shop.get("/v1/catalogue/export?format=google", headers={"X-API-Key": first.partition("token=")[2]}).is_error
    second = make()
    shop.shop.keys._known = {}
    assert (shop.get(first).status_code, shop.get(second).status_code) == (401, 200)
    for _ in range(40):
        answer = shop.get(second)
    assert answer.status_code == 429


def test_publishing_writes_settings_and_refuses_what_is_none(shop: Merchant) -> None:
    asked = {"shop_name": "Nord", "storefront_language": "de", "whatsapp": "+351 912 345 678"}
    refused = shop.submit("/console/setup/publish", public_url="nonsense", **asked)
    assert (refused.status_code, "storefront" in settings_of(shop)) == (422, False)
    page = shop.submit("/console/setup/publish", public_url="https://shop.example", **asked)
    assert "opens once the server starts again" in page.text
    written = settings_of(shop)
    assert 'storefront = "public"' in written and 'public_url = "https://shop.example"' in written
    allowed = shop.submit("/console/setup/widget", origin="https://www.shop.example/")
    assert "https://www.shop.example" in allowed.text
    assert 'browser_origins = ["https://www.shop.example"]' in settings_of(shop)
    assert "data-key=&#34;btg_pub_" in allowed.text
    shop.submit("/console/setup/publish", close="1")
    assert "storefront = false" in settings_of(shop)


def test_who_manages_makes_no_addresses_and_no_connections(shop: Merchant) -> None:
    token, cookies = shop.token, dict(shop.cookies)
    shop.log_in(Role.MANAGE)
    said = [
        shop.submit(
            path, back="/console/setup", channel="meta", platform="shopify", address="https://x.example"
        ).status_code
        for path in ("/console/setup/channels", "/console/setup/platform", "/console/setup/publish")
    ]
    assert said == [403, 403, 403]
    assert shop.get("/console/setup").status_code == 200
    shop.token = token
    shop.cookies.update(cookies)


def test_a_feed_stays_within_what_its_channel_takes() -> None:
    long = Product(
        id="x" * 120, title="word " * 60, brand="B" * 120, images=tuple(f"https://x.test/{i}.jpg" for i in range(30))
    )
    google, meta = fitted(long, "google"), fitted(long, "meta")
    assert (len(google.title), len(meta.title)) == (149, 199)  # whole words
    assert (len(google.brand or ""), len(meta.brand or "")) == (70, 100)
    assert (len(google.images), len(meta.images)) == (11, 21)
    assert (google.id, meta.description) == (long.id, long.title)
    assert (google.attributes, meta.attributes) == ({}, {"condition": ("new",)})
    assert objections(meta, "meta") == ["no page that it leads to", "no price", "an id of more than 100 characters"]
    used = Product(id="1", title="Lamp", attributes={"condition": ("used",)}, images=("own.jpg",))
    assert fitted(used, "meta") == used.model_copy(update={"description": "Lamp"})


def test_a_public_storefront_gives_feeds_the_addresses_they_lack() -> None:
    def shown(**fields: Any) -> Product:
        settings = SimpleNamespace(storefront="public", public_url="https://shop.example", **fields)
        return as_shown(lamp, SimpleNamespace(settings=settings))  # type: ignore[arg-type]

    lamp = Product(id="a/1 b", title="Lamp", images=("x y.jpg", "https://cdn.example/b.jpg"))
    assert shown().url == "https://shop.example/product?id=a%2F1+b"
    assert shown().images == ("https://shop.example/images/x%20y.jpg", "https://cdn.example/b.jpg")
    lamp = lamp.model_copy(update={"url": "https://sell.example/7"})
    assert shown().url == "https://sell.example/7"
    off: Any = SimpleNamespace(settings=SimpleNamespace(storefront=True, public_url="https://shop.example"))
    assert as_shown(lamp, off) == lamp
