"""The rules that a row of events may break, in the order of the manual; docs/events.md is checked against this table.

A row that comes in may break several that only warn; one that is refused breaks one: the first that is asked
(`row_rules.ASKED`).
"""

from __future__ import annotations

from collections.abc import Iterable

from bottega.names import ID_MAX, id_text
from bottega.sources.problems import Problem, Rule, problem_of, reject, warn

__all__ = ["RULES", "problem"]

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
        "say what it means, as in --kinds NAME=purchase; or write impression, view, click, wishlist, try_on, "
        "add_to_cart, remove_from_cart, purchase, search, rate or refund",
    ),
    "who_missing": reject(
        "the row does not say who it was", "fill shopper_id for known shoppers, else anonymous_id or session_id"
    ),
    "who_nobody": reject(
        "an id that names nobody (undefined, NULL, 0, guest, a zero UUID), and no other id beside it",
        "send the id of the shopper, the device or the visit; leave out what is not known",
    ),
    "product_missing": reject(
        "the row names no product", "fill product_id; only a search and the refund of a whole order do without"
    ),
    "query_missing": reject("a search without its words", "fill query"),
    "id_too_long": reject(f"an id of more than {ID_MAX} characters", "use a shorter id"),
    "nul_character": reject("a text that holds the NUL character", "remove it at the source"),
    "time_missing": reject("the row does not say when it happened", "fill time"),
    "time_unreadable": reject(
        "a time that is no number, no ISO 8601 and names no month, or of which the day may be the month",
        "write 2026-05-01T12:00:00Z, or seconds or ms since 1970; a file of 05/01/2026 takes --dates day or month",
    ),
    "time_too_early": reject(
        "a time before 1990", "a counter or an empty time reads as 1970: write the moment at which it happened"
    ),
    "time_in_future": reject("a time later than tomorrow", "check the clock and the unit of the source"),
    "quantity_invalid": reject(
        "nothing was put in, taken out, bought or given back (a quantity of 0), or more than can be counted",
        "leave it out, or write how many pieces",
    ),
    # rows that come in all the same
    "quantity_unreadable": warn(
        "a quantity that is no whole number from 1; it counts as one piece, of a refund as all",
        "write how many pieces, as in 2",
    ),
    "value_unreadable": warn(
        "a value that is no amount in the shop's currency; it is left out", "write the amount alone, as in 15.00"
    ),
    "rating_unreadable": warn("a rating that is no number; it is left out", "write a number, as in 4.5"),
}
"""Rule name to rule, in the order the manual lists them."""


def problem(rule: str, row: str, field: str, seen: str, who: Iterable[object] = ()) -> Problem:
    """A problem with the advice of its rule; long values are shortened. `who`: ids that the row names."""
    named = [text for one in who if isinstance(text := id_text(one), str) and text]
    return problem_of(RULES, rule, row, field, seen, who=named)
