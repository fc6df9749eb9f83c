"""Many events at once: the columns that a reader gives, and the columns that the store takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

__all__ = ["EVENT_SCHEMA", "RAW_FIELDS", "RawBatch", "batches"]

EVENT_SCHEMA: dict[str, Any] = {
    "event_id": pl.String,
    "shopper_id": pl.String,
    "anonymous_id": pl.String,
    "session_id": pl.String,
    "kind": pl.Int8,
    "product_id": pl.String,
    "time_ms": pl.Int64,
    "quantity": pl.Int32,
    "value": pl.Float64,
    "query": pl.String,
    "rating": pl.Float64,
    "recommendation_id": pl.String,
    "source": pl.String,
}
"""The fields of `Event` as columns; `kind` is a `KindCode`."""

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
)
"""What a reader may find in a row; all of it text, as it stood there."""


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows as a reader found them, unchecked.

    `places` name the rows inside the source: line numbers, or positions in a JSON array. `columns` holds only fields
    that the source has.
    """

    places: list[str]
    columns: dict[str, list[str | None]]


def batches(rows: Iterable[tuple[str, Mapping[str, Any]]], size: int) -> Iterator[RawBatch]:
    """Rows given one by one as (place, fields), `size` at a time. Values become text; None stays."""
    places: list[str] = []
    columns: dict[str, list[str | None]] = {name: [] for name in RAW_FIELDS}
    for place, fields in rows:
        places.append(place)
        for name, column in columns.items():
            value = fields.get(name)
            column.append(None if value is None else value if isinstance(value, str) else str(value))
        if len(places) >= size:
            yield RawBatch(places, columns)
            places, columns = [], {name: [] for name in RAW_FIELDS}
    if places:
        yield RawBatch(places, columns)
