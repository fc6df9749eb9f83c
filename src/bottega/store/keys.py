"""API keys: shown once, kept as a hash.

A key is 32 random bytes, so a plain SHA-256 suffices: there is nothing to guess that salt or slowness would protect.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select

from bottega.errors import RequestInvalid
from bottega.names import AGENT_PREFIX, PUBLISHABLE_PREFIX, KeyKind
from bottega.store.database import Database
from bottega.store.tables import api_keys
from bottega.texts import shown

__all__ = ["KEY_PREFIX", "ApiKey", "KeyStore"]

KEY_PREFIX = "btg_"
"""Every key starts so, to be recognised where it should not be."""
_PREFIXES = {KeyKind.PUBLISHABLE: PUBLISHABLE_PREFIX, KeyKind.AGENT: AGENT_PREFIX}
LABEL_MAX = 200


class ApiKey(NamedTuple):
    """What is known of a key: not the key."""

    label: str
    made_at_ms: int
    """UTC milliseconds."""
    kind: KeyKind


class KeyStore:
    """Who may speak to this shop."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, label: str, kind: KeyKind = KeyKind.SECRET) -> str:
        """A new key under `label`. This is the only time that anyone sees it.

        Raises `RequestInvalid` when the label is empty, taken, too long, or holds what does not show.
        """
        key = _PREFIXES.get(kind, KEY_PREFIX) + secrets.token_urlsafe(32)
        row = {"label": label, "digest": _digest(key), "created_at_ms": time.time_ns() // 1_000_000, "kind": kind.value}
        plain = label.strip() and label.isprintable() and len(label) <= LABEL_MAX
        with self._database.write() as connection:
            same = select(api_keys.c.label).where(api_keys.c.label == label)
            if not plain or connection.execute(same).first():
                raise RequestInvalid(
                    f"A key cannot be labelled {shown(label)}.",
                    allowed=f"A label is a line of text that no other key has, up to {LABEL_MAX} characters.",
                    next_step="Choose another label, or revoke the old key first.",
                )
            connection.execute(insert(api_keys), row)
        return key

    def verify(self, key: str) -> KeyKind | None:
        """What `key` is for; None where it opens nothing here. Takes the same time whatever the key."""
        found = self.of(key)
        return found.kind if found is not None else None

    def of(self, key: str) -> ApiKey | None:
        """What is known of `key`; None where it opens nothing here. Takes the same time whatever the key."""
        digest = _digest(key)
        with self._database.read() as connection:
            known = connection.execute(select(*_columns, api_keys.c.digest)).all()
        right = [row for row in known if hmac.compare_digest(digest, row.digest)]
        return ApiKey(right[0].label, right[0].created_at_ms, KeyKind(right[0].kind)) if right else None

    def count(self, kind: KeyKind = KeyKind.SECRET) -> int:
        """How many keys of a kind there are."""
        with self._database.read() as connection:
            statement = select(func.count()).select_from(api_keys).where(api_keys.c.kind == kind.value)
            return connection.execute(statement).scalar_one()

    def all(self) -> list[ApiKey]:
        """The keys there are, oldest first."""
        order = (api_keys.c.created_at_ms, api_keys.c.label)
        statement = select(*_columns).order_by(*order)
        with self._database.read() as connection:
            return [ApiKey(label, made_at, KeyKind(kind)) for label, made_at, kind in connection.execute(statement)]

    def revoke(self, label: str) -> bool:
        """Forget the key under `label`; False when there was none."""
        with self._database.write() as connection:
            return connection.execute(delete(api_keys).where(api_keys.c.label == label)).rowcount > 0


_columns = api_keys.c.label, api_keys.c.created_at_ms, api_keys.c.kind


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
