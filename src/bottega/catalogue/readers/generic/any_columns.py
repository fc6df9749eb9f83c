"""Rows with columns of any name: `--map` says what they are, the rest is guessed by names and values.

A column that becomes no field is reported as unused; nothing is taken as an attribute without being asked for, except
columns whose names mean an attribute everywhere (color, size, gender, ...).
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from datetime import UTC

from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.guessing import FieldGuess, guess_columns
from bottega.catalogue.readers.columns.header_units import header_currency
from bottega.catalogue.readers.columns.mapping import Bound, Part, bind
from bottega.catalogue.readers.fields.values import CLEAR
from bottega.dates import Survey, TimeForm
from bottega.errors import ColumnMissing
from bottega.sources.columns import name_of

__all__ = ["plan_columns"]


def plan_columns(reading: Reading, columns: Sequence[str], sample: Sequence[AnyMapping[str, str]]) -> Bound:
    """Which column is what: as `--map` says, else as is guessed. `sample` is some of the rows.

    What was guessed, and columns that became nothing, are told on `reading`. Raises `MappingInvalid` and, when no
    column can be the id or the title, `ColumnMissing`.
    """
    bound = bind(reading.mapping, columns)
    reading.planned = True
    fields, attributes = dict(bound.fields), dict(bound.attributes)
    # A column that a map used for one thing is not guessed for another, or colour would be title and colour.
    taken = {part.column for parts in (*fields.values(), *attributes.values()) for part in parts if part.column}
    known = {*fields, *(f"attr.{name}" for name in attributes)}
    guesses = guess_columns(columns, sample, fields=known, taken=taken, currency=reading.currency)
    plan = guesses.plan
    fields |= plan.fields
    priced = fields.get("price", fields.get("sale_price", ()))
    if "currency" not in fields and len(priced) == 1 and (code := header_currency(priced[0].column, "")):
        fields["currency"] = (Part((code,)),)
        why = "the header of the price names it"
        reading.guesses.append(FieldGuess("currency", priced[0].column, 0.9, f"{code}: {why}"))
    attributes |= plan.attributes
    used = bound.used | plan.used
    for column in columns:
        prefix, _, name = column.partition(".")
        if prefix in ("attr", "attributes") and name_of(name) and column not in used:
            attributes.setdefault(name_of(name), (Part.of(column),))
            used |= {column}
    reading.guesses += guesses.listed
    missing = [field for field in ("id", "title") if field not in fields]
    if missing:
        likely = {guess.field: guess.column for guess in guesses.listed if not guess.taken}
        asked = ",".join(f"{field}={likely.get(field, 'COLUMN')}" for field in missing)
        raise ColumnMissing(
            f"No column of {reading.source.name} looks like the {' or the '.join(missing)}.",
            allowed=f"Its columns are: {', '.join(columns)}.",
            next_step=f"Say which it is: --map {asked}.",
        )
    reading.form = _form(fields, sample)
    for column, why in guesses.doubted.items():
        if column not in used:
            reading.doubts[column] = why
    reading.unused_columns = [column for column in columns if column not in used]
    return Bound(fields, attributes, frozenset(used), guesses.shown)


def _form(fields: AnyMapping[str, tuple[Part, ...]], sample: Sequence[AnyMapping[str, str]]) -> TimeForm:
    """How the days of sales and changes are written: 05/01/2026 follows a 31/01/2026 of these columns."""
    survey = Survey(None)
    for field in ("sale_from", "sale_to", "updated_at"):
        survey.look(part.value(row) for part in fields.get(field, ()) for row in sample)
    found, _ = survey.form(UTC)
    return TimeForm(UTC, {**CLEAR.first, **found.first}, serial=True)
