"""Secrets that the shop shares with others: which there are, a new one, one less. At the command line only."""

from __future__ import annotations

import secrets as randomness
from datetime import UTC, datetime

from pydantic import Field

from bottega.errors import RequestInvalid, SecretUnknown
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop
from bottega.shop.secrets import variable_of
from bottega.shop.shape import Shape

__all__ = [
    "PURPOSES",
    "NewSecretRequest",
    "RevokeSecretRequest",
    "SecretAnswer",
    "SecretInfo",
    "SecretsAnswer",
    "SecretsRequest",
    "SetSecretRequest",
    "list_secrets",
    "new_secret",
    "revoke_secret",
    "set_secret",
]

PURPOSES = {
    "shopper-signature": "The shop's server signs shopper ids with it, for browsers (docs/keys.md).",
    "shopify-webhook": "Shopify signs webhooks with it: the client secret of the app, or of Settings, Notifications.",
    "woocommerce-webhook": "WooCommerce signs webhooks with it: the field Secret of the webhook.",
    "tiendanube-webhook": "Tiendanube signs webhooks with it: the client secret of the app.",
    "bigcommerce-webhook": "BigCommerce sends it along: the header X-Bottega-Secret that the webhook was made with.",
    "shopify-token": "`bottega connect shopify` calls with it: the access token of the app (docs/connectors.md).",
    "woocommerce-token": "`bottega connect woocommerce` calls with it: consumer key and secret, ck_...:cs_...",
    "bigcommerce-token": "`bottega connect bigcommerce` calls with it: the access token of the API account.",
    "embeddings": "An encoder at an address is asked with it (docs/reviews.md).",
    "language-model": "A language model of your own is asked with it (docs/proof.md).",
    "smtp-password": "The mail server of letters is logged in to with it (docs/messages.md).",
    "letters-webhook": "Letters to your own mailer are signed with it (docs/messages.md).",
    "talks-webhook": "Lines of talks to your own desk, and what it sends, are signed with it (docs/talks.md).",
    "chatwoot-token": "Chatwoot is called with it: the access token of an agent or an agent bot (docs/talks.md).",
    "chatwoot-webhook": "Chatwoot signs webhooks with it: the secret of the webhook (docs/talks.md).",
}
"""What secrets are for; what is not among these is kept all the same, by whoever has a use for it."""


class SecretInfo(Shape):
    """One secret, by its number; the secret itself is shown once at most."""

    number: int
    purpose: str
    made_at: str = Field(description="ISO 8601, UTC.")


class SecretsRequest(Shape):
    """Which secrets count."""


class SecretsAnswer(Shape):
    """The secrets that the shop keeps, the newest first."""

    secrets: list[SecretInfo]


class NewSecretRequest(Shape):
    """A secret of Bottega's own making."""

    purpose: str = Field(description="What it is for, as in `shopper-signature`.")


class SetSecretRequest(Shape):
    """A secret that somebody else made."""

    purpose: str = Field(description="What it is for, as in `shopify-webhook`.")
    secret: str = Field(repr=False, description="As the platform shows it.")


class SecretAnswer(Shape):
    """A secret that counts from now on."""

    number: int
    purpose: str
    secret: str | None = Field(repr=False, description="Shown once, where Bottega made it; else null.")


class RevokeSecretRequest(Shape):
    """One secret less."""

    number: int = Field(description="As `bottega secrets list` shows it.")


def list_secrets(shop: OpenShop, request: SecretsRequest) -> SecretsAnswer:
    """The secrets that the shop keeps. Those of the environment are not among them."""
    return SecretsAnswer(
        secrets=[
            SecretInfo(
                number=one.number,
                purpose=one.purpose,
                made_at=datetime.fromtimestamp(one.made_at_ms / 1000, UTC).isoformat("T", "seconds"),
            )
            for one in shop.secrets.kept()
        ]
    )


def new_secret(shop: OpenShop, request: NewSecretRequest) -> SecretAnswer:
    """Make a secret and show it, this once. Raises `RequestInvalid` where two count already."""
    _known(request.purpose)
    text = randomness.token_hex(32)
    with changing(shop.store, "new_secret", request):
        kept = shop.secrets.keep(request.purpose, text)
    return SecretAnswer(number=kept.number, purpose=kept.purpose, secret=text)


def set_secret(shop: OpenShop, request: SetSecretRequest) -> SecretAnswer:
    """Keep a secret that a platform made. Raises `RequestInvalid` where two count already, or it is empty."""
    _known(request.purpose)
    with changing(shop.store, "set_secret", request):
        kept = shop.secrets.keep(request.purpose, request.secret)
    return SecretAnswer(number=kept.number, purpose=kept.purpose, secret=None)


def revoke_secret(shop: OpenShop, request: RevokeSecretRequest) -> SecretsAnswer:
    """Take a secret away; a running server refuses it within seconds. Returns those that are left.

    Raises `SecretUnknown`, naming the numbers there are.
    """
    known = any(one.number == request.number for one in shop.secrets.kept())
    if known:
        with changing(shop.store, "revoke_secret", request):
            shop.secrets.drop(request.number)
    else:
        numbers = ", ".join(f"{one.number} ({one.purpose})" for one in reversed(shop.secrets.kept())) or "none"
        raise SecretUnknown(
            f"No secret has the number {request.number}.",
            allowed=f"The shop keeps: {numbers}.",
            next_step="Name one of these.",
        )
    return list_secrets(shop, SecretsRequest())


def _known(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise RequestInvalid(
            f"Nothing here has a use for a secret {purpose!r}.",
            allowed=f"Secrets are for {', '.join(PURPOSES)}.",
            next_step=f"Choose one of these; the variable {variable_of('shopify-webhook')}, say, does without keeping.",
        )
