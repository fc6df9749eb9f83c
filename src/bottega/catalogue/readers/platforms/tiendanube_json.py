"""Tiendanube's (in Brazil Nuvemshop's) products as its API gives them: an array, texts in several languages.

A text is a map of languages; the first of them that is filled is taken. Products and variants number on their own, so a
variant's id is its SKU, or its product's id and options; its group is the product's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, best_path, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, text_of
from bottega.catalogue.readers.platforms.json_products import finish_all, first_product, listed, products_in, texts_of
from bottega.sources.source import Source

__all__ = ["TiendanubeJson", "is_tiendanube", "tiendanube_drafts"]

_TELLING = frozenset(
    {
        "published",
        "free_shipping",
        "canonical_url",
        "seo_title",
        "requires_shipping",
        "attributes",
        "categories",
        "tags",
    }
)
_ATTRIBUTES = ("mpn", "age_group", "gender")


def is_tiendanube(value: dict[str, Any]) -> float:
    """How sure an object is a product of Tiendanube's, from 0 to 1."""
    named = isinstance(value.get("name"), dict) and "variants" in value
    return 0.97 if named and len(_TELLING & value.keys()) >= 2 else 0.0


class TiendanubeJson:
    """Tiendanube's product answers."""

    name = "tiendanube-json"
    describe = "Tiendanube or Nuvemshop products as JSON of its API"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the keys of the first product, whose name is a map of languages."""
        return is_tiendanube(first_product(source))

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, or a product that has none."""
        owners = Owners()
        for place, value in products_in(reading):
            yield from finish_all(tiendanube_drafts(value, reading.row(place), owners, reading), value, reading)


def tiendanube_drafts(value: dict[str, Any], row: str, owners: Owners, reading: Reading) -> Iterator[Draft]:
    """Drafts of the variants of a product. A product without attributes has one variant: itself."""
    shared = _shared(value, row)
    names = [_said(name) for name in _entries(value.get("attributes"))]
    pictures = {text_of(image.get("id")): text_of(image.get("src")) for image in listed(value.get("images"))}
    variants = listed(value.get("variants"))
    alone = len(variants) <= 1 and not (variants and _entries(variants[0].get("values")))
    for place, variant in enumerate(variants or [{}], start=1):
        own = Draft(row=row if alone else f"{row} variant {place}")
        own.price, own.sale_price = dotted(variant.get("price")), dotted(variant.get("promotional_price"))
        own.list_price = dotted(variant.get("compare_at_price"))
        own.availability = stock_word(text_of(variant.get("stock")))  # null: not managed, so it is there
        if variant.get("visible") is False:
            own.hidden = "hidden"
        if picture := pictures.get(text_of(variant.get("image_id"))):
            own.images = [picture]
        options = [_said(choice) for choice in _entries(variant.get("values"))]
        for name, option in zip(names, options, strict=False):
            put(own, name, option)
        put(own, "gtin", text_of(variant.get("barcode")))
        for name in _ATTRIBUTES:
            put(own, name, text_of(variant.get(name)))
        sku = text_of(variant.get("sku"))
        if alone:
            own.id = text_of(value.get("id"))
            put(own, "sku", sku)
        else:
            own.id = owners.id_of(sku, options_place(text_of(value.get("id")), options), reading, own.row)
            own.group_id = text_of(value.get("id"))
        yield variant_of(shared, own)


def _shared(value: dict[str, Any], row: str) -> Draft:
    images = sorted(listed(value.get("images")), key=lambda image: _number(image.get("position")))
    draft = Draft(
        row=row,
        title=_said(value.get("name")),
        description=_said(value.get("description")),
        html_expected=True,
        brand=text_of(value.get("brand")),
        hidden="hidden" if value.get("published") is False else "",
        images=[text_of(image.get("src")) for image in images],
        url=text_of(value.get("canonical_url")),
        updated_at=text_of(value.get("updated_at")).replace("+0000", "Z"),
    )
    draft.category, others = best_path(_paths(listed(value.get("categories"))))
    put(draft, "categories", *others)
    put(draft, "tags", *texts_of(value.get("tags")))
    return draft


def _said(value: Any) -> str:
    """A text, which may be a map of languages: the first that is filled."""
    if isinstance(value, dict):
        return next((text for entry in value.values() if (text := text_of(entry).strip())), "")
    return text_of(value)


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 10**6


def _paths(categories: list[dict[str, Any]]) -> list[list[str]]:
    """Paths of the categories of a product, as far as their parents are among them."""
    by_id = {text_of(category.get("id")): category for category in categories}
    paths = []
    for category in categories:
        path, seen, at = [_said(category.get("name"))], {id(category)}, category
        while (above := by_id.get(text_of(at.get("parent")))) is not None and id(above) not in seen:
            seen.add(id(above))
            path.insert(0, _said(above.get("name")))
            at = above
        paths.append(path)
    return paths
