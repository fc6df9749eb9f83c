"""The rules that a row of reviews may break; docs/reviews.md is checked against this table."""

from __future__ import annotations

from bottega.names import ID_MAX
from bottega.reviews.review import TEXT_MAX
from bottega.sources.problems import Rule, reject, warn

__all__ = ["RULES"]

RULES: dict[str, Rule] = {
    # rows that cannot be read
    "columns_extra": reject("the row has more cells than the header", 'put quotes (") around cells that hold commas'),
    "columns_short": reject("the row has fewer cells than the header", "write every cell; was the file cut off?"),
    "quote_unclosed": reject(
        "a quote opens in this row and never closes properly", 'close the quote, or write two quotes ("") for one'
    ),
    "row_cut": reject("the file ends in the middle of this row", "get the file again: it was not copied to its end"),
    "json_broken": reject("the row is not a JSON object", "write one JSON object a line"),
    "xml_broken": reject("the item is no XML that can be read", "export the file again"),
    # rows that are no review
    "product_missing": reject(
        "the row names no product: it is about the shop, or its column is called otherwise",
        "name the column: --map product_id=COLUMN",
    ),
    "review_empty": reject("neither words nor stars", "fill the text or the rating"),
    "id_too_long": reject(f"an id of more than {ID_MAX} characters", "use a shorter id"),
    "spam": reject("the source itself calls it spam", "nothing, unless that is wrong: then mark it as no spam there"),
    # fields that are left out
    "rating_unreadable": warn("a rating that is no number, or outside its scale", "write it as in 4, 4/5 or 80%"),
    "rating_zero": warn("a rating of 0 on a scale that begins with 1: no rating", "leave the rating empty"),
    "time_unreadable": warn(
        "a date that cannot be read, or of which the day may be the month",
        "write 2026-05-01; a file of 05/01/2026 takes --dates day or month",
    ),
    "time_too_early": warn("a date before 1990", "write the day on which it was written"),
    "time_in_future": warn("a date later than tomorrow", "check the clock of the source"),
    "flag_unreadable": warn("neither yes nor no", "write true or false"),
    "text_cut": warn(f"a text of more than {TEXT_MAX:,} letters; the rest was left out", "nothing"),
    "text_misdecoded": warn("a text that was read in a wrong encoding somewhere", "name it with --encoding"),
    "who_nobody": warn("an id that names nobody (undefined, guest, 0)", "leave it empty"),
    "control_characters": warn("control characters in the text; they were left out", "remove them at the source"),
}
