"""Calls to the API of one shop: its address and its token, patience, and no more haste than the platform allows.

A call that the platform puts off (429, a full bucket) is made again when it says; one that fails on the way (no
connection, 5xx, half an answer) is made again after a pause that doubles. The token goes to the shop's own address and
nowhere else: redirects are not followed, and plain http is for this machine alone.
"""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bottega import __version__
from bottega.errors import PlatformFailed, RequestInvalid
from bottega.reach import LOOPBACK, Reach
from bottega.sources.calls import opener_to
from bottega.sources.web_address import plain_address

__all__ = ["Reply", "Web", "checked_address"]

TRIES = 8
"""How often a call is made before the connector gives up; what it has stored by then stays."""
TIMEOUT_S = 60.0
PAUSE_S = 0.5
"""Before the second try of a call that failed; then twice as long each time."""
PAUSE_MOST_S = 60.0
WAIT_MOST_S = 600.0
"""A platform that asks for a longer wait is left for another day."""
BODY_MOST = 256 * 1024 * 1024
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: Any
    """Parsed JSON."""


def checked_address(text: str) -> str:
    """The address of a shop without a slash at its end; https where it names no scheme. Raises `RequestInvalid`."""
    address = text.strip().rstrip("/")
    if "://" not in address:
        address = f"https://{address}"
    parts = urllib.parse.urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or parts.query or parts.username or not (parts.scheme == "https" or plain):
        raise RequestInvalid(
            f"The shop's address is {plain_address(address)!r}.",
            allowed="It is https, as in https://my-shop.myshopify.com; a token never travels in the open.",
            next_step="Correct it.",
        )
    return address


@dataclass
class Web:
    """The API of one shop. Counts its calls and how long it waited for the platform's sake."""

    platform: str
    address: str
    headers: Mapping[str, str]
    reach: Reach
    """Where it may lead."""
    wait_after: Callable[[Reply], float] = lambda reply: 0.0
    """Seconds that the platform wants left in peace after a reply."""
    pause: Callable[[float], None] = time.sleep
    tries: int = TRIES
    """How often a call is made; once, where somebody else tries again."""
    calls: int = field(default=0, init=False)
    waited_s: float = field(default=0.0, init=False)

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Reply:
        """Read. Raises `PlatformFailed` and `AddressRefused`."""
        given = {name: str(value) for name, value in (query or {}).items() if value is not None}
        return self.call("GET", f"{path}?{urllib.parse.urlencode(given)}" if given else path)

    def call(self, method: str, path: str, body: Any = None, *, refusals: tuple[int, ...] = ()) -> Reply:
        """Ask until there is an answer. Raises `PlatformFailed` for a refusal that is not among `refusals`,
        and `AddressRefused`."""
        told = ""
        for attempt in range(self.tries):
            self.calls += 1
            reply, told = self._once(method, path, body)
            if reply is not None and reply.status not in _AGAIN:
                if reply.status < 300 or reply.status in refusals:
                    self.wait(self.wait_after(reply))
                    return reply
                raise self._refused(reply)
            if attempt + 1 < self.tries:
                self.wait(self._before_next(reply, attempt))
        raise PlatformFailed(
            f"{self.platform} did not answer {self.tries} times: {told}.",
            next_step="Run it again later: it goes on after the last page that was stored.",
            again=True,
        )

    def wait(self, seconds: float) -> None:
        """Leave the platform in peace."""
        if seconds > WAIT_MOST_S:
            raise PlatformFailed(
                f"{self.platform} wants {seconds:.0f} seconds of peace.",
                next_step="Run it again later: it goes on after the last page that was stored.",
                again=True,
            )
        if seconds > 0:
            self.waited_s += seconds
            self.pause(seconds)

    def _once(self, method: str, path: str, body: Any) -> tuple[Reply | None, str]:
        """A reply, or None; and what to say of it."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "User-Agent": f"Bottega/{__version__}", **self.headers}
        if content is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.address + path, data=content, headers=headers, method=method)
        try:
            with opener_to(self.address, self.reach).open(request, timeout=TIMEOUT_S) as answer:
                return self._read(answer.status, answer.headers.items(), answer.read(BODY_MOST))
        except urllib.error.HTTPError as error:
            with error:
                return self._read(error.code, error.headers.items(), error.read(BODY_MOST))
        except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException, OSError) as error:
            return None, str(getattr(error, "reason", error) or type(error).__name__)

    def _read(self, status: int, headers: Any, content: bytes) -> tuple[Reply | None, str]:
        named = {name.lower(): value for name, value in headers}
        try:
            body = json.loads(content) if content.strip() else None
        except ValueError:
            if status < 300:
                return None, f"half an answer, or none that is JSON ({len(content):,} bytes)"
            body = content[:500].decode(errors="replace")
        return Reply(status, named, body), f"HTTP {status}"

    def _before_next(self, reply: Reply | None, attempt: int) -> float:
        asked = _retry_after(reply.headers.get("retry-after", "")) if reply is not None else None
        if asked is not None:
            return asked
        usual: float = min(PAUSE_S * 2**attempt, PAUSE_MOST_S) * random.uniform(0.75, 1.25)
        return max(usual, self.wait_after(reply) if reply is not None else 0.0)

    def _refused(self, reply: Reply) -> PlatformFailed:
        said = reply.body if isinstance(reply.body, str) else json.dumps(reply.body, ensure_ascii=False)
        for value in self.headers.values():  # a platform may repeat what it was sent
            said = said.replace(value, "...").replace(value.rpartition(" ")[2], "...")
        if reply.status in (401, 403):
            return PlatformFailed(
                f"{self.platform} refuses the token (HTTP {reply.status}): {said[:300]}",
                allowed="docs/connectors.md says which rights it needs.",
                next_step=f"Make another one and keep it: `bottega secrets set {self.platform}-token`.",
            )
        if reply.status in (301, 302, 303, 307, 308):
            return PlatformFailed(
                f"{self.platform} answers from another address: {reply.headers.get('location', '')!r}.",
                next_step="Name that address; a token is never sent on.",
            )
        return PlatformFailed(f"{self.platform} refuses (HTTP {reply.status}): {said[:500]}")


def _retry_after(text: str) -> float | None:
    """Seconds of a header Retry-After, which holds a number or a date."""
    if not text.strip():
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
