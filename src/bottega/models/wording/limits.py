"""How long a text may be, by what it is for: one table, each figure with where it is from.

A limit is in characters, and what is written is whole sentences or pieces: nothing is cut in the middle of a word.
"""

from __future__ import annotations

from typing import NamedTuple

from bottega.models.wording.text import TextKind

__all__ = ["CHANNELS", "Limits", "limit_of"]


class Limits(NamedTuple):
    """Of one channel."""

    title: int
    description: int
    source: str


CHANNELS: dict[str, Limits] = {
    "search": Limits(60, 155, "what Google's result pages show before they cut: about 600 and 920 pixels"),
    "google": Limits(150, 5000, "https://support.google.com/merchants/answer/6324415 and /6324468"),
    "amazon": Limits(200, 2000, "https://sellercentral.amazon.com/help/hub/reference/GYTR6SYGFA5E3EQC"),
    "ebay": Limits(80, 4000, "https://developer.ebay.com/api-docs/sell/inventory/types/slr:Product (title: 80)"),
    "etsy": Limits(140, 5000, "https://developers.etsy.com/documentation/reference (title: 140)"),
    "meta": Limits(
        200, 9999, "https://www.facebook.com/business/help/120325381656392 (title: 200, description: 9,999)"
    ),
}
"""Where a listing is shown, and what that place takes."""

_KINDS = {
    TextKind.BULLET: 200,
    TextKind.SHORT: 300,
    TextKind.ALT: 125,
    TextKind.ADVERT: 90,
    TextKind.EMAIL: 200,
}
"""Of texts that no channel limits: a bullet as Amazon reads it, a short description of two or three lines, an
alternative text that a screen reader speaks in one go, a headline of an advertisement (Google's long headline), a line
of a letter."""


def limit_of(kind: TextKind, channel: str = "google") -> int:
    """The most characters of one text."""
    limits = CHANNELS[channel]
    if kind is TextKind.TITLE:
        return limits.title
    if kind is TextKind.META_TITLE:
        return CHANNELS["search"].title
    if kind is TextKind.META:
        return CHANNELS["search"].description
    return limits.description if kind is TextKind.DESCRIPTION else _KINDS[kind]
