"""Any table with a header line: commas, tabs, semicolons or bars, columns named by --map or guessed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.guessing import SAMPLE
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.generic.any_columns import plan_columns
from bottega.catalogue.readers.table import read_table
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["GenericCsv"]


class GenericCsv:
    """A table of products."""

    name = "csv"
    describe = "any CSV or TSV with a header line; --map names the columns"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """Any text whose first line has two columns or more."""
        if source.head.lstrip("\ufeff \t\r\n")[:1] in ("<", "{", "["):
            return 0.0
        return 0.3 if len(header_of(source.head)) >= 2 else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row."""
        with read_table(reading) as (columns, rows):
            first = list(islice(rows, SAMPLE))
            plan = plan_columns(reading, columns, [row.cells for row in first])
            for row in chain(first, rows):
                product = reading.finish(fill(Draft(row=reading.row(row.line)), row.cells, plan))
                if product is not None:
                    yield product
