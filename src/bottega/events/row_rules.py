"""What imports and posts have in common of the rules for one event: bounds, numbers, and which rule is asked first.

Imports ask columns of text (check.py), posts ask one row of JSON (event.py); both read their limits here. What each
rule means is in the table of check.py.
"""

from __future__ import annotations

import re

from bottega.events.times import TIME_RULES

__all__ = ["ASKED", "ID_FIELDS", "NAMING", "QUANTITY_LEAST", "QUANTITY_MOST", "WHO", "number_of", "place_of"]

WHO = ("shopper_id", "anonymous_id", "session_id")
"""The ids that say whose event it is."""
NAMING = (*WHO, "event_id")
"""The ids that tell one of many apart: a placeholder in them would make one of all."""
ID_FIELDS = ("event_id", *WHO, "product_id", "recommendation_id")
"""Fields that `names.ID_MAX` bounds."""
QUANTITY_LEAST, QUANTITY_MOST = 1, 2**31 - 1

ASKED = (
    "field_unknown",
    "nul_character",
    "kind_missing",
    "kind_unknown",
    "who_nobody",
    "who_missing",
    "product_missing",
    "query_missing",
    "id_too_long",
    "time_missing",
    *TIME_RULES,
    "quantity_invalid",
    "value_invalid",
    "rating_invalid",
)
"""Rules in the order they are asked: a row that breaks several is refused by the first."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def place_of(rule: str | None) -> int:
    """Where in `ASKED` a rule stands; behind all where it is none of them."""
    return ASKED.index(rule) if rule in ASKED else len(ASKED)


def number_of(value: object) -> object:
    """A text as the number that it is; whatever is no text stays. Raises `ValueError` for other texts, true and false.

    >>> number_of(" 2.50 "), number_of(3)
    (2.5, 3)
    """
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value.strip())):
        raise ValueError("this is no number; write one as in 15.00")
    return float(value) if isinstance(value, str) else value
