"""Rows with columns of any name: `--map` says what they are, and well-known names are guessed.

A column that becomes no field is reported as unused; nothing is taken as an attribute without being asked for, except
columns whose names mean an attribute everywhere (color, size, gender, ...).
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.mapping import Bound, Mapping, Part, bind
from bottega.catalogue.readers.merchant import split_path
from bottega.errors import ColumnMissing
from bottega.sources.columns import name_of

__all__ = ["GUESSES", "generic_draft", "plan_columns"]

_TEXT_FIELDS = (
    "id", "group_id", "title", "description", "brand", "price", "sale_price", "sale_period", "currency",
    "availability", "hidden", "url", "updated_at",
)  # fmt: skip
GUESSES: dict[str, tuple[str, ...]] = {
    "id": ("id", "product_id", "item_id", "productid", "itemid", "sku", "product_code", "asin", "code"),
    "group_id": ("group_id", "item_group_id", "parent_id", "parent_sku", "parent_asin"),
    "title": ("title", "name", "product_name", "product_title", "productname", "productdisplayname", "item_name"),
    "description": ("description", "body", "body_html", "long_description", "product_description", "text"),
    "brand": ("brand", "vendor", "manufacturer", "brand_name"),
    "category": ("category", "categories", "product_type", "category_path", "product_category", "type"),
    "price": ("price", "regular_price", "list_price", "unit_price"),
    "sale_price": ("sale_price", "special_price", "promotional_price"),
    "sale_period": ("sale_period", "sale_price_effective_date"),
    "currency": ("currency", "currency_code", "price_currency"),
    "availability": ("availability", "in_stock", "stock_status", "stock", "quantity"),
    "hidden": ("hidden",),
    "images": ("images", "image", "image_url", "image_link", "image_src", "img", "picture", "photo", "imageurl"),
    "url": ("url", "link", "product_url", "permalink"),
    "updated_at": ("updated_at", "updated_at_ms", "modified", "last_modified", "date_modified"),
}
"""Field to the column names that are taken for it, best first, as `name_of` writes them."""

_ATTRIBUTE_GUESSES: dict[str, tuple[str, ...]] = {
    "color": ("color", "colour"),
    "size": ("size",),
    "material": ("material",),
    "pattern": ("pattern",),
    "gender": ("gender",),
    "age_group": ("age_group",),
    "gtin": ("gtin", "ean", "upc", "isbn", "barcode"),
    "mpn": ("mpn",),
    "condition": ("condition",),
    "tags": ("tags", "keywords"),
}
_LEVELS = re.compile("[|>]")


def plan_columns(mapping: Mapping, columns: Sequence[str], source: str) -> tuple[Bound, list[str]]:
    """What each column becomes, and the columns that become nothing.

    Fields that the mapping leaves open are guessed from columns it does not use; attr.NAME columns are attributes.
    Raises `MappingInvalid`, and `ColumnMissing` when id or title stay open.
    """
    bound = bind(mapping, columns)
    fields, attributes, used = dict(bound.fields), dict(bound.attributes), set(bound.used)
    # A column inside a template (images/{id}.jpg) may still be guessed for a field of its own.
    every = [part for parts in (*fields.values(), *attributes.values()) for part in parts]
    taken = {part.column for part in every if part.column}
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(name_of(column), column)

    def free(names: Sequence[str]) -> str | None:
        return next((by_name[name] for name in names if name in by_name and by_name[name] not in taken), None)

    for field, names in GUESSES.items():
        if field not in fields and (guess := free(names)) is not None:
            fields[field] = (Part.of(guess),)
            used.add(guess)
            taken.add(guess)
    for attribute, names in _ATTRIBUTE_GUESSES.items():
        if attribute not in attributes and (guess := free(names)) is not None:
            attributes[attribute] = (Part.of(guess),)
            used.add(guess)
            taken.add(guess)
    for column in columns:
        prefix, _, name = column.partition(".")
        if prefix in ("attr", "attributes") and name_of(name) and column not in taken:
            attributes.setdefault(name_of(name), (Part.of(column),))
            used.add(column)
    missing = [field for field in ("id", "title") if field not in fields]
    if missing:
        raise ColumnMissing(
            f"No column of {source} looks like the {' or the '.join(missing)}.",
            allowed=f"Its columns are: {', '.join(columns)}.",
            next_step=f"Say which it is: --map {','.join(f'{field}=COLUMN' for field in missing)}.",
        )
    return Bound(fields, attributes, frozenset(used)), [column for column in columns if column not in used]


def generic_draft(cells: AnyMapping[str, str], plan: Bound, row: str) -> Draft:
    """The draft of one row."""
    draft = Draft(row=row)
    for field in _TEXT_FIELDS:
        if parts := plan.fields.get(field):
            setattr(draft, field, " ".join(text for part in parts if (text := part.value(cells))))
    for part in plan.fields.get("category", ()):
        text = part.value(cells)
        levels = [level for path in text.split("|") for level in split_path(path)] if _LEVELS.search(text) else [text]
        draft.category += (level for level in levels if level not in draft.category[-1:])
    for part in plan.fields.get("images", ()):
        listed = part.entries(cells)
        draft.images += _addresses(part.value(cells), is_template=not part.column) if listed is None else listed
    for name, parts in plan.attributes.items():
        draft.attributes[name] = [
            value for part in parts for value in part.entries(cells) or _values(part.value(cells))
        ]
    return draft


def _values(text: str) -> list[str]:
    return text.split("|")


def _addresses(text: str, *, is_template: bool) -> list[str]:
    """Addresses in one cell; what a template made is one address, commas included."""
    if is_template:
        return [text] if text else []
    return addresses_in(text)
