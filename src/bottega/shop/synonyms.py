"""Keeping what a merchant says that words mean."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.errors import RequestInvalid
from bottega.events.times import now_ms
from bottega.languages.synonyms import Synonym
from bottega.shop.open_shop import OpenShop
from bottega.store.synonyms import KeptSynonym

__all__ = ["keep_synonyms"]

ENTRIES_MOST = 50_000
"""Entries of one shop."""


def keep_synonyms(shop: OpenShop, entries: Sequence[Synonym]) -> int:
    """Keep entries, and tell every process; returns how many are new. Raises `RequestInvalid` beyond a shop's most."""
    if len(shop.store.synonyms.all()) + len(entries) > ENTRIES_MOST:
        raise RequestInvalid(
            f"These are {len(entries)} more synonyms.",
            allowed=f"A shop keeps {ENTRIES_MOST:,} of them.",
            next_step="Take some back first (`bottega synonyms delete`).",
        )
    said_ms = now_ms()
    added = shop.store.synonyms.put([KeptSynonym(one.key, one.words, one.means, said_ms) for one in entries])
    shop.said_synonyms()
    return added
