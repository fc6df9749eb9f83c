"""Which rows can be used: the check that turns raw columns into events, by the rules of rules.py.

A row is refused by the first rule it breaks. What only makes a field unreadable costs that field, and is warned about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from bottega.dates import PLAIN, TimeForm
from bottega.events.absent import WAS, without_absent_cells
from bottega.events.aliases import in_vocabulary
from bottega.events.batch import ALTERNATIVES, EVENT_COLUMNS, RAW_FIELDS, RawBatch, schema_of
from bottega.events.event import derived_id
from bottega.events.kinds import KindWords
from bottega.events.numbers import ALL_PIECES, COUNTED, amount_of, number_in, stars_of
from bottega.events.product_ids import ProductIds
from bottega.events.row_rules import ASKED, ID_FIELDS, QUANTITY_LEAST, QUANTITY_MOST, UNREADABLE, WHO, order_session
from bottega.events.rules import problem
from bottega.events.times import TIME_RULES, time_column
from bottega.names import ID_MAX, KindCode
from bottega.sources.problems import Problem

__all__ = ["Checker"]

_FIELD = {"kind": "kind", "product": "product_id", "query": "query", "time": "time", "quantity": "quantity"}
_UNCLEAR = r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|^\d{5}(\.\d+)?$"
"""Times that only their column can explain (dates.py)."""


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
    kinds: KindWords = field(default_factory=KindWords)
    currency: str = "USD"
    """The shop's, in which values are."""
    form: TimeForm = PLAIN
    """How times are written, as far as it is known."""
    survey: Callable[[], TimeForm] | None = None
    """Looks through the whole column of times; asked once, when a time needs it."""
    products: ProductIds | None = None
    """Knows which product an id means."""
    unknown_kinds: Counter[str] = field(default_factory=Counter)
    """Names that mean no kind, and how many rows had them."""

    def check(self, batch: RawBatch) -> pl.DataFrame:
        """The usable events of a batch, columns of `EVENT_COLUMNS`; the others go to `on_problem` or `ignored`."""
        try:
            frame = _frame(batch)
        except UnicodeEncodeError:
            frame = _frame(self._without_broken_text(batch))
        frame, nobody = without_absent_cells(frame, RAW_FIELDS)
        self.nobody += nobody
        if self.products is not None:
            frame = frame.with_columns(
                self.products.chosen(frame["product_id"], frame[ALTERNATIVES]).alias("product_id")
            )
        rows = self._with_kinds(frame)
        times, time_rules = self._times(rows["time"])
        rows = rows.with_columns(times.alias("time_ms"), time_rules.alias("time_rule"))
        rows = _with_order_sessions(self._with_numbers(rows))
        emptied = [f"{WAS}{name}" for name in WHO if f"{WAS}{name}" in rows.columns]
        rows = rows.with_columns(_first_broken_rule(emptied).alias("rule"))
        self._tell(rows)
        return self._events(rows.filter(pl.col("rule").is_null()))

    def _tell(self, rows: pl.DataFrame) -> None:
        """Report what keeps a row out, and what costs a field of one that comes in."""
        unread = [name for name in UNREADABLE if name in rows.columns]
        told = pl.any_horizontal(pl.col("rule").is_not_null(), *(pl.col(name) for name in unread))
        for row in rows.filter(told).iter_rows(named=True):
            where = f"{self.name}:{row['place']}"
            who = [row[name] for name in WHO]
            if row["rule"] is None:
                for name in unread:
                    if row[name]:
                        field = name.split("_", 1)[0]
                        self.on_problem(problem(name, where, field, str(row[field]), who))
                continue
            rule = str(row["rule"])
            field = _field_of(rule, row)
            seen = str(row.get(field) or row.get(f"{WAS}{field}") or "")
            if rule == "kind_unknown":
                self.unknown_kinds[seen] += 1
            self.on_problem(problem(rule, where, field, seen, who))

    def _times(self, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Times and the rules they break; a column that needs it is looked through as a whole, once."""
        if self.survey is not None and texts.str.contains(_UNCLEAR).any():
            self.form, self.survey = self.survey(), None
        return time_column(texts, now=self.now, form=self.form)

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
        kinds = {name: self.kinds.kind(name) for name in names}
        aside = [name for name in names if kinds[name] is None and (self.kinds.aside(name) or not self.strict_kinds)]
        # A foreign name in an export full of custom events is one of ours only where it is about a product.
        foreign = [name for name in names if kinds[name] is not None and self._foreign(name)]
        if aside or foreign:
            gone = pl.col("kind").is_in(aside) | (pl.col("kind").is_in(foreign) & pl.col("product_id").is_null())
            gone = gone.fill_null(False)
            for name, count in rows.filter(gone)["kind"].value_counts().iter_rows():
                self.ignored[name] += count
            rows = rows.filter(~gone)
        codes = {name: int(kind.code) for name, kind in kinds.items() if kind is not None}
        return rows.with_columns(pl.col("kind").replace_strict(codes, default=None, return_dtype=pl.Int8).alias("code"))

    def _foreign(self, name: str) -> bool:
        return not (self.strict_kinds or self.kinds.said_of(name) or in_vocabulary(name, self.vocabulary))

    def _with_numbers(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Quantity, value and rating as numbers, and whether each is there but cannot be read."""
        rows = rows.with_columns(
            _numbers(rows["quantity"], number_in).alias("pieces"),
            _numbers(rows["value"], lambda text: amount_of(text, self.currency)).alias("value_number"),
            _numbers(rows["rating"], stars_of).alias("rating_number"),
        )
        pieces, refund = pl.col("pieces"), int(KindCode.REFUND)
        back = (pieces <= -QUANTITY_LEAST) & (pieces % 1 == 0) & pl.col("code").is_in([int(KindCode.PURCHASE), refund])
        rows = rows.with_columns(
            pl.when(back).then(pl.lit(refund, dtype=pl.Int8)).otherwise(pl.col("code")).alias("code"),
            pl.when(back).then(-pieces).otherwise(pieces).alias("pieces"),
        )
        broken = (pieces > QUANTITY_MOST) & (pieces % 1 == 0)
        broken |= (pieces == 0) & pl.col("code").is_in([int(code) for code in COUNTED])
        whole = (pieces.is_between(QUANTITY_LEAST, QUANTITY_MOST) & (pieces % 1 == 0)).fill_null(False)
        absent = pl.when(pl.col("code") == refund).then(float(ALL_PIECES)).otherwise(1.0)
        return rows.with_columns(
            broken.fill_null(False).alias("quantity_broken"),
            pl.when(whole).then(pieces).otherwise(absent).alias("quantity_number"),
            (pl.col("quantity").is_not_null() & ~whole).alias("quantity_unreadable"),
            (pl.col("value").is_not_null() & pl.col("value_number").is_null()).alias("value_unreadable"),
            (pl.col("rating").is_not_null() & pl.col("rating_number").is_null()).alias("rating_unreadable"),
        )

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
        return _with_ids(rows).select(pl.col(name).cast(dtype) for name, dtype in schema_of(EVENT_COLUMNS).items())


def _frame(batch: RawBatch) -> pl.DataFrame:
    """Every raw field as a column of stripped text, null where empty or absent."""
    columns = [pl.Series("place", batch.places, dtype=pl.String)]
    for name in (*RAW_FIELDS, ALTERNATIVES):
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


def _numbers(texts: pl.Series, read: Callable[[object], float | None]) -> pl.Series:
    """The number in each text, null where there is none; `read` is asked of what is no plain number."""
    numbers = texts.cast(pl.Float64, strict=False)
    odd = texts.filter(texts.is_not_null() & ~numbers.is_finite().fill_null(False)).unique()
    if odd.is_empty():
        return numbers
    answers = pl.DataFrame({"text": odd, "read": pl.Series([read(text) for text in odd], dtype=pl.Float64)})
    rows = pl.DataFrame({"text": texts, "plain": numbers}).join(answers, on="text", how="left", maintain_order="left")
    return rows.select(pl.when(pl.col("plain").is_finite()).then("plain").otherwise("read").alias("read"))["read"]


def _with_order_sessions(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of an order of which nobody says whose it is belong to the order."""
    if rows["order_id"].is_null().all():
        return rows
    nobodys = pl.all_horizontal(pl.col(*WHO).is_null()) & pl.col("order_id").is_not_null()
    session = pl.concat_str(pl.lit(order_session("")), pl.col("order_id"))
    return rows.with_columns(pl.when(nobodys).then(session).otherwise(pl.col("session_id")).alias("session_id"))


def _first_broken_rule(emptied: Sequence[str]) -> pl.Expr:
    """Name of the first rule that a row breaks, or null. `emptied`: columns of ids that named nobody."""
    search = pl.col("code") == int(KindCode.SEARCH)
    whole_order = (pl.col("code") == int(KindCode.REFUND)) & pl.col("order_id").is_not_null()
    no_who = pl.all_horizontal(pl.col(*WHO).is_null())
    has_product = pl.col("product_id").is_not_null()
    tests: dict[str, pl.Expr] = {
        "nul_character": pl.any_horizontal(pl.col(*RAW_FIELDS).str.contains("\x00", literal=True)),
        "kind_missing": pl.col("kind").is_null(),
        "kind_unknown": pl.col("code").is_null(),
        "who_nobody": no_who & pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in emptied)),
        "who_missing": no_who,
        "product_missing": ~search & ~has_product & ~whole_order.fill_null(False),
        "query_missing": search & ~has_product & pl.col("query").is_null(),
        "id_too_long": pl.any_horizontal(pl.col(*ID_FIELDS).str.len_chars() > ID_MAX),
        "time_missing": pl.col("time").is_null(),
        **{name: pl.col("time_rule") == name for name in TIME_RULES},
        "quantity_invalid": pl.col("quantity_broken"),
    }
    rule: pl.Expr = pl.lit(None, dtype=pl.String)
    for name in reversed([name for name in ASKED if name in tests]):
        rule = pl.when(tests[name].fill_null(False)).then(pl.lit(name)).otherwise(rule)
    return rule


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
    columns = (
        *(rows[name] for name in WHO),
        kinds,
        *(rows[name] for name in ("product_id", "time_ms", "query", "order_id")),
    )
    ids = [
        own if own is not None else derived_id(*content)
        for own, content in zip(rows["event_id"], zip(*columns, strict=True), strict=True)
    ]
    return rows.with_columns(pl.Series("event_id", ids, dtype=pl.String))
