"""What can be wrong with a row of a feed: the table of rules, and one problem found.

A rule rejects a row only when Bottega cannot use it. What a marketplace would refuse but a recommender can live with is
a warning. The table is the single source: docs/feeds.md is checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bottega.texts import whole

__all__ = ["FEED", "RULES", "Problem", "Rule", "Severity", "problem"]

FEED = "feed"
"""Row of a problem that belongs to no single row."""
_SEEN_MAX = 120


class Severity(StrEnum):
    """What a rule does to the row."""

    REJECT = "reject"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it finds, and how the merchant mends it."""

    severity: Severity
    meaning: str
    fix: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule broken in one place. `row` is as in "styles.csv:12", or `FEED` for what only the whole feed shows."""

    row: str
    field: str
    rule: str
    seen: str
    fix: str
    severity: Severity


def _reject(meaning: str, fix: str) -> Rule:
    return Rule(Severity.REJECT, meaning, fix)


def _warn(meaning: str, fix: str) -> Rule:
    return Rule(Severity.WARN, meaning, fix)


RULES: dict[str, Rule] = {
    # rows that cannot be read
    "columns_extra": _reject("the row has more cells than the header", 'put quotes (") around cells that hold commas'),
    "quote_unclosed": _reject(
        "a quote opens in this row and never closes properly", 'close the quote, or write two quotes ("") for one'
    ),
    "json_broken": _reject("the line is not a JSON object", "write one JSON object a line"),
    "xml_broken": _reject("the XML stops being well-formed here", "mend this item; what follows it was not read"),
    # rows that are no product
    "id_empty": _reject("no id", "give every product its own id"),
    "id_too_long": _reject("an id of more than 512 characters", "use a shorter id"),
    "id_broken": _reject(
        "an id that holds half a character, as text has that was cut inside an emoji", "write the id whole"
    ),
    "title_empty": _reject("no title", "give every product a title"),
    "title_too_long": _reject("a title of more than 1000 characters", "shorten it; 150 characters are plenty"),
    "text_too_long": _reject(
        "a description or attributes of more than 100,000 characters, a brand, level of the category or name of an "
        "attribute of more than 1,000, or an address of more than 4,000",
        "shorten it; is a file in the wrong column?",
    ),
    "duplicate_id": _reject("an earlier row of this feed has the same id", "give each row its own id, or delete one"),
    "price_unparsable": _reject("a price that is no number", "write it as 15.00 USD"),
    "price_ambiguous": _reject(
        "a price that may be thousands or thousandths", "write two decimals and no thousands separator, as in 1234.00"
    ),
    "price_negative": _reject("a price below zero", "write the amount the shopper pays"),
    "currency_unknown": _reject("a currency that is not in ISO 4217", "write a code such as USD, EUR or JPY"),
    "availability_unknown": _reject(
        "an availability outside the vocabulary",
        "write in_stock, out_of_stock, preorder, backorder or discontinued",
    ),
    # usable, but worth mending
    "columns_short": _warn("the row has fewer cells than the header", "write every cell, empty ones included"),
    "encoding_guessed": _warn("the file is not UTF-8; it was read as Windows-1252", "save the file as UTF-8"),
    "control_characters": _warn("control characters, which were removed", "remove them at the source"),
    "half_character": _warn(
        "text that was cut inside a character, as in an emoji; the half was left out",
        "cut text between characters at the source",
    ),
    "mojibake": _warn("text that was decoded wrongly before it came here", "export again as UTF-8"),
    "field_empty": _warn("rows without this field", "fill it: models and pages use it"),
    "empty_word": _warn(
        "a word for nothing (NULL, nan, n/a, undefined), or a parent or group called 0; the field was left empty",
        "leave the field empty",
    ),
    "id_long": _warn("an id of more than 50 characters, which marketplaces refuse", "use a shorter id"),
    "title_long": _warn("a title of more than 150 characters", "shorten it"),
    "title_capitals": _warn("a title all in capitals", "write it as a sentence"),
    "title_promo": _warn("promotional words in the title", "name the product only; promote elsewhere"),
    "title_is_brand": _warn("a title that is only the brand", "say what the product is"),
    "description_html": _warn("HTML in the description; the tags were removed", "send plain text"),
    "description_long": _warn("a description of more than 5000 characters", "shorten it"),
    "description_short": _warn("a description under 30 characters", "say what it is made of and for whom"),
    "description_is_title": _warn("a description that repeats the title", "write a description"),
    "price_zero": _warn("a price of zero", "write the price, or leave it empty when there is none"),
    "currency_mixed": _warn("more than one currency in the feed", "send one feed a currency"),
    "sale_price_unusable": _warn("a sale price that is no price, so it was ignored", "write it as 12.00 USD"),
    "sale_price_not_lower": _warn(
        "a sale price that is not below the price, so it was ignored", "leave it empty when there is no sale"
    ),
    "sale_period_unusable": _warn(
        "a sale period that is not start/end in ISO 8601, so the sale was ignored",
        "write 2026-05-01T00:00Z/2026-05-31T23:59Z",
    ),
    "availability_date_missing": _warn("preorder or backorder without a date", "add availability_date"),
    "date_unparsable": _warn("a date that is not ISO 8601 or a Unix time", "write 2026-05-01T12:00:00Z"),
    "flag_unknown": _warn("a yes/no field that says neither", "write true or false"),
    "url_not_absolute": _warn("a link that is not an absolute http(s) URL; it was left out", "write https://..."),
    "image_url_unusable": _warn(
        "a picture address that is neither an http(s) URL nor a file in the source folder; it was left out",
        "write https://..., or a path inside the source folder",
    ),
    "image_type": _warn("a picture address that ends in a type browsers do not show", "use JPEG, PNG, WebP or GIF"),
    "image_missing": _warn("a picture file that is not there; the product came in without it", "add the file"),
    "image_broken": _warn(
        "a picture file that is no picture, HEIC, or above 20 MB or 25 million pixels; the product came in without it",
        "replace the file; JPEG is always read",
    ),
    "image_repeated": _warn("the same picture twice on one product", "list each picture once"),
    "image_placeholder": _warn("one picture on more than 20 products: a placeholder?", "leave the field empty"),
    "images_many": _warn("more than 11 pictures; marketplaces take 11", "keep the best"),
    "gtin_invalid": _warn("a GTIN of wrong length or check digit", "copy the number under the bar code"),
    "gtin_shared": _warn("a GTIN that another product has too", "each variant has its own GTIN"),
    "value_unknown": _warn("a value outside the vocabulary of this attribute", "use one of the values in the manual"),
    "colors_many": _warn("more than three colours", "name the main one to three"),
    "sku_repeated": _warn("a SKU that another variant has too; handle and options became the id", "use unique SKUs"),
    "group_single": _warn("a group with a single product", "leave the group empty for products without variants"),
    "group_large": _warn(
        "one group that holds a large part of the feed: its products count as variants of one, and a list shows one",
        "give each product its own group, or none",
    ),
    "group_mixed": _warn("one group, several brands", "give each product its own group"),
    "variant_repeated": _warn("two variants of a group that no attribute tells apart", "say what differs: size, color"),
}
"""Rule name to rule, in the order the manual lists them."""


def problem(rule: str, row: str, field: str, seen: str, *, fix: str = "") -> Problem:
    """A problem with the words of its rule; long values are shortened. `fix` replaces the rule's own advice."""
    known = RULES[rule]
    seen = whole(seen)
    shown = seen if len(seen) <= _SEEN_MAX else seen[: _SEEN_MAX - 1] + "…"
    return Problem(row, field, rule, shown, fix or known.fix, known.severity)
