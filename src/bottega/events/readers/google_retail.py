"""User events of Google Retail (Vertex AI Search for commerce), as its imports take them, a JSON object a line.

Source: https://cloud.google.com/retail/docs/reference/rest/v2/projects.locations.catalogs.userEvents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.events.batch import ALTERNATIVES, RawBatch
from bottega.events.event import row_digest
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, ids_of, object_of, objects_in, said
from bottega.sources.json_rows import first_object
from bottega.sources.source import Source

__all__ = ["GoogleRetail"]

_PURCHASE, _SEARCH = "purchase-complete", "search"


class GoogleRetail:
    """Reads Google Retail's user events."""

    name = "google-retail"
    describe = "Google Retail (Vertex) userEvents as JSON lines"
    vocabulary = "google_retail"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the names that its events have."""
        row = first_object(source.head)
        if "eventType" in row and {"visitorId", "productDetails"} & row.keys():
            return 1.0
        return 0.9 if objects_in(row.get("userEvents")) else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches; one for each product of an event."""

        def take_apart(_: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            for event in objects_in(row.get("userEvents")) or [row]:
                yield from _events(event)

        yield from event_batches(reading, take_apart)


def _events(event: dict[str, Any]) -> Iterator[FoundEvent]:
    name, order = said(event.get("eventType")), said(object_of(event.get("purchaseTransaction")).get("id"))
    base = f"google-retail-{order}" if order and name == _PURCHASE else row_digest(event)
    common = {
        "kind": name,
        "time": event.get("eventTime"),
        "shopper_id": said(object_of(event.get("userInfo")).get("userId")),
        "anonymous_id": said(event.get("visitorId")),
        "session_id": said(event.get("sessionId")),
        "recommendation_id": said(event.get("attributionToken")),
        "order_id": order,
    }
    details = objects_in(event.get("productDetails"))
    if name == _SEARCH:
        yield FoundEvent({**common, "event_id": base, "query": said(event.get("searchQuery"))})
        return
    if not details:
        yield FoundEvent({**common, "event_id": base})
    for number, detail in enumerate(details, start=1):
        product = object_of(detail.get("product"))
        path = said(product.get("name"))
        one, others = ids_of(product.get("id"), path.rsplit("/", 1)[-1] if path else None)
        fields = {"product_id": one, ALTERNATIVES: others, "quantity": detail.get("quantity")}
        price = object_of(product.get("priceInfo")).get("price")
        yield FoundEvent({**common, **fields, "value": price, "event_id": f"{base}#{number}"}, (detail, product))
