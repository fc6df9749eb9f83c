"""Any Parquet file: its columns are named by --map or guessed, as those of a table; lists and objects as in JSON.

Rows come a chunk at a time, so memory does not grow with the file. What is inside an archive or behind an address is
written to a temporary file first: Parquet keeps its index at its end.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.guessing import SAMPLE
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.generic.any_columns import plan_columns
from bottega.catalogue.readers.platforms.json_products import flat_cells
from bottega.errors import SourceUnreadable
from bottega.sources.source import Source

__all__ = ["GenericParquet"]

_MARK = b"PAR1"
_CHUNK = 10_000


class GenericParquet:
    """A Parquet file of products."""

    name = "parquet"
    describe = "any Parquet file; --map names the columns"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its first four bytes."""
        return 0.99 if source.head.startswith(_MARK.decode()) else 0.0

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
    import polars as pl

    with _as_file(source) as path:
        try:
            for frame in pl.scan_parquet(path).collect_batches(chunk_size=_CHUNK):
                # Times as texts: a damaged one may lie beyond what Python can say.
                told = frame.with_columns(pl.selectors.temporal().cast(pl.String, strict=False))
                for row in told.iter_rows(named=True):
                    yield {name: _told(value) for name, value in row.items()}
        except (pl.exceptions.PolarsError, OSError, ValueError, OverflowError) as error:
            raise SourceUnreadable(
                f"{source.name} is no whole Parquet file: {str(error).splitlines()[0]}.",
                next_step="Write or copy it again; what came before was imported.",
            ) from error


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


@contextmanager
def _as_file(source: Source) -> Iterator[Path]:
    """The source as a file of its own."""
    with source.open_bytes() as stream:
        if source.path.is_file() and source.path.stat().st_size == source.size and source.path.suffix != ".gz":
            with source.path.open("rb") as plain:
                if plain.read(len(_MARK)) == _MARK:
                    yield source.path
                    return
        with tempfile.NamedTemporaryFile(suffix=".parquet") as copy:
            shutil.copyfileobj(stream, copy)
            copy.flush()
            yield Path(copy.name)
