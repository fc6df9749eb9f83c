"""Rows that come over the API: each is checked alone, so one bad row never costs the good ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bottega.actions.intake.shapes import Rejected
from bottega.errors import RowInvalid
from bottega.events.row_rules import WHO, place_of
from bottega.texts import SEEN_MAX, broken_place, plain_fault, shown

__all__ = ["checked"]

_Row = TypeVar("_Row", bound=BaseModel)
_WANTED = {
    "string_type": "Send a text.",
    "tuple_type": "Send a list of texts.",
    "list_type": "Send a list of texts.",
    "dict_type": "Send an object of names with their values.",
}
"""What to send instead of a value of the wrong type, in the words of JSON."""
_LACKS = {"who_missing": WHO[0], "product_missing": "product_id", "query_missing": "query"}
"""Rule of what a row as a whole lacks -> the field that would say it."""


def _no_rule(problem: ErrorDetails) -> str | None:
    """Rows of a kind whose rules have no names."""
    return None


def checked(
    rows: Sequence[object],
    make: Callable[[int, Mapping[str, Any]], _Row],
    fields: Sequence[str],
    *,
    rule_of: Callable[[ErrorDetails], str | None] = _no_rule,
    mends: bool = False,
) -> tuple[list[_Row], list[Rejected]]:
    """What `make` can use of each index and row; for each other row its index, the field, what was seen and the fix.

    `rule_of` names the rule that a problem breaks; of several, the one that is asked first refuses the row.
    `mends`: `make` itself knows what to do with half a character (`bottega/texts.py`).
    """
    good: list[_Row] = []
    bad: list[Rejected] = []
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            bad.append(Rejected(index=index, field="", seen=shown(row), fix="Send an object with named fields."))
            continue
        if (name := next((str(name) for name, value in row.items() if _holds_nul(value)), None)) is not None:
            fix = "Remove the NUL character at the source."
            bad.append(Rejected(index=index, field=name, seen=shown(row[name]), fix=fix, rule="nul_character"))
            continue
        if not mends and (place := broken_place(row)) is not None:
            seen, fix = shown(row.get(place[0])), "Cut the text between characters: it ends inside one."
            bad.append(Rejected(index=index, field=".".join(place), seen=seen, fix=fix, rule="encoding_broken"))
            continue
        try:
            good.append(make(index, row))
        except ValidationError as error:
            bad.append(_rejected(index, error, fields, rule_of))
        except RowInvalid as error:
            fix = " ".join(part for part in (error.allowed, error.next_step) if part)
            bad.append(Rejected(index=index, field=error.field, seen=error.seen[:SEEN_MAX], fix=fix, rule=error.rule))
    return good, bad


def _rejected(
    index: int, error: ValidationError, fields: Sequence[str], rule_of: Callable[[ErrorDetails], str | None]
) -> Rejected:
    problem = min(error.errors(include_url=False), key=lambda one: place_of(rule_of(one)))
    rule = rule_of(problem)
    field = ".".join(str(part) for part in problem["loc"])
    fix = plain_fault(problem)
    if lacks := _LACKS.get(rule or ""):
        return Rejected(index=index, field=lacks, seen="nothing", fix=fix, rule=rule)
    if problem["type"] == "extra_forbidden":
        fix = f"Remove it; the fields are {', '.join(fields)}."
    elif problem["type"] == "missing":
        return Rejected(index=index, field=field, seen="nothing", fix="Send this field; it is required.", rule=rule)
    elif problem["type"] in _WANTED:
        fix = _WANTED[problem["type"]]
    return Rejected(index=index, field=field, seen=shown(problem.get("input")), fix=fix, rule=rule)


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Mapping):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(_holds_nul(part) for part in value)
