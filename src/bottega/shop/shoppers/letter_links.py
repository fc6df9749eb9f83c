"""Links of letters, which only this shop can make: out of all letters, for one shopper of one shop.

A link holds the profile and a signature by a key that is drawn from the shop's own (shop/secrets.py), so that nobody
signs somebody else out by guessing, and no link of one shop opens another. It never expires: a letter may be old.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from bottega.shop.secrets import Secrets
from bottega.store.letters import LETTER_PREFIX

__all__ = ["PARAMETER", "letter_id_of", "shopper_of", "token_of", "with_letter"]

_PURPOSE = "letters"
PARAMETER = "bottega_letter"
"""What links to products carry: events of the visit name it as `recommendation_id`."""


def token_of(secrets: Secrets, shopper: str) -> str:
    """What stands in the unsubscribe link of a profile."""
    return f"{_plain(shopper.encode())}.{_signed(secrets, 'unsubscribe', shopper)}"


def shopper_of(secrets: Secrets, token: str) -> str | None:
    """The profile whose token it is; None where this shop did not make it."""
    name, _, signature = token.partition(".")
    try:
        shopper = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    if not signature.isascii() or not shopper:
        return None
    return shopper if hmac.compare_digest(signature, _signed(secrets, "unsubscribe", shopper)) else None


def letter_id_of(secrets: Secrets, shopper: str, cause: str) -> str:
    """The name of a letter: the same for the same shopper and cause, and telling nobody of either."""
    return f"{LETTER_PREFIX}{_signed(secrets, 'letter', shopper, cause)}"


def with_letter(url: str, letter_id: str) -> str:
    """An address of a product, with the letter that it stands in."""
    address, mark, place = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={letter_id}{mark}{place}"


def _signed(secrets: Secrets, *parts: str) -> str:
    told = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return _plain(hmac.new(secrets.drawn(_PURPOSE), told, hashlib.sha256).digest()[:24])


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
