"""Webhooks over HTTP: whose signature holds, what comes twice, what breaks off, what is too much, what nobody knows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from bottega.actions.webhooks.platforms import PLATFORMS, Deed
from bottega.names import Availability
from bottega.store.stock import StockItem

SECRETS = {name: f"hush-{name}" for name in PLATFORMS}
SIGNATURE = {
    "shopify": "X-Shopify-Hmac-SHA256",
    "woocommerce": "X-WC-Webhook-Signature",
    "tiendanube": "X-Linkedstore-HMAC-SHA256",
    "bigcommerce": "X-Bottega-Secret",
}
GONE = {
    "shopify": ("products/delete", {"id": "lamps/a b"}),
    "woocommerce": ("product.deleted", {"id": "lamps/a b"}),
    "tiendanube": ("product/deleted", {"store_id": 7, "event": "product/deleted", "id": "lamps/a b"}),
    "bigcommerce": (
        "store/product/deleted",
        {"scope": "store/product/deleted", "data": {"type": "product", "id": "lamps/a b"}, "hash": "x"},
    ),
}


def signature(platform: str, body: bytes, secret: str | None = None) -> str:
    """As the platform makes it."""
    secret = SECRETS[platform] if secret is None else secret
    digest = hmac.new(secret.encode(), body, hashlib.sha256)
    if platform == "bigcommerce":
        return secret
    return digest.hexdigest() if platform == "tiendanube" else base64.b64encode(digest.digest()).decode()


class Platforms:
    """The platforms, as the shop hears them."""

    def __init__(self, door: Any) -> None:
        self.door = door
        for name, secret in SECRETS.items():
            door.shop.secrets.keep(f"{name}-webhook", secret)

    def send(self, platform: str, topic: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {
            SIGNATURE[platform]: signature(platform, raw),
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-WC-Webhook-Topic": topic,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        response = self.door.client.post(f"/v1/webhooks/{platform}", content=raw, headers=named)
        assert response.status_code == 200, response.text
        return response.json()

    def product(self, name: str) -> Any:
        return self.door.shop.store.products.get([name])[name]


@pytest.fixture
def platforms(door: Any) -> Platforms:
    return Platforms(door)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_signed_one_is_done_without_a_key(platforms: Platforms, platform: str) -> None:
    topic, body = GONE[platform]
    assert "lamps/a b" in platforms.door.ids(filter={"ids": ["lamps/a b"]})
    answer = platforms.send(platform, topic, body)
    assert answer == {
        "platform": platform,
        "topic": topic,
        "result": "done",
        "products": 1,
        "events": 0,
        "rejected": {},
    }
    assert platforms.product("lamps/a b").availability is Availability.DISCONTINUED
    assert platforms.door.ids(filter={"ids": ["lamps/a b"]}) == [], "it is in no list any more"


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("forged", ["", "other secret", "other body", "no base64 é", "truncated"])
def test_a_signature_that_does_not_hold_opens_nothing(platforms: Platforms, platform: str, forged: str) -> None:
    topic, body = GONE[platform]
    raw = json.dumps(body).encode()
    given = {
        "": "",
        "other secret": signature(platform, raw, "guess"),
        "other body": signature(platform, raw + b" ", None if platform != "bigcommerce" else "x"),
        "no base64 é": "é" * 44,
        "truncated": signature(platform, raw)[:-1],
    }[forged]
    headers = {SIGNATURE[platform]: given.encode("latin-1"), "X-Shopify-Topic": topic, "X-WC-Webhook-Topic": topic}
    response = platforms.door.client.post(f"/v1/webhooks/{platform}", content=raw, headers=headers)
    assert response.status_code == 401 and response.json()["error"]["code"] == "webhook_refused"
    assert SECRETS[platform] not in response.text
    assert platforms.product("lamps/a b").availability is Availability.IN_STOCK


def test_the_wrong_encoding_of_a_right_signature_does_not_count(platforms: Platforms) -> None:
    """Tiendanube signs in hex, Shopify in base64."""
    raw = json.dumps(GONE["shopify"][1]).encode()
    digest = hmac.new(SECRETS["shopify"].encode(), raw, hashlib.sha256)
    headers = {"X-Shopify-Topic": "products/delete", SIGNATURE["shopify"]: digest.hexdigest()}
    assert platforms.door.client.post("/v1/webhooks/shopify", content=raw, headers=headers).status_code == 401


def test_without_a_secret_the_answer_says_how_to_give_it(door: Any) -> None:
    response = door.client.post("/v1/webhooks/shopify", json={"id": 1}, headers={SIGNATURE["shopify"]: "x"})
    assert response.status_code == 401
    assert "bottega secrets set shopify-webhook" in response.json()["error"]["next_step"]
    assert "BOTTEGA_SECRET_SHOPIFY_WEBHOOK" in response.json()["error"]["next_step"]


def test_two_secrets_count_while_one_is_changed(platforms: Platforms) -> None:
    topic, body = GONE["shopify"]
    raw = json.dumps(body).encode()
    platforms.door.shop.secrets.keep("shopify-webhook", "the next one")
    for secret in (SECRETS["shopify"], "the next one"):
        platforms.send("shopify", topic, raw, X_Shopify_Hmac_SHA256=signature("shopify", raw, secret))


@pytest.mark.parametrize(
    ("platform", "header"), [("shopify", "X_Shopify_Webhook_Id"), ("woocommerce", "X_WC_Webhook_Delivery_ID")]
)
def test_a_delivery_that_comes_again_changes_nothing(platforms: Platforms, platform: str, header: str) -> None:
    topic, body = GONE[platform]
    assert platforms.send(platform, topic, body, **{header: "d-1"})["result"] == "done"
    platforms.door.post("/v1/products", {"id": "lamps/a b", "title": "Back again"})
    assert platforms.send(platform, topic, body, **{header: "d-1"})["result"] == "known"
    assert platforms.product("lamps/a b").availability is Availability.IN_STOCK
    assert platforms.send(platform, topic, body, **{header: "d-2"})["result"] == "done"
    assert platforms.product("lamps/a b").availability is Availability.DISCONTINUED


def test_deliveries_are_forgotten_after_their_days(platforms: Platforms) -> None:
    topic, body = GONE["shopify"]
    deliveries = platforms.door.shop.store.deliveries
    now_ms = int(time.time() * 1000)
    for name, days in (("old", 31), ("young", 29)):
        deliveries.add("shopify", name, now_ms=now_ms - days * 86_400_000)
    platforms.send("shopify", topic, body, X_Shopify_Webhook_Id="d-1")
    assert [deliveries.known("shopify", name) for name in ("old", "young", "d-1")] == [False, True, True]


def test_one_that_could_not_be_stored_is_done_when_it_comes_again(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, body = GONE["shopify"]
    with monkeypatch.context() as patched:
        patched.setattr(platforms.door.shop, "upsert", _crash)
        with pytest.raises(RuntimeError):
            platforms.send("shopify", topic, body, X_Shopify_Webhook_Id="d-1")
    assert platforms.send("shopify", topic, body, X_Shopify_Webhook_Id="d-1")["result"] == "done"


def _crash(_: object) -> None:
    raise RuntimeError("power cut")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_one_that_breaks_off_is_told_so_signed_or_not(platforms: Platforms, platform: str) -> None:
    topic, body = GONE[platform]
    whole = json.dumps(body).encode()
    for raw, signed in ((whole[:-3], whole[:-3]), (whole[:-3], whole), (b"", b""), (b"[1]", b"[1]"), (b"\xff{}", b"")):
        headers = {SIGNATURE[platform]: signature(platform, signed), "X-Shopify-Topic": topic}
        response = platforms.door.client.post(f"/v1/webhooks/{platform}", content=raw, headers=headers)
        assert response.status_code == 400 and response.json()["error"]["code"] == "webhook_broken"
    assert platforms.product("lamps/a b").availability is Availability.IN_STOCK


@pytest.mark.parametrize("announced", [True, False])
def test_more_than_ten_megabytes_are_refused(platforms: Platforms, announced: bool) -> None:
    def pieces(size: int) -> Any:
        for _ in range(size // 500_000):
            yield b" " * 500_000
        yield b"{}"

    for size, code in ((9_500_000, 200), (10_000_000, 413)):
        raw = b"".join(pieces(size))
        headers = {SIGNATURE["shopify"]: signature("shopify", raw), "X-Shopify-Topic": "shop/update"}
        content = raw if announced else pieces(size)
        response = platforms.door.client.post("/v1/webhooks/shopify", content=content, headers=headers)
        assert response.status_code == code, response.text
    assert response.json()["error"]["code"] == "body_too_large" and "10 MB" in response.json()["error"]["message"]


def test_what_nobody_knows_is_answered_and_counted(platforms: Platforms) -> None:
    assert platforms.send("shopify", "carts/update", {"id": 1})["result"] == "set_aside"
    assert platforms.send("shopify", "products/delete", {"name": "x"})["result"] == "unusable"
    assert platforms.send("tiendanube", "", {"id": 1})["result"] == "set_aside"
    response = platforms.door.client.post("/v1/webhooks/ebay", json={})
    assert response.status_code == 404 and "shopify, woocommerce" in response.json()["error"]["allowed"]
    text = platforms.door.client.get("/metrics").text
    for platform, result in (("shopify", "set_aside"), ("shopify", "unusable"), ("other", "platform_unknown")):
        assert f'bottega_webhooks_total{{platform="{platform}",result="{result}"}} 1.0' in text
    assert "ebay" not in text


def test_woocommerces_first_call_is_answered(platforms: Platforms) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = platforms.door.client.post("/v1/webhooks/woocommerce", content=b"webhook_id=12", headers=headers)
    assert response.status_code == 200 and response.json()["result"] == "ping"
    assert platforms.door.client.post("/v1/webhooks/shopify", content=b"webhook_id=12").status_code == 400


@pytest.mark.parametrize("platform", ["tiendanube", "bigcommerce"])
def test_ids_alone_become_errands_for_a_connector(platforms: Platforms, platform: str) -> None:
    topics = [(topic, deed) for topic, deed in PLATFORMS[platform].topics.items() if deed.name.startswith("FETCH")]
    assert len(topics) > 5
    errands = platforms.door.shop.store.errands
    for number, (topic, _) in enumerate(topics):
        thing = {"type": "order" if "order" in topic else "product", "id": 100 + number}
        body = {"scope": topic, "data": thing} if platform == "bigcommerce" else {"event": topic, "id": 100 + number}
        for _ in range(2):  # the second time it is the same errand, and the newest
            assert platforms.send(platform, topic, body)["result"] == "queued"
    waiting = errands.waiting(platform)
    expected = [
        ("order" if deed is Deed.FETCH_ORDER else "product", str(100 + i)) for i, (_, deed) in enumerate(topics)
    ]
    assert [(one.kind, one.foreign_id) for one in waiting] == expected
    errands.done(one.number for one in waiting[1:])
    assert [one.foreign_id for one in errands.waiting(platform)] == ["100"] and errands.waiting("shopify") == []
    stale = errands.waiting(platform)[0].number
    errands.add(platform, waiting[0].kind, "100")
    errands.done([stale])
    assert len(errands.waiting(platform)) == 1, "what was told meanwhile is still to be fetched"


class Stock:
    """Shopify's stock of one product."""

    def __init__(self, platforms: Platforms, *, oversell: bool = False) -> None:
        self.platforms = platforms
        platforms.door.shop.store.stock.link("shopify", [StockItem("77", "tea-0", oversell)])

    def level(self, available: int | None, place: int = 1, item: int = 77) -> str:
        body = {"inventory_item_id": item, "location_id": place, "available": available}
        result: str = self.platforms.send("shopify", "inventory_levels/update", body)["result"]
        return result

    def now(self) -> Availability:
        found: Availability = self.platforms.product("tea-0").availability
        return found


