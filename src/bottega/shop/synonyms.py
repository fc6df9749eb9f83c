"""Keeping what a merchant says that words mean, with who said it."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.errors import RequestInvalid
from bottega.events.times import now_ms
from bottega.languages.synonyms import Synonym
from bottega.shop.doors.acting import ACTOR
from bottega.shop.open_shop import OpenShop
from bottega.store.synonyms import KeptSynonym

__all__ = ["keep_synonyms", "remove_synonyms"]

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
    kept = [KeptSynonym(one.key, one.words, one.means, said_ms) for one in entries]
    added = shop.store.synonyms.put(kept, who=_who())
    shop.said_synonyms()
    return added


def remove_synonyms(shop: OpenShop, numbers: Sequence[int]) -> list[int]:
    """Take entries back, and tell every process; returns the numbers of those that were there."""
    gone = shop.store.synonyms.remove(numbers, time_ms=now_ms(), who=_who())
    shop.said_synonyms()
    return gone


def _who() -> str:
    actor = ACTOR.get()
    return actor.who if actor else ""
