"""Rows that come over the API: each is checked alone, so one bad row never costs the good ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bottega.actions.intake.shapes import Rejected
from bottega.errors import RowInvalid

__all__ = ["SEEN_MAX", "checked"]

SEEN_MAX = 120
"""Longest piece of a bad value that is shown back, in characters."""
_Row = TypeVar("_Row", bound=BaseModel)
_WANTED = {
    "string_type": "Send a text.",
    "tuple_type": "Send a list of texts.",
    "list_type": "Send a list of texts.",
    "dict_type": "Send an object of names with their values.",
}
"""What to send instead of a value of the wrong type, in the words of JSON."""


def checked(
    rows: Sequence[object], make: Callable[[int, Mapping[str, Any]], _Row], fields: Sequence[str]
) -> tuple[list[_Row], list[Rejected]]:
    """What `make` can use of each index and row; for each other row its index, the field, what was seen and the fix."""
    good: list[_Row] = []
    bad: list[Rejected] = []
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            bad.append(Rejected(index=index, field="", seen=_shown(row), fix="Send an object with named fields."))
            continue
        if (name := next((str(name) for name, value in row.items() if _holds_nul(value)), None)) is not None:
            fix = "Remove the NUL character at the source."
            bad.append(Rejected(index=index, field=name, seen=_shown(row[name]), fix=fix))
            continue
        try:
            good.append(make(index, row))
        except ValidationError as error:
            bad.append(_rejected(index, error, fields))
        except RowInvalid as error:
            fix = " ".join(part for part in (error.allowed, error.next_step) if part)
            bad.append(Rejected(index=index, field=error.field, seen=error.seen[:SEEN_MAX], fix=fix))
    return good, bad


def _rejected(index: int, error: ValidationError, fields: Sequence[str]) -> Rejected:
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    fix = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        fix = f"Remove it; the fields are {', '.join(fields)}."
    elif problem["type"] == "missing":
        return Rejected(index=index, field=field, seen="nothing", fix="Send this field; it is required.")
    elif problem["type"] in _WANTED:
        fix = _WANTED[problem["type"]]
    return Rejected(index=index, field=field, seen=_shown(problem.get("input")), fix=fix)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SEEN_MAX else text[: SEEN_MAX - 1] + "…"


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Mapping):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(_holds_nul(part) for part in value)