def test_stock_is_what_lies_in_all_places(platforms: Platforms) -> None:
    stock = Stock(platforms)
    assert stock.level(0) == "done" and stock.now() is Availability.OUT_OF_STOCK
    assert stock.level(3, place=2) == "done" and stock.now() is Availability.IN_STOCK
    assert stock.level(1) == "done" and stock.level(0, place=2) == "done" and stock.now() is Availability.IN_STOCK
    assert stock.level(-2) == "done" and stock.now() is Availability.OUT_OF_STOCK
    assert "tea-0" not in platforms.door.ids(filter={"ids": ["tea-0"]})
    assert stock.level(None) == "set_aside" and stock.now() is Availability.OUT_OF_STOCK


def test_what_is_sold_beyond_its_stock_is_on_backorder(platforms: Platforms) -> None:
    stock = Stock(platforms, oversell=True)
    assert stock.level(0) == "done" and stock.now() is Availability.BACKORDER


def test_stock_that_cannot_be_known_is_asked_for(platforms: Platforms) -> None:
    stock = Stock(platforms)
    assert stock.level(5, item=78) == "queued", "no product told of this item"
    assert stock.level(5, item=78, place=2) == "queued"
    assert stock.level(0) == "queued" and stock.now() is Availability.IN_STOCK, "some may lie in the other place"
    assert [one.foreign_id for one in platforms.door.shop.store.errands.waiting("shopify")] == ["78", "77"]
    assert stock.level(0, place=2) == "done" and stock.now() is Availability.OUT_OF_STOCK


def test_a_product_that_is_no_longer_sold_does_not_come_back_by_its_stock(platforms: Platforms) -> None:
    stock = Stock(platforms)
    platforms.send("shopify", "products/delete", {"id": "tea-0"})
    assert stock.level(5) == "set_aside" and stock.now() is Availability.DISCONTINUED


def test_a_customer_who_is_to_be_forgotten_is_forgotten(platforms: Platforms) -> None:
    for row in ({"shopper_id": "207119551"}, {"anonymous_id": "john@example.com"}):
        platforms.door.post("/v1/events", {"kind": "view", "product_id": "tea-0", **row})
    body = {"shop_id": 1, "customer": {"id": 207119551, "email": "John@example.com"}, "orders_to_redact": [299938]}
    assert platforms.send("shopify", "customers/redact", body)["result"] == "done"
    known = platforms.door.shop.store.shoppers.profile
    assert known("207119551") is None and known("john@example.com") is None
    assert platforms.send("tiendanube", "", body)["result"] == "done", "nothing is known of them"
