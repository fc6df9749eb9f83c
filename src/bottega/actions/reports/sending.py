"""Mailing a report: to the merchant's own address, by the mail server that letters go through."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Literal

from bottega.actions.messages.ways import SMTP_PASSWORD
from bottega.actions.reports.render import as_mail, as_text, subject
from bottega.actions.reports.shapes import WeekReport
from bottega.connectors.mail import MailServer
from bottega.errors import BottegaError, SettingsInvalid
from bottega.events.times import now_ms
from bottega.settings import ShopSettings
from bottega.shop.open_shop import OpenShop

__all__ = ["can_send", "mail_of", "mail_report"]

_TURN = "mail report"


def mail_report(shop: OpenShop, report: WeekReport, send: Literal["no", "where_set", "yes"]) -> list[str]:
    """Mail a report where that is asked for; returns to whom. With `where_set` of each week once, whoever asks.

    Raises `SettingsInvalid` where nobody is named or nothing takes mail, and `LetterNotTaken`.
    """
    settings = shop.settings
    if send == "no" or (send == "where_set" and not settings.report_email):
        return []
    if not settings.report_email:
        raise SettingsInvalid(
            "The setting report_email is empty.",
            allowed="A report is mailed to one address of your own.",
            next_step="Name it: `bottega report plan --email owner@shop.example`.",
        )
    if not can_send(settings):
        raise SettingsInvalid(
            "Nothing takes mail: " + ("letters_from" if settings.letters_smtp else "letters_smtp") + " is empty.",
            allowed="Reports go by the mail server that letters go through.",
            next_step="Set letters_smtp and letters_from in bottega.toml; docs/messages.md shows how.",
        )
    until_ms = int(datetime.fromisoformat(report.until).timestamp() * 1000)
    if send == "where_set" and not shop.store.turns.take(_TURN, due_ms=until_ms, now_ms=until_ms):
        return []
    password = next(iter(shop.secrets.of(SMTP_PASSWORD)), "")
    try:
        with MailServer(settings.letters_smtp, password, reach=shop.folder.reach) as server:
            server.hand_over(mail_of(report, settings))
    except BottegaError as error:
        if send == "where_set" and getattr(error, "again", True):
            shop.store.turns.give_back(_TURN, until_ms)
        raise
    return [settings.report_email]


def can_send(settings: ShopSettings) -> bool:
    """Whether a mail server is set up."""
    return bool(settings.letters_smtp and settings.letters_from)


def mail_of(report: WeekReport, settings: ShopSettings) -> EmailMessage:
    """The report as mail, in both forms."""
    message = EmailMessage()
    message["From"] = settings.letters_from
    message["To"] = settings.report_email
    message["Subject"] = subject(report)
    message["Date"] = formatdate()
    domain = parseaddr(settings.letters_from)[1].rpartition("@")[2]
    message["Message-ID"] = f"<week-{report.week}.{now_ms()}@{domain}>"
    message["Content-Language"] = "en"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(report, settings.public_url))
    message.add_alternative(as_mail(report, settings.public_url), subtype="html")
    return message
