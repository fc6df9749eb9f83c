"""Segment and RudderStack: track calls of the ecommerce specification, version 2 and the names of version 1; identify.

Source: https://segment.com/docs/connections/spec/ecommerce/v2/ (RudderStack uses the same names and fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.events.aliases import normalised
from bottega.events.batch import ALTERNATIVES, RawBatch
from bottega.events.event import row_digest
from bottega.events.log_in import segment_traits
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, ids_of, object_of
from bottega.placeholders import names_nobody
from bottega.sources.json_rows import first_object, text_of
from bottega.sources.source import Source

__all__ = ["Segment"]

_CONSENT = "segment_consent_preference_updated"
"""The event by which Segment tells of a change of consent alone."""
_TYPES = frozenset({"track", "page", "screen", "identify", "group", "alias"})


class Segment:
    """Reads track and identify calls."""

    name = "segment"
    describe = "Segment or RudderStack: track and identify calls as JSON lines, or bodies of /v1/batch"
    vocabulary = "segment"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the envelope."""
        row = first_object(source.head)
        if isinstance(row.get("batch"), list):
            return 0.9
        if row.get("type") in _TYPES and {"userId", "anonymousId", "messageId"} & row.keys():
            return 1.0
        return 0.8 if "event" in row and "properties" in row else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches; one for each product of an event."""

        def take_apart(place: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            calls = row.get("batch")
            for call in calls if isinstance(calls, list) else [row]:
                if not isinstance(call, dict):
                    reading.refuse("json_broken", place, str(call))
                elif call.get("type") == "identify" or normalised(str(call.get("event"))) == _CONSENT:
                    reading.log_in(place, {**_who(call), "traits": segment_traits(call)})
                else:
                    yield from _expanded(call)

        yield from event_batches(reading, take_apart)


def _expanded(call: dict[str, Any]) -> Iterator[FoundEvent]:
    """One row a product. Calls other than track keep their type as a name, and are set aside by it."""
    properties = object_of(call.get("properties"))
    kind = call.get("type", "track")
    name = call.get("event") if kind == "track" else kind
    session = properties.get("session_id") or object_of(call.get("context")).get("sessionId")
    message = text_of(call.get("messageId"))
    base = message if message and not names_nobody(message) else row_digest(call)
    common = {
        **_who(call),
        "kind": text_of(name),
        "session_id": text_of(session),
        "query": text_of(properties.get("query")),
        "rating": text_of(properties.get("rating")),
        "recommendation_id": text_of(properties.get("recommendation_id")),
        "order_id": text_of(properties.get("order_id") or properties.get("orderId")),
    }
    products = properties.get("products")
    if not isinstance(products, list) or not products or common["query"]:
        yield FoundEvent({**common, **_product(properties), "event_id": base}, (properties,))
        return
    for number, product in enumerate(products, start=1):
        one = object_of(product)
        yield FoundEvent({**common, **_product(one), "event_id": f"{base}#{number}"}, (one, properties))


def _who(call: dict[str, Any]) -> dict[str, Any]:
    return {
        "time": text_of(call.get("timestamp") or call.get("originalTimestamp") or call.get("sentAt")),
        "shopper_id": text_of(call.get("userId")),
        "anonymous_id": text_of(call.get("anonymousId")),
    }


def _product(fields: dict[str, Any]) -> dict[str, Any]:
    """The product's part of an event. Version 1 called the id `id`."""
    product, others = ids_of(*(fields.get(name) for name in ("product_id", "productId", "id", "sku", "variant_id")))
    worth = fields.get("price") if fields.get("price") is not None else fields.get("value")
    return {
        "product_id": product,
        ALTERNATIVES: others,
        "quantity": text_of(fields.get("quantity")),
        "value": text_of(worth),
    }
