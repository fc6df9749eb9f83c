"""What can be wrong with a row of a feed: the table of rules.

A rule rejects a row only when Bottega cannot use it. What a marketplace would refuse but a recommender can live with is
a warning. The table is the single source: docs/feeds.md is checked against it.
"""

from __future__ import annotations

from bottega.sources.problems import Problem, Rule, problem_of, reject, warn
from bottega.texts import whole

__all__ = ["RULES", "problem"]

RULES: dict[str, Rule] = {
    # rows that cannot be read
    "columns_extra": reject("the row has more cells than the header", 'put quotes (") around cells that hold commas'),
    "quote_unclosed": reject(
        "a quote opens in this row and never closes properly", 'close the quote, or write two quotes ("") for one'
    ),
    "row_cut": reject("the file ends in the middle of this row", "get the file again: it was not copied to its end"),
    "json_broken": reject("the line is not a JSON object", "write one JSON object a line"),
    "xml_broken": reject("an item whose XML is not well-formed and could not be mended", "mend this item"),
    # rows that are no product
    "id_empty": reject("no id", "give every product its own id"),
    "id_too_long": reject("an id of more than 512 characters", "use a shorter id"),
    "id_broken": reject(
        "an id that holds half a character, as text has that was cut inside an emoji", "write the id whole"
    ),
    "title_empty": reject("no title", "give every product a title"),
    "title_too_long": reject("a title of more than 1000 characters", "shorten it; 150 characters are plenty"),
    "handle_repeated": reject(
        "a second title under one handle, in a row that is neither a variant nor a picture",
        "give each product a handle of its own",
    ),
    "row_empty": reject("a row with a handle and nothing else", "delete the row"),
    "text_too_long": reject(
        "a description or attributes of more than 100,000 characters, a brand, level of the category or name of an "
        "attribute of more than 1,000, or an address of more than 4,000",
        "shorten it; is a file in the wrong column?",
    ),
    "parent_unknown": reject(
        "a part of a product (a variant, a picture) that names a product which is not in the feed",
        "export the product together with its parts",
    ),
    "duplicate_id": reject("an earlier row of this feed has the same id", "give each row its own id, or delete one"),
    # usable, but worth mending
    "columns_short": warn("the row has fewer cells than the header", "write every cell, empty ones included"),
    "encoding_guessed": warn(
        "the file is not UTF-8 and does not say what it is, so its encoding was guessed by its letters",
        "save the file as UTF-8, or name its encoding with --encoding",
    ),
    "byte_wrong": warn(
        "a byte that is no character in the encoding of the file; it was left out",
        "save the file as UTF-8, or name its encoding with --encoding",
    ),
    "control_characters": warn("control characters, which were removed", "remove them at the source"),
    "half_character": warn(
        "text that was cut inside a character, as in an emoji; the half was left out",
        "cut text between characters at the source",
    ),
    "mojibake": warn("text that was decoded wrongly before it came here", "export again as UTF-8"),
    "field_empty": warn("rows without this field", "fill it: models and pages use it"),
    "empty_word": warn(
        "a word for nothing (NULL, nan, n/a, undefined), or a parent or group called 0; the field was left empty",
        "leave the field empty",
    ),
    "id_fraction": warn(
        "ids that were written as measures (1001.0), as a worksheet does; they were read as whole numbers",
        "export the column as text",
    ),
    "id_long": warn("an id of more than 50 characters, which marketplaces refuse", "use a shorter id"),
    "title_long": warn("a title of more than 150 characters", "shorten it"),
    "title_capitals": warn("a title all in capitals", "write it as a sentence"),
    "title_promo": warn("promotional words in the title", "name the product only; promote elsewhere"),
    "title_is_brand": warn("a title that is only the brand", "say what the product is"),
    "description_html": warn("HTML in the description; the tags were removed", "send plain text"),
    "description_long": warn("a description of more than 5000 characters", "shorten it"),
    "description_short": warn("a description under 30 characters", "say what it is made of and for whom"),
    "description_is_title": warn("a description that repeats the title", "write a description"),
    "price_unparsable": warn("a price that is no number; the product has none now", "write it as 15.00 USD"),
    "price_ambiguous": warn(
        "a price that may be thousands or thousandths; the product has none now",
        "write two decimals and no thousands separator, as in 1234.00",
    ),
    "price_negative": warn("a price below zero; the product has none now", "write the amount the shopper pays"),
    "price_range": warn("a range of prices, or a price and more; the lowest was taken", "write one price"),
    "currency_unknown": warn(
        "a currency that is not in ISO 4217; the product has no price now", "write a code such as USD, EUR or JPY"
    ),
    "availability_unknown": warn(
        "a word for stock that is not known; the product counts as in stock",
        "write in_stock, out_of_stock, preorder, backorder or discontinued",
    ),
    "price_zero": warn("a price of zero", "write the price, or leave it empty when there is none"),
    "currency_mixed": warn("more than one currency in the feed", "send one feed a currency"),
    "sale_price_unusable": warn("a sale price that is no price, so it was ignored", "write it as 12.00 USD"),
    "sale_price_not_lower": warn(
        "a sale price that is not below the price, so it was ignored", "leave it empty when there is no sale"
    ),
    "list_price_unusable": warn(
        "a former price that is no price, or in another currency, so it was ignored", "write it as 15.00 USD"
    ),
    "sale_period_unusable": warn(
        "a sale period that is not start/end in ISO 8601, so the sale was ignored",
        "write 2026-05-01T00:00Z/2026-05-31T23:59Z",
    ),
    "availability_date_missing": warn("preorder or backorder without a date", "add availability_date"),
    "date_unparsable": warn("a date that is not ISO 8601 or a Unix time", "write 2026-05-01T12:00:00Z"),
    "flag_unknown": warn("a yes/no field that says neither", "write true or false"),
    "url_not_absolute": warn("a link that is not an absolute http(s) URL; it was left out", "write https://..."),
    "image_url_unusable": warn(
        "a picture address that is neither an http(s) URL nor a file in the source folder; it was left out",
        "write https://..., or a path inside the source folder",
    ),
    "image_type": warn("a picture address that ends in a type browsers do not show", "use JPEG, PNG, WebP or GIF"),
    "image_missing": warn("a picture file that is not there; the product came in without it", "add the file"),
    "image_broken": warn(
        "a picture file that is no picture, HEIC, or above 20 MB or 25 million pixels; the product came in without it",
        "replace the file; JPEG is always read",
    ),
    "image_repeated": warn("the same picture twice on one product", "list each picture once"),
    "image_placeholder": warn("one picture on more than 20 products: a placeholder?", "leave the field empty"),
    "images_many": warn("more than 11 pictures; marketplaces take 11", "keep the best"),
    "gtin_invalid": warn("a GTIN of wrong length or check digit", "copy the number under the bar code"),
    "gtin_shared": warn("a GTIN that another product has too", "each variant has its own GTIN"),
    "value_unknown": warn("a value outside the vocabulary of this attribute", "use one of the values in the manual"),
    "colors_many": warn("more than three colours", "name the main one to three"),
    "sku_repeated": warn("a SKU that another variant has too; handle and options became the id", "use unique SKUs"),
    "id_made": warn("no id in the file; one was made of the title", "give every product its own id, or an SKU"),
    "page_without_product": warn(
        "a page that tells no product in JSON-LD", "leave it out, or save it as a browser loads it"
    ),
    "parent_missing": warn(
        "a variant whose product is not in the feed; it stands by itself, in the group that it names",
        "export the product together with its variants",
    ),
    "price_without_tax": warn(
        "prices without tax, because the file has no others: shoppers pay more", "export the prices with tax"
    ),
    "group_single": warn("a group with a single product", "leave the group empty for products without variants"),
    "group_large": warn(
        "one group that holds a large part of the feed: its products count as variants of one, and a list shows one",
        "give each product its own group, or none",
    ),
    "group_mixed": warn("one group, several brands", "give each product its own group"),
    "variant_repeated": warn("two variants of a group that no attribute tells apart", "say what differs: size, color"),
}
"""Rule name to rule, in the order the manual lists them."""


def problem(rule: str, row: str, field: str, seen: str, *, fix: str = "") -> Problem:
    """A problem with the words of its rule; long values are shortened. `fix` replaces the rule's own advice."""
    return problem_of(RULES, rule, row, field, whole(seen), fix=fix)
