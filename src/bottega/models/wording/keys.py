"""Keys: what a fact is about, under one name, whatever a shop calls the attribute; and which of them matter first.

Attributes that say nothing to a customer (numbers of a warehouse, marks of a feed) make no facts. An attribute that
nobody foresaw keeps its own name as a key and is written behind its own label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from bottega.languages.writing import writing, writing_languages

__all__ = ["IMPORTANCE", "NAMESPACES", "PICTURED", "VAGUE", "key_of", "rank"]

_SILENT = re.compile(
    r"sku|gtin\d*|ean|upc|isbn|barcode|generated|customi[sz]e|tags?|handle|id|.*_ids?|custom_label.*|google_product_category|url|"
    r".*_url|link|list_price|.*price.*|cost.*|tax.*|shipping.*|vat|stock.*|inventory.*|quantity|views|num_favorers|.*_tsz|"
    r"position|sort.*|seo.*|meta_.*|image.*|file.*|template.*|theme_.*|status|visibility|.*date.*|created.*|updated.*|"
    r"language|who_made|when_made|taxonomy.*|is_.*|has_.*|vendor|rating.*|reviews?.*|related.*|cross_sell.*|up_sell.*|"
    r"additional_.*|source.*|hs_code|country_code.*|availability.*|section.*|subcategory|mastercategory|masterproduct|"
    r"sub_category|master_category|gender_affinity|current_stock|featured|where_visible|promoted|category|"
    r"(?:title|description|image_alt|bullets)(?:_[a-z]{2})?"
)
"""Names of attributes that say nothing of the thing itself, or what a text should not say."""

IMPORTANCE = (
    "kind", "front", "line", "brand", "people", "colour", "material", "pattern", "occasion", "season", "size",
    "dimensions", "count", "fit", "cut", "sleeves", "neckline", "length", "shape", "motif", "style", "scent",
    "flavour", "finish", "closure", "heel", "capacity", "weight", "height", "width", "depth", "power", "light",
    "format", "model", "age", "condition", "collection", "subject", "care", "year", "feature", "stated",
    "part_number", "category", "review", "price", "name", "title",
)  # fmt: skip
"""Keys in the order in which a text says them where nothing else is known."""
_RANK = {key: place for place, key in enumerate(IMPORTANCE)}
NAMESPACES: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "people": ("people",),
    "age": ("people",),
    "colour": ("colour",),
    "material": ("material",),
    "pattern": ("pattern",),
    "season": ("season",),
    "occasion": ("occasion",),
    "feature": ("detail",),
}
"""Which concepts a key's values may be; those of any other key are a `value`."""
VAGUE = frozenset(
    {
        "kind.clothing", "kind.accessories", "kind.beauty", "kind.health", "kind.home", "kind.furniture",
        "kind.kitchen", "kind.food", "kind.garden", "kind.tools", "kind.pets", "kind.dog", "kind.cat",
        "kind.fish_bird", "kind.electronics", "kind.office", "kind.craft", "kind.toys", "kind.baby_care",
        "kind.sports", "kind.automotive", "kind.outdoor_furniture", "kind.bottomwear", "kind.music", "kind.film",
        "kind.storage", "kind.cleaning", "kind.first_aid", "kind.hair_accessory", "kind.plant_care",
        "kind.massage", "kind.swim_gear", "kind.fishing", "kind.skates", "kind.yoga", "kind.desk_accessory",
        "kind.packaging", "kind.wrapping", "kind.correction", "kind.drink", "kind.spirits", "kind.nuts",
        "kind.fruit", "kind.vegetables", "kind.dairy", "kind.shoe_care", "kind.storage_media",
        "kind.garden_tools", "kind.underwear", "kind.jewellery", "kind.makeup", "kind.utensils",
        "kind.instrument", "kind.magazine", "kind.bath", "kind.vitamins", "kind.outdoor_toy",
    }
)  # fmt: skip
"""Kinds that say a department, not what one thing is called."""


PICTURED = frozenset(
    {"kind.art", "kind.book", "kind.magazine", "kind.calendar", "kind.postcard", "kind.sticker", "kind.puzzle"}
)
"""Kinds of which a title says what they show."""


def key_of(attribute: str) -> str | None:
    """The key of an attribute's name; None for those that make no fact.

    >>> key_of("base_colour"), key_of("sleeve_length"), key_of("sku"), key_of("wick_type")
    ('colour', 'sleeves', None, 'wick_type')
    """
    name = re.sub(r"[\W_]+", "_", attribute.casefold()).strip("_").removeprefix("attr_").removeprefix("pa_")
    known = _names_of_keys().get(name)
    if known is not None:
        return known
    return None if not name or _SILENT.fullmatch(name) else name


@cache
def _names_of_keys() -> Mapping[str, str]:
    """What attributes are called in any language, and their keys."""
    return {
        name: key for code in writing_languages() for key, names in writing(code).attributes.items() for name in names
    }


def rank(key: str) -> int:
    """The place of a key; one that nobody foresaw stands before what is only copied."""
    return _RANK.get(key, _RANK["year"])
