"""Which rows can be used: the table of rules, and the check that turns raw columns into events.

The table is the single source: docs/events.md is checked against it. A row breaks at most one rule: the first one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from bottega.events.absent import WAS, without_absent_cells
from bottega.events.aliases import kind_of, set_aside
from bottega.events.batch import EVENT_SCHEMA, RAW_FIELDS, RawBatch
from bottega.events.event import derived_id
from bottega.events.row_rules import ASKED, ID_FIELDS, QUANTITY_LEAST, QUANTITY_MOST, WHO
from bottega.events.times import TIME_RULES, time_column
from bottega.names import ID_MAX, KindCode, id_text
from bottega.sources.problems import Problem, Rule, problem_of, reject

__all__ = ["RULES", "Checker", "problem"]

RULES: dict[str, Rule] = {
    # rows that cannot be read
    "columns_extra": reject("the row has more cells than the header", 'put quotes (") around cells that hold commas'),
    "columns_short": reject("the row has fewer cells than the header", "write every cell; was the file cut off?"),
    "quote_unclosed": reject(
        "a quote opens in this row and never closes properly", 'close the quote, or write two quotes ("") for one'
    ),
    "encoding_broken": reject(
        "the row is not UTF-8, or holds half a character, as text has that was cut inside an emoji",
        "save the file as UTF-8; cut text between characters",
    ),
    "row_cut": reject("the file ends in the middle of this row", "get the file again: it was not copied to its end"),
    "json_broken": reject("the row is not a JSON object", "write one JSON object a line"),
    "field_unknown": reject("the row has a field that events do not have", "leave it out, or correct its name"),
    "traits_invalid": reject("what a row says of its shopper cannot be used", "docs/shoppers.md has the fields"),
    # rows that are no event
    "kind_missing": reject("the row does not say what the shopper did", "fill the column kind, or pass --kind"),
    "kind_unknown": reject(
        "a kind outside the vocabulary",
        "write impression, view, click, wishlist, add_to_cart, remove_from_cart, purchase, search or rate",
    ),
    "who_missing": reject(
        "the row does not say who it was", "fill shopper_id for known shoppers, else anonymous_id or session_id"
    ),
    "who_nobody": reject(
        "an id that names nobody (undefined, NULL, 0, guest, a zero UUID), and no other id beside it",
        "send the id of the shopper, the device or the visit; leave out what is not known",
    ),
    "product_missing": reject("the row names no product", "fill product_id; only a search does without"),
    "query_missing": reject("a search without its words", "fill query"),
    "id_too_long": reject(f"an id of more than {ID_MAX} characters", "use a shorter id"),
    "nul_character": reject("a text that holds the NUL character", "remove it at the source"),
    "time_missing": reject("the row does not say when it happened", "fill time"),
    "time_unreadable": reject(
        "a time that is no number, no ISO 8601 and names no month",
        "write 2026-05-01T12:00:00Z, or seconds or ms since 1970",
    ),
    "time_too_early": reject(
        "a time before 1990", "a counter or an empty time reads as 1970: write the moment at which it happened"
    ),
    "time_in_future": reject("a time later than tomorrow", "check the clock and the unit of the source"),
    "quantity_invalid": reject("a quantity that is no whole number from 1", "write how many pieces, as in 2"),
    "value_invalid": reject("a value that is no number", "write the amount alone, as in 15.00"),
    "rating_invalid": reject("a rating that is no number", "write a number, as in 4.5"),
}
"""Rule name to rule, in the order the manual lists them."""

_FIELD = {"kind": "kind", "product": "product_id", "query": "query", "time": "time", "quantity": "quantity"}


def problem(rule: str, row: str, field: str, seen: str, who: Iterable[object] = ()) -> Problem:
    """A problem with the advice of its rule; long values are shortened. `who`: ids that the row names."""
    named = [text for one in who if isinstance(text := id_text(one), str) and text]
    return problem_of(RULES, rule, row, field, seen, who=named)


@dataclass(slots=True)
class Checker:
    """Checks the batches of one file.

    `vocabulary` is written into each event's source. With `strict_kinds` an unknown kind is a mistake (our own
    formats); without, it is an event of no interest (analytics exports are full of them) and only counted.
    """

    name: str
    """Name of the file, for row names."""
    vocabulary: str
    strict_kinds: bool
    default_kind: str | None
    now: int
    """Our clock, UTC milliseconds."""
    on_problem: Callable[[Problem], None]
    ignored: Counter[str]
    """Names of events that were set aside, and how many."""
    nobody: Counter[str]
    """Ids that named nobody, and how often each was left out."""

    def check(self, batch: RawBatch) -> pl.DataFrame:
        """The usable events of a batch, columns of `EVENT_SCHEMA`; the others go to `on_problem` or `ignored`."""
        try:
            frame = _frame(batch)
        except UnicodeEncodeError:
            frame = _frame(self._without_broken_text(batch))
        frame, nobody = without_absent_cells(frame, RAW_FIELDS)
        self.nobody += nobody
        rows = self._with_kinds(frame)
        times, time_rules = time_column(rows["time"], now=self.now)
        rows = rows.with_columns(
            times.alias("time_ms"),
            time_rules.alias("time_rule"),
            pl.when(pl.col("quantity").is_null()).then(1.0).otherwise(_number("quantity")).alias("quantity_number"),
            _number("value").alias("value_number"),
            _number("rating").alias("rating_number"),
        )
        emptied = [f"{WAS}{name}" for name in WHO if f"{WAS}{name}" in rows.columns]
        rows = rows.with_columns(_first_broken_rule(emptied).alias("rule"))
        for row in rows.filter(pl.col("rule").is_not_null()).iter_rows(named=True):
            rule = str(row["rule"])
            field = _field_of(rule, row)
            seen = str(row.get(field) or row.get(f"{WAS}{field}") or "")
            who = [row[name] for name in WHO]
            self.on_problem(problem(rule, f"{self.name}:{row['place']}", field, seen, who))
        return self._events(rows.filter(pl.col("rule").is_null()))

    def _without_broken_text(self, batch: RawBatch) -> RawBatch:
        """Refuses the rows that hold bytes which are no UTF-8, or half a character of JSON."""
        kept: list[int] = []
        for i, place in enumerate(batch.places):
            cells = {name: column[i] or "" for name, column in batch.columns.items()}
            broken = next((name for name, cell in cells.items() if not _is_text(cell)), None)
            if broken is None:
                kept.append(i)
            else:
                shown = cells[broken].encode(errors="replace").decode()
                who = [cell for name in WHO if _is_text(cell := cells.get(name, ""))]
                self.on_problem(problem("encoding_broken", f"{self.name}:{place}", broken, shown, who))
        columns = {name: [column[i] for i in kept] for name, column in batch.columns.items()}
        return RawBatch([batch.places[i] for i in kept], columns)

    def _with_kinds(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Adds the kind's code (null: none), leaving out the rows that are set aside."""
        if self.default_kind is not None:
            rows = rows.with_columns(pl.col("kind").fill_null(self.default_kind))
        names = rows["kind"].drop_nulls().unique().to_list()
        kinds = {name: kind_of(name) for name in names}
        aside = [name for name in names if kinds[name] is None and (set_aside(name) or not self.strict_kinds)]
        if aside:
            for name, count in rows.filter(pl.col("kind").is_in(aside))["kind"].value_counts().iter_rows():
                self.ignored[name] += count
            rows = rows.filter(~pl.col("kind").is_in(aside).fill_null(False))
        codes = {name: int(kind.code) for name, kind in kinds.items() if kind is not None}
        return rows.with_columns(pl.col("kind").replace_strict(codes, default=None, return_dtype=pl.Int8).alias("code"))

    def _events(self, rows: pl.DataFrame) -> pl.DataFrame:
        vocabulary = pl.lit(self.vocabulary)
        source = vocabulary if self.strict_kinds else pl.concat_str(vocabulary, pl.lit(":"), pl.col("kind"))
        rows = rows.with_columns(
            pl.col("code").alias("kind"),
            pl.col("quantity_number").alias("quantity"),
            pl.col("value_number").alias("value"),
            pl.col("rating_number").alias("rating"),
            source.alias("source"),
        )
        return _with_ids(rows).select(pl.col(name).cast(dtype) for name, dtype in EVENT_SCHEMA.items())


