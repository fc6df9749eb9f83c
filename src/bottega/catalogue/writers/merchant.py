"""Google Merchant Center and Meta: a row a variant, their own columns, and every other attribute as a detail."""

from __future__ import annotations

from collections.abc import Iterator

from bottega.catalogue.attributes import IMAGE_ALT
from bottega.catalogue.product import Product
from bottega.catalogue.writers.base import (
    GENERATED,
    Family,
    HeaderNeeds,
    Losses,
    as_list_entry,
    as_text,
    holds_arrow,
    money,
    own_attributes,
    pictures,
)
from bottega.names import Availability
from bottega.prices import Price, plain_amount

__all__ = ["GoogleWriter", "MetaWriter"]

_ONE_VALUE = (
    "size", "pattern", "gtin", "mpn", "condition", "gender", "age_group", "google_product_category", "custom_label_0",
    "custom_label_1", "custom_label_2", "custom_label_3", "custom_label_4",
)  # fmt: skip
_SLASHED = ("color", "material")
_VOCABULARY = {
    "gender": frozenset({"male", "female", "unisex"}),
    "age_group": frozenset({"newborn", "infant", "toddler", "kids", "adult"}),
    "condition": frozenset({"new", "refurbished", "used"}),
}
_TEXTS = ("title", "description")
_SHARED = (
    "id", "title", "description", "link", "image_link", "additional_image_link", "availability", "price", "sale_price",
    "brand", "item_group_id", "product_type", *_SLASHED, *_ONE_VALUE,
)  # fmt: skip
_AVAILABILITY = {
    Availability.IN_STOCK: "in_stock",
    Availability.OUT_OF_STOCK: "out_of_stock",
    Availability.PREORDER: "preorder",
    Availability.BACKORDER: "backorder",
}
_META_AVAILABILITY = {
    Availability.IN_STOCK: "in stock",
    Availability.OUT_OF_STOCK: "out of stock",
    Availability.PREORDER: "preorder",
    Availability.BACKORDER: "available for order",
    Availability.DISCONTINUED: "discontinued",
}


class GoogleWriter:
    """Google's tab-delimited feed."""

    name = "google"
    describe = "Google Merchant Center feed, tab-delimited"
    reads_as = "merchant-tsv"
    suffix = ".tsv"
    delimiter = "\t"
    limits = (
        "hidden and discontinued products are not in it, for Google would show them",
        "pictures that a machine made are not marked in it: Google reads that from the picture file",
        "the time of the last change",
        "levels of a category that hold >",
        "alternative texts of pictures",
    )

    def columns(self, needs: HeaderNeeds) -> list[str]:
        """Google's names."""
        return [*_SHARED, "structured_title", "structured_description", "product_detail"]

    def rows(self, family: Family, needs: HeaderNeeds, currency: str, losses: Losses) -> Iterator[dict[str, str]]:
        """A row a variant."""
        for product in family:
            if product.hidden or product.availability not in _AVAILABILITY:
                losses.left_out["hidden" if product.hidden else "discontinued"] += 1
                continue
            row, details = _row(product, losses)
            row["availability"] = _AVAILABILITY[product.availability]
            generated = product.attributes.get(GENERATED, ())
            for name in _TEXTS:
                if name in generated:
                    row[f"structured_{name}"] = f'trained_algorithmic_media:"{row.pop(name)}"'
            if set(generated) - set(_TEXTS):
                losses.fields[f"attr.{GENERATED}"] += 1
            row["product_detail"] = ",".join(f"Details:{_quoted(name)}:{_quoted(value)}" for name, value in details)
            yield row


class MetaWriter:
    """Meta's catalogue as CSV."""

    name = "meta"
    describe = "Meta (Facebook, Instagram) catalogue CSV"
    reads_as = "merchant-tsv"
    suffix = ".csv"
    delimiter = ","
    limits = ("the time of the last change", "levels of a category that hold >", "alternative texts of pictures")

    def columns(self, needs: HeaderNeeds) -> list[str]:
        """Meta's names."""
        tags = [f"product_tags[{place}]" for place in range(needs.most_tags)]
        return [*_SHARED, *tags, "visibility", "additional_variant_attribute"]

    def rows(self, family: Family, needs: HeaderNeeds, currency: str, losses: Losses) -> Iterator[dict[str, str]]:
        """A row a variant."""
        for product in family:
            row, details = _row(product, losses)
            row["availability"] = _META_AVAILABILITY[product.availability]
            row["visibility"] = "hidden" if product.hidden else "published"
            tags = [value for name, value in details if name == "tags"]
            row |= {f"product_tags[{place}]": tag for place, tag in enumerate(tags)}
            rest = [(name, value) for name, value in details if name != "tags"]
            rest += [(GENERATED, name) for name in product.attributes.get(GENERATED, ())]
            row["additional_variant_attribute"] = ", ".join(f"{_quoted(name)}:{_quoted(value)}" for name, value in rest)
            yield row


def _row(product: Product, losses: Losses) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What both have in common, and the attributes that have no column."""
    regular, sale = money(product)
    images = pictures(product, losses)
    row = {
        "id": product.id,
        "item_group_id": product.group_id or "",
        "title": as_text(product.title),
        "description": as_text(product.description),
        "brand": as_text(product.brand or ""),
        "link": product.url or "",
        "image_link": images[0] if images else "",
        "additional_image_link": ",".join(images[1:]),
        "price": _priced(regular),
        "sale_price": _priced(sale),
        "product_type": " > ".join(map(as_list_entry, product.category)),
    }
    details: list[tuple[str, str]] = []
    for name, texts in own_attributes(product).items():
        if name.startswith(IMAGE_ALT):  # a customer would read it as a detail of the thing
            losses.fields[f"attr.{name}"] += 1
            continue
        values = [*map(as_list_entry, texts)]
        if name in _SLASHED and not any("/" in value for value in values):
            row[name] = "/".join(values)
        elif name in _ONE_VALUE and (name not in _VOCABULARY or values[0] in _VOCABULARY[name]):
            row[name] = values[0]
            details += ((name, value) for value in values[1:])
        else:
            details += ((name, value) for value in values)
    if holds_arrow(product.category):
        losses.fields["category"] += 1
    if product.updated_at_ms is not None:
        losses.fields["updated_at_ms"] += 1
    return row, details


def _priced(price: Price | None) -> str:
    return f"{plain_amount(price)} {price.currency}" if price else ""


def _quoted(text: str) -> str:
    """In quotes where it holds what separates."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',:"') else text
