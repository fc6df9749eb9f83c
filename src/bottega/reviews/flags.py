"""Whether a cell says yes: verified, published, spam, in the words of the systems that collect reviews."""

from __future__ import annotations

__all__ = ["published_of", "verified_of"]

_YES = frozenset({"true", "yes", "y", "1", "t", "on", "ja", "oui", "si", "sí", "buyer"})
_NO = frozenset({"false", "no", "n", "0", "f", "off", "nein", "non", "nothing", ""})
_VERIFIED = frozenset({"verified buyer", "verified_buyer", "verified purchase", "verified", "confirmed buyer"})
_UNVERIFIED = frozenset(
    {"unverified", "anonymous", "anonymous user", "anonymous_user", "verified reviewer", "verified_reviewer", "admin"}
)
_SHOWN = frozenset({"published", "approved", "approve", "ok", "publish", "visible", "public", "active"})
_HIDDEN = frozenset(
    {"rejected", "pending", "hidden", "unpublished", "not-yet", "not yet", "draft", "hold", "unapproved", "archived"}
    | {"disapproved", "deleted", "trash", "flagged", "spam"}
)
_TURNED = ("hidden", "deleted")
"""Columns in which a yes means that it is not shown."""


def verified_of(text: str) -> bool | None:
    """Whether who wrote it had bought; None where the words are unknown."""
    word = text.strip().casefold()
    if word in _YES or word in _VERIFIED:
        return True
    return False if word in _NO or word in _UNVERIFIED else None


def published_of(text: str, column: str = "") -> bool | None:
    """Whether it is shown; None where the words are unknown. `column` is its name: hidden=true means no."""
    word = text.strip().casefold()
    if word in _SHOWN or word in _HIDDEN:
        return word in _SHOWN
    said = True if word in _YES else False if word in _NO else None
    if said is None or not any(turned in column.casefold() for turned in _TURNED):
        return said
    return not said
