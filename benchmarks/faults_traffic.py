"""Steady traffic on a shop, as shoppers' pages and the shop's servers send it, and what each request was answered.

Requests go out at fixed moments, whether or not earlier ones were answered. `event`: a view with an id of its own.
`list`: recommendations for a known shopper. `search`: words of the catalogue. `next`: a stranger's first view, and once
it is acknowledged a list for them, which must know it.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "Said", "Traffic", "ask"]

KINDS = {"event": 3.0, "list": 3.0, "search": 1.0, "next": 1.0}
"""Kind -> requests a second."""
PATIENCE_S = 20.0
"""After so long whoever asks gives up."""
EVENTS, LISTS, SEARCH = "/v1/events", "/v1/recommendations", "/v1/search"


@dataclass(frozen=True, slots=True)
class Said:
    """What one request was answered. Moments as `time.monotonic` has them."""

    kind: str
    sent_s: float
    answered_s: float
    status: int
    """Of the answer; 0 where there was none."""
    right: bool
    """Whether it was what had been asked for."""
    error: dict[str, str]
    """The house's error, where that was the answer; else {} or what the connection said, as `message`."""
    retry_after: str
    event_id: str = ""
    """Of an event that was acknowledged."""


def ask(
    port: int, key: str, path: str, body: dict[str, Any] | None = None, *, patience_s: float = PATIENCE_S
) -> tuple[int, dict[str, Any], str]:
    """Status, JSON and Retry-After of one answer. Raises `OSError` or `http.client.HTTPException` without one."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)
    try:
        headers = {"X-API-Key": key, "Content-Type": "application/json"}
        line.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers)
        answer = line.getresponse()
        text = answer.read()
    finally:
        line.close()
    try:
        told = json.loads(text)
    except ValueError:
        told = {"error": {"code": "no_json", "message": text.decode(errors="replace")[:200]}}
    return answer.status, told, answer.getheader("Retry-After", "")


class Traffic:
    """Sends from `start` to `stop`; `said` grows meanwhile."""

    def __init__(self, port: int, key: str, *, products: Sequence[str], shoppers: Sequence[str], words: Sequence[str]):
        self.said: list[Said] = []
        self._port, self._key = port, key
        self._products, self._shoppers, self._words = products, shoppers, words
        self._draw = random.Random(7)
        self._count = itertools.count()
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(400)
        self._thread = threading.Thread(target=self._send)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, and wait for what is under way."""
        self._stop.set()
        self._thread.join()
        self._pool.shutdown()

    def _send(self) -> None:
        began_s = time.monotonic()
        due = {kind: began_s + number * 0.1 for number, kind in enumerate(KINDS)}
        while not self._stop.is_set():
            kind = min(due, key=lambda one: due[one])
            if self._stop.wait(max(0.0, due[kind] - time.monotonic())):
                return
            due[kind] += 1 / KINDS[kind]
            self._pool.submit(self._one, kind, next(self._count), self._draw.random())

    def _one(self, kind: str, number: int, dice: float) -> None:
        def of(many: Sequence[str]) -> str:
            return many[int(dice * len(many))]

        shopper = f"stranger-{number}" if kind == "next" else of(self._shoppers)
        event = {
            "event_id": f"{kind}-{number}",
            "kind": "view",
            "shopper_id": shopper,
            "product_id": of(self._products),
        }
        wanted = {"placement": "home", "shopper": shopper, "n": 5}
        if kind in ("event", "next"):
            heard = self._note(kind, EVENTS, event, lambda found: not found.get("rejected"), event["event_id"])
            if kind == "next" and heard:
                self._note(
                    kind, LISTS, wanted, lambda found: len(found["items"]) == 5 and found["fallback"] != "popular"
                )
        elif kind == "list":
            self._note(kind, LISTS, wanted, lambda found: len(found.get("items", ())) == 5)
        elif kind == "search":
            self._note(kind, SEARCH, {"text": of(self._words), "n": 5}, lambda found: bool(found.get("items")))

    def _note(self, kind: str, path: str, body: dict[str, Any], right: Any, event_id: str = "") -> bool:
        sent_s, status, retry_after = time.monotonic(), 0, ""
        error: dict[str, str] = {}
        well = False
        try:
            status, found, retry_after = ask(self._port, self._key, path, body)
            well = status in (200, 201, 202) and right(found)
            error = found.get("error", {}) or ({} if well else {"message": f"fallback {found.get('fallback')}"})
        except (OSError, http.client.HTTPException) as failure:
            error = {"code": type(failure).__name__, "message": str(failure)}
        acknowledged = event_id if well else ""
        self.said.append(Said(kind, sent_s, time.monotonic(), status, well, error, retry_after, acknowledged))
        return well
