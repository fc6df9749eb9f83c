"""The platforms whose webhooks are understood: how each signs, where it says what happened, what its words mean.

Sources: https://shopify.dev/docs/apps/build/webhooks/verify-deliveries,
https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks,
https://tiendanube.github.io/api-documentation/resources/webhook,
https://developer.bigcommerce.com/docs/integrations/webhooks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bottega.errors import PlatformUnknown

__all__ = ["PLATFORMS", "Deed", "Platform", "Proof", "platform_of"]


class Deed(Enum):
    """What a topic asks for."""

    PRODUCT = "a product with all its variants, as it is now"
    PRODUCT_GONE = "a product is no longer sold"
    STOCK = "how much of one item lies in one place"
    ORDER = "an order, as it is now"
    ORDER_GONE = "an order was deleted"
    REFUND = "a part of an order was given back"
    FETCH_PRODUCT = "a product has changed; its content is to be fetched"
    FETCH_ORDER = "an order has changed; its content is to be fetched"
    FORGET = "a customer is to be forgotten"


class Proof(Enum):
    """How a body proves that the platform sent it."""

    BASE64 = "HMAC-SHA256 of the raw body in base64"
    HEX = "HMAC-SHA256 of the raw body in hex"
    TOKEN = "the secret itself, in a header that the webhook was made with"


@dataclass(frozen=True)
class Platform:
    """One platform."""

    name: str
    proof: Proof
    signature: str
    """Header that holds it, in small letters."""
    topics: Mapping[str, Deed]
    topic_header: str = ""
    """Header that names what happened; empty where the body does, in `topic_field`."""
    topic_field: str = ""
    delivery_header: str = ""
    """Header with the id of the delivery, the same when it is sent again; where there is none, doing a thing twice does
    no harm: what came is an errand, and a thing has one at most."""
    products: str = ""
    """Name of the catalogue reader for its products; empty where webhooks bring none along."""
    orders: str = ""
    """Name of the events reader for its orders."""
    ping: str = ""
    """How a body begins that only asks whether anybody listens; it is not signed."""
    path_to_id: tuple[str, ...] = field(default=("id",))
    """Where in a body without content the id of the thing stands."""

    @property
    def secret(self) -> str:
        """The purpose of its secrets."""
        return f"{self.name}-webhook"

    def topic(self, headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
        """What happened, in the platform's word."""
        named = headers.get(self.topic_header, "") if self.topic_header else body.get(self.topic_field)
        if not named and "orders_to_redact" in body:  # what the law asks for comes without a word
            return "customers/redact"
        return str(named or "")

    def holds(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
        """Whether the signature is made by one of the secrets. Takes the same time whatever the signature."""
        given = headers.get(self.signature, "").strip()
        if self.proof is Proof.HEX:
            given = given.lower()
        right = [self._signed(secret, body) for secret in secrets]
        return sum(hmac.compare_digest(given.encode(), one.encode()) for one in right) > 0

    def delivery(self, headers: Mapping[str, str]) -> str:
        """What tells this delivery from others; empty where nothing does."""
        return headers.get(self.delivery_header, "").strip()[:200] if self.delivery_header else ""

    def _signed(self, secret: str, body: bytes) -> str:
        if self.proof is Proof.TOKEN:
            return secret
        digest = hmac.new(secret.encode(), body, hashlib.sha256)
        return digest.hexdigest() if self.proof is Proof.HEX else base64.b64encode(digest.digest()).decode()


PLATFORMS = {
    one.name: one
    for one in (
        Platform(
            "shopify",
            Proof.BASE64,
            "x-shopify-hmac-sha256",
            {
                "products/create": Deed.PRODUCT,
                "products/update": Deed.PRODUCT,
                "products/delete": Deed.PRODUCT_GONE,
                "inventory_levels/connect": Deed.STOCK,
                "inventory_levels/update": Deed.STOCK,
                "orders/create": Deed.ORDER,
                "orders/paid": Deed.ORDER,
                "orders/updated": Deed.ORDER,
                "orders/fulfilled": Deed.ORDER,
                "orders/cancelled": Deed.ORDER,
                "refunds/create": Deed.REFUND,
                "customers/redact": Deed.FORGET,
            },
            topic_header="x-shopify-topic",
            delivery_header="x-shopify-webhook-id",
            products="shopify-json",
            orders="shopify-orders",
        ),
        Platform(
            "woocommerce",
            Proof.BASE64,
            "x-wc-webhook-signature",
            {
                "product.created": Deed.PRODUCT,
                "product.updated": Deed.PRODUCT,
                "product.restored": Deed.PRODUCT,
                "product.deleted": Deed.PRODUCT_GONE,
                "order.created": Deed.ORDER,
                "order.updated": Deed.ORDER,
                "order.restored": Deed.ORDER,
                "order.deleted": Deed.ORDER_GONE,
            },
            topic_header="x-wc-webhook-topic",
            delivery_header="x-wc-webhook-delivery-id",
            products="woocommerce-json",
            orders="woocommerce-orders",
            ping="webhook_id=",
        ),
        Platform(
            "tiendanube",
            Proof.HEX,
            "x-linkedstore-hmac-sha256",
            {
                "product/created": Deed.FETCH_PRODUCT,
                "product/updated": Deed.FETCH_PRODUCT,
                "product/deleted": Deed.PRODUCT_GONE,
                "order/created": Deed.FETCH_ORDER,
                "order/updated": Deed.FETCH_ORDER,
                "order/paid": Deed.FETCH_ORDER,
                "order/packed": Deed.FETCH_ORDER,
                "order/fulfilled": Deed.FETCH_ORDER,
                "order/cancelled": Deed.FETCH_ORDER,
                "order/voided": Deed.FETCH_ORDER,
                "order/edited": Deed.FETCH_ORDER,
                "customers/redact": Deed.FORGET,
            },
            topic_field="event",
        ),
        Platform(
            "bigcommerce",
            Proof.TOKEN,
            "x-bottega-secret",
            {
                "store/product/created": Deed.FETCH_PRODUCT,
                "store/product/updated": Deed.FETCH_PRODUCT,
                "store/product/inventory/updated": Deed.FETCH_PRODUCT,
                "store/product/deleted": Deed.PRODUCT_GONE,
                "store/order/created": Deed.FETCH_ORDER,
                "store/order/updated": Deed.FETCH_ORDER,
                "store/order/statusUpdated": Deed.FETCH_ORDER,
                "store/order/refund/created": Deed.FETCH_ORDER,
            },
            topic_field="scope",
            path_to_id=("data", "id"),
        ),
    )
}
"""Every platform, by its name in `POST /v1/webhooks/{platform}`."""


def platform_of(name: str) -> Platform:
    """The platform of a name. Raises `PlatformUnknown`."""
    found = PLATFORMS.get(name)
    if found is None:
        raise PlatformUnknown(
            f"No webhooks of {name!r} are understood.",
            allowed=f"Those of {', '.join(PLATFORMS)} are.",
            next_step="Correct the address of the webhook: /v1/webhooks/ and one of these.",
        )
    return found
