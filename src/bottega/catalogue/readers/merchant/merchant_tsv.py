"""Google Merchant Center and Meta feeds as tables: tab-delimited text, or CSV with the same column names.

Column names may have blanks for underscores, capitals and the prefix g:.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.guessing import SAMPLE
from bottega.catalogue.readers.merchant.attributes import (
    KNOWN,
    looks_like_merchant,
    merchant_draft,
    merchant_name,
    rest_plan,
)
from bottega.catalogue.readers.table import read_table
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["MerchantTsv"]

_REPEATED = re.compile(r" \(\d+\)$")


class MerchantTsv:
    """Google's and Meta's table."""

    name = "merchant-tsv"
    describe = "Google Merchant Center or Meta feed as TSV or CSV"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its column names."""
        return looks_like_merchant(header_of(source.head))

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row."""
        with read_table(reading, needs=("id", "title")) as (columns, rows):
            names = {column: merchant_name(_REPEATED.sub("", column)) for column in columns}
            first = list(islice(rows, SAMPLE))
            rest = rest_plan(reading, names, [row.cells for row in first])
            for row in chain(first, rows):
                values: dict[str, list[str]] = {}
                for column, text in row.cells.items():
                    if text and names[column] in KNOWN:
                        values.setdefault(names[column], []).append(text)
                draft = fill(merchant_draft(values, reading.row(row.line), reading, row.cells), row.cells, rest)
                product = reading.finish(draft)
                if product is not None:
                    yield product
