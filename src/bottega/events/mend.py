"""The numbers of one posted row, read as imports read them (`check.py`): what cannot be read costs its field alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bottega.events.numbers import COUNTED, amount_of, pieces_of, stars_of
from bottega.names import EventKind

__all__ = ["Unread", "mended"]

_COUNTED = frozenset(code.kind for code in COUNTED)


class Unread(NamedTuple):
    """A field that was left out of its row."""

    field: str
    rule: str
    seen: Any


def mended(row: Mapping[str, Any], currency: str) -> tuple[dict[str, Any], list[Unread]]:
    """The row with its numbers as numbers, and the fields that were left out of it.

    A purchase of a negative quantity is a refund. A quantity of 0 stays where it says that nothing was done.
    """
    fields, unread = dict(row), []
    kind = named if isinstance(named := fields.get("kind"), str) else None
    if (given := fields.get("quantity")) is not None:
        pieces = pieces_of(given)
        if pieces is not None and pieces < 0 and kind in (EventKind.PURCHASE, EventKind.REFUND):
            fields["kind"], pieces = EventKind.REFUND, -pieces
        if pieces is not None and (pieces > 0 or (pieces == 0 and kind in _COUNTED)):
            fields["quantity"] = int(pieces)
        else:
            del fields["quantity"]
            unread.append(Unread("quantity", "quantity_unreadable", given))
    for name, number in (
        ("value", amount_of(fields.get("value"), currency)),
        ("rating", stars_of(fields.get("rating"))),
    ):
        if fields.get(name) is None:
            continue
        if number is None:
            unread.append(Unread(name, f"{name}_unreadable", fields.pop(name)))
        else:
            fields[name] = number
    return fields, unread
