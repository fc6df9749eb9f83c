"""API keys: shown once, kept as a hash.

A key is 32 random bytes, so a plain SHA-256 suffices: there is nothing to guess that salt or slowness would protect.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, or_, select, update

from bottega.errors import RequestInvalid
from bottega.names import AGENT_PREFIX, FEED_PREFIX, PUBLISHABLE_PREFIX, KeyKind, Role
from bottega.store.database import Database
from bottega.store.tables import api_keys
from bottega.texts import shown

__all__ = ["KEY_PREFIX", "USE_WRITTEN_MS", "ApiKey", "KeyStore"]

KEY_PREFIX = "btg_"
"""Every key starts so, to be recognised where it should not be."""
_PREFIXES = {KeyKind.PUBLISHABLE: PUBLISHABLE_PREFIX, KeyKind.AGENT: AGENT_PREFIX, KeyKind.FEED: FEED_PREFIX}
_WITH_ROLE = (KeyKind.SECRET, KeyKind.SIGNING)
LABEL_MAX = 200
USE_WRITTEN_MS = 60_000
"""The last use of a key is written once in so long, at most."""
_MINUTE_MS = 60_000


class ApiKey(NamedTuple):
    """What is known of a key: not the key."""

    label: str
    made_at_ms: int
    """UTC milliseconds, as every `_ms` here."""
    kind: KeyKind
    role: Role | None
    """Of a secret key and of a pair that signs; None for the other kinds."""
    expires_at_ms: int | None
    used_at_ms: int | None
    per_minute: int | None
    """Requests that it may make in a minute; None: as many as it likes."""

    def expired(self, now_ms: int) -> bool:
        """Whether it opens nothing any more."""
        return self.expires_at_ms is not None and self.expires_at_ms <= now_ms


class KeyStore:
    """Who may speak to this shop."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        label: str,
        kind: KeyKind = KeyKind.SECRET,
        *,
        role: Role | None = None,
        expires_at_ms: int | None = None,
        per_minute: int | None = None,
    ) -> str:
        """A new key under `label`; one that has a role opens everything where none is given. This is the only time that
        anyone sees it. Of a pair that signs, it is thrown away: its secret lies elsewhere, and it opens nothing alone.

        Raises `RequestInvalid` when the label is empty, taken, too long, or holds what does not show.
        """
        key = _PREFIXES.get(kind, KEY_PREFIX) + secrets.token_urlsafe(32)
        given = (role or Role.ADMIN).value if kind in _WITH_ROLE else None
        row = {
            "label": label,
            "digest": _digest(key),
            "created_at_ms": time.time_ns() // 1_000_000,
            "kind": kind.value,
            "role": given,
            "expires_at_ms": expires_at_ms,
            "per_minute": per_minute,
        }
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
        """What is known of `key`, expired or not; None where there is no such key. Takes the same time always."""
        digest = _digest(key)
        with self._database.read() as connection:
            known = connection.execute(select(*_columns, api_keys.c.digest)).all()
        right = [row for row in known if hmac.compare_digest(digest, row.digest)]
        return _key(right[0]) if right else None

    def labelled(self, label: str) -> ApiKey | None:
        """What is known of the key under `label`; None where there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(*_columns).where(api_keys.c.label == label)).first()
        return None if row is None else _key(row)

    def count(self, kind: KeyKind = KeyKind.SECRET) -> int:
        """How many keys of a kind there are."""
        with self._database.read() as connection:
            statement = select(func.count()).select_from(api_keys).where(api_keys.c.kind == kind.value)
            return connection.execute(statement).scalar_one()

    def all(self) -> list[ApiKey]:
        """The keys there are, oldest first."""
        statement = select(*_columns).order_by(api_keys.c.created_at_ms, api_keys.c.label)
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(statement)]

    def revoke(self, label: str) -> bool:
        """Forget the key under `label`; False when there was none."""
        with self._database.write() as connection:
            return connection.execute(delete(api_keys).where(api_keys.c.label == label)).rowcount > 0

    def used(self, moments: Mapping[str, int]) -> None:
        """Keep when keys were last used (label -> UTC milliseconds); what was written in the minute before stays."""
        with self._database.write() as connection:
            for label, moment in moments.items():
                old = or_(api_keys.c.used_at_ms.is_(None), api_keys.c.used_at_ms <= moment - USE_WRITTEN_MS)
                connection.execute(update(api_keys).where(api_keys.c.label == label, old).values(used_at_ms=moment))

    def take(self, label: str, wanted: int, now_ms: int) -> tuple[int, float]:
        """Take up to `wanted` requests out of a key's bucket: it holds a minute's worth, and fills evenly.

        Returns how many there were, and where there was none, the seconds until there is one. A clock that was put back
        fills nothing and empties nothing.
        """
        mine = api_keys.c.label == label
        asked = select(api_keys.c.per_minute, api_keys.c.tokens, api_keys.c.tokens_at_ms).where(mine).with_for_update()
        with self._database.write() as connection:
            row = connection.execute(asked).first()
            if row is None or row.per_minute is None:
                return wanted, 0.0
            most = float(row.per_minute)
            passed_ms = 0 if row.tokens is None else max(0, now_ms - row.tokens_at_ms)
            there = most if row.tokens is None else min(most, row.tokens + passed_ms * most / _MINUTE_MS)
            taken = min(wanted, int(there))
            left = {"tokens": there - taken, "tokens_at_ms": now_ms}
            connection.execute(update(api_keys).where(mine).values(left))
        return taken, 0.0 if taken else (1 - there) * _MINUTE_MS / most / 1000


_columns = (
    api_keys.c.label,
    api_keys.c.created_at_ms,
    api_keys.c.kind,
    api_keys.c.role,
    api_keys.c.expires_at_ms,
    api_keys.c.used_at_ms,
    api_keys.c.per_minute,
)


def _key(row: Any) -> ApiKey:
    role = None if row.role is None else Role(row.role)
    return ApiKey(
        row.label, row.created_at_ms, KeyKind(row.kind), role, row.expires_at_ms, row.used_at_ms, row.per_minute
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
