"""The table of rules that a feed and a catalogue are checked by: those of an import, at a check's levels, and more.

The table is the single source: docs/check.md is made from it, and a test breaks each rule.
"""

from __future__ import annotations

from bottega.catalogue.problems import RULES
from bottega.sources.findings import CheckLevel, CheckRule, levelled

__all__ = ["CATALOGUE_RULES", "GROUP_RULES", "HISTORY_RULES", "PICTURE_RULES", "ROW_RULES", "WHOLE_RULES"]


def _error(meaning: str, fix: str) -> CheckRule:
    return CheckRule(CheckLevel.ERROR, meaning, fix)


def _warning(meaning: str, fix: str) -> CheckRule:
    return CheckRule(CheckLevel.WARNING, meaning, fix)


def _hint(meaning: str, fix: str) -> CheckRule:
    return CheckRule(CheckLevel.HINT, meaning, fix)


_LOST = (
    "price_unparsable", "price_ambiguous", "price_negative", "price_zero", "currency_unknown", "availability_unknown",
    "sale_price_unusable", "sale_price_not_lower", "sale_period_unusable", "availability_date_missing",
    "url_not_absolute", "image_url_unusable", "image_type", "image_missing", "image_broken", "value_unknown",
    "variant_repeated", "control_characters", "half_character",
)  # fmt: skip
_MAYBE_MEANT = (
    "field_empty", "id_long", "description_html", "description_short", "images_many", "group_single",
)  # fmt: skip

_OF_IMPORTS = levelled(
    RULES,
    {name: CheckLevel.ERROR for name in _LOST if name in RULES} | dict.fromkeys(_MAYBE_MEANT, CheckLevel.HINT),
)

ROW_RULES = {
    "address_private": _error(
        "an address that opens only inside (localhost, 192.168..., .local)", "write the public address"
    ),
    "id_scientific": _error(
        "an id or bar code that a spreadsheet rounded, as in 8.71E+12", "format the column as text and export again"
    ),
    "text_unfilled": _error(
        "a hole of a template that nobody filled, as in {{ title }}", "mend the export: the value was not put in"
    ),
    "availability_date_far": _warning("an availability date more than a year ahead", "check the year"),
    "availability_date_past": _warning(
        "preorder or backorder with a date that is over", "write the new date, or in_stock"
    ),
    "updated_in_future": _warning("changed later than now", "check the clock and the time zone of the source"),
    "url_not_https": _warning("an address without https: browsers block such pictures and warn of such pages",
                              "write https://..."),
    "url_home": _warning("a link to the home page in place of the product's page", "link the product's own page"),
    "title_is_code": _warning("a title that is a number or the id", "say what the product is"),
    "text_test": _warning("a product made to try something, or filler text (lorem ipsum)", "hide or delete it"),
    "text_entities": _warning("codes of characters left in the text, as in &amp;", "encode the text once, not twice"),
    "image_stand_in": _warning(
        "a picture whose name says that there is none (no-image, placeholder)", "leave the field empty, or add a photo"
    ),
    "color_unusable": _warning("a colour that is none: a number, or 'see picture'", "name the colour"),
    "size_several": _warning("several sizes in one value", "give each size its own variant, or leave it empty"),
    "gtin_restricted": _warning(
        "a bar code for use inside a shop, a coupon or all zeros", "leave it empty, or use the maker's"
    ),
    "identifier_contradicted": _warning(
        "identifier_exists says no beside a bar code", "write yes, or take the bar code out"
    ),
    "category_unsplit": _warning("a whole path in one level of the category", "separate levels with ' > '"),
    "discount_huge": _hint("a list price more than ten times the price", "check both; a decimal mark may be lost"),
}  # fmt: skip
"""Seen in one row alone."""

