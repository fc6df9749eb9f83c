"""What every reader of a delimited file does first: open, take the header, refuse broken rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bottega.catalogue.readers.base import Reading
from bottega.errors import ColumnMissing
from bottega.sources.columns import name_of
from bottega.sources.delimited import Broken, DelimitedTable, Row, open_table, rows_of
from bottega.sources.problems import FEED

__all__ = ["read_table"]


@contextmanager
def read_table(reading: Reading, *, needs: Sequence[str] = ()) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """Columns and good rows of a table; broken rows are refused on `reading`, short ones warned about.

    `needs` are columns (as `name_of` writes them) without which the format makes no sense. Raises `ColumnMissing`.
    """
    source = reading.source
    with source.open_text(up_to_the_cut=True) as stream:
        table = open_table(stream, source.name, source.head)
        header = table.columns
        names = {name_of(column) for column in header}
        missing = [need for need in needs if need not in names]
        if missing:
            raise ColumnMissing(
                f"{source.name} has no column {' and no column '.join(missing)}.",
                allowed=f"Its columns are: {', '.join(header)}.",
                next_step="Name the columns with --map, as in --map id=SKU,title=Name.",
            )
        reading.lay_over(header)
        if table.fractions:
            reading.warn("id_fraction", FEED, ", ".join(table.fractions))
        yield header, _rows(reading, table)


def _rows(reading: Reading, table: DelimitedTable) -> Iterator[Row]:
    for record in reading.up_to_a_cut(rows_of(table)):
        if isinstance(record, Broken):
            reading.cut_short = reading.cut_short or record.cut
            reading.refuse_text(record.rule, record.line, record.text, seen=record.seen)
            continue
        if record.short:
            reading.warn("columns_short", reading.row(record.line), f"{len(record.cells)} cells")
        yield record
