"""Many events at once: the columns that a reader gives, and the columns that the store takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

__all__ = ["ALTERNATIVES", "BETWEEN", "EVENT_COLUMNS", "RAW_FIELDS", "RawBatch", "batches", "schema_of"]

EVENT_COLUMNS = {
    "event_id": "String",
    "shopper_id": "String",
    "anonymous_id": "String",
    "session_id": "String",
    "kind": "Int8",
    "product_id": "String",
    "time_ms": "Int64",
    "quantity": "Int32",
    "value": "Float64",
    "query": "String",
    "rating": "Float64",
    "recommendation_id": "String",
    "source": "String",
    "order_id": "String",
    "design_id": "String",
}
"""The fields of `Event` as columns, by the names of their types; `kind` is a `KindCode`."""

RAW_FIELDS = (
    "event_id",
    "shopper_id",
    "anonymous_id",
    "session_id",
    "kind",
    "product_id",
    "time",
    "quantity",
    "value",
    "query",
    "rating",
    "recommendation_id",
    "order_id",
    "design_id",
)
"""What a reader may find in a row; all of it text, as it stood there."""

ALTERNATIVES = "alternatives"
"""A column that a reader may give beside them: other ids of the same product, parted by `BETWEEN`; the catalogue knows
one of them, or none."""
_AT_ONCE = 500
_PLAIN = frozenset({str, type(None)})
BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows as a reader found them, unchecked.

    `places` name the rows inside the source: line numbers, or positions in a JSON array. `columns` holds only fields
    that the source has.
    """

    places: list[str]
    columns: dict[str, list[str | None]]


def schema_of(columns: Mapping[str, str]) -> dict[str, Any]:
    """Columns and their types, as tables take them; only who makes tables loads what makes them."""
    import polars as pl

    return {name: getattr(pl, kind) for name, kind in columns.items()}


def batches(rows: Iterable[tuple[str, Mapping[str, Any]]], size: int) -> Iterator[RawBatch]:
    """Rows given one by one as (place, fields), `size` at a time. Values become text; None stays."""
    several = iter(rows)
    names = (*RAW_FIELDS, ALTERNATIVES)
    places: list[str] = []
    columns: dict[str, list[str | None]] = {name: [] for name in names}
    # A few rows at a time: objects that live long are looked through again and again by the garbage collector.
    while chunk := list(islice(several, min(_AT_ONCE, size - len(places)))):
        places += [place for place, _ in chunk]
        fields = [row for _, row in chunk]
        for name, column in columns.items():
            column += _texts([row.get(name) for row in fields])
        if len(places) >= size:
            yield RawBatch(places, columns)
            places, columns = [], {name: [] for name in names}
    if places:
        yield RawBatch(places, columns)


def _texts(values: list[Any]) -> list[str | None]:
    if set(map(type, values)) <= _PLAIN:
        return values
    return [value if value is None or type(value) is str else str(value) for value in values]
