"""Tables of events: a header, a row an event. Any delimiter, any column order, and the usual names of columns.

Also reads what has the same shape under other names: interactions of Amazon Personalize, feedback of gorse,
RetailRocket, REES46, Taobao, GA4 exported flat, MovieLens-like rating files, tab-separated research data. A table
without times is read in the order of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain, islice

from bottega.errors import ColumnMissing
from bottega.events.batch import ALTERNATIVES, BETWEEN, RawBatch
from bottega.events.readers.base import Reading
from bottega.events.readers.columns import HEADER_ALIASES, Columns, choose_columns, names_of
from bottega.events.readers.event_ids import EventIds
from bottega.events.readers.pages import product_of_page
from bottega.events.readers.records import EventTable, Row, header_in, read_table
from bottega.events.readers.timeless import RowTimes
from bottega.events.row_rules import WHO
from bottega.sources.source import Source

__all__ = ["NativeCsv"]

_PAGES = ("page_location", "page_url", "url", "page")


class NativeCsv:
    """Reads CSV."""

    name = "csv"
    describe = "CSV, TSV or ;-separated with a header: shopper_id, product_id, kind, time and optional fields"
    vocabulary = "csv"
    strict_kinds = True

    def recognises(self, source: Source) -> float:
        """Sure when the first line names a person, a product or a time."""
        names = set(names_of(header_in(source.head)))
        if not names:
            return 0.0
        found = {field for field, aliases in HEADER_ALIASES.items() if set(aliases) & names}
        who = found & set(WHO)
        if {"product_id", "time"} <= found and who:
            return 0.9
        if who and "kind" in found and {"product_id", "time"} & found:
            return 0.6
        return 0.3 if found or source.suffix in (".csv", ".tsv") else 0.0

    def table(self, reading: Reading) -> AbstractContextManager[EventTable]:
        """The header, and the rows as they come."""
        return read_table(reading)

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches, as columns. Raises `ColumnMissing` and `MappingInvalid` before the first."""
        with self.table(reading) as table:
            first = list(islice(table.rows, reading.chunk_rows))
            columns = choose_columns(
                table.header,
                [row for _, row in first],
                reading.columns,
                reading.source.name,
                kinds=reading.kinds,
                default_kind=reading.default_kind,
                now=reading.now,
            )
            pages = _page_column(columns, table.header)
            _refuse_lacking(columns, table.header, pages is not None, reading)
            reading.notes += columns.notes
            reading.who_places = [columns.where[name] for name in WHO if name in columns.where]
            used = {*columns.where.values(), *columns.others, *([] if pages is None else [pages])}
            reading.unused_columns = [name for i, name in enumerate(table.header) if i not in used]
            ids = EventIds(reading, _name(table.header, columns.where.get("event_id")))
            times = RowTimes.of(reading) if "time" not in columns.where else None
            rows = chain(first, table.rows)
            while chunk := list(islice(rows, reading.chunk_rows)):
                batch = _batch(chunk, columns, pages, times)
                yield ids.settled(batch) if times is None or "event_id" in columns.where else batch


def _name(header: Sequence[str], place: int | None) -> str:
    return "event_id" if place is None else header[place].strip()


def _batch(records: Sequence[Row], columns: Columns, pages: int | None, times: RowTimes | None) -> RawBatch:
    cells: list[list[str | None]] = [list(column) for column in zip(*(row for _, row in records), strict=True)]
    found = {name: cells[place] for name, place in columns.where.items()}
    places = [str(line) for line, _ in records]
    if columns.others:
        found[ALTERNATIVES] = [
            BETWEEN.join(more) if (more := [one for one in ids if one]) else None
            for ids in zip(*(cells[place] for place in columns.others), strict=True)
        ]
    if pages is not None:
        own = found.get("product_id") or [None] * len(records)
        found["product_id"] = [one or product_of_page(page or "") for one, page in zip(own, cells[pages], strict=True)]
    if times is not None:
        found["time"] = times.of_rows(len(records))
        if "event_id" not in found:
            found["event_id"] = times.ids(records)
    return RawBatch(places, found)


def _page_column(columns: Columns, header: Sequence[str]) -> int | None:
    """The column of page addresses, where a table of events names its products by nothing else."""
    names = names_of(header)
    if "product_id" in columns.where or "kind" not in columns.where:
        return None
    found = next((names.index(name) for name in _PAGES if name in names), None)
    if found is not None:
        columns.notes.append(f"Products were taken from the addresses in {header[found].strip()}: /products/NAME.")
    return found


def _refuse_lacking(columns: Columns, header: Sequence[str], pages: bool, reading: Reading) -> None:
    """Raise `ColumnMissing` where a table cannot be one of events."""
    where = columns.where
    if not pages and not any(one in where for one in ("product_id", "query")):
        raise _missing("product_id or query", header, reading)
    if not any(one in where for one in (*WHO, "order_id")):
        raise _missing("shopper_id", header, reading)
    if "kind" not in where and reading.default_kind is None:
        raise ColumnMissing(
            f"{reading.source.name} has no column that says what shoppers did; its columns are: {', '.join(header)}.",
            allowed=f"Such a column is called {', '.join(HEADER_ALIASES['kind'])}.",
            next_step="If all rows are of one kind, say which, as in --kind purchase; or name it: --map kind=COLUMN.",
        )


def _missing(field: str, header: Sequence[str], reading: Reading) -> ColumnMissing:
    first = field.split(" ", 1)[0]
    names = [name for one in (WHO if first == "shopper_id" else (first,)) for name in HEADER_ALIASES[one]]
    return ColumnMissing(
        f"{reading.source.name} has no column for {field}; its columns are: {', '.join(header)}.",
        allowed=f"Such a column is called {', '.join(names)}.",
        next_step=f"Rename one in the header, or name it: --map {first}=COLUMN.",
    )
