"""API keys: which there are, a new one, one less. At the command line only: a key must not make or take keys."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from bottega.errors import KeyUnknown, RequestInvalid
from bottega.names import KeyKind
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape

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
        "signing: a pair that signs requests."
    )
    key_id: str | None = Field(default=None, description="Of a pair that signs requests: its key id.")


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
    found = [(one.label, one.kind, None, one.made_at_ms) for one in shop.folder.store.keys.all()]
    pairs = [(one.label, KeyKind.SIGNING, one.key_id, one.made_at_ms) for one in shop.signing_keys.all()]
    return KeysAnswer(
        keys=[
            KeyInfo(
                label=label,
                made_at=datetime.fromtimestamp(at / 1000, UTC).isoformat("T", "seconds"),
                kind=kind,
                key_id=key_id,
            )
            for label, kind, key_id, at in sorted([*found, *pairs], key=lambda one: one[3])
        ]
    )


def new_key(shop: OpenShop, request: NewKeyRequest) -> NewKeyAnswer:
    """Make a key and show it, this once. Raises `RequestInvalid` for a label that is empty or taken, and where it shall
    be of two kinds."""
    if request.publishable and request.agent:
        raise RequestInvalid(
            "A key shall be publishable and an agent's.",
            allowed="What stands in a page is read by everybody; a person keeps theirs.",
            next_step="Make two keys.",
        )
    kind = KeyKind.PUBLISHABLE if request.publishable else KeyKind.AGENT if request.agent else KeyKind.SECRET
    return NewKeyAnswer(label=request.label, key=shop.folder.store.keys.create(request.label, kind))


def new_signing_key(shop: OpenShop, request: NewKeyRequest) -> NewSigningKeyAnswer:
    """Make a key id and a secret and show them, this once. Raises `RequestInvalid` for a label that is empty or taken,
    and `SettingsInvalid` where no secret can be sealed."""
    made = shop.signing_keys.create(request.label)
    return NewSigningKeyAnswer(label=request.label, key_id=made.key_id, secret=made.secret)


def revoke_key(shop: OpenShop, request: RevokeKeyRequest) -> KeysAnswer:
    """Take a key away; a running server refuses it within seconds. Returns those that are left.

    Raises `KeyUnknown`, naming the labels there are.
    """
    gone = shop.folder.store.keys.revoke(request.label), shop.signing_keys.revoke(request.label)
    if not any(gone):
        labels = ", ".join(repr(one.label) for one in list_keys(shop, KeysRequest()).keys) or "none"
        raise KeyUnknown(
            f"No key is labelled {request.label!r}.",
            allowed=f"The shop's keys are: {labels}.",
            next_step="Name one of these.",
        )
    return list_keys(shop, KeysRequest())
