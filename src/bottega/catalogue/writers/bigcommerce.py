"""BigCommerce's product CSV of today: a row for each product, below it its variants, then its pictures.

Texts, category, tags and pictures are the product's; a variant says its options, its price, its stock and its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    own_attributes,
    pictures,
)
from bottega.names import Availability

__all__ = ["BigCommerceWriter"]

_COLUMNS = (
    "Item", "ID", "Name", "Type", "SKU", "Options", "Inventory Tracking", "Current Stock", "Low Stock", "Price",
    "Retail Price", "Sale Price", "Categories", "Description", "Custom Fields", "Search Keywords",
    "Manufacturer Part Number", "Global Trade Number", "Is Visible", "Product Condition", "Variant Image URL",
    "Image URL (Import)", "Image Description", "Image is Thumbnail", "Image Sort Order",
)  # fmt: skip
_OWN_COLUMNS = frozenset({"tags", "gtin", "mpn", "condition", IMAGE_ALT})
_CONDITIONS = frozenset({"new", "used", "refurbished"})
_KEPT = (Availability.IN_STOCK, Availability.OUT_OF_STOCK)


class BigCommerceWriter:
    """BigCommerce's import."""

    name = "bigcommerce"
    describe = "BigCommerce product CSV"
    reads_as = "bigcommerce-csv"
    suffix = ".csv"
    delimiter = ","
    limits = (
        "currencies: prices in another than the shop's are left empty",
        "brands, which it numbers: they are written as the custom field brand",
        "addresses of pages, and the time of the last change",
        "preorder and backorder are written as in stock, discontinued as out of stock",
        "variants share title, description, brand, category, tags and pictures, and what they say alone has one value",
        "values of attributes that hold ; or |, tags that hold a comma, levels of a category that hold ;",
        "alternative texts of products without a picture that others can fetch",
        "categories that are a number, conditions but new, used and refurbished, numbers (GTIN, MPN) after the first",
    )

    def columns(self, needs: HeaderNeeds) -> list[str]:
        """BigCommerce's names."""
        return list(_COLUMNS)

    def rows(self, family: Family, needs: HeaderNeeds, currency: str, losses: Losses) -> Iterator[dict[str, str]]:
        """The product, its variants, its pictures."""
        first = family[0]
        alone = len(family) == 1 and first.group_id is None
        losses.differs(family, ("title", "description", "brand", "hidden"))
        every = [own_attributes(product) for product in family]
        common = {
            name: values
            for name, values in every[0].items()
            if name not in _OWN_COLUMNS and all(other.get(name) == values for other in every)
        }
        images = list(dict.fromkeys(image for product in family for image in pictures(product, losses)))
        alts = {one.images[0]: alt_of(one) for one in reversed(family) if one.images}
        product = _product(first, common, alone)
        for one in family:
            losses.of_texts(_lost_texts(one, first, common))
            if alt_of(one) != (alts.get(one.images[0], "") if set(one.images[:1]) & set(images) else ""):
                losses.fields[f"attr.{IMAGE_ALT}"] += 1
        yield product | (_money_and_stock(first, currency, losses) if alone else {"SKU": first.group_id or first.id})
        if not alone:
            for one in family:
                yield _variant(one, common) | _money_and_stock(one, currency, losses)
                losses.fields["images"] += set(one.images) != set(images)
        for place, image in enumerate(images):
            yield {
                "Item": "Image",
                "Image URL (Import)": image,
                "Image Description": as_text(alts.get(image, "")),
                "Image is Thumbnail": "FALSE" if place else "TRUE",
                "Image Sort Order": str(place),
            }


