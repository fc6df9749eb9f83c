"""Google Merchant attributes, and Meta's, whatever file they come in: names to fields of a draft.

Source   Google Merchant Center product data specification; Meta catalog fields. Meta writes availability with blanks
         and `additional_image_link` with commas, semicolons, blanks or bars; both are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.guessing import guess_columns
from bottega.catalogue.readers.columns.mapping import Bound
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.flags import says_shown
from bottega.catalogue.readers.fields.lists import entries_of, split_path
from bottega.sources.columns import name_of

__all__ = ["GENERATED", "KNOWN", "looks_like_merchant", "merchant_draft", "merchant_name", "rest_plan", "split_path"]

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
_STRUCTURED = {"structured_title": "title", "structured_description": "description"}
_TAGS, _VIDEO = "product_tags", "video"
_TAG = "product_tag"
"""One tag in a column of its own, which may hold what separates tags."""
_HIDES = ("visibility", "status")
_OTHER = frozenset(
    {"product_type", "product_detail", "additional_variant_attribute", *_HIDES, *_STRUCTURED, _TAGS, _TAG, _VIDEO}
)
KNOWN = frozenset(_FIELDS) | _ATTRIBUTES | frozenset(_IMAGES) | _OTHER
"""Attribute names that are read; all others are reported as unused."""

_VOCABULARY = {
    "gender": frozenset({"male", "female", "unisex"}),
    "age_group": frozenset({"newborn", "infant", "toddler", "kids", "adult", "teen", "all ages"}),
    "condition": frozenset({"new", "refurbished", "used", "used_like_new", "used_good", "used_fair"}),
}
_SEVERAL = frozenset({"color", "material"})
_STRONG = frozenset(
    {
        "image_link", "additional_image_link", "item_group_id", "google_product_category", "fb_product_category",
        "sale_price_effective_date", "identifier_exists", "custom_label_0", "quantity_to_sell_on_facebook",
        "lifestyle_image_link", "additional_variant_attribute", "shipping_weight", "size_system", "age_group",
    }
)  # fmt: skip
"""Names that hardly anybody gives a column but for Google or Meta."""
_WEAK = frozenset({"availability", "link", "gtin", "condition", "mpn", "brand", "price", "description"})
_FOREIGN = frozenset(
    {
        "name", "image", "images", "image_url", "category", "categories", "stock", "quantity", "qty", "currency", "url",
        "sku", "group_id", "parent_id", "vendor", "handle", "tags",
    }
)  # fmt: skip
"""Names that neither has, and other tables do."""
_LISTED = re.compile(r"(?P<name>image|video|product_tags|additional_image_link)_\d+(?P<part>_url)?")
"""Meta's columns of lists, as `name_of` writes them: image[0].url, product_tags[1]."""
_TRAINED = "trained_algorithmic_media"
GENERATED = "generated"
"""The attribute that names the texts of a product which a machine wrote, as Google wants them marked."""
_FIELD_OF = {**_FIELDS, **dict.fromkeys(_IMAGES, "images"), **_STRUCTURED} | {
    "product_type": "category", "google_product_category": "category", "visibility": "hidden", "status": "hidden",
    _TAGS: "attr.tags", _TAG: "attr.tags",
}  # fmt: skip
"""Name to the field of a product that it fills."""


def merchant_name(column: str) -> str:
    """Google's or Meta's name of a column, its own `name_of` where it is neither's.

    >>> merchant_name("g:image link"), merchant_name("image[0].url"), merchant_name("product_tags[1]")
    ('image_link', 'image_link', 'product_tag')
    """
    name = name_of(column)
    if (found := _LISTED.fullmatch(name)) is None or (found["name"] in ("image", "video")) != bool(found["part"]):
        return name
    return {"image": "image_link", _TAGS: _TAG}.get(found["name"], found["name"])


