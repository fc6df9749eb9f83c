"""Shopify's product CSV: a family under one handle, its variants told apart by options, its pictures on rows below.

Texts, category, tags and pictures are the product's, so variants that differ in them lose it; what differs among them
is an option (three at most) or a metafield of the variant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bottega.catalogue.product import Product
from bottega.catalogue.readers.fields.lists import apart
from bottega.catalogue.writers.base import (
    GENERATED,
    IMAGE_ALT,
    Family,
    HeaderNeeds,
    Losses,
    alt_of,
    amounts,
    as_html,
    as_list_entry,
    as_text,
    first_of,
    holds_arrow,
    own_attributes,
    pictures,
)
from bottega.names import Availability

__all__ = ["ShopifyWriter", "differing"]

_FIRST = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU",
    "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service",
    "Variant Price", "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode",
    "Image Src", "Image Position", "Image Alt Text", "Variant Image", "Status",
)  # fmt: skip
_OWN_COLUMNS = frozenset({"tags", "product_type", "gtin", IMAGE_ALT})
_STOCK = {
    Availability.IN_STOCK: ("", "", "deny"),
    Availability.OUT_OF_STOCK: ("shopify", "0", "deny"),
    Availability.BACKORDER: ("shopify", "0", "continue"),
    Availability.PREORDER: ("shopify", "0", "continue"),
    Availability.DISCONTINUED: ("shopify", "0", "deny"),
}
_OPTIONS = 3


class ShopifyWriter:
    """Shopify's import."""

    name = "shopify"
    describe = "Shopify product CSV"
    reads_as = "shopify-csv"
    suffix = ".csv"
    delimiter = ","
    limits = (
        "currencies: prices in another than the shop's are left empty",
        "addresses of pages, and the time of the last change",
        "preorder is written as backorder, discontinued as out of stock and archived",
        "variants share title, description, brand, category, tags and pictures: those of the first",
        "alternative texts of products without a picture that others can fetch",
        "values of attributes that hold ; and tags that hold a comma",
        "variants that no attribute tells apart get an option Title with their ids",
    )

    def columns(self, needs: HeaderNeeds) -> list[str]:
        """Shopify's names, and a metafield an attribute."""
        named = (name for name in needs.attributes if name not in _OWN_COLUMNS)
        return [*_FIRST, *map(_metafield, (*named, GENERATED))]

    def rows(self, family: Family, needs: HeaderNeeds, currency: str, losses: Losses) -> Iterator[dict[str, str]]:
        """The product with its first variant, the other variants, then further pictures."""
        first = family[0]
        losses.differs(family, ("title", "description", "brand", "category", "hidden"))
        handle = first.group_id or first.id
        alone = len(family) == 1 and (first.group_id is None or first.group_id == first.id)
        options = [] if alone else differing(family)[:_OPTIONS]
        shared = list(dict.fromkeys(image for product in family for image in pictures(product, losses)))
        alts = {product.images[0]: alt_of(product) for product in reversed(family) if product.images}
        for place, product in enumerate(family):
            row = {"Handle": handle} | (_product(first, shared, alts) if place == 0 else {})
            if set(product.images) != set(first.images):
                losses.fields["images"] += place > 0
            yield row | _variant(product, options, alone, currency, losses)
            losses.of_texts(_lost_texts(product, first, options, alone))
            if alt_of(product) != (alts.get(product.images[0], "") if set(product.images[:1]) & set(shared) else ""):
                losses.fields[f"attr.{IMAGE_ALT}"] += 1
        for position, image in enumerate(shared[1:], start=2):
            told = {"Image Alt Text": as_text(alts[image])} if alts.get(image) else {}
            yield {"Handle": handle, "Image Src": image, "Image Position": str(position)} | told


def differing(family: Family) -> list[str]:
    """Attributes of one value that every variant has, those first that tell them apart."""
    every = [own_attributes(product) for product in family]
    told = [
        name
        for name in every[0]
        if name not in _OWN_COLUMNS and all(len(values.get(name, ())) == 1 for values in every)
    ]
    return sorted(told, key=lambda name: len({values[name] for values in every}) == 1)


