"""Cafe24's products as its admin API gives them: yes and no are "T" and "F", a variant adds an amount to its price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import best_path, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, plus, text_of
from bottega.catalogue.readers.platforms.json_products import finish_all, first_product, listed, products_in, texts_of
from bottega.sources.source import Source

__all__ = ["Cafe24Json", "cafe24_drafts", "is_cafe24"]

_TELLING = frozenset({"product_code", "shop_no", "display", "selling", "detail_image", "summary_description"})
_CODES = ("brand_code", "manufacturer_code")
_NO_CODE = frozenset({"", "B0000000", "M0000000"})
_CONDITIONS = {"N": "new", "U": "used", "R": "refurbished", "F": "refurbished"}


def is_cafe24(value: dict[str, Any]) -> float:
    """How sure an object is a product of Cafe24's, from 0 to 1."""
    return 0.97 if {"product_no", "product_name"} <= value.keys() and len(_TELLING & value.keys()) >= 2 else 0.0


class Cafe24Json:
    """Cafe24's product answers."""

    name = "cafe24-json"
    describe = "Cafe24 products as JSON of its admin API"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the keys of the first product."""
        return is_cafe24(first_product(source))

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, or a product that has none."""
        for place, value in products_in(reading):
            yield from finish_all(cafe24_drafts(value, reading.row(place), reading.currency), value, reading)


def cafe24_drafts(value: dict[str, Any], row: str, currency: str) -> Iterator[Draft]:
    """Drafts of the variants of a product that has options, or of the product."""
    shared = _shared(value, row)
    variants = [variant for variant in listed(value.get("variants")) if listed(variant.get("options"))]
    if not variants:
        yield shared
        return
    for place, variant in enumerate(variants, start=1):
        own = Draft(row=f"{row} variant {place}", group_id=shared.id, id=text_of(variant.get("variant_code")))
        own.price = plus(shared.price, dotted(variant.get("additional_amount")), currency)
        own.list_price = shared.list_price
        own.availability = _variant_stock(variant) if shared.availability == "in_stock" else shared.availability
        own.hidden = "hidden" if variant.get("display") == "F" else ""
        own.images = [text_of(variant.get("image"))] if variant.get("image") else []
        for option in listed(variant.get("options")):
            put(own, text_of(option.get("name")), text_of(option.get("value")))
        put(own, "sku", text_of(variant.get("custom_variant_code")))
        yield variant_of(shared, own)


def _shared(value: dict[str, Any], row: str) -> Draft:
    more = [text_of(image.get("big")) for image in listed(value.get("additionalimages"))]
    first = next((text_of(value[key]) for key in ("detail_image", "list_image", "small_image") if value.get(key)), "")
    draft = Draft(
        row=row,
        id=text_of(value.get("product_no")),
        title=text_of(value.get("product_name")),
        description=next(
            (
                text
                for key in ("description", "summary_description", "simple_description")
                if (text := text_of(value.get(key)))
            ),
            "",
        ),
        html_expected=True,
        brand=text_of(value.get("brand_name")),
        price=dotted(value.get("price")),
        list_price=dotted(value.get("retail_price")),
        availability="out_of_stock" if value.get("sold_out") == "T" or value.get("selling") == "F" else "in_stock",
        hidden="hidden" if value.get("display") == "F" else "",
        images=[address for address in (first, *more) if address],
        updated_at=text_of(value.get("updated_date")),
    )
    categories = listed(value.get("category"))
    names = [text_of(category.get("category_name") or category.get("full_category_name")) for category in categories]
    draft.category, others = best_path([[name] for name in names])
    put(draft, "categories", *others)
    put(draft, "category_id", *(text_of(category.get("category_no")) for category in categories))
    put(draft, "tags", *texts_of(value.get("product_tag")))
    put(draft, "material", text_of(value.get("product_material")))
    put(draft, "condition", _CONDITIONS.get(text_of(value.get("product_condition")), ""))
    put(draft, "sku", text_of(value.get("custom_product_code")))
    for name in _CODES:
        if text_of(value.get(name)) not in _NO_CODE:
            put(draft, name, text_of(value.get(name)))
    return draft


def _variant_stock(variant: dict[str, Any]) -> str:
    if variant.get("selling") == "F":
        return "out_of_stock"
    return stock_word(text_of(variant.get("quantity")), tracked=variant.get("use_inventory") == "T")
