"""An address of the merchant's own, which is sent JSON: one POST a letter or a line, signed, with a name of its own.

`X-Bottega-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 with the secret that both share over `<seconds>.<body>`.
`Idempotency-Key` is that name: who gets it twice counts it once.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from bottega.errors import AddressRefused, LetterNotTaken, SettingsInvalid
from bottega.reach import LOOPBACK, PUBLIC, Reach
from bottega.sources.calls import opener_to
from bottega.sources.web_address import plain_address

__all__ = ["SIGNATURE_HEADER", "SignedWebhook", "letter_signature"]

SIGNATURE_HEADER = "X-Bottega-Signature"
TIMEOUT_S = 30.0


def letter_signature(secret: str, body: bytes, time_s: int) -> str:
    """What the header says.

    >>> letter_signature("secret", b"{}", 1)[:9]
    't=1,v1=dd'
    """
    signed = hmac.new(secret.encode(), f"{time_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={time_s},v1={signed}"


class SignedWebhook:
    """One address, as a setting names it."""

    def __init__(
        self,
        address: str,
        secret: str,
        *,
        setting: str = "letters_webhook",
        timeout_s: float = TIMEOUT_S,
        reach: Reach = PUBLIC,
    ) -> None:
        """Raises `SettingsInvalid` for an address that is neither https nor on this machine."""
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts.username or (parts.scheme != "https" and not local):
            raise SettingsInvalid(
                f"The setting {setting} is {plain_address(address)!r}.",
                allowed="What is sent is about people: it is https, or on this machine, and needs no password.",
                next_step="Correct it in bottega.toml.",
            )
        self.address, self._secret, self._setting, self._timeout_s = address, secret, setting, timeout_s
        self._reach = reach

    def hand_over(self, body: bytes, letter_id: str) -> None:
        """Returns when it was taken (2xx). Raises `LetterNotTaken`."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": letter_id,
            SIGNATURE_HEADER: letter_signature(self._secret, body, int(time.time())),
        }
        request = urllib.request.Request(self.address, data=body, headers=headers, method="POST")
        try:
            with opener_to(self.address, self._reach).open(request, timeout=self._timeout_s):
                return
        except AddressRefused as error:
            raise self._failed(str(error)) from error
        except urllib.error.HTTPError as error:
            with error:
                raise self._failed(f"HTTP {error.code}") from error
        except urllib.error.URLError as error:
            raise self._failed(str(error.reason)) from error
        except (OSError, HTTPException) as error:
            raise self._failed(str(error) or type(error).__name__, again=False) from error

    def _failed(self, said: str, *, again: bool = True) -> LetterNotTaken:
        place = urlsplit(self.address).netloc
        return LetterNotTaken(
            f"{place} (the setting {self._setting}) did not take what it was sent: {said.rstrip('.')}.",
            allowed="It answers 2xx to a POST when it has taken it (docs/messages.md).",
            next_step=f"Check the setting {self._setting} and the log of who answers there, then send again.",
            again=again,
        )
