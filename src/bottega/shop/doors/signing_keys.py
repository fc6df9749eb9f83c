"""Pairs of key id and secret for callers that sign their requests instead of sending a key.

A signature is checked by making it again, so the secret is kept, encrypted (secrets.py), under a purpose that names the
key id and the label; what else is known of it (role, end, limit, last use) lies under its label among the keys. A pair
that was read a moment ago is believed, as a key is (key_ring.py).
"""

from __future__ import annotations

import secrets
import string
import time
from contextlib import suppress
from typing import NamedTuple

from bottega.errors import RequestInvalid
from bottega.names import KeyKind, Role
from bottega.shop.doors.key_ring import KEYS_KEPT_S
from bottega.shop.secrets import Secrets
from bottega.store.keys import ApiKey
from bottega.store.store import Store
from bottega.texts import shown

__all__ = ["MadePair", "SignedBy", "SigningKey", "SigningKeys"]

_PREFIX = "aws"
ID_PREFIX = "BTGA"
"""Every key id starts so, to be recognised where it should not be."""
LABEL_MAX = 80
_LETTERS = string.ascii_uppercase + string.digits


class MadePair(NamedTuple):
    """A pair that was just made. This is the only time that anyone sees the secret."""

    key_id: str
    secret: str


class SigningKey(NamedTuple):
    """What is known of a pair: not the secret."""

    label: str
    key_id: str
    number: int
    """Of the secret that is kept."""
    made_at_ms: int
    """UTC milliseconds."""


class SignedBy(NamedTuple):
    """A pair as whoever checks a signature needs it."""

    secret: str
    known: ApiKey


class SigningKeys:
    """The pairs of one shop. Safe to call from several threads."""

    def __init__(self, store: Store, kept: Secrets) -> None:
        self._store, self._secrets = store, kept
        self._known: dict[str, tuple[float, SignedBy]] = {}

    def create(
        self,
        label: str,
        *,
        role: Role | None = None,
        expires_at_ms: int | None = None,
        per_minute: int | None = None,
    ) -> MadePair:
        """A new pair under `label`; it opens all that pairs open where no role is given.

        Raises `RequestInvalid` when the label is empty, taken or too long.
        """
        taken = {one.label for one in self._store.keys.all()} | {one.label for one in self.all()}
        if not label.strip() or not label.isprintable() or len(label) > LABEL_MAX or label in taken:
            raise RequestInvalid(
                f"A pair of keys cannot be labelled {shown(label)}.",
                allowed=f"A label is a line of text that no other key has, up to {LABEL_MAX} characters.",
                next_step="Choose another label, or revoke the old key first.",
            )
        self._store.keys.create(label, KeyKind.SIGNING, role=role, expires_at_ms=expires_at_ms, per_minute=per_minute)
        made = MadePair(ID_PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(16)), secrets.token_urlsafe(30))
        self._secrets.keep(f"{_PREFIX}:{made.key_id}:{label}", made.secret)
        return made

    def pair(self, key_id: str) -> SignedBy | None:
        """The pair of a key id, expired or not; None where there is none. Raises `SecretUnreadable`."""
        now = time.monotonic()
        until, pair = self._known.get(key_id, (0.0, None))
        if until > now:
            return pair
        found = next((one for one in self.all() if one.key_id == key_id), None)
        if found is None:
            return None
        pair = SignedBy(self._secrets.of(f"{_PREFIX}:{key_id}:{found.label}")[0], self._of_label(found))
        fresh = {name: kept for name, kept in self._known.items() if kept[0] > now}
        self._known = {**fresh, key_id: (now + KEYS_KEPT_S, pair)}
        return pair

    def _of_label(self, pair: SigningKey) -> ApiKey:
        """What else is known of a pair. One of before pairs had roles opens all that pairs open, and gets its row."""
        known = self._store.keys.labelled(pair.label)
        if known is None:
            with suppress(RequestInvalid):  # another process was quicker
                self._store.keys.create(pair.label, KeyKind.SIGNING)
            known = self._store.keys.labelled(pair.label)
        if known is None or known.kind is not KeyKind.SIGNING:  # a key was made under its label since
            return ApiKey(pair.label, pair.made_at_ms, KeyKind.SIGNING, Role.ADMIN, None, None, None)
        return known

    def all(self) -> list[SigningKey]:
        """The pairs there are, oldest first."""
        parts = [(one, one.purpose.split(":", 2)) for one in reversed(self._secrets.kept())]
        return [
            SigningKey(of[2], of[1], one.number, one.made_at_ms)
            for one, of in parts
            if len(of) == 3 and of[0] == _PREFIX
        ]

    def revoke(self, label: str) -> bool:
        """Forget the pair under `label`; False when there was none."""
        self._known = {}
        known = self._store.keys.labelled(label)
        if known is not None and known.kind is KeyKind.SIGNING:
            self._store.keys.revoke(label)
        return sum(self._secrets.drop(one.number) for one in self.all() if one.label == label) > 0
