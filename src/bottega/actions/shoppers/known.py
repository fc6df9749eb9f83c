"""Known shoppers: who has a history worth showing, and what is known of one of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pydantic import Field

from bottega.actions.shoppers.affinities import words_of_taste
from bottega.catalogue.filter import Id
from bottega.names import EventKind, KindCode
from bottega.shop.shape import Request, Shape

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop
    from bottega.store.events import StoredEvent

__all__ = [
    "AboutAnswer",
    "AboutRequest",
    "KnownAnswer",
    "KnownRequest",
    "KnownShopper",
    "SeenEvent",
    "about_shopper",
    "known_shoppers",
]

EVENTS_READ = 200
"""Newest events of a shopper that are looked at."""
SAMPLE = 30_000
"""Newest events of the shop among which known shoppers are looked for."""
FEWEST, MOST = 12, 80
"""Events of a shopper worth showing: fewer tell little, more are often a robot's."""
CANDIDATES = 60


class KnownRequest(Request):
    """Shoppers to show as examples."""

    n: int = Field(default=12, ge=1, le=50, description="At most so many.")


class KnownShopper(Shape):
    """A shopper with a history worth showing."""

    shopper: str
    name: str | None = Field(default=None, description="As the shop was told it.")
    taste: list[str] = Field(description="What sets them apart, in a few words.")
    events_known: int = Field(description="Of the newest 200.")


class KnownAnswer(Shape):
    """Shoppers of different leading tastes."""

    shoppers: list[KnownShopper]


class AboutRequest(Request):
    """What is known of one shopper."""

    shopper: Id = Field(description="Shopper id, or the anonymous id.")
    n: int = Field(default=8, ge=0, le=EVENTS_READ, description="Newest events shown.")


class SeenEvent(Shape):
    """One thing a shopper did."""

    kind: EventKind
    time_ms: int
    product_id: str | None
    query: str | None


class AboutAnswer(Shape):
    """What a shopper did, and what it tells."""

    shopper: str
    events_known: int = Field(description="Of the newest 200.")
    taste: list[str] = Field(description="What sets them apart, in a few words.")
    events: list[SeenEvent] = Field(description="Newest first.")


def known_shoppers(shop: OpenShop, request: KnownRequest) -> KnownAnswer:
    """Shoppers with a history worth showing, of whom no two lead with the same taste. Reads many events."""
    events = shop.folder.store.events
    rows = events.since(max(0, events.newest_seq() - SAMPLE), SAMPLE)
    named = [row for row in rows if row.shopper_id]
    activity = Counter(row.shopper for row in named)
    buyers = {row.shopper for row in named if row.kind == KindCode.PURCHASE}
    worth = [name for name, count in activity.most_common() if FEWEST <= count <= MOST and name in buyers]
    chosen: list[KnownShopper] = []
    led: set[str] = set()
    for name in worth[:CANDIDATES]:
        if len(chosen) == request.n:
            break
        words = words_of_taste(shop, name)
        if len(words) > 1 and words[0] not in led:
            led.add(words[0])
            told = shop.folder.store.traits.of(name)
            chosen.append(
                KnownShopper(
                    shopper=name,
                    name=told.fields.get("name") if told else None,
                    taste=words,
                    events_known=len(_events(shop, name)),
                )
            )
    return KnownAnswer(shoppers=chosen)


def about_shopper(shop: OpenShop, request: AboutRequest) -> AboutAnswer:
    """What a shopper did, newest first; an anonymous id means the shopper it has become. A stranger did nothing."""
    rows = _events(shop, request.shopper)
    return AboutAnswer(
        shopper=request.shopper,
        events_known=len(rows),
        taste=words_of_taste(shop, request.shopper),
        events=[
            SeenEvent(kind=row.kind.kind, time_ms=row.time_ms, product_id=row.product_id, query=row.query)
            for row in rows[: request.n]
        ],
    )


def _events(shop: OpenShop, name: str) -> list[StoredEvent]:
    events = shop.folder.store.events
    return events.of_shopper(name, EVENTS_READ) or events.of_shopper(events.resolve(None, name, None), EVENTS_READ)
