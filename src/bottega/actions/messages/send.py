"""Send: everybody who is due a letter now gets one, by the shop's mail server or by the merchant's own mailer.

Each letter is written down before it is handed over, under a name that follows from shopper and cause: two runs at the
same time, or one after a crash, send nothing twice. What was surely not taken is taken back and tried another time.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Protocol

from bottega.actions.messages.causes import Cause, held_back, letters_due
from bottega.actions.messages.compose import compose
from bottega.actions.messages.known import Recipient, recipient
from bottega.actions.messages.look import look_at_products
from bottega.actions.messages.shapes import (
    Letter,
    LetterResult,
    LettersAnswer,
    LettersRequest,
    SendAnswer,
    SendRequest,
    SentKind,
)
from bottega.connectors.letter_webhook import LetterWebhook
from bottega.connectors.mail import MailServer
from bottega.errors import LetterNotTaken, SettingsInvalid
from bottega.names import DAY_MS, Purpose
from bottega.progress import Progress, silent
from bottega.shop.letter_rules import LetterRules
from bottega.shop.open_shop import OpenShop
from bottega.store.letters import SentLetter

__all__ = ["SMTP_PASSWORD", "WEBHOOK_SECRET", "letters_sent", "message_of", "send_messages"]

SMTP_PASSWORD = "smtp-password"
WEBHOOK_SECRET = "letters-webhook"
FAILURES_MOST = 3
"""After so many failures in a row nobody is there, and the run ends."""


class _Way(Protocol):
    """Where letters are handed over."""

    name: str

    def hand_over(self, letter: Letter) -> None: ...


def send_messages(shop: OpenShop, request: SendRequest, *, progress: Progress = silent) -> SendAnswer:
    """Write to whoever is due. Raises `SettingsInvalid` where no way out is set; a letter that fails is named."""
    started = time.monotonic()
    now_ms = time.time_ns() // 1_000_000
    rules = LetterRules.of(shop.settings)
    said, _ = shop.store.traits.consents_since(0, Purpose.MESSAGES)
    agreed = sorted(shopper for shopper, given in said.items() if given)
    held: Counter[str] = Counter()
    results: list[LetterResult] = []
    with _way(shop, dry_run=request.dry_run) as way:
        if way is not None:
            look_at_products(shop, now_ms)
        failed = 0
        for done, shopper in enumerate(agreed, start=1):
            found = _due(shop, shopper, rules, now_ms)
            if isinstance(found, str):
                held[found] += 1
            elif (letter := compose(shop, *found, now_ms)) is None:
                held["nothing_to_say"] += 1
            else:
                results.append(_handed_over(shop, way, letter, found[1], now_ms))
                failed = failed + 1 if results[-1].result == "failed" else 0
            progress("writing letters", done, len(agreed))
            if failed == FAILURES_MOST:
                held["nobody_takes_letters"] += len(agreed) - done
                break
    return SendAnswer(
        shoppers=len(agreed),
        held_back=dict(sorted(held.items())),
        letters=results,
        seconds=round(time.monotonic() - started, 2),
    )


def letters_sent(shop: OpenShop, request: LettersRequest) -> LettersAnswer:
    """What the letters of the last days led to."""
    since_ms = time.time_ns() // 1_000_000 - request.days * DAY_MS
    counts = shop.store.letters.counts(since_ms=since_ms)
    return LettersAnswer(days=request.days, kinds=[SentKind.model_validate(one._asdict()) for one in counts])


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


def _due(shop: OpenShop, shopper: str, rules: LetterRules, now_ms: int) -> tuple[Recipient, Cause] | str:
    with shop.floor() as floor:
        to = recipient(shop, floor, shopper)
    if to is None or to.state.agreed_ms is None:
        return "no_consent"
    if to.email is None:
        return "no_address"
    if reason := held_back(to.state, rules, now_ms):
        return reason
    due = letters_due(to.state, rules, now_ms)
    return (to, due[0]) if due else "no_cause"


def _handed_over(shop: OpenShop, way: _Way | None, letter: Letter, cause: Cause, now_ms: int) -> LetterResult:
    def result(of: str, error: str = "") -> LetterResult:
        told = {"letter_id": letter.letter_id, "shopper": letter.shopper, "kind": letter.kind}
        return LetterResult.model_validate({**told, "subject": letter.subject, "result": of, "error": error})

    if way is None:
        return result("would_send")
    row = SentLetter(
        letter.letter_id,
        letter.shopper,
        letter.kind,
        list(cause.keys),
        [one.product_id for one in letter.products],
        letter.language,
        way.name,
        "sending",
        now_ms,
    )
    if not shop.store.letters.claim(row):
        return result("sent_before")
    try:
        way.hand_over(letter)
    except LetterNotTaken as error:
        if error.again:
            shop.store.letters.release(letter.letter_id)
        return result("failed", str(error))
    shop.store.letters.sent(letter.letter_id)
    return result("sent")


@contextmanager
def _way(shop: OpenShop, *, dry_run: bool) -> Iterator[_Way | None]:
    """Where letters go; None for a dry run. Raises `SettingsInvalid`."""
    settings = shop.settings
    if dry_run:
        yield None
        return
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
    if settings.letters_webhook:
        secrets = shop.secrets.of(WEBHOOK_SECRET)
        if not secrets:
            raise SettingsInvalid(
                f"There is no secret {WEBHOOK_SECRET}.",
                allowed="Letters are signed, so that your mailer knows them.",
                next_step=f"Make one: `bottega secrets new {WEBHOOK_SECRET}`.",
            )
        yield _ByWebhook(LetterWebhook(settings.letters_webhook, secrets[0]))
        return
    if not settings.letters_from:
        raise SettingsInvalid(
            "The setting letters_from is empty.",
            allowed="Letters come from somebody.",
            next_step='Put it into bottega.toml, as in letters_from = "Nord <shop@nord.example>".',
        )
    password = next(iter(shop.secrets.of(SMTP_PASSWORD)), "")
    with MailServer(settings.letters_smtp, password) as server:
        yield _BySmtp(server, settings.letters_from)


class _BySmtp:
    name = "smtp"

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server, self._sender = server, sender

    def hand_over(self, letter: Letter) -> None:
        self._server.hand_over(message_of(letter, self._sender))


class _ByWebhook:
    name = "webhook"

    def __init__(self, mailer: LetterWebhook) -> None:
        self._mailer = mailer

    def hand_over(self, letter: Letter) -> None:
        self._mailer.hand_over(letter.model_dump_json().encode(), letter.letter_id)