WHOLE_RULES = {
    "price_missing": _error("no price, where nearly all others have one", "write it as 15.00 USD"),
    "required_missing": _warning(
        "a field left empty that nearly all others have: a picture, a link, a description, a category or a brand",
        "fill it",
    ),
    "nothing_for_sale": _error(
        "nearly all products are sold out or hidden: nothing can be recommended", "check the stock column"
    ),
    "attribute_gap": _warning(
        "products of a category without an attribute that nearly all of it have", "fill it: filters and models use it"
    ),
    "identifiers_missing": _warning(
        "neither a bar code nor brand and part number, where nearly all others have them",
        "fill gtin, or brand and mpn; or write identifier_exists no",
    ),
    "category_unknown": _warning(
        "a Google category that is not Google's, where others are", "choose one of Google's taxonomy"
    ),
    "category_flat": _hint("categories of a single level", "add the levels above and below: models use each of them"),
    "price_far": _warning("a price far from those of its category: a lost decimal mark?", "check the price"),
    "url_shared": _warning("one page for several products", "link each product's own page"),
    "url_elsewhere": _warning("a link to another site than nearly all others have", "check the address"),
    "product_repeated": _warning(
        "products that differ in nothing but the id", "keep one, or say what differs"
    ),
    "text_near": _hint("products whose texts are nearly the same", "say what differs, or group them as variants"),
    "title_shared": _hint("several products of one title", "say in the title what differs"),
    "description_shared": _hint("one description for many products", "describe each product by itself"),
    "picture_shared": _hint("one picture for several products", "give each product its own photo"),
    "values_spelt": _hint("one value, spelt in several ways", "use one spelling: models and filters take them for two"),
}  # fmt: skip
"""Seen beside the other products."""

GROUP_RULES = {
    "group_categories": _warning("variants of one group in different categories", "give each product its own group"),
    "group_unlike": _warning("variants of one group whose titles share no word", "give each product its own group"),
    "group_price_far": _warning(
        "a variant that costs ten times as much as its siblings, or a tenth", "check the price"
    ),
    "variant_gap": _warning(
        "a variant without a size or colour that its siblings have", "say what each variant differs in"
    ),
    "group_undescribed": _hint(
        "variants that differ in their titles alone", "say in attributes what differs, as in size and color"
    ),
    "variants_ungrouped": _hint(
        "products that differ only in size or colour and belong to no group", "give them one group id"
    ),
}
"""Seen among variants."""

HISTORY_RULES = {
    "rows_dropped": _error(
        "the feed holds far fewer products than the shop sells", "check that the export is whole before it is synced"
    ),
    "ids_changed": _error(
        "nearly all ids are new, though titles are known: events would name products that are gone",
        "keep the ids, or name the old ones' column",
    ),
    "prices_scaled": _error(
        "many prices are ten, a hundred or a thousand times those of the shop, or so much less",
        "check the decimal mark and the unit (cents?)",
    ),
    "currency_changed": _warning("products whose currency has changed", "check the feed's country"),
    "price_jumped": _warning("a price more than five times that of the shop, or a fifth", "check the price"),
    "availability_flipped": _warning(
        "more than half of the products changed between sold out and in stock", "check the stock column"
    ),
    "groups_changed": _warning(
        "many products changed their group: what was learnt of the old groups is lost", "keep the group ids"
    ),
}
"""Seen beside what the shop has."""

PICTURE_RULES = {
    "image_lost": _error("a picture of the shop whose file is not there or broken", "import the feed again"),
    "image_tiny": _error("a picture of less than 100 pixels a side", "use one of 500 pixels or more"),
    "image_small": _warning("a picture of less than 250 pixels a side", "use one of 500 pixels or more"),
    "image_blank": _warning("a picture of one colour", "use a photo of the product"),
    "image_blurred": _warning("a picture on which even the sharpest edges are soft", "use a sharp photo"),
    "image_dark": _warning("a picture on which nothing is light", "take it in more light; `bottega rescue` helps"),
    "image_writing": _hint(
        "writing on a picture's plain background, or at the upper or lower edge of another",
        "use the photo without it: channels refuse it",
    ),
    "image_watermark": _hint("faint strokes over a picture's plain background, as watermarks are",
                             "use the photo without it: channels refuse it"),
    "image_turned": _warning("a picture that lies on its side or stands on its head", "turn it upright"),
    "image_other_product": _warning("a picture of another thing than the category says, as the eye sees it",
                                    "use a photo of this product, or correct the category"),
    "image_copied": _hint(
        "one picture, resized or saved anew, on several products", "give each product its own photo"
    ),
}  # fmt: skip
"""Seen in the files of pictures."""

CATALOGUE_RULES = {**_OF_IMPORTS, **ROW_RULES, **WHOLE_RULES, **GROUP_RULES, **HISTORY_RULES, **PICTURE_RULES}
"""All of them, in the order of the manual."""
