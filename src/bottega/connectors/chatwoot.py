"""Chatwoot, where agents answer: talks are conversations of an inbox of the kind API there.

Source   https://developers.chatwoot.com/api-reference and, of the signature of its webhooks,
         https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bottega.connectors.web import Web, checked_address
from bottega.reach import PUBLIC, Reach

__all__ = ["OURS", "Chatwoot", "chatwoot_signed", "signed_lately"]

OURS = "bottega_line"
"""What a message of ours carries there, so that it is known when it comes back."""
FRESH_S = 600
"""A webhook signed longer ago, or later, than so many seconds is refused."""
_DIGITS_MOST = 12
"""Of a moment in seconds, for some thousand years."""
Status = Literal["open", "pending", "resolved"]


def chatwoot_signed(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now_s: float | None = None
) -> bool:
    """Whether one of the secrets signed a webhook: `sha256=` and HMAC-SHA256 in hex over `<timestamp>.<body>`."""
    told = headers.get("x-chatwoot-timestamp", "")
    given = headers.get("x-chatwoot-signature", "").encode()
    right = [
        b"sha256=" + hmac.new(secret.encode(), told.encode() + b"." + body, hashlib.sha256).hexdigest().encode()
        for secret in secrets
    ]
    return sum(hmac.compare_digest(given, one) for one in right) > 0 and signed_lately(told, now_s)


def signed_lately(told: str, now_s: float | None = None) -> bool:
    """Whether a moment, told in seconds as a header has it, is within `FRESH_S` of now."""
    if not told.isdecimal() or len(told) > _DIGITS_MOST:
        return False
    return abs((time.time() if now_s is None else now_s) - int(told)) <= FRESH_S


class Chatwoot:
    """One inbox of one account. Every call raises `PlatformFailed` where it refuses or does not answer,
    and `AddressRefused` where it lies beyond `reach`."""

    def __init__(self, address: str, account: int, inbox: int, token: str, reach: Reach = PUBLIC) -> None:
        """Raises `RequestInvalid` for an address to which no token may go."""
        headers = {"api_access_token": token}
        self._web = Web("chatwoot", checked_address(address), headers, reach, tries=1)
        self._path, self._inbox = f"/api/v1/accounts/{account}", inbox

    def begin(self, talk_id: str, name: str) -> str:
        """A conversation for a talk, which the assistant has; returns its number there."""
        contact = self._contact(talk_id, name)
        body = {"inbox_id": self._inbox, "contact_id": contact, "status": "pending"}
        reply = self._web.call(
            "POST", f"{self._path}/conversations", body | {"custom_attributes": {"talk_id": talk_id}}
        )
        return str(reply.body["id"])

    def say(self, conversation: str, text: str, *, incoming: bool = False, private: bool = False, line: int) -> None:
        """One message. It carries the number of its line, by which it is known when it comes back."""
        body: dict[str, Any] = {"content": text, "message_type": "incoming" if incoming else "outgoing"}
        body |= {"private": private, "content_attributes": {OURS: line}}
        self._web.call("POST", f"{self._path}/conversations/{conversation}/messages", body)

    def set_status(self, conversation: str, status: Status) -> None:
        """open: agents see it in their queue. pending: the assistant has it. resolved: it is over."""
        self._web.call("POST", f"{self._path}/conversations/{conversation}/toggle_status", {"status": status})

    def _contact(self, talk_id: str, name: str) -> int:
        """The contact that stands for whoever talks; one of before, where a crash came between."""
        body = {"inbox_id": self._inbox, "name": name, "identifier": talk_id}
        reply = self._web.call("POST", f"{self._path}/contacts", body, refusals=(422,))
        if reply.status != 422:
            return int(reply.body["payload"]["contact"]["id"])
        asked = urllib.parse.urlencode({"q": talk_id})
        found = self._web.call("GET", f"{self._path}/contacts/search?{asked}").body["payload"]
        return next(int(one["id"]) for one in found if one.get("identifier") == talk_id)