def _product(first: Product, images: list[str], alts: Mapping[str, str]) -> dict[str, str]:
    """What is said once."""
    tags = map(as_list_entry, first.attributes.get("tags", ()))
    return {
        "Title": as_text(first.title),
        "Body (HTML)": as_html(first.description),
        "Vendor": as_text(first.brand or ""),
        "Product Category": " > ".join(map(as_list_entry, first.category)),
        "Type": first_of(first.attributes, "product_type"),
        "Tags": ", ".join(tags),
        "Published": "FALSE" if first.hidden else "TRUE",
        "Status": _status(first),
        "Image Src": images[0] if images else "",
        "Image Position": "1" if images else "",
        "Image Alt Text": as_text(alts.get(images[0], "")) if images else "",
    }


def _status(product: Product) -> str:
    if product.availability is Availability.DISCONTINUED:
        return "archived"
    return "draft" if product.hidden else "active"


def _variant(product: Product, options: list[str], alone: bool, currency: str, losses: Losses) -> dict[str, str]:
    regular, sale = amounts(product, currency, losses)
    tracker, quantity, policy = _STOCK[product.availability]
    attributes = own_attributes(product)
    row = {
        "Variant SKU": product.id,
        "Variant Inventory Tracker": tracker,
        "Variant Inventory Qty": quantity,
        "Variant Inventory Policy": policy,
        "Variant Fulfillment Service": "manual",
        "Variant Price": sale or regular,
        "Variant Compare At Price": regular if sale else "",
        "Variant Requires Shipping": "TRUE",
        "Variant Taxable": "TRUE",
        "Variant Barcode": first_of(attributes, "gtin"),
        "Variant Image": "" if alone else next(iter(product.images), ""),
    }
    if product.availability in (Availability.PREORDER, Availability.DISCONTINUED):
        losses.fields["availability"] += 1
    if product.url:
        losses.fields["url"] += 1
    if product.updated_at_ms is not None:
        losses.fields["updated_at_ms"] += 1
    for place, name in enumerate(options, start=1):
        row |= {f"Option{place} Name": name, f"Option{place} Value": as_list_entry(attributes[name][0])}
    if not options:
        row |= {"Option1 Name": "Title", "Option1 Value": "Default Title" if alone else product.id}
    for name, values in attributes.items():
        if name not in _OWN_COLUMNS and name not in options:
            row[_metafield(name)] = "; ".join(map(as_list_entry, values))
    if generated := product.attributes.get(GENERATED):
        row[_metafield(GENERATED)] = "; ".join(generated)
    return row


def _lost_texts(product: Product, first: Product, options: list[str], alone: bool) -> Iterator[str]:
    """Fields of which something gets lost, because it holds what separates, or is said once of all variants."""
    if product.category == first.category and holds_arrow(product.category):
        yield "category"
    if not options and not alone:
        yield "attr.title"
    attributes, said_once = own_attributes(product), own_attributes(first)
    if attributes.get("tags") != said_once.get("tags"):
        yield "attr.tags"
    kind = said_once.get("product_type", ())[:1]
    if kind and not first.category and not product.category:  # a type alone is the category
        yield "category"
    if attributes.get("product_type", ()) != (kind if first.category else ()):
        yield "attr.product_type"
    for name, values in attributes.items():
        if name == "tags":
            lost = any("," in tag for tag in values)
        elif name in ("product_type", IMAGE_ALT):
            lost = False  # counted by themselves
        elif name == "gtin":
            lost = len(values) > 1 or values[0].startswith("'")  # as spreadsheets keep digits from being a number
        else:
            lost = name not in options and any(apart(told) != [told] for told in map(as_list_entry, values))
        if lost:
            yield f"attr.{name}"


def _metafield(name: str) -> str:
    return f"{name} (variant.metafields.bottega.{name})"