def looks_like_merchant(columns: Iterable[str]) -> float:
    """How sure a list of column names is Google's or Meta's, from 0 to 1.

    Plain tables have an availability and a link, too; what none of the two would call a column speaks against them.
    """
    listed = list(columns)
    names = {merchant_name(column) for column in listed}
    if not {"id", "title"} <= names:
        return 0.0
    prefixed = sum(column.strip().lower().startswith("g:") for column in listed)
    strong = len(names & _STRONG) + (prefixed >= 2)
    if strong and strong + len(names & _WEAK) >= 2:
        return 0.9
    return 0.6 if len(names & _WEAK) >= 2 and not names & _FOREIGN else 0.0


def rest_plan(reading: Reading, columns: Mapping[str, str], sample: Sequence[Mapping[str, str]]) -> Bound:
    """Which of the other columns say what no column of the format does, by the rules of any table: a currency beside
    the price, a category, a picture under another name. `columns` are columns with their names in the format."""
    known = {name for name in columns.values() if name in KNOWN}
    fields = {_FIELD_OF.get(name, f"attr.{name}") for name in known}
    others = [column for column, name in columns.items() if name not in KNOWN]
    guesses = guess_columns(others, sample, fields=fields)
    reading.guesses += (guess for guess in guesses.listed if guess.taken)
    plan = guesses.plan
    reading.unused_columns = reading.left_over(column for column in others if column not in plan.used)
    return plan


def merchant_draft(values: Mapping[str, list[str]], row: str, reading: Reading, cells: Mapping[str, str]) -> Draft:
    """The draft of one item; `values` holds each attribute's values under its `name_of`.

    Reports values outside Google's vocabularies on `reading`.
    """
    draft = Draft(row=row, asks_date=True, cells=cells)
    for name, field in _FIELDS.items():
        if given := values.get(name):
            setattr(draft, field, given[0])
    for name, field in _STRUCTURED.items():
        if structured := values.get(name):
            _take_structured(draft, field, structured[0])
    own, google = values.get("product_type", []), values.get("google_product_category", [])
    path = next((text for text in (*own, *google) if text.strip()), "")
    draft.category = split_path(path)
    draft.images = [address for name in _IMAGES for text in values.get(name, []) for address in addresses_in(text)]
    # Meta's staging and archived items are in the feed but must not be seen.
    said = [text for name in _HIDES for text in values.get(name, []) if text.strip()]
    draft.hidden = "hidden" if any(says_shown(text) is False for text in said) else next(iter(said), "")
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
    for name, attribute in ((_TAGS, "tags"), (_VIDEO, "video")):
        if given := [entry for text in values.get(name, []) for entry in entries_of(attribute, text)]:
            draft.attributes[attribute] = given
    if tags := values.get(_TAG):
        draft.attributes.setdefault("tags", []).extend(tags)
    _add_details(draft, values)
    return draft


def _take_structured(draft: Draft, field: str, text: str) -> None:
    """A title or description with the kind of its source before it, as in trained_algorithmic_media:"Oak lamp"."""
    kind, sign, content = text.partition(":")
    trained = kind.strip().lower() == _TRAINED
    content = (content if sign and (trained or kind.strip().lower() == "default") else text).strip().strip('"')
    if not getattr(draft, field):
        setattr(draft, field, content)
        if trained:
            draft.attributes.setdefault(GENERATED, []).append(field)


def _add_details(draft: Draft, values: Mapping[str, list[str]]) -> None:
    """Attributes that come as section:name:value (Google) or Name:value (Meta), with commas between; a text in quotes
    may hold what separates."""
    for text in (*values.get("product_detail", []), *values.get("additional_variant_attribute", [])):
        for detail in _ENTRY.findall(text):
            parts = [_unquoted(part) for part in _PART.findall(detail)]
            if len(parts) >= 2 and (name := name_of(parts[-2])):
                draft.attributes.setdefault(name, []).append(parts[-1])


_ENTRY = re.compile(r'(?:"(?:[^"]|"")*"|[^,"]|")+')
_PART = re.compile(r'(?:"(?:[^"]|"")*"|[^:"]|")+')


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').strip()
    return text.strip('"').strip()
