"""Bottega's own JSON: an object an event, with the fields of `POST /v1/events`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.events.batch import RAW_FIELDS, RawBatch, batches
from bottega.events.log_in import LOG_IN_FIELDS, is_log_in
from bottega.events.readers.base import Reading
from bottega.events.row_rules import WHO
from bottega.sources.json_rows import first_object, json_rows, text_of
from bottega.sources.source import Source

__all__ = ["NativeJsonl"]

_ALSO = {"time_ms": "time", "source": ""}
"""Other names of fields that our own exports write."""


class NativeJsonl:
    """Reads JSON lines."""

    name = "jsonl"
    describe = "JSON, one event a line (or an array): the fields of the CSV header"
    vocabulary = "jsonl"
    strict_kinds = True

    def recognises(self, source: Source) -> float:
        """Sure when the first object has a kind and a person's id under our names."""
        row = first_object(source.head)
        if "kind" in row:
            return 0.95 if {"shopper_id", "anonymous_id", "session_id"} & row.keys() else 0.6
        return 0.2 if {"shopper_id", "product_id"} & row.keys() else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches; one with a field that events do not have is refused, for it is probably a slip."""
        return batches(self._rows(reading), reading.chunk_rows)

    def _rows(self, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
        renamed = {column: field for field, column in reading.columns.items()}
        for place, row in json_rows(reading):
            traits = row.pop("traits", None)
            if is_log_in(row.get("kind")):
                strange = next((key for key in row if key not in LOG_IN_FIELDS), None)
                if strange is not None:
                    reading.refuse("field_unknown", place, strange, field=strange, who=[row.get(key) for key in WHO])
                else:
                    reading.log_in(place, {**row, "traits": traits})
                continue
            fields: dict[str, str | None] = {}
            strange = None
            for key, value in row.items():
                field = renamed.get(key) or _ALSO.get(key, key)
                if field and field not in RAW_FIELDS:
                    strange = key
                elif field:
                    fields[field] = text_of(value)
            if strange is not None:
                reading.refuse("field_unknown", place, strange, field=strange, who=[fields.get(key) for key in WHO])
            elif traits is None or reading.log_in(place, {**fields, "traits": traits}, beside=True):
                yield place, fields
