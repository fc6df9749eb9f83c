"""What imports and posts have in common of the rules for one event: bounds, and which rule is asked first.

Imports ask columns of text (check.py), posts ask one row of JSON (event.py); both read their limits here. What each
rule means is in the table of rules.py.
"""

from __future__ import annotations

from bottega.events.times import TIME_RULES

__all__ = [
    "ASKED",
    "ID_FIELDS",
    "NAMING",
    "QUANTITY_LEAST",
    "QUANTITY_MOST",
    "UNREADABLE",
    "WHO",
    "order_session",
    "place_of",
]

WHO = ("shopper_id", "anonymous_id", "session_id")
"""The ids that say whose event it is."""
NAMING = (*WHO, "event_id", "order_id")
"""The ids that tell one of many apart: a placeholder in them would make one of all."""
ID_FIELDS = ("event_id", *WHO, "product_id", "recommendation_id", "order_id", "design_id")
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
)
"""Rules in the order they are asked: a row that breaks several is refused by the first."""
UNREADABLE = ("quantity_unreadable", "value_unreadable", "rating_unreadable")
"""Rules of what costs its field alone."""


def place_of(rule: str | None) -> int:
    """Where in `ASKED` a rule stands; behind all where it is none of them."""
    return ASKED.index(rule) if rule in ASKED else len(ASKED)


def order_session(order_id: str) -> str:
    """The session of an order of which nobody says whose it is: its lines belong together, and to whoever logs in.

    >>> order_session("1001")
    'order:1001'
    """
    return f"order:{order_id}"