def _frame(batch: RawBatch) -> pl.DataFrame:
    """Every raw field as a column of stripped text, null where empty or absent."""
    columns = [pl.Series("place", batch.places, dtype=pl.String)]
    for name in RAW_FIELDS:
        values = batch.columns.get(name)
        columns.append(pl.Series(name, values if values is not None else [None] * len(batch.places), dtype=pl.String))
    text = pl.col(*RAW_FIELDS).str.strip_chars()
    return (
        pl.DataFrame(columns)
        .with_columns(text)
        .with_columns(pl.when(pl.col(*RAW_FIELDS) != "").then(pl.col(*RAW_FIELDS)).name.keep())
    )


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64, strict=False)


def _first_broken_rule(emptied: Sequence[str]) -> pl.Expr:
    """Name of the first rule that a row breaks, or null. `emptied`: columns of ids that named nobody."""
    search = pl.col("code") == int(KindCode.SEARCH)
    no_who = pl.all_horizontal(pl.col(*WHO).is_null())
    has_product = pl.col("product_id").is_not_null()
    whole = pl.col("quantity_number").is_between(QUANTITY_LEAST, QUANTITY_MOST) & (pl.col("quantity_number") % 1 == 0)
    tests: dict[str, pl.Expr] = {
        "nul_character": pl.any_horizontal(pl.col(*RAW_FIELDS).str.contains("\x00", literal=True)),
        "kind_missing": pl.col("kind").is_null(),
        "kind_unknown": pl.col("code").is_null(),
        "who_nobody": no_who & pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in emptied)),
        "who_missing": no_who,
        "product_missing": ~search & ~has_product,
        "query_missing": search & ~has_product & pl.col("query").is_null(),
        "id_too_long": pl.any_horizontal(pl.col(*ID_FIELDS).str.len_chars() > ID_MAX),
        "time_missing": pl.col("time").is_null(),
        **{name: pl.col("time_rule") == name for name in TIME_RULES},
        "quantity_invalid": ~whole.fill_null(False) | _unreadable("quantity"),
        "value_invalid": _unreadable("value"),
        "rating_invalid": _unreadable("rating"),
    }
    rule: pl.Expr = pl.lit(None, dtype=pl.String)
    for name in reversed([name for name in ASKED if name in tests]):
        rule = pl.when(tests[name].fill_null(False)).then(pl.lit(name)).otherwise(rule)
    return rule


