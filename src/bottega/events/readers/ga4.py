"""Google Analytics 4: rows of the BigQuery export, and bodies of the Measurement Protocol (gtag's shape too).

Source: https://developers.google.com/analytics/devguides/collection/ga4/ecommerce and
https://support.google.com/analytics/answer/7029846 (the export's schema).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.events.batch import RawBatch
from bottega.events.event import row_digest
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, object_of, objects_in, said
from bottega.events.readers.pages import product_of_page
from bottega.placeholders import names_nobody
from bottega.sources.json_rows import first_object, text_of
from bottega.sources.source import Source

__all__ = ["Ga4"]

_SEARCHES = frozenset({"search", "view_search_results"})
_OF_ORDERS = frozenset({"purchase", "in_app_purchase", "refund"})
_OF_PAGES = frozenset({"view_item"})
"""Events that are about the product of the page they happen on."""


class Ga4:
    """Reads GA4."""

    name = "ga4"
    describe = "Google Analytics 4: BigQuery export as JSON lines, or Measurement Protocol bodies"
    vocabulary = "ga4"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the names that only GA4 uses."""
        row = first_object(source.head)
        if "event_name" in row and {"user_pseudo_id", "event_timestamp", "event_params"} & row.keys():
            return 1.0
        if "events" in row and {"client_id", "app_instance_id", "timestamp_micros"} & row.keys():
            return 1.0
        return 0.8 if "event" in row and "ecommerce" in row else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches; one for each item of an event."""

        def take_apart(_: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            for one in _one_shape(row):
                yield from _expanded(one)

        yield from event_batches(reading, take_apart)


def _one_shape(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every shape as {name, params, items, time, anonymous_id, shopper_id, digest}."""
    if "event_name" in row:
        params = _export_params(row.get("event_params"))
        ecommerce = object_of(row.get("ecommerce"))
        yield {
            "name": row["event_name"],
            "params": {**ecommerce, **params},
            "items": row.get("items"),
            "time": row.get("event_timestamp"),
            "anonymous_id": row.get("user_pseudo_id"),
            "shopper_id": row.get("user_id"),
            "digest": row_digest(row),
        }
        return
    events = row.get("events")
    for one in events if isinstance(events, list) else [row]:
        event = object_of(one)
        params = {**object_of(event.get("ecommerce")), **object_of(event.get("params"))}
        yield {
            "name": event.get("name") or event.get("event"),
            "params": params,
            "items": params.get("items"),
            "time": event.get("timestamp_micros") or row.get("timestamp_micros") or event.get("timestamp"),
            "anonymous_id": row.get("client_id") or row.get("app_instance_id"),
            "shopper_id": row.get("user_id"),
            "digest": row_digest({**row, "events": [event]}),
        }


def _expanded(event: dict[str, Any]) -> Iterator[FoundEvent]:
    """One row an item; a search, or an event without items, is one row."""
    params, name = event["params"], said(event["name"])
    session = said(params.get("ga_session_id") or params.get("session_id"))
    anonymous_id, order = text_of(event["anonymous_id"]), said(params.get("transaction_id"))
    device = anonymous_id if anonymous_id and not names_nobody(anonymous_id) else None
    base = f"ga4-{name}-{order}" if order and not names_nobody(order) and name == "purchase" else event["digest"]
    common = {
        "kind": name,
        "time": said(event["time"]),
        "shopper_id": text_of(event["shopper_id"]),
        "anonymous_id": anonymous_id,
        # GA4 numbers the sessions of each device, so the number alone would mix people up.
        "session_id": f"{device}.{session}" if session and device else None,
        "query": said(params.get("search_term")),
        "recommendation_id": said(params.get("recommendation_id")),
        "order_id": order if name in _OF_ORDERS else None,
    }
    items = objects_in(event["items"])
    if name in _SEARCHES or not items:
        page = said(params.get("page_location"))
        product = product_of_page(page) if page and name in _OF_PAGES else None
        yield FoundEvent(
            {**common, "event_id": base, "product_id": product, "value": said(params.get("value"))}, (params,)
        )
        return
    for number, item in enumerate(items, start=1):
        worth = item.get("price") if len(items) > 1 or item.get("price") is not None else params.get("value")
        fields = {
            "event_id": f"{base}#{number}",
            "product_id": said(item.get("item_id")) or said(item.get("item_name")),
            "quantity": said(item.get("quantity")),
            "value": said(worth),
        }
        yield FoundEvent({**common, **fields}, (item, params))


def _export_params(params: Any) -> dict[str, Any]:
    """[{key, value: {string_value | int_value | double_value}}] as a plain object."""
    found: dict[str, Any] = {}
    for param in params if isinstance(params, list) else []:
        pair = object_of(param)
        values = [one for one in object_of(pair.get("value")).values() if one is not None]
        if values and isinstance(pair.get("key"), str):
            found[pair["key"]] = values[0]
    return found
