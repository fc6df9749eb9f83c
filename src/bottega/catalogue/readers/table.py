"""What every reader of a delimited file does first: open, take the header, refuse broken rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bottega.catalogue.readers.base import Reading
from bottega.errors import ColumnMissing
from bottega.sources.columns import name_of
from bottega.sources.delimited import Broken, Row, read_rows

__all__ = ["read_table"]


@contextmanager
def read_table(reading: Reading, *, needs: Sequence[str] = ()) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """Columns and good rows of a table; broken rows are refused on `reading`, short ones warned about.

    `needs` are columns (as `name_of` writes them) without which the format makes no sense. Raises `ColumnMissing`.
    """
    source = reading.source
    with source.open_text() as stream:
        records = read_rows(stream, source.name, source.head)
        header = next(records)
        assert isinstance(header, list), "read_rows yields the header first"
        names = {name_of(column) for column in header}
        missing = [need for need in needs if need not in names]
        if missing:
            raise ColumnMissing(
                f"{source.name} has no column {' and no column '.join(missing)}.",
                allowed=f"Its columns are: {', '.join(header)}.",
                next_step="Name the columns with --map, as in --map id=SKU,title=Name.",
            )
        reading.lay_over(header)
        yield header, _rows(reading, records)


def _rows(reading: Reading, records: Iterator[list[str] | Row | Broken]) -> Iterator[Row]:
    for record in records:
        if isinstance(record, Broken):
            reading.cut_short = reading.cut_short or record.cut
            reading.refuse_text(record.rule, record.line, record.text, seen=record.seen)
        elif isinstance(record, Row):
            if record.short:
                reading.warn("columns_short", reading.row(record.line), f"{len(record.cells)} cells")
            yield record
