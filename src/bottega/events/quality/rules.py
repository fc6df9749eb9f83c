"""The tables of rules that events are checked by, in a shop or in a file, and the signs by which a bot is known.

What a reader refuses is in `events/rules.py`; here is what only many events show. docs/check.md is made from it.
"""

from __future__ import annotations

from bottega.events.rules import RULES
from bottega.sources.findings import CheckLevel, CheckRule, levelled

__all__ = ["BOT_RULES", "EVENT_FILE_RULES", "EVENT_RULES", "FILE_RULES"]


def _error(meaning: str, fix: str) -> CheckRule:
    return CheckRule(CheckLevel.ERROR, meaning, fix)


def _warning(meaning: str, fix: str) -> CheckRule:
    return CheckRule(CheckLevel.WARNING, meaning, fix)


def _hint(meaning: str, fix: str) -> CheckRule:
    return CheckRule(CheckLevel.HINT, meaning, fix)


_OUT = "it is left out of training; `bottega bots readmit` takes it back in"

BOT_RULES = {
    "bot_fast": _warning("more products looked at in a minute than a person can", _OUT),
    "bot_regular": _warning("hundreds of views in even gaps, and never a cart", _OUT),
    "bot_walk": _warning("the catalogue looked at in its own order, and never a cart", _OUT),
    "bot_tireless": _warning("views day and night without a pause, and never a cart", _OUT),
    "bot_ring": _warning("ids that did nothing but look once, all at one product", _OUT),
}
"""By which a shopper is taken for a bot."""

EVENT_RULES = {
    "products_unknown": _error(
        "many events name products that are not in the catalogue",
        "send the catalogue's ids, import what is missing, or translate the ids while importing",
    ),
    "clock_future": _error("events later than now", "check the clock and the time zone of the source"),
    "clock_zone": _error(
        "purchases that happen whole hours before or after the views that led to them", "give times with their zone"
    ),
    "value_scaled": _error(
        "what was paid is ten, a hundred or a thousand times the price, or so much less",
        "send the value in whole units",
    ),
    "clock_old": _warning("a few events years before all others", "check the clock and the unit of the source"),
    "clock_whole_days": _warning(
        "days without a time of day: what came first within a day is not known", "send the moment, to the second"
    ),
    "clock_even": _warning(
        "the events of most shoppers follow each other in equal steps: times made up from an order of rows",
        "send when it happened",
    ),
    "clock_same": _warning(
        "many events of many shoppers at one moment: the time of an export, not of what happened",
        "send when it happened",
    ),
    "events_repeated": _warning(
        "the same happened twice, under two event ids, at the same moment",
        "give an event the same id whenever it is sent",
    ),
    "views_doubled": _warning("views sent twice within a second", "look for a tag that fires twice"),
    "sessions_endless": _warning("sessions of more than two days", "begin a new session id after half an hour of rest"),
    "shopper_large": _warning(
        "one shopper holds much of the shop's events: an id that several share, or a test", "send no id for guests"
    ),
    "purchases_apart": _warning(
        "nearly all who buy never looked at anything, and who looks never buys: purchases come under other ids",
        "send the same shopper id, or the anonymous id, with both",
    ),
    "bots_too_many": _warning(
        "so many shoppers look like bots that the source is at fault; none was left out",
        "check what is sent as a view: lists are impressions",
    ),
    **BOT_RULES,
}  # fmt: skip
"""All of them, in the order of the manual."""

FILE_RULES = {
    "rows_refused": _error(
        "more than one row in a hundred would be refused",
        "mend what the rules of the rows say, the most frequent first",
    ),
    "rows_repeated": _warning(
        "rows that repeat another one of the file: each such event is stored once",
        "where each is an event of its own, give each an id (event_id), or put the number of pieces in quantity",
    ),
    "ids_nobody": _hint(
        "ids that name nobody, as undefined or 0 do; they are left out", "send no id where nobody is known"
    ),
    "kind_set_aside": _hint(
        "a name of an event that no kind is, and that may be meant as one: its rows are set aside",
        "say what it means, as in --kinds NAME=purchase, or that it is of no interest: --kinds NAME=ignore",
    ),
}  # fmt: skip
"""What only a file can show, before it is imported."""

EVENT_FILE_RULES = {**levelled(RULES, {}), **EVENT_RULES, **FILE_RULES}
"""All that a file of events is checked by: rules of its rows, of many events, and of the file."""
