"""Reviews as tables: our own names of columns, and those of the exports of Judge.me, Yotpo and WooCommerce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bottega.errors import ColumnMissing
from bottega.reviews.checking import RawReview, Reading
from bottega.reviews.columns import PRODUCT_FIELDS, columns_of
from bottega.sources.columns import name_of
from bottega.sources.delimited import Broken, Record, open_table
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["ReviewTable"]


@dataclass(frozen=True, slots=True)
class ReviewTable:
    """Reads a table of one system; `telling` are columns that it alone has."""

    name: str
    describe: str
    telling: tuple[frozenset[str], ...] = ()

    def recognises(self, source: Source) -> float:
        """Sure where the telling columns are all there; a table with a product and words is one of ours."""
        if source.head.lstrip("\ufeff \t\r\n").startswith(("{", "[", "<")):
            return 0.0
        header = header_of(source.head)
        names = {name_of(column) for column in header}
        if self.telling:
            return 0.95 if any(one <= names for one in self.telling) else 0.0
        fields = set(columns_of(header, {}, source.name).values())
        return 0.6 if fields & {"text", "rating"} and fields & set(PRODUCT_FIELDS) else 0.2 if "text" in fields else 0.0

    def read(self, reading: Reading) -> Iterator[RawReview]:
        """Rows by field. Raises `ColumnMissing` and `MappingInvalid` before the first one."""
        source = reading.source
        with source.open_text(up_to_the_cut=True) as stream:
            table = open_table(stream, source.name, source.head)
            fields = columns_of(table.columns, reading.columns, source.name)
            _refuse_without(fields, table.columns, source.name)
            reading.unused_columns = [column for column in table.columns if column not in fields]
            called = {field: column for column, field in fields.items()}
            places = [(place, fields[column]) for place, column in enumerate(table.columns) if column in fields]
            who = [place for place, field in places if field in ("shopper", "email")]
            for record in reading.up_to_a_cut(table.records):
                if isinstance(record, Broken):
                    reading.cut_short = reading.cut_short or record.cut
                    named = [record.cells[place] for place in who if place < len(record.cells)]
                    reading.refuse(record.rule, record.line, record.seen, who=named)
                elif isinstance(record, Record) and len(record.cells) < len(table.columns):
                    named = [record.cells[place] for place in who if place < len(record.cells)]
                    reading.refuse("columns_short", record.line, table.delimiter.join(record.cells), who=named)
                else:
                    cells = {field: record.cells[place] for place, field in places}
                    yield RawReview(record.line, cells, called=called)


def _refuse_without(fields: dict[str, str], columns: list[str], name: str) -> None:
    found = set(fields.values())
    for needed, what in (
        (set(PRODUCT_FIELDS), "names the product"),
        ({"text", "title", "rating"}, "holds words or stars"),
    ):
        if not found & needed:
            raise ColumnMissing(
                f"{name} has no column that {what}; its columns are: {', '.join(columns)}.",
                allowed=f"Such a column is called {', '.join(sorted(needed))}, or as docs/reviews.md says.",
                next_step=f"Name it: --map {sorted(needed)[0]}=COLUMN.",
            )
