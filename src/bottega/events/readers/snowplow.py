"""Snowplow's enriched events: lines of tab-separated values as the pipeline writes them, or JSON as its SDKs make it.

Source: https://docs.snowplow.io/docs/fundamentals/canonical-event/ and, for the ecommerce actions and their entities,
https://docs.snowplow.io/docs/events/ootb-data/ecommerce-events/. Of the older tracking, items of transactions are read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

from bottega.events.batch import RawBatch, batches
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, listed, named_fields, object_of, said
from bottega.sources.json_rows import first_object
from bottega.sources.source import Source

__all__ = ["Snowplow"]

_PLACES = {
    "collector_tstamp": 3, "dvce_created_tstamp": 4, "event": 5, "event_id": 6, "user_id": 12, "domain_userid": 15,
    "network_userid": 17, "page_url": 29, "contexts": 52, "se_category": 53, "se_action": 54, "se_label": 55,
    "se_property": 56, "se_value": 57, "unstruct_event": 58, "tr_orderid": 59, "ti_orderid": 67, "ti_sku": 68,
    "ti_price": 71, "ti_quantity": 72, "domain_sessionid": 123, "derived_tstamp": 124, "event_name": 126,
    "true_tstamp": 130,
}  # fmt: skip
"""The columns of a line that are read, counted from 0."""
_WIDTH = 131
_ACTION = "snowplow_ecommerce_action"
_ECOMMERCE = "contexts_com_snowplowanalytics_snowplow_ecommerce_"
_EVENT = "unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_"


class Snowplow:
    """Reads enriched events."""

    name = "snowplow"
    describe = "Snowplow enriched events: TSV of the pipeline, or JSON of its analytics SDKs"
    vocabulary = "snowplow"
    strict_kinds = False

    def recognises(self, source: Source) -> float:
        """By the number of columns and their times, or by names that only Snowplow uses."""
        row = first_object(source.head)
        if {"collector_tstamp", "event_id", "domain_userid"} <= row.keys():
            return 1.0
        cells = source.head.split("\n", 1)[0].split("\t")
        return 1.0 if _WIDTH - 5 <= len(cells) <= _WIDTH + 5 and cells[3][:2] == "20" and len(cells[6]) == 36 else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches; one for each product of an event."""
        if first_object(reading.source.head):
            yield from event_batches(reading, lambda _, row: _events(row))
        else:
            yield from batches(_lines(reading), reading.chunk_rows)


def _lines(reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    columns = named_fields(reading)
    with reading.source.open_text() as stream:
        for number, cells in enumerate(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if not cells:
                continue
            if len(cells) < _PLACES["derived_tstamp"] + 1:
                reading.refuse("columns_short", number, "\t".join(cells))
                continue
            row: dict[str, Any] = {name: cells[place] for name, place in _PLACES.items() if place < len(cells)}
            for found in _events(_with_entities(row)):
                for name, column in columns.items():
                    if row.get(column):
                        found.fields[name] = row[column]
                yield str(number), found.fields


def _with_entities(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its entities under the names that the SDKs give them."""
    for one in listed(object_of(_json(row.get("contexts"))).get("data")):
        schema = str(object_of(one).get("schema"))
        if "/com.snowplowanalytics.snowplow.ecommerce/" in schema.replace("iglu:", "/"):
            name = schema.split("/")[1]
            row.setdefault(f"{_ECOMMERCE}{name}_1", []).append(object_of(one).get("data"))
    event = object_of(object_of(_json(row.get("unstruct_event"))).get("data"))
    if f"/{_ACTION}/" in str(event.get("schema")):
        row[f"{_EVENT}1"] = object_of(event.get("data"))
    return row


def _json(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) and text else text
    except (ValueError, RecursionError):
        return None


def _events(row: Mapping[str, Any]) -> Iterator[FoundEvent]:
    action = next((object_of(value) for name, value in row.items() if name.startswith(_EVENT)), {})
    name = said(action.get("type")) or said(row.get("event_name")) or said(row.get("event"))
    base = said(row.get("event_id"))
    common = {
        "kind": name,
        "time": next((row[one] for one in ("true_tstamp", "derived_tstamp", "collector_tstamp") if row.get(one)), None),
        "shopper_id": said(row.get("user_id")),
        "anonymous_id": said(row.get("domain_userid")) or said(row.get("network_userid")),
        "session_id": said(row.get("domain_sessionid")),
    }
    if name in ("transaction_item", "transaction"):
        old = said(row.get("ti_sku"))
        if old:
            order = said(row.get("ti_orderid"))
            goods = {
                "product_id": old,
                "quantity": row.get("ti_quantity"),
                "value": row.get("ti_price"),
                "order_id": order,
            }
            yield FoundEvent({**common, **goods, "event_id": base}, (row,))
            return
        if not action:  # the sum of the items that follow it
            yield FoundEvent({**common, "kind": "transaction_sum", "event_id": base})
            return
    deal = _entities(row, "transaction")[:1] or _entities(row, "refund")[:1] or [{}]
    common["order_id"] = said(deal[0].get("transaction_id"))
    products = _entities(row, "product")
    if not products:
        yield FoundEvent(
            {**common, "event_id": base, "query": said(row.get("se_label")) if name == "search" else None}, (row,)
        )
    for number, product in enumerate(products, start=1):
        fields = {
            "product_id": said(product.get("id")),
            "quantity": product.get("quantity"),
            "value": product.get("price"),
            "event_id": f"{base}#{number}" if len(products) > 1 else base,
        }
        yield FoundEvent({**common, **fields}, (product, row))


def _entities(row: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The entities of one kind, whichever version of their schema."""
    found: list[dict[str, Any]] = []
    for key, value in row.items():
        if key.startswith(f"{_ECOMMERCE}{name}_") and key.removeprefix(f"{_ECOMMERCE}{name}_").isdecimal():
            found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    return found
