"""Take a webhook: who sent it, whether it came before, what it asks for; what is in it is read as a file would be.

Nothing is believed before the signature holds. A delivery is remembered when all of it is stored, so that one that a
crash cut off is done when the platform sends it again; until then doing it twice does no harm, because products are
replaced, events have ids, and an older state of a product never replaces a newer one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import orjson

from bottega.actions.talks.desk_words import DESKS, take_desk_webhook
from bottega.actions.webhooks.customers import forget_customer
from bottega.actions.webhooks.goods import product_changed, product_gone, stock_changed
from bottega.actions.webhooks.orders import order_changed, order_gone, refunded
from bottega.actions.webhooks.platforms import Deed, Platform, platform_of
from bottega.actions.webhooks.shapes import Result, WebhookAnswer, WebhookRequest
from bottega.errors import WebhookBroken, WebhookRefused
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop
from bottega.shop.secrets import variable_of

__all__ = ["take_webhook"]

_DONE: dict[Deed, Callable[[OpenShop, Platform, Mapping[str, Any]], dict[str, Any]]] = {
    Deed.PRODUCT: product_changed,
    Deed.PRODUCT_GONE: product_gone,
    Deed.STOCK: stock_changed,
    Deed.ORDER: order_changed,
    Deed.ORDER_GONE: order_gone,
    Deed.REFUND: refunded,
    Deed.FETCH_PRODUCT: lambda shop, platform, body: _errand(shop, platform, "product", body),
    Deed.FETCH_ORDER: lambda shop, platform, body: _errand(shop, platform, "order", body),
    Deed.FORGET: forget_customer,
}
"""What is done for each deed; returns fields of the answer."""


def take_webhook(shop: OpenShop, request: WebhookRequest) -> WebhookAnswer:
    """Check one delivery and do what it asks for. Safe to repeat.

    Raises `PlatformUnknown`, `WebhookRefused` where no secret of the shop signed it, and `WebhookBroken` where it is no
    whole JSON object. Whatever else is wrong with it is told in the answer: sending it again would not mend it.
    """
    if request.platform in DESKS:
        topic, result = take_desk_webhook(shop, request.platform, request.headers, request.body)
        return WebhookAnswer(platform=request.platform, topic=topic, result=cast("Result", result))
    platform = platform_of(request.platform)
    if platform.ping and request.body.startswith(platform.ping.encode()) and len(request.body) < 100:
        return WebhookAnswer(platform=platform.name, topic="", result="ping")
    _check(shop, platform, request)
    body = _object(request.body)
    topic = platform.topic(request.headers, body)
    deed = platform.topics.get(topic)
    if deed is None:
        return WebhookAnswer(platform=platform.name, topic=topic[:100], result="set_aside")
    delivery = platform.delivery(request.headers)
    deliveries = shop.store.deliveries
    if delivery and deliveries.known(platform.name, delivery):
        return WebhookAnswer(platform=platform.name, topic=topic, result="known")
    told = _DONE[deed](shop, platform, body)
    now_ms = time.time_ns() // 1_000_000
    if delivery:
        deliveries.add(platform.name, delivery, now_ms=now_ms)
    if shop.store.turns.take("prune deliveries", due_ms=now_ms - now_ms % DAY_MS, now_ms=now_ms):
        deliveries.prune(now_ms - shop.settings.webhooks_kept_days * DAY_MS)
    return WebhookAnswer(platform=platform.name, topic=topic, **told)


def _check(shop: OpenShop, platform: Platform, request: WebhookRequest) -> None:
    secrets = shop.secrets.of(platform.secret)
    if platform.holds(request.headers, request.body, secrets):
        return
    _object(request.body)  # of a body that breaks off, that is the better word
    command = f"`bottega secrets set {platform.secret}`, or the variable {variable_of(platform.secret)}"
    if not secrets:
        raise WebhookRefused(
            f"The shop has no secret for webhooks of {platform.name}.",
            allowed=f"A webhook counts with its signature in the header {platform.signature}: {platform.proof.value}.",
            next_step=f"Give the secret that {platform.name} shows: {command}.",
        )
    there = platform.signature in request.headers
    raise WebhookRefused(
        "The signature is none of the shop's secrets'." if there else "The webhook carries no signature.",
        allowed=f"It stands in the header {platform.signature}: {platform.proof.value}.",
        next_step=f"Compare the secret with the one that {platform.name} shows: {command}.",
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except ValueError as error:
        raise WebhookBroken(
            f"The body of {len(body):,} bytes is no whole JSON ({error}).",
            allowed="A webhook is one JSON object in UTF-8.",
            next_step="Send it again, whole; a proxy between may have cut it.",
        ) from error
    if not isinstance(found, dict):
        raise WebhookBroken(
            "The body is JSON, but no object.",
            allowed="A webhook is one JSON object.",
            next_step="Send it as the platform makes it.",
        )
    return found


def _errand(shop: OpenShop, platform: Platform, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The platform says that something has changed, and not how: a connector fetches it."""
    found: Any = body
    for step in platform.path_to_id:
        found = found.get(step) if isinstance(found, Mapping) else None
    if found is None or isinstance(found, bool | dict | list):
        return {"result": "unusable"}
    shop.store.errands.add(platform.name, kind, str(found))
    return {"result": "queued"}
