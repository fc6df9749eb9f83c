"""Events as Parquet: its columns are those of a table, and its rows come a few thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bottega.events.readers.base import Reading
from bottega.events.readers.native_csv import NativeCsv
from bottega.events.readers.records import EventTable, Row
from bottega.sources.parquet import is_parquet, open_parquet
from bottega.sources.source import Source

__all__ = ["NativeParquet"]


class NativeParquet(NativeCsv):
    """Reads Parquet."""

    name = "parquet"
    describe = "Parquet with the columns of such a table"

    def recognises(self, source: Source) -> float:
        """Sure by its first bytes: what is in it, its columns must tell."""
        return 0.95 if is_parquet(source) else 0.0

    def table(self, reading: Reading) -> AbstractContextManager[EventTable]:
        """The columns' names, and every row as texts. Raises `SourceUnreadable` for a file that is cut or damaged."""
        return _read_table(reading)


@contextmanager
def _read_table(reading: Reading) -> Iterator[EventTable]:
    import polars as pl

    with open_parquet(reading.source) as (header, frames):

        def rows() -> Iterator[Row]:
            place = 0
            for frame in frames:
                for cells in frame.select(pl.all().cast(pl.String).fill_null("")).iter_rows():
                    place += 1
                    yield place, list(cells)

        yield EventTable(list(header), rows())
