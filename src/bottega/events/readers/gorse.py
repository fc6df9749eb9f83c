"""Feedback of gorse as JSON: an array, or an object a line. As CSV it is a table (native_csv.py).

Source: https://gorse.io/docs/concepts/data-source.html. Its value is a rating where the feedback is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.events.batch import RawBatch
from bottega.events.readers.base import Reading
from bottega.events.readers.json_events import FoundEvent, event_batches, objects_in, said
from bottega.names import EventKind
from bottega.sources.json_rows import first_object
from bottega.sources.source import Source

__all__ = ["Gorse"]


class Gorse:
    """Reads gorse's feedback."""

    name = "gorse"
    describe = "gorse feedback as JSON: FeedbackType, UserId, ItemId, Timestamp"
    vocabulary = "gorse"
    strict_kinds = True

    def recognises(self, source: Source) -> float:
        """By the names of its fields."""
        row = first_object(source.head)
        return 1.0 if {"FeedbackType", "UserId", "ItemId"} <= row.keys() else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches."""

        def take_apart(_: str, row: dict[str, Any]) -> Iterator[FoundEvent]:
            for one in objects_in(row.get("Feedback")) or objects_in(row.get("feedback")) or [row]:
                kind = said(one.get("FeedbackType"))
                rated = kind is not None and reading.kinds.kind(kind) is EventKind.RATE
                fields = {
                    "kind": kind,
                    "shopper_id": said(one.get("UserId")),
                    "product_id": said(one.get("ItemId")),
                    "time": said(one.get("Timestamp")),
                    "rating": one.get("Value") if rated else None,
                }
                yield FoundEvent(fields, (one,))

        yield from event_batches(reading, take_apart)
