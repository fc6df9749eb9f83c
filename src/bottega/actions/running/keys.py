"""API keys: which there are, a new one, one less. At the command line, and in the console by an admin who is logged in:
a key must not make or take keys."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import overload

from pydantic import Field

from bottega.errors import KeyUnknown, RequestInvalid
from bottega.names import DAY_MS, KeyKind, Role
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.texts import shown

__all__ = [
    "KeyInfo",
    "KeysAnswer",
    "KeysRequest",
    "NewKeyAnswer",
    "NewKeyRequest",
    "NewSigningKeyAnswer",
    "RevokeKeyRequest",
    "list_keys",
    "new_key",
    "new_signing_key",
    "revoke_key",
]


class KeyInfo(Shape):
    """One key, by its label; the key itself is kept nowhere."""

    label: str
    made_at: str = Field(description="ISO 8601, UTC.")
    kind: KeyKind = Field(
        description="secret: for servers. publishable: may stand in pages. agent: of a person who answers shoppers. "
        "signing: a pair that signs requests. feed: the token in the address of a feed."
    )
    key_id: str | None = Field(default=None, description="Of a pair that signs requests: its key id.")
    role: Role | None = Field(default=None, description="What a secret key or a pair opens (docs/keys.md).")
    expires_at: str | None = Field(default=None, description="ISO 8601, UTC; until then it opens. Never where absent.")
    used_at: str | None = Field(
        default=None, description="ISO 8601, UTC: its last use, up to a minute late. Never where absent."
    )
    per_minute: int | None = Field(
        default=None, description="Requests that it may make in a minute; as many as it likes where absent."
    )


class KeysRequest(Shape):
    """Which keys open this shop."""


class KeysAnswer(Shape):
    """The keys that open this shop, the oldest first."""

    keys: list[KeyInfo]


class NewKeyRequest(Shape):
    """A new key."""

    label: str = Field(description="What it is for, as in `shop` or `till 2`; no two keys share one.")
    publishable: bool = Field(
        default=False, description="Whether it may stand in the shop's pages: it opens only what a visitor may do."
    )
    agent: bool = Field(
        default=False, description="Whether it is a person's who answers shoppers: it opens talks, in its label's name."
    )
    role: Role | None = Field(
        default=None,
        description="What a secret key or a pair opens: read, events, manage or admin. Everything where absent.",
    )
    expires: str = Field(
        default="",
        description="How long it opens, as in 90d, 12h or 8w, or until which day (2027-01-31). For ever where absent.",
    )
    per_minute: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Requests that it may make in a minute; no limit where absent."
    )


class NewKeyAnswer(Shape):
    """The key, this once."""

    label: str
    key: str = Field(description="Nobody sees it again: the shop keeps only a hash of it.")


class NewSigningKeyAnswer(Shape):
    """A key id and its secret, this once."""

    label: str
    key_id: str = Field(description="What a caller of Amazon Personalize gives as aws_access_key_id.")
    secret: str = Field(description="Nobody sees it again: the shop keeps it sealed.")


class RevokeKeyRequest(Shape):
    """One key less."""

    label: str = Field(description="Label of the key, as `bottega keys list` shows it.")


def list_keys(shop: OpenShop, request: KeysRequest) -> KeysAnswer:
    """The keys that open this shop, by label."""
    pairs = {one.label: one for one in shop.signing_keys.all()}
    found = [
        (
            one.made_at_ms,
            KeyInfo(
                label=one.label,
                made_at=_iso(one.made_at_ms),
                kind=one.kind,
                key_id=pairs.pop(one.label).key_id if one.kind is KeyKind.SIGNING and one.label in pairs else None,
                role=one.role,
                expires_at=_iso(one.expires_at_ms),
                used_at=_iso(one.used_at_ms),
                per_minute=one.per_minute,
            ),
        )
        for one in shop.folder.store.keys.all()
    ]
    found += [  # made before pairs had roles, and not used since
        (
            one.made_at_ms,
            KeyInfo(
                label=one.label,
                made_at=_iso(one.made_at_ms),
                kind=KeyKind.SIGNING,
                key_id=one.key_id,
                role=Role.ADMIN,
            ),
        )
        for one in pairs.values()
    ]
    return KeysAnswer(keys=[info for _, info in sorted(found, key=lambda one: one[0])])


def new_key(shop: OpenShop, request: NewKeyRequest) -> NewKeyAnswer:
    """Make a key and show it, this once. Raises `RequestInvalid` for a label that is empty or taken, for a moment that
    cannot be read or is over, and where it shall be of two kinds or a role is given to one that has none."""
    if request.publishable and request.agent:
        raise RequestInvalid(
            "A key shall be publishable and an agent's.",
            allowed="What stands in a page is read by everybody; a person keeps theirs.",
            next_step="Make two keys.",
        )
    kind = KeyKind.PUBLISHABLE if request.publishable else KeyKind.AGENT if request.agent else KeyKind.SECRET
    if request.role is not None and kind is not KeyKind.SECRET:
        raise RequestInvalid(
            f"A key of the kind {kind.value} shall have the role {request.role.value}.",
            allowed="Roles are of secret keys: a publishable key opens what a visitor may do, an agent's opens talks.",
            next_step="Leave one of the two out.",
        )
    expires_at_ms = _end_of(request)
    with changing(shop.store, "new_key", request):
        key = shop.folder.store.keys.create(
            request.label, kind, role=request.role, expires_at_ms=expires_at_ms, per_minute=request.per_minute
        )
    return NewKeyAnswer(label=request.label, key=key)


def new_signing_key(shop: OpenShop, request: NewKeyRequest) -> NewSigningKeyAnswer:
    """Make a key id and a secret and show them, this once. Raises `RequestInvalid` for a label that is empty or taken,
    and `SettingsInvalid` where no secret can be sealed."""
    if request.publishable or request.agent:
        raise RequestInvalid(
            "A pair that signs requests shall be publishable, or an agent's.",
            allowed="A pair is of the shop's servers, with a role, an end and a limit as a secret key has them.",
            next_step="Make two keys.",
        )
    end_ms = _end_of(request)
    with changing(shop.store, "new_key", request):
        made = shop.signing_keys.create(
            request.label, role=request.role, expires_at_ms=end_ms, per_minute=request.per_minute
        )
    return NewSigningKeyAnswer(label=request.label, key_id=made.key_id, secret=made.secret)


def revoke_key(shop: OpenShop, request: RevokeKeyRequest) -> KeysAnswer:
    """Take a key away; a running server refuses it within seconds. Returns those that are left.

    Raises `KeyUnknown`, naming the labels there are.
    """
    known = any(one.label == request.label for one in list_keys(shop, KeysRequest()).keys)
    if known:
        with changing(shop.store, "revoke_key", request):
            shop.folder.store.keys.revoke(request.label)
            shop.signing_keys.revoke(request.label)
    else:
        labels = ", ".join(repr(one.label) for one in list_keys(shop, KeysRequest()).keys) or "none"
        raise KeyUnknown(
            f"No key is labelled {request.label!r}.",
            allowed=f"The shop's keys are: {labels}.",
            next_step="Name one of these.",
        )
    return list_keys(shop, KeysRequest())


_UNITS_MS = {"h": 3_600_000, "d": DAY_MS, "w": 7 * DAY_MS}
_LASTS = re.compile(r"([1-9]\d{0,4})([hdw])")


def _end_of(request: NewKeyRequest) -> int | None:
    return _until(request.expires, time.time_ns() // 1_000_000) if request.expires else None


def _until(text: str, now_ms: int) -> int:
    """The moment at which a key ends, UTC milliseconds: so long from now, or the end of a day. Raises `RequestInvalid`.

    >>> _until("90d", 0), _until("1970-01-03", 0)
    (7776000000, 259200000)
    """
    if lasts := _LASTS.fullmatch(text.strip()):
        return now_ms + int(lasts[1]) * _UNITS_MS[lasts[2]]
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        day = None
    found = 0 if day is None else int(day.timestamp() * 1000) + DAY_MS
    if found <= now_ms:
        raise RequestInvalid(
            f"A key cannot end at {shown(text)}.",
            allowed="Hours, days or weeks from now, as in 12h, 90d or 8w; or a day to come, as in 2027-01-31.",
            next_step="Give one of these, or none: then it opens until it is revoked.",
        )
    return found


@overload
def _iso(moment_ms: int) -> str: ...
@overload
def _iso(moment_ms: int | None) -> str | None: ...
def _iso(moment_ms: int | None) -> str | None:
    return None if moment_ms is None else datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat("T", "seconds")
