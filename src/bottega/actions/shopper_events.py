"""Shopper events: what a shopper did lately, and some shoppers worth looking at."""

from __future__ import annotations

from bottega.actions.answerer import Answerer
from bottega.store.events import StoredEvent

__all__ = ["recent_events", "some_shoppers"]


def recent_events(answerer: Answerer, shopper: str, limit: int) -> list[StoredEvent]:
    """The newest events of a profile, newest first, those from before its log-in included."""
    store = answerer.shop.store.events
    return store.of_shopper(store.resolve(None, shopper, None), limit) or store.of_shopper(shopper, limit)


def some_shoppers(answerer: Answerer, limit: int) -> list[str]:
    """Up to `limit` shoppers with a history of middling length, spread over all of them."""
    with answerer.floor() as floor:
        return floor.examples[:: max(1, len(floor.examples) // max(limit, 1))][:limit]
