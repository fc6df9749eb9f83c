"""Seals: who brings a picture back can show that this shop made it, and of which products, though nothing was kept.

An answer that holds a picture holds its seal, too: what made it and what is worn on it, signed together with the
picture's bytes by a key that is drawn from the shop's own (shop/secrets.py). So a page may keep or share what it was
given, nothing waits on the shop's disk for it, and nobody shares what was made elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from bottega.errors import RequestInvalid
from bottega.shop.secrets import Secrets

__all__ = ["SEAL_MAX", "Sealed", "opened_seal", "seal_of"]

_PURPOSE = "pictures"
SEAL_MAX = 20_000
"""Longest seal, in characters: a handful of long product ids fit in."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal says of its picture."""

    made_by: str
    """The verb, as in try_on."""
    product_ids: tuple[str, ...]


def seal_of(secrets: Secrets, content: bytes, *, made_by: str, product_ids: Sequence[str]) -> str:
    """The seal of a picture file as it goes out."""
    said = json.dumps([made_by, list(product_ids)], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_plain(said)}.{_plain(_signed(secrets, said, content))}"


def opened_seal(secrets: Secrets, content: bytes, seal: str) -> Sealed:
    """What the seal of a picture says. Raises `RequestInvalid` where this shop did not make this picture."""
    said, _, signature = seal.partition(".")
    try:
        told, given = _bytes(said), _bytes(signature)
    except (binascii.Error, ValueError):
        told, given = b"", b""
    if not told or not hmac.compare_digest(given, _signed(secrets, told, content)):
        raise RequestInvalid(
            "The seal is not of this picture.",
            allowed="A picture that was tried on or dressed comes with its seal, for the file byte by byte.",
            next_step="Send the picture and the seal of one answer, the file unchanged.",
        )
    made_by, product_ids = json.loads(told)
    return Sealed(made_by, tuple(product_ids))


def _signed(secrets: Secrets, said: bytes, content: bytes) -> bytes:
    told = len(said).to_bytes(4, "big") + said + hashlib.sha256(content).digest()
    return hmac.new(secrets.drawn(_PURPOSE), told, hashlib.sha256).digest()


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode((text + "=" * (-len(text) % 4)).encode("ascii"), altchars=b"-_", validate=True)
