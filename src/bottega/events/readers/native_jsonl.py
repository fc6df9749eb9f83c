"""Events as JSON: an object an event, with the fields of `POST /v1/events`, or with the names that tables have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bottega.events.batch import RAW_FIELDS, RawBatch, batches
from bottega.events.log_in import LOG_IN_FIELDS, is_log_in
from bottega.events.readers.base import Reading
from bottega.events.readers.columns import HEADER_ALIASES
from bottega.events.readers.event_ids import EventIds
from bottega.events.readers.json_events import at_path, named_fields
from bottega.events.row_rules import WHO
from bottega.names import EventKind
from bottega.sources.columns import name_of
from bottega.sources.json_rows import first_object, json_rows, text_of
from bottega.sources.source import Source

__all__ = ["NativeJsonl"]

_ALSO = {"time_ms": "time", "source": ""}
"""Other names of fields that our own exports write."""
_BY_ALIAS = {alias: field for field, aliases in HEADER_ALIASES.items() for alias in aliases}
_UNKNOWN = "?"


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
        fields = {_BY_ALIAS.get(name_of(key)) for key in row}
        if {"product_id", "time"} <= fields and fields & set(WHO):
            return 0.55
        return 0.2 if fields & {"shopper_id", "product_id"} else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches. One that lacks a field, and has one of an unknown name, is refused for that name."""
        ids = EventIds(reading)
        names = _Names(reading)
        for batch in batches(_rows(reading, names), reading.chunk_rows):
            ids.column = names.column_of("event_id")
            yield ids.settled(batch)
        reading.unused_columns = list(names.unused)


class _Names:
    """What each name in the objects of a file means."""

    def __init__(self, reading: Reading) -> None:
        mapped = named_fields(reading)
        self._mapped = {column: name for name, column in mapped.items()}
        self.known: dict[str, str] = {}
        """Names met so far -> their field."""
        self.deep = {name: column for name, column in mapped.items() if "." in column}
        self.unused: dict[str, None] = {}

    def field(self, key: str) -> str:
        """The field that a name means; empty for what is left aside, `_UNKNOWN` for what nobody knows."""
        known = self.known.get(key)
        if known is None:
            known = self._mapped.get(key)
            if known is None:
                known = key if key in RAW_FIELDS else _ALSO.get(key)
            if known is None:
                known = _BY_ALIAS.get(name_of(key), _UNKNOWN)
            self.known[key] = known
        return known

    def column_of(self, field: str) -> str:
        """How the file calls a field."""
        return next((name for name, one in self.known.items() if one == field), field)

    def fields_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a row in which two names mean one: the merchant's choice, our own word, the likelier alias."""
        best = sorted(row, key=lambda key: self._rank(self.field(key), key), reverse=True)
        return {self.field(key): text for key in best if (text := text_of(row[key])) is not None} | {_UNKNOWN: None}

    def _rank(self, field: str, key: str) -> int:
        if key in self._mapped:
            return -2
        if key == field or field not in HEADER_ALIASES:
            return -1
        plain = name_of(key)
        return HEADER_ALIASES[field].index(plain) if plain in HEADER_ALIASES[field] else -1


def _rows(reading: Reading, names: _Names) -> Iterator[tuple[str, Mapping[str, Any]]]:
    known, field_of = names.known, names.field
    plain = frozenset(EventKind)  # most kinds, so most rows need no closer look
    for place, row in json_rows(reading):
        traits = row.pop("traits", None)
        kind = row.get("kind")
        if isinstance(kind, str) and kind not in plain and is_log_in(kind):
            strange = next((key for key in row if key not in LOG_IN_FIELDS), None)
            if strange is not None:
                reading.refuse("field_unknown", place, strange, field=strange, who=[row.get(key) for key in WHO])
            else:
                reading.log_in(place, {**row, "traits": traits})
            continue
        fields: dict[str, Any] = {}
        strange = None
        for key, value in row.items():
            field = known.get(key)
            if field is None:
                field = field_of(key)
            if field == _UNKNOWN:
                strange = key
                names.unused[key] = None
            elif field and value is not None:
                if field in fields:
                    fields = names.fields_of(row)
                    break
                fields[field] = value if type(value) is str else str(value) if type(value) is int else text_of(value)
        for name, path in names.deep.items():
            fields[name] = text_of(at_path(row, path))
        if strange is not None and not _whole(fields, reading):
            reading.refuse("field_unknown", place, strange, field=strange, who=[fields.get(key) for key in WHO])
        elif traits is None or reading.log_in(place, {**fields, "traits": traits}, beside=True):
            yield place, fields


def _whole(fields: Mapping[str, Any], reading: Reading) -> bool:
    """Whether a row says all that an event needs, whatever else stands in it."""
    who = any(fields.get(name) for name in (*WHO, "order_id"))
    kind = bool(fields.get("kind") or reading.default_kind)
    return who and kind and bool(fields.get("time")) and bool(fields.get("product_id") or fields.get("query"))
