"""Suggestions as names that only this shop can make: the verb and its request, with until when they hold, signed.

Nothing is kept of a suggestion, so that every process and machine of the shop can accept it, and what is accepted is
what was shown, letter by letter.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from bottega.actions.merchant.shapes import SuggestedAct
from bottega.errors import RequestInvalid
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop

__all__ = ["opened", "suggested"]

_PURPOSE = "merchant suggestions"


def suggested(shop: OpenShop, text: str, verb: str, request: dict[str, Any], *, now_ms: int) -> SuggestedAct:
    """A verb and its request, to be accepted within a day."""
    told = json.dumps([verb, request, now_ms + DAY_MS], ensure_ascii=False, separators=(",", ":")).encode()
    name = f"{_plain(told)}.{_plain(_signed(shop, told))}"
    return SuggestedAct(id=name, text=text, verb=verb, request=request)


def opened(shop: OpenShop, name: str, *, now_ms: int) -> tuple[str, dict[str, Any]]:
    """The verb and the request of a suggestion. Raises `RequestInvalid`."""
    told, _, signature = name.partition(".")
    try:
        content, signed = _bytes(told), _bytes(signature)
    except ValueError:
        content, signed = b"", b""
    if not content or not hmac.compare_digest(signed, _signed(shop, content)):
        raise RequestInvalid(
            "This is no suggestion of this shop.",
            allowed="The `id` of a suggestion, as POST /v1/merchant/assistant gave it.",
            next_step="Ask again, and pass the id on as it is.",
        )
    verb, request, until_ms = json.loads(content)
    if now_ms > until_ms:
        raise RequestInvalid(
            "This suggestion is older than a day.",
            allowed="A suggestion holds for a day: the shop may have changed since.",
            next_step="Ask again.",
        )
    return verb, request


def _signed(shop: OpenShop, content: bytes) -> bytes:
    return hmac.new(shop.secrets.drawn(_PURPOSE), content, hashlib.sha256).digest()


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
