"""BigCommerce's products as its catalogue API gives them (v3), with the ids of its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, best_path, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, text_of
from bottega.catalogue.readers.platforms.json_products import (
    finish_all,
    first_product,
    listed,
    names_in,
    products_in,
    texts_of,
)
from bottega.sources.source import Source

__all__ = ["BigCommerceJson", "bigcommerce_drafts", "is_bigcommerce"]

_TELLING = frozenset(
    {"inventory_tracking", "is_visible", "custom_url", "calculated_price", "option_set_id", "brand_id", "map_price",
     "retail_price", "inventory_level", "is_free_shipping"}
)  # fmt: skip


def is_bigcommerce(value: dict[str, Any]) -> float:
    """How sure an object is a product of BigCommerce's, from 0 to 1."""
    told = len(_TELLING & value.keys())
    return 0.97 if {"id", "name", "price"} <= value.keys() and told >= 3 else 0.0


class BigCommerceJson:
    """BigCommerce's catalogue answers."""

    name = "bigcommerce-json"
    describe = "BigCommerce products as JSON of its catalogue API v3"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the keys of the first product."""
        return is_bigcommerce(first_product(source))

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, or a product that has none."""
        owners = Owners()
        for place, value in products_in(reading):
            yield from finish_all(bigcommerce_drafts(value, reading.row(place), owners, reading), value, reading)


def bigcommerce_drafts(value: dict[str, Any], row: str, owners: Owners, reading: Reading) -> Iterator[Draft]:
    """Drafts of the variants of a product. A product without options has one variant, which says nothing more."""
    shared = _shared(value, row)
    variants = listed(value.get("variants"))
    chosen = [
        {
            text_of(part.get("option_display_name")): text_of(part.get("label"))
            for part in listed(v.get("option_values"))
        }
        for v in variants
    ]
    if not any(chosen):
        yield shared
        return
    for place, (variant, options) in enumerate(zip(variants, chosen, strict=True), start=1):
        own = Draft(row=f"{row} variant {place}", group_id=shared.id)
        own.id = owners.id_of(text_of(variant.get("sku")), options_place(shared.id, options.values()), reading, own.row)
        own.price = dotted(variant.get("price"))
        own.sale_price = dotted(variant.get("sale_price"))
        own.list_price = dotted(variant.get("retail_price")) or shared.list_price
        if variant.get("purchasing_disabled") is True:
            own.availability = "out_of_stock"
        elif value.get("inventory_tracking") == "variant":
            own.availability = stock_word(text_of(variant.get("inventory_level")))
        own.images = [text_of(variant.get("image_url"))] if variant.get("image_url") else []
        for name, label in options.items():
            put(own, name, label)
        _put_numbers(own, variant)
        draft = variant_of(shared, own)
        draft.attributes.pop("sku", None)
        yield draft


def _shared(value: dict[str, Any], row: str) -> Draft:
    draft = Draft(
        row=row,
        id=text_of(value.get("id")),
        title=text_of(value.get("name")),
        description=text_of(value.get("description")),
        html_expected=True,
        brand=text_of(value.get("brand_name") or value.get("brand")),
        price=dotted(value.get("price")),
        sale_price=dotted(value.get("sale_price")),
        list_price=dotted(value.get("retail_price")),
        availability=_availability(value),
        hidden="hidden" if value.get("is_visible") is False else "",
        updated_at=text_of(value.get("date_modified")),
    )
    pictures = sorted(listed(value.get("images")), key=lambda image: image.get("is_thumbnail") is not True)
    keys = ("url_zoom", "url_standard", "image_url", "url_thumbnail")
    draft.images = [next((text for key in keys if (text := text_of(image.get(key)))), "") for image in pictures]
    told = (text_of(image.get("description")) for image in pictures)
    draft.alts = dict(zip(draft.images, told, strict=True))
    categories = value.get("categories") if isinstance(value.get("categories"), list) else []
    put(draft, "category_id", *(text_of(entry) for entry in categories or [] if not isinstance(entry, dict)))
    draft.category, others = best_path(
        [[name] for name in names_in([c for c in categories or [] if isinstance(c, dict)])]
    )
    put(draft, "categories", *others)
    put(draft, "tags", *texts_of(value.get("search_keywords")))
    put(draft, "condition", text_of(value.get("condition")).lower())
    if not draft.brand and text_of(value.get("brand_id")) not in ("", "0"):
        put(draft, "brand_id", text_of(value.get("brand_id")))
    for pair in listed(value.get("custom_fields")):
        put(draft, text_of(pair.get("name")), text_of(pair.get("value")))
    _put_numbers(draft, value)
    put(draft, "sku", text_of(value.get("sku")))
    return draft


def _put_numbers(draft: Draft, value: dict[str, Any]) -> None:
    put(draft, "gtin", text_of(value.get("gtin") or value.get("upc")))
    put(draft, "mpn", text_of(value.get("mpn")))


def _availability(value: dict[str, Any]) -> str:
    if value.get("availability") in ("disabled", "preorder"):
        return "out_of_stock" if value["availability"] == "disabled" else "preorder"
    return stock_word(text_of(value.get("inventory_level")), tracked=value.get("inventory_tracking") == "product")
