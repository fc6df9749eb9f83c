"""`POST /v1/webhooks/{platform}`: the bytes as they were signed, with a limit of their own; no key, but a signature."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bottega.actions.webhooks.shapes import WebhookAnswer, WebhookRequest
from bottega.errors import BottegaError, WebhookBroken
from bottega.serving.http.door import door_of
from bottega.shop.open_shop import OpenShop

__all__ = ["MAX_BYTES", "router"]

log = structlog.get_logger("bottega")
router = APIRouter(tags=["webhooks"])
MAX_BYTES = 10_000_000
"""Largest body; platforms send less."""
_TOO_LARGE = f"The body is larger than {MAX_BYTES // 1_000_000} MB; no platform sends so much in one webhook."


@router.post(
    "/v1/webhooks/{platform}",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def webhook(platform: str, request: Request) -> WebhookAnswer:
    """Take what a platform pushes: products, stock, orders. The signature over the raw body opens it, no key."""
    door = door_of(request)
    try:
        sent = WebhookRequest(platform=platform, headers=dict(request.headers), body=await _body(request))
        answer = await run_in_threadpool(_taken, door.shop, sent)
    except BottegaError as error:
        door.meters.webhook(platform, error.code)
        raise
    door.meters.webhook(platform, answer.result)
    useless = sum(answer.rejected.values())
    log.info("webhook", platform=platform, topic=answer.topic, result=answer.result, rejected=useless)
    return answer


def _taken(shop: OpenShop, sent: WebhookRequest) -> WebhookAnswer:
    """As the verb answers, loaded when a webhook first comes: every reader of feeds and orders stands behind it."""
    from bottega.actions.webhooks.take import take_webhook

    return take_webhook(shop, sent)


async def _body(request: Request) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MAX_BYTES:
        raise HTTPException(413, _TOO_LARGE)
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > MAX_BYTES:
                raise HTTPException(413, _TOO_LARGE)
    except ClientDisconnect as error:
        raise WebhookBroken(
            f"The connection ended after {len(content):,} bytes, before the body did.",
            next_step="Send it again, whole.",
        ) from error
    return bytes(content)
