"""The publishable key that stands in the shop's own pages: made when first needed, and another once that is revoked.

A key is kept as a hash, so a page that shows one needs it kept beside, as secrets are (secrets.py): under a purpose, to
be read again. What it opens is what any publishable key opens.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from bottega.errors import KeyRefused, RequestInvalid
from bottega.names import KeyKind
from bottega.shop.open_shop import OpenShop

__all__ = ["PURPOSE", "page_key", "page_key_used_ms"]

PURPOSE = "page-key"
_LABEL = "pages of the storefront"
_TRIES = 100
_lock = threading.Lock()


def page_key(shop: OpenShop) -> str:
    """The key of this shop's pages. Raises `StoreUnavailable`, `SecretUnreadable`."""
    found = _there(shop)
    if found is None:
        with _lock:
            found = _there(shop) or _made(shop)
    return found


def page_key_used_ms(shop: OpenShop) -> int | None:
    """When a page last called with that key, UTC, up to a minute late; None: never, or there is none."""
    used = [one.used_at_ms for one in shop.store.keys.all() if one.label.startswith(_LABEL)]
    return max((moment for moment in used if moment is not None), default=None)


def _there(shop: OpenShop) -> str | None:
    """The one that is kept and still opens."""
    for key in shop.secrets.of(PURPOSE):
        with suppress(KeyRefused):
            known = shop.keys.opens(key)
            if known is not None and known.kind is KeyKind.PUBLISHABLE:
                return key
    return None


def _made(shop: OpenShop) -> str:
    keys = shop.store.keys
    for one in shop.secrets.kept():
        if one.purpose == PURPOSE:
            shop.secrets.drop(one.number)
    for number in range(1, _TRIES):
        label = _LABEL if number == 1 else f"{_LABEL} {number}"
        with suppress(RequestInvalid):  # the label is another's
            key = keys.create(label, KeyKind.PUBLISHABLE)
            shop.secrets.keep(PURPOSE, key, at_once=8)  # as many processes may have come first
            return key
    raise AssertionError(f"{_TRIES} labels were taken")
