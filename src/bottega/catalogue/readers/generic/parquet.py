"""Any Parquet file: its columns are named by --map or guessed, as those of a table; lists and objects as in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.guessing import SAMPLE
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.generic.any_columns import plan_columns
from bottega.catalogue.readers.platforms.json_products import flat_cells
from bottega.sources.parquet import is_parquet, open_parquet
from bottega.sources.source import Source

__all__ = ["GenericParquet"]


class GenericParquet:
    """A Parquet file of products."""

    name = "parquet"
    describe = "any Parquet file; --map names the columns"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its first four bytes."""
        return 0.99 if is_parquet(source) else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row. Raises `SourceUnreadable` for a file that is cut or damaged."""
        found = _rows(reading.source)
        first = [flat_cells(row) for row in islice(found, SAMPLE)]
        columns = dict.fromkeys(column for cells in first for column in cells)
        plan = plan_columns(reading, list(columns), first)
        for place, cells in enumerate(chain(first, map(flat_cells, found)), start=1):
            product = reading.finish(fill(Draft(row=reading.row(f"row {place}")), cells, plan))
            if product is not None:
                yield product


def _rows(source: Source) -> Iterator[dict[str, Any]]:
    with open_parquet(source) as (_, frames):
        for frame in frames:
            for row in frame.iter_rows(named=True):
                yield {name: _told(value) for name, value in row.items()}


def _told(value: Any) -> Any:
    """A value as JSON would have it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {name: _told(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_told(inner) for inner in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
