"""Secrets that the shop shares with others: what its server signs with, what platforms sign with, tokens of theirs.

Unlike an API key, a secret must be read again, so a hash will not do: it is kept encrypted (Fernet: AES-128-CBC and
HMAC-SHA256). The key that opens it is the variable `BOTTEGA_MASTER_KEY`, or else the file `secret.key` of the shop's
folder, made when first needed and readable by its owner alone; so a copy of the database opens nothing. A secret may
also come from the environment and be kept nowhere: `BOTTEGA_SECRET_` and its purpose in capitals.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bottega.errors import RequestInvalid, SecretUnreadable
from bottega.store.secrets import SealedSecret, SecretStore

if TYPE_CHECKING:
    from bottega.shop.folder import ShopFolder

__all__ = ["KEY_FILE", "MASTER_KEY", "Secrets", "secrets_of", "variable_of"]

KEY_FILE = "secret.key"
MASTER_KEY = "BOTTEGA_MASTER_KEY"
AT_ONCE = 2
"""Secrets of one purpose that count at the same time: the old one, and the one that takes its place."""
KEPT_S = 5.0
"""How long secrets are believed without asking the store again; a revoked one counts no longer than that."""
_KEY_BYTES = 32


def variable_of(purpose: str) -> str:
    """The variable that may hold the secrets of a purpose, with blanks between them.

    >>> variable_of("shopify-webhook")
    'BOTTEGA_SECRET_SHOPIFY_WEBHOOK'
    """
    return "BOTTEGA_SECRET_" + "".join(mark if mark.isalnum() else "_" for mark in purpose.upper())


def secrets_of(folder: ShopFolder) -> Secrets:
    """The secrets of a shop, apart from those of others of the same server."""
    apart = folder.store.salt() if folder.one_of_several else None
    return Secrets(folder.root, folder.store.secrets, apart=apart)


class Secrets:
    """The secrets of one shop. Safe to call from several threads."""

    def __init__(self, root: Path, store: SecretStore, *, apart: int | None = None) -> None:
        """`apart`: a number of the shop, where one `BOTTEGA_MASTER_KEY` serves several. Each then has a key of its own,
        drawn from it, and what one sealed or signed opens nothing in another."""
        self._root = root
        self._apart = apart
        self._store = store
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}

    def of(self, purpose: str) -> tuple[str, ...]:
        """The secrets of a purpose that count now, those of the environment first, the newest before the older.

        Raises `SecretUnreadable` where the key that sealed them is not the one there is.
        """
        until, known = self._known.get(purpose, (0.0, ()))
        if until > time.monotonic():
            return known
        given = os.environ.get(variable_of(purpose), "").split()
        known = (*given, *(self._opened(one) for one in self._store.all(purpose)))
        self._known[purpose] = (time.monotonic() + KEPT_S, known)
        return known

    def keep(self, purpose: str, text: str, *, at_once: int = AT_ONCE) -> SealedSecret:
        """Keep a secret. Raises `RequestInvalid` for an empty one, and where as many count already as may at once."""
        if not text or text != text.strip() or not text.isprintable():
            raise RequestInvalid(
                "The secret is empty, or holds blanks at its ends or what does not show.",
                allowed="A secret is one line of text, as the platform shows it.",
                next_step="Copy it again.",
            )
        there = self._store.all(purpose)
        if len(there) >= at_once:
            numbers = ", ".join(str(one.number) for one in reversed(there))
            raise RequestInvalid(
                f"{len(there)} secrets for {purpose} count already: {numbers}.",
                allowed=f"At most {at_once} count at the same time: the old one, and the one that takes its place.",
                next_step=f"Take the oldest away first: `bottega secrets revoke {there[-1].number}`.",
            )
        kept = self._store.add(purpose, self._sealed(text))
        self._known.pop(purpose, None)
        return kept

    def kept(self) -> list[SealedSecret]:
        """What the shop keeps, the newest first; nothing is opened."""
        return self._store.all()

    def drop(self, number: int) -> bool:
        """Forget one; False where there was none. A running server refuses it within seconds."""
        self._known.clear()
        return self._store.drop(number)

    def drawn(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, the same as long as the shop's own key is. Raises `SecretUnreadable`."""
        return hmac.new(self._key(), f"bottega:{purpose}".encode(), hashlib.sha256).digest()

    def _sealed(self, text: str) -> str:
        from cryptography.fernet import Fernet  # a shop that keeps no secrets needs none of it

        return Fernet(self._key()).encrypt(text.encode()).decode()

    def _opened(self, secret: SealedSecret) -> str:
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(self._key()).decrypt(secret.sealed.encode()).decode()
        except InvalidToken as error:
            raise SecretUnreadable(
                f"Secret {secret.number} ({secret.purpose}) was sealed with another key than the one there is.",
                allowed=f"The key is {self._place()}.",
                next_step=f"Bring that key back, or give the secret again: `bottega secrets revoke {secret.number}`, "
                f"then `bottega secrets set {secret.purpose}`.",
            ) from error

    def _place(self) -> str:
        return f"the variable {MASTER_KEY}" if os.environ.get(MASTER_KEY) else str(self._root / KEY_FILE)

    def _key(self) -> bytes:
        """The key that seals and opens, made where there is none yet."""
        path = self._root / KEY_FILE
        key = os.environ.get(MASTER_KEY, "").strip().encode()
        if not key:
            try:
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            except FileExistsError:
                key = self._written(path)
            else:
                key = base64.urlsafe_b64encode(os.urandom(_KEY_BYTES))
                with os.fdopen(file, "wb") as stream:
                    stream.write(key + b"\n")
        try:
            usable = len(base64.urlsafe_b64decode(key)) == _KEY_BYTES
        except (binascii.Error, ValueError):
            usable = False
        if not usable:
            raise SecretUnreadable(
                f"{self._place()} holds no key.".replace("the variable", "The variable", 1),
                allowed="A key is 32 bytes in URL-safe base64.",
                next_step="Bring back the key of before; a new one would open nothing that is kept.",
            )
        if self._apart is None or not os.environ.get(MASTER_KEY):
            return key
        return base64.urlsafe_b64encode(hmac.new(key, f"shop:{self._apart}".encode(), hashlib.sha256).digest())

    @staticmethod
    def _written(path: Path) -> bytes:
        """The key in the file; whoever makes it this moment has a moment to write it."""
        for _ in range(50):
            if key := path.read_bytes().strip():
                return key
            time.sleep(0.02)
        return b""