def _product(first: Product, common: dict[str, tuple[str, ...]], alone: bool) -> dict[str, str]:
    fields = [(name, value) for name, values in common.items() for value in values]
    fields += [(GENERATED, name) for name in first.attributes.get(GENERATED, ())]
    fields += [("brand", first.brand)] if first.brand else []
    condition = "".join(_condition(first))
    return {
        "Item": "Product",
        "Name": as_text(first.title),
        "Type": "physical",
        "SKU": first.id,
        "Inventory Tracking": "product" if alone else "variant",
        "Categories": _path(first.category),
        "Description": as_html(first.description),
        "Custom Fields": ";".join(f"{name}={_one(value)}" for name, value in fields),
        "Search Keywords": ",".join(map(as_list_entry, first.attributes.get("tags", ()))),
        "Is Visible": "FALSE" if first.hidden else "TRUE",
        "Product Condition": condition.capitalize(),
    }


def _one(value: str) -> str:
    """A value of a field: with a semicolon in it, it would be read as two fields, so it has a comma there."""
    told = as_list_entry(value)
    return told if apart(told) == [told] else told.replace(";", ",")


def _condition(product: Product) -> tuple[str, ...]:
    """The condition, where it is one of BigCommerce's."""
    return tuple(value for value in product.attributes.get("condition", ())[:1] if value in _CONDITIONS)


def _path(category: tuple[str, ...]) -> str:
    """The levels of one path; commas separate paths, but where a semicolon does."""
    told = "/".join(as_list_entry(level).replace("/", "\\/") for level in category)
    return f"{told};" if len(category) == 1 and any(mark in told for mark in ",|") else told


def _read_back(category: tuple[str, ...]) -> tuple[str, ...]:
    """The category that all variants have when it is read again: a number is taken for an id."""
    return () if len(category) == 1 and as_list_entry(category[0]).isdecimal() else category


def _lost_texts(product: Product, first: Product, common: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Fields of which something gets lost, because it holds what separates, or is said once of all variants."""
    levels = [as_list_entry(level) for level in product.category]
    apart_levels = any(apart(level) != [level] or level.endswith("\\") for level in levels)
    if product.category != _read_back(first.category) or apart_levels:
        yield "category"
    brand = as_list_entry(product.brand or "")
    if product.brand == first.brand and apart(brand) not in ([], [brand]):
        yield "brand"
    attributes, said_once = own_attributes(product), own_attributes(first)
    if attributes.get("tags") != said_once.get("tags"):
        yield "attr.tags"
    if attributes.get("condition") != (_condition(first) or None):
        yield "attr.condition"
    if product.attributes.get(GENERATED) != first.attributes.get(GENERATED):
        yield f"attr.{GENERATED}"
    for name, values in attributes.items():
        if name == "tags":
            lost = any("," in tag for tag in values)
        elif name in ("condition", IMAGE_ALT):
            lost = False  # counted by themselves
        elif name in ("gtin", "mpn"):
            lost = len(values) > 1
        elif name in common:
            lost = any(apart(told) != [told] for told in map(as_list_entry, values))
        else:
            lost = len(values) > 1 or "|" in values[0]
        if lost:
            yield f"attr.{name}"


def _variant(product: Product, common: dict[str, tuple[str, ...]]) -> dict[str, str]:
    told = []
    for name, values in own_attributes(product).items():
        if name in common or name in _OWN_COLUMNS:
            continue
        told.append(f"Type=Dropdown|Name={name}|Value={as_list_entry(values[0])}")
    image = next(iter(product.images), "")
    return {"Item": "Variant", "SKU": product.id, "Options": "|".join(told), "Variant Image URL": image}


def _money_and_stock(product: Product, currency: str, losses: Losses) -> dict[str, str]:
    regular, sale = amounts(product, currency, losses)
    if product.availability not in _KEPT:
        losses.fields["availability"] += 1
    if product.url:
        losses.fields["url"] += 1
    if product.updated_at_ms is not None:
        losses.fields["updated_at_ms"] += 1
    there = product.availability in (Availability.IN_STOCK, Availability.PREORDER, Availability.BACKORDER)
    return {
        "Price": regular,
        "Sale Price": sale,
        "Current Stock": "1" if there else "0",
        "Global Trade Number": first_of(product.attributes, "gtin"),
        "Manufacturer Part Number": first_of(product.attributes, "mpn"),
    }
