"""Events one by one, for callers of other systems: list what was recorded, and take it back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.names import NUMBER_MAX, EventKind
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape
from bottega.store.events import StoredEvent
from bottega.store.single_events import WantedEvents

__all__ = [
    "ListEventsAnswer",
    "ListEventsRequest",
    "ListedEvent",
    "RemoveEventsAnswer",
    "RemoveEventsRequest",
    "list_events",
    "remove_events",
]

EVENTS_MOST = 10_000
AT_ONCE = 500
"""Events that are taken back in one statement."""


class _Which(Request):
    """Which events are meant: those that meet every condition."""

    shopper: Id | None = Field(default=None, description="Shopper id, anonymous id or session id.")
    product_id: Id | None = None
    kinds: list[EventKind] = Field(default_factory=list, description="Any of these; every kind where empty.")
    sources: list[str] = Field(default_factory=list, description="Vocabulary and name they came under: gorse:star.")


class ListEventsRequest(_Which):
    """A page of events in order of arrival."""

    n: int = Field(default=1000, ge=1, le=EVENTS_MOST)
    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")


class ListedEvent(Shape):
    """One event as it is kept."""

    number: int = Field(description="Its place in the order of arrival.")
    shopper: str = Field(description="The profile that it belongs to.")
    kind: EventKind
    product_id: str | None
    time_ms: int
    quantity: int
    value: float | None
    rating: float | None
    source: str | None


class ListEventsAnswer(Shape):
    """One page of events."""

    events: list[ListedEvent]
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class RemoveEventsRequest(Request):
    """Events to take back."""

    numbers: list[Annotated[int, Field(ge=0, le=NUMBER_MAX)]] = Field(
        max_length=EVENTS_MOST, description="The `number` of each, as they are listed."
    )


class RemoveEventsAnswer(Shape):
    """What was taken back."""

    removed: int


def list_events(shop: OpenShop, request: ListEventsRequest) -> ListEventsAnswer:
    """The events that meet every condition, a page at a time."""
    rows = shop.store.single_events.page(_wanted(shop, request), after=request.after, limit=request.n + 1)
    page = rows[: request.n]
    return ListEventsAnswer(events=[_listed(row) for row in page], next=page[-1].seq if len(rows) > request.n else None)


def remove_events(shop: OpenShop, request: RemoveEventsRequest) -> RemoveEventsAnswer:
    """Take events back: the next answer no longer knows them, nor does the next training."""
    removed = 0
    for start in range(0, len(request.numbers), AT_ONCE):
        wanted = WantedEvents(numbers=request.numbers[start : start + AT_ONCE])
        count, whose = shop.store.single_events.remove(wanted)
        removed += count
        shop.took_back(whose)
    return RemoveEventsAnswer(removed=removed)


def _wanted(shop: OpenShop, request: _Which) -> WantedEvents:
    return WantedEvents(
        shopper=None if request.shopper is None else shop.profile(request.shopper),
        product_id=request.product_id,
        kinds=[kind.code for kind in request.kinds],
        sources=request.sources,
    )


def _listed(row: StoredEvent) -> ListedEvent:
    return ListedEvent(
        number=row.seq,
        shopper=row.shopper,
        kind=row.kind.kind,
        product_id=row.product_id,
        time_ms=row.time_ms,
        quantity=row.quantity,
        value=row.value,
        rating=row.rating,
        source=row.source,
    )
