"""Bottega's own CSV: a header, a row an event. Any delimiter, any column order, and the usual names of columns.

Also reads what has the same shape under other names: Amazon Personalize interactions, MovieLens-like rating files,
tab-separated research data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bottega.errors import ColumnMissing, MappingInvalid
from bottega.events.batch import RAW_FIELDS, RawBatch
from bottega.events.readers.base import Reading
from bottega.sources.delimited import Broken, Record, header_of, open_table
from bottega.sources.source import Source

__all__ = ["HEADER_ALIASES", "NativeCsv"]

HEADER_ALIASES: dict[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventid", "message_id", "messageid", "id"),
    "shopper_id": ("shopper_id", "user_id", "userid", "user", "customer_id", "customerid", "customer"),
    "anonymous_id": ("anonymous_id", "anonymousid", "visitor_id", "visitorid", "client_id", "device_id", "cookie_id"),
    "session_id": ("session_id", "sessionid", "session"),
    "kind": ("kind", "event", "event_type", "eventtype", "event_name", "type", "behavior", "behaviour", "action"),
    "product_id": ("product_id", "item_id", "itemid", "productid", "item", "product", "sku", "article_id"),
    "time": ("time", "timestamp", "time_ms", "event_time", "eventtime", "created_at", "date", "ts"),
    "quantity": ("quantity", "qty"),
    "value": ("value", "event_value", "price", "amount", "revenue"),
    "query": ("query", "search_query", "search_term"),
    "rating": ("rating", "stars"),
    "recommendation_id": ("recommendation_id", "recommendationid"),
}
"""Field to the column names that mean it, in small letters; the first one present is taken."""

_WHO = ("shopper_id", "anonymous_id", "session_id")


class NativeCsv:
    """Reads CSV."""

    name = "csv"
    describe = "CSV, TSV or ;-separated with a header: shopper_id, product_id, kind, time and optional fields"
    vocabulary = "csv"
    strict_kinds = True

    def recognises(self, source: Source) -> float:
        """Sure when the first line names a person, a product or a time."""
        if source.head.lstrip().startswith(("{", "[", "<")):
            return 0.0
        names = set(_names(header_of(source.head)))
        found = {field for field, aliases in HEADER_ALIASES.items() if set(aliases) & names}
        if {"product_id", "time"} <= found and found & set(_WHO):
            return 0.9
        return 0.3 if found or source.suffix in (".csv", ".tsv") else 0.0

    def read(self, reading: Reading) -> Iterator[RawBatch]:
        """Rows in batches, as columns. Raises `ColumnMissing` and `MappingInvalid` before the first."""
        source = reading.source
        with source.open_text() as stream:
            table = open_table(stream, source.name, source.head, strict=True)
            header = table.columns
            where = _columns(header, reading)
            reading.unused_columns = [name for i, name in enumerate(header) if i not in where.values()]
            places: list[str] = []
            rows: list[list[str]] = []
            for record in table.records:
                if len(record.cells) != len(header) or isinstance(record, Broken):
                    _refuse(record, where, reading, table.delimiter)
                    continue
                places.append(str(record.line))
                rows.append(record.cells)
                if len(rows) >= reading.chunk_rows:
                    yield _batch(places, rows, where)
                    places, rows = [], []
            if rows:
                yield _batch(places, rows, where)


def _refuse(record: Record | Broken, where: Mapping[str, int], reading: Reading, delimiter: str) -> None:
    who = [record.cells[where[name]] for name in _WHO if name in where and where[name] < len(record.cells)]
    if isinstance(record, Broken):
        reading.cut_short = reading.cut_short or record.cut
        reading.refuse(record.rule, record.line, record.text, who=who)
    else:
        reading.refuse("columns_short", record.line, delimiter.join(record.cells), who=who)


def _batch(places: list[str], rows: list[list[str]], where: Mapping[str, int]) -> RawBatch:
    columns: list[list[str | None]] = [list(column) for column in zip(*rows, strict=True)]
    return RawBatch(places, {field: columns[i] for field, i in where.items()})


def _names(header: Iterable[str]) -> list[str]:
    return [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in header]


def _columns(header: list[str], reading: Reading) -> dict[str, int]:
    """Field to position of its column."""
    names = _names(header)
    where: dict[str, int] = {}
    for field, column in reading.columns.items():
        if field not in RAW_FIELDS:
            raise MappingInvalid(
                f"--map names the field {field!r}.",
                allowed=f"Events have: {', '.join(RAW_FIELDS)}.",
                next_step="Write field=column.",
            )
        stripped = [cell.strip() for cell in header]
        if column not in stripped:
            raise MappingInvalid(
                f"--map names the column {column!r}, which {reading.source.name} does not have.",
                allowed=f"Its columns are: {', '.join(stripped)}.",
                next_step="Write field=column.",
            )
        where[field] = stripped.index(column)
    for field, aliases in HEADER_ALIASES.items():
        present = [names.index(alias) for alias in aliases if alias in names]
        free = [i for i in present if i not in where.values()]
        if field not in where and free:
            where[field] = free[0]
    for field, wanted in (("product_id or query", ("product_id", "query")), ("shopper_id", _WHO), ("time", ("time",))):
        if not any(one in where for one in wanted):
            raise _missing(field, header, reading)
    if "kind" not in where and reading.default_kind is None:
        raise ColumnMissing(
            f"{reading.source.name} has no column that says what shoppers did; its columns are: {', '.join(header)}.",
            allowed=f"Such a column is called {', '.join(HEADER_ALIASES['kind'])}.",
            next_step="If all rows are of one kind, say which, as in --kind purchase; or name it: --map kind=COLUMN.",
        )
    return where


def _missing(field: str, header: list[str], reading: Reading) -> ColumnMissing:
    first = field.split(" ", 1)[0]
    names = [name for one in (_WHO if first == "shopper_id" else (first,)) for name in HEADER_ALIASES[one]]
    return ColumnMissing(
        f"{reading.source.name} has no column for {field}; its columns are: {', '.join(header)}.",
        allowed=f"Such a column is called {', '.join(names)}.",
        next_step=f"Rename one in the header, or name it: --map {first}=COLUMN.",
    )
