"""Whether a person is there for a shopper, and what the shopper is told of it, in five languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from babel.dates import format_date, format_time

from bottega.opening_hours import OpeningHours
from bottega.settings import ShopSettings
from bottega.shop.open_shop import OpenShop

__all__ = ["AGENT_GONE_MS", "Presence", "There", "presence_of", "told_of_presence"]

AGENT_GONE_MS = 120_000
"""A person who has not looked for so long is not there."""


class There(StrEnum):
    """Who is there."""

    HERE = "here"
    """Somebody looks this moment."""
    TOLD = "told"
    """Nobody looks, and somebody is told."""
    AWAY = "away"
    """Nobody is to be expected before `Presence.opens`."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, and until when nobody is."""

    there: There
    opens: datetime | None = None
    """On the shop's clock; None where no hours are known."""


def presence_of(shop: OpenShop, now_ms: int) -> Presence:
    """Who is there at a moment (UTC milliseconds): who looks counts before any hours."""
    settings = shop.settings
    if shop.store.agents.there(now_ms - AGENT_GONE_MS):
        return Presence(There.HERE)
    if settings.opening_hours:
        hours = OpeningHours.of(settings.opening_hours)
        moment = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(settings.zone)
        if not hours.is_open(moment):
            return Presence(There.AWAY, hours.next_opening(moment))
        return Presence(There.TOLD)
    return Presence(There.TOLD if tells_somebody(settings) else There.AWAY)


def tells_somebody(settings: ShopSettings) -> bool:
    """Whether anybody is told that somebody waits."""
    by_mail = settings.talks_email and settings.letters_smtp and settings.letters_from
    return bool(by_mail or settings.talks_webhook or settings.chatwoot_url)


def told_of_presence(presence: Presence, language: str, now_ms: int) -> str:
    """The sentence for the shopper, in one of the five languages; another one is told in English.

    >>> told_of_presence(Presence(There.HERE), "en", 0)
    'I have called a colleague, who will answer you here.'
    """
    words = _WORDS.get(language, _WORDS["en"])
    if presence.there is not There.AWAY:
        return words[presence.there]
    opens = presence.opens
    if opens is None:
        return words["away"]
    locale = language if language in _WORDS else "en"
    at = format_time(opens.timetz().replace(tzinfo=None), "H:mm", locale=locale)
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(opens.tzinfo)
    if opens.date() == now.date():
        return words["today"].format(at=at)
    return words["later"].format(day=format_date(opens.date(), "EEEE", locale=locale), at=at)


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "here": "I have called a colleague, who will answer you here.",
        "told": "I have told a colleague, who will answer you here as soon as possible.",
        "today": "Nobody is here until {at}. Leave a message here, and it will be answered then.",
        "later": "Nobody is here until {day}, {at}. Leave a message here, and it will be answered then.",
        "away": "Nobody is here at the moment. Leave a message here, and it will be answered.",
    },
    "de": {
        "here": "Ich habe jemanden aus dem Team gerufen; die Antwort kommt hier.",
        "told": "Ich habe das Team benachrichtigt; die Antwort kommt so bald wie möglich hier.",
        "today": "Bis {at} Uhr ist niemand da. Hinterlassen Sie hier eine Nachricht; wir antworten dann.",
        "later": "Bis {day}, {at} Uhr, ist niemand da. Hinterlassen Sie hier eine Nachricht; wir antworten dann.",
        "away": "Im Moment ist niemand da. Hinterlassen Sie hier eine Nachricht; sie wird beantwortet.",
    },
    "fr": {
        "here": "J'ai appelé un collègue, qui vous répondra ici.",
        "told": "J'ai prévenu un collègue, qui vous répondra ici dès que possible.",
        "today": "Il n'y a personne avant {at}. Laissez un message ici, nous y répondrons à ce moment-là.",
        "later": "Il n'y a personne avant {day}, {at}. Laissez un message ici, nous y répondrons à ce moment-là.",
        "away": "Il n'y a personne pour le moment. Laissez un message ici, nous y répondrons.",
    },
    "es": {
        "here": "He llamado a un compañero, que le responderá aquí.",
        "told": "He avisado a un compañero, que le responderá aquí lo antes posible.",
        "today": "No hay nadie hasta las {at}. Deje aquí un mensaje y le responderemos entonces.",
        "later": "No hay nadie hasta el {day} a las {at}. Deje aquí un mensaje y le responderemos entonces.",
        "away": "En este momento no hay nadie. Deje aquí un mensaje y le responderemos.",
    },
    "it": {
        "here": "Ho chiamato un collega, che le risponderà qui.",
        "told": "Ho avvisato un collega, che le risponderà qui appena possibile.",
        "today": "Non c'è nessuno fino alle {at}. Lasci qui un messaggio e le risponderemo allora.",
        "later": "Non c'è nessuno fino a {day} alle {at}. Lasci qui un messaggio e le risponderemo allora.",
        "away": "Al momento non c'è nessuno. Lasci qui un messaggio e le risponderemo.",
    },
}
