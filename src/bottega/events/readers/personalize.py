"""Bodies of Amazon Personalize's PutEvents, a JSON object each; its interactions as CSV are a table (native_csv.py).

Source: https://docs.aws.amazon.com/personalize/latest/dg/API_UBS_PutEvents.html. What an event says was shown
(`impression`) becomes impressions beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bottega.events.batch import RawBatch
from bottega.events.event import row_digest
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, listed, object_of, objects_in, said
from bottega.names import EventKind
from bottega.placeholders import names_nobody
from bottega.sources.json_rows import first_object
from bottega.sources.source import Source

__all__ = ["Personalize"]


class Personalize:
    """Reads PutEvents."""

    name = "personalize"
    describe = "Amazon Personalize: bodies of PutEvents as JSON lines"
    vocabulary = "personalize"
    strict_kinds = True

    def recognises(self, source: Source) -> float:
        """By the list of events in a session."""
        row = first_object(source.head)
        return 1.0 if objects_in(row.get("eventList")) and {"sessionId", "userId", "trackingId"} & row.keys() else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches."""
        yield from event_batches(reading, lambda _, row: _events(row))


def _events(body: dict[str, Any]) -> Iterator[FoundEvent]:
    who = {"shopper_id": said(body.get("userId")), "session_id": said(body.get("sessionId"))}
    for event in objects_in(body.get("eventList")):
        properties = _properties(event.get("properties"))
        own = said(event.get("eventId"))
        base = own if own and not names_nobody(own) else row_digest({**who, **event})
        common = {**who, "time": event.get("sentAt"), "recommendation_id": said(event.get("recommendationId"))}
        item = said(event.get("itemId")) or said(properties.get("itemId")) or said(properties.get("item_id"))
        value = event.get("eventValue") if event.get("eventValue") is not None else properties.get("eventValue")
        kind = {"kind": said(event.get("eventType")), "product_id": item, "value": value}
        yield FoundEvent(
            {**common, **kind, "event_id": base, "query": said(properties.get("query"))}, (event, properties)
        )
        for number, shown in enumerate(listed(event.get("impression")), start=1):
            fields = {
                "kind": EventKind.IMPRESSION.value,
                "product_id": said(shown),
                "event_id": f"{base}#shown{number}",
            }
            yield FoundEvent({**common, **fields}, (event,))


def _properties(value: Any) -> dict[str, Any]:
    """The properties, which are an object written as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return object_of(value)