def _unreadable(name: str) -> pl.Expr:
    """Text is there, but it is no finite number."""
    return pl.col(name).is_not_null() & ~pl.col(f"{name}_number").is_finite().fill_null(False)


def _field_of(rule: str, row: dict[str, object]) -> str:
    if rule in ("who_missing", "who_nobody"):
        return next((name for name in WHO if row.get(f"{WAS}{name}")), WHO[0])
    if rule == "id_too_long":
        return next(name for name in ID_FIELDS if len(str(row[name] or "")) > ID_MAX)
    if rule == "nul_character":
        return next(name for name in RAW_FIELDS if "\x00" in str(row[name] or ""))
    first = rule.split("_", 1)[0]
    return _FIELD.get(first, first)


def _with_ids(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without an event id get the one that `Event` derives from the same content."""
    lacking = rows["event_id"].is_null()
    if not lacking.any():
        return rows
    names = {int(code): code.kind.value for code in KindCode}
    kinds = rows["kind"].replace_strict(names, return_dtype=pl.String)
    columns = (*(rows[name] for name in WHO), kinds, *(rows[name] for name in ("product_id", "time_ms", "query")))
    ids = [
        own if own is not None else derived_id(*content)
        for own, content in zip(rows["event_id"], zip(*columns, strict=True), strict=True)
    ]
    return rows.with_columns(pl.Series("event_id", ids, dtype=pl.String))
