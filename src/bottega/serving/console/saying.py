"""What the page after a change says once: words, and how to take the change back. It travels in a cookie.

The cookie is signed with what only the server can make of the session's token, so that no other page puts words there.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

__all__ = ["SAID_COOKIE", "SAID_MAX", "Notice", "read_said", "written_said"]

SAID_COOKIE = "bottega_said"
SAID_MAX = 3_000
"""Bytes of the cookie's value; browsers keep 4,096 with its name."""


class Notice(NamedTuple):
    """What is said once."""

    words: str
    undo: tuple[str, dict[str, str]] | None = None
    """Path and fields of the form that takes the change back."""


def written_said(words: str, undo: tuple[str, Mapping[str, Any]] | None, token: str) -> str:
    """The cookie's value. An undo that does not fit is left out; name a batch rather than its many ids."""
    words = words if len(words) <= 400 else f"{words[:399]}…"
    form = None if undo is None else [undo[0], {name: str(value) for name, value in undo[1].items()}]
    written = _signed([words, form], token)
    return written if len(written) <= SAID_MAX else _signed([words, None], token)


def read_said(value: str, token: str) -> Notice | None:
    """What a cookie says; None where it was not written for this session."""
    body, _, seal = value.partition(".")
    if not body or not hmac.compare_digest(seal.encode(), _seal(body, token).encode()):
        return None
    try:
        words, form = json.loads(base64.urlsafe_b64decode(body))
    except (ValueError, binascii.Error):  # written by another version
        return None
    return Notice(words, (form[0], form[1]) if form else None)


def _signed(content: object, token: str) -> str:
    body = base64.urlsafe_b64encode(json.dumps(content, ensure_ascii=False).encode()).decode()
    return f"{body}.{_seal(body, token)}"


def _seal(body: str, token: str) -> str:
    key = sha256(f"said {token}".encode()).digest()
    return hmac.new(key, body.encode(), "sha256").hexdigest()[:32]
