"""Segment and RudderStack: track calls of the ecommerce specification, version 2 and the names of version 1; identify.

Source: https://segment.com/docs/connections/spec/ecommerce/v2/ (RudderStack uses the same names and fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.events.aliases import normalised
from bottega.events.batch import RawBatch, batches
from bottega.events.event import row_digest
from bottega.events.log_in import segment_traits
from bottega.events.readers.base import Reading
from bottega.placeholders import names_nobody, says_nothing
from bottega.sources.json_rows import first_object, json_rows, text_of
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
        return batches(self._rows(reading), reading.chunk_rows)

    def _rows(self, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
        for place, row in json_rows(reading):
            calls = row.get("batch")
            for call in calls if isinstance(calls, list) else [row]:
                if not isinstance(call, dict):
                    reading.refuse("json_broken", place, str(call))
                    continue
                if call.get("type") == "identify" or normalised(str(call.get("event"))) == _CONSENT:
                    reading.log_in(place, {**_who(call), "traits": segment_traits(call)})
                    continue
                for fields in _expanded(call):
                    yield place, fields


def _expanded(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row a product. Calls other than track keep their type as a name, and are set aside by it."""
    properties = _object(call.get("properties"))
    kind = call.get("type", "track")
    name = call.get("event") if kind == "track" else kind
    session = properties.get("session_id") or _object(call.get("context")).get("sessionId")
    message = text_of(call.get("messageId"))
    base = message if message and not names_nobody(message) else row_digest(call)
    common = {
        **_who(call),
        "kind": text_of(name),
        "session_id": text_of(session),
        "query": text_of(properties.get("query")),
        "rating": text_of(properties.get("rating")),
        "recommendation_id": text_of(properties.get("recommendation_id")),
    }
    products = properties.get("products")
    if not isinstance(products, list) or not products or common["query"]:
        yield {**common, **_product(properties), "event_id": base}
        return
    for number, product in enumerate(products, start=1):
        yield {**common, **_product(_object(product)), "event_id": f"{base}#{number}"}


def _who(call: dict[str, Any]) -> dict[str, Any]:
    return {
        "time": text_of(call.get("timestamp") or call.get("originalTimestamp") or call.get("sentAt")),
        "shopper_id": text_of(call.get("userId")),
        "anonymous_id": text_of(call.get("anonymousId")),
    }


def _product(fields: dict[str, Any]) -> dict[str, Any]:
    """The product's part of an event. Version 1 called the id `id`."""
    ids = (text_of(fields.get(name)) for name in ("product_id", "productId", "id", "sku"))
    worth = fields.get("price") if fields.get("price") is not None else fields.get("value")
    return {
        "product_id": next((one for one in ids if one and not says_nothing(one)), None),
        "quantity": text_of(fields.get("quantity")),
        "value": text_of(worth),
    }


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
