"""Google Merchant attributes, and Meta's, whatever file they come in: names to fields of a draft.

Source   Google Merchant Center product data specification; Meta catalog fields. Meta writes availability with blanks
         and `additional_image_link` with commas, semicolons, blanks or bars; both are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.sources.columns import name_of

__all__ = ["KNOWN", "looks_like_merchant", "merchant_draft", "split_path"]

_FIELDS = {
    "id": "id",
    "item_group_id": "group_id",
    "title": "title",
    "description": "description",
    "brand": "brand",
    "price": "price",
    "sale_price": "sale_price",
    "sale_price_effective_date": "sale_period",
    "availability": "availability",
    "availability_date": "availability_date",
    "identifier_exists": "identifier_exists",
    "link": "url",
}
_ATTRIBUTES = frozenset(
    {
        "color", "size", "material", "pattern", "gender", "age_group", "size_type", "size_system", "condition", "gtin",
        "mpn", "custom_label_0", "custom_label_1", "custom_label_2", "custom_label_3", "custom_label_4", "adult",
        "energy_efficiency_class", "multipack", "is_bundle", "product_highlight", "fb_product_category",
        "google_product_category",
    }
)  # fmt: skip
_IMAGES = ("image_link", "additional_image_link", "lifestyle_image_link")
_OTHER = frozenset(
    {"product_type", "product_detail", "additional_variant_attribute", "visibility", "status", "structured_title"}
)
KNOWN = frozenset(_FIELDS) | _ATTRIBUTES | frozenset(_IMAGES) | _OTHER
"""Attribute names that are read; all others are reported as unused."""

_VOCABULARY = {
    "gender": frozenset({"male", "female", "unisex"}),
    "age_group": frozenset({"newborn", "infant", "toddler", "kids", "adult", "teen", "all ages"}),
    "condition": frozenset({"new", "refurbished", "used", "used_like_new", "used_good", "used_fair"}),
}
_SEVERAL = frozenset({"color", "material"})
_TELLTALE = frozenset({"image_link", "item_group_id", "availability", "google_product_category", "link", "gtin"})
_PATH = re.compile(r"\s*>\s*")


def looks_like_merchant(columns: Iterable[str]) -> float:
    """How sure a list of column names is Google's or Meta's, from 0 to 1."""
    names = {name_of(column) for column in columns}
    if not {"id", "title"} <= names:
        return 0.0
    return 0.9 if len(names & _TELLTALE) >= 2 else 0.0


def split_path(text: str) -> list[str]:
    """Levels of "Apparel > Shirts"."""
    return [level for level in _PATH.split(text.strip()) if level]


def merchant_draft(values: Mapping[str, list[str]], row: str, reading: Reading) -> Draft:
    """The draft of one item; `values` holds each attribute's values under its `name_of`.

    Reports values outside Google's vocabularies on `reading`.
    """
    draft = Draft(row=row, asks_date=True)
    for name, field in _FIELDS.items():
        if given := values.get(name):
            setattr(draft, field, given[0])
    if not draft.title and (structured := values.get("structured_title")):
        draft.title = structured[0].rsplit(":", 1)[-1].strip(' "')
    own, google = values.get("product_type", []), values.get("google_product_category", [])
    path = next((text for text in (*own, *google) if text.strip()), "")
    draft.category = split_path(path)
    draft.images = [address for name in _IMAGES for text in values.get(name, []) for address in addresses_in(text)]
    # Meta's staging and archived items are in the feed but must not be seen.
    draft.hidden = next(
        (text for name in ("visibility", "status") for text in values.get(name, []) if text.strip()), ""
    )
    if draft.hidden.strip().lower() in ("staging", "whitelist_only"):
        draft.hidden = "hidden"
    for name in _ATTRIBUTES & values.keys():
        given = [text.strip() for text in values[name] if text.strip()]
        if name in _SEVERAL:
            given = [part.strip() for text in given for part in text.split("/")]
        if allowed := _VOCABULARY.get(name):
            given = [text.lower() for text in given]
            for text in given:
                if text not in allowed:
                    reading.warn("value_unknown", row, text, field=name)
        draft.attributes[name] = given
    _add_details(draft, values)
    return draft


def _add_details(draft: Draft, values: Mapping[str, list[str]]) -> None:
    """Attributes that come as "section:name:value" (Google) or "Name:value, Name:value" (Meta)."""
    for text in values.get("product_detail", []):
        for detail in text.split(","):
            parts = [part.strip(' "') for part in detail.split(":")]
            if len(parts) >= 2 and (name := name_of(parts[-2])):
                draft.attributes.setdefault(name, []).append(parts[-1])
    for text in values.get("additional_variant_attribute", []):
        for pair in text.split(","):
            name, sign, value = pair.partition(":")
            if sign and name_of(name):
                draft.attributes.setdefault(name_of(name), []).append(value.strip())
