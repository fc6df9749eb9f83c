"""The way out for letters: the shop's mail server, or the merchant's own mailer; checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Protocol

from bottega.actions.messages.shapes import Letter
from bottega.connectors.letter_webhook import SignedWebhook
from bottega.connectors.mail import MailServer
from bottega.errors import SettingsInvalid
from bottega.settings import ShopSettings
from bottega.shop.open_shop import OpenShop
from bottega.shop.secrets import Secrets

__all__ = ["SMTP_PASSWORD", "WEBHOOK_SECRET", "Way", "check_way", "message_of", "way_out"]

SMTP_PASSWORD = "smtp-password"
WEBHOOK_SECRET = "letters-webhook"


class Way(Protocol):
    """Where letters are handed over."""

    name: str

    def hand_over(self, letter: Letter) -> None:
        """Raises `LetterNotTaken`."""
        ...


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The letter as mail: both forms, and the way out in the headers, one click (RFC 2369, RFC 8058)."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to or ""
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.letter_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


@contextmanager
def way_out(shop: OpenShop, *, dry_run: bool) -> Iterator[Way | None]:
    """Where letters go; None for a dry run. Raises `SettingsInvalid`."""
    if dry_run:
        yield None
        return
    settings = shop.settings
    check_way(settings, shop.secrets)
    if settings.letters_webhook:
        secret = shop.secrets.of(WEBHOOK_SECRET)[0]
        yield _ByWebhook(SignedWebhook(settings.letters_webhook, secret, reach=shop.folder.reach))
        return
    password = next(iter(shop.secrets.of(SMTP_PASSWORD)), "")
    with MailServer(settings.letters_smtp, password, reach=shop.folder.reach) as server:
        yield _BySmtp(server, settings.letters_from)


def check_way(settings: ShopSettings, secrets: Secrets) -> None:
    """Whether letters could go out. Raises `SettingsInvalid` where something is missing; nobody is asked."""
    if not settings.public_url:
        raise SettingsInvalid(
            "The setting public_url is empty.",
            allowed="Every letter holds a link out of all letters, which must lead to this server.",
            next_step='Put it into bottega.toml, as in public_url = "https://shop.example/letters".',
        )
    if bool(settings.letters_smtp) == bool(settings.letters_webhook):
        raise SettingsInvalid(
            "Of letters_smtp and letters_webhook " + ("both are set." if settings.letters_smtp else "neither is set."),
            allowed="Letters go out one way: by a mail server, or by your own mailer.",
            next_step="Set one of them in bottega.toml; docs/messages.md shows how.",
        )
    if settings.letters_webhook and not secrets.of(WEBHOOK_SECRET):
        raise SettingsInvalid(
            f"There is no secret {WEBHOOK_SECRET}.",
            allowed="Letters are signed, so that your mailer knows them.",
            next_step=f"Make one: `bottega secrets new {WEBHOOK_SECRET}`.",
        )
    if settings.letters_smtp and not settings.letters_from:
        raise SettingsInvalid(
            "The setting letters_from is empty.",
            allowed="Letters come from somebody.",
            next_step='Put it into bottega.toml, as in letters_from = "Nord <shop@nord.example>".',
        )


class _BySmtp:
    name = "smtp"

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server, self._sender = server, sender

    def hand_over(self, letter: Letter) -> None:
        self._server.hand_over(message_of(letter, self._sender))


class _ByWebhook:
    name = "webhook"

    def __init__(self, mailer: SignedWebhook) -> None:
        self._mailer = mailer

    def hand_over(self, letter: Letter) -> None:
        self._mailer.hand_over(letter.model_dump_json().encode(), letter.letter_id)
