"""WooCommerce's product CSV: simple products, and variable ones with a row for each variation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bottega.catalogue.attributes import is_of_listing
from bottega.catalogue.product import Product
from bottega.catalogue.readers.fields.lists import apart
from bottega.catalogue.writers.base import (
    GENERATED,
    Family,
    HeaderNeeds,
    Losses,
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

__all__ = ["WooCommerceWriter"]

_COLUMNS = (
    "ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Is featured?", "Visibility in catalog",
    "Short description", "Description", "Tax status", "In stock?", "Stock", "Backorders allowed?", "Sale price",
    "Regular price", "Categories", "Tags", "Images", "Parent", "Brands",
)  # fmt: skip
_OWN_COLUMNS = frozenset({"tags", "gtin"})
_STOCK = {
    Availability.IN_STOCK: "1",
    Availability.OUT_OF_STOCK: "0",
    Availability.DISCONTINUED: "0",
    Availability.BACKORDER: "backorder",
    Availability.PREORDER: "backorder",
}


class WooCommerceWriter:
    """WooCommerce's import."""

    name = "woocommerce"
    describe = "WooCommerce product CSV"
    reads_as = "woocommerce-csv"
    suffix = ".csv"
    delimiter = ","
    limits = (
        "currencies: prices in another than the shop's are left empty",
        "addresses of pages, and the time of the last change",
        "preorder is written as backorder, discontinued as out of stock",
        "brands and levels of a category that hold >, and what holds | or ends in \\; a value alone that holds ;",
        "numbers (GTIN) after the first",
    )

    def columns(self, needs: HeaderNeeds) -> list[str]:
        """WooCommerce's English names, and four columns an attribute."""
        count = needs.most_attributes + 1
        numbered = (f"Attribute {n} {what}" for n in range(1, count + 1) for what in _ATTRIBUTE)
        return [*_COLUMNS, *numbered]

    def rows(self, family: Family, needs: HeaderNeeds, currency: str, losses: Losses) -> Iterator[dict[str, str]]:
        """The parent and its variations, or one simple product."""
        first = family[0]
        if len(family) == 1 and first.group_id is None:
            yield _row(first, "simple", currency, losses)
            return
        parent = first.group_id or first.id
        yield _parent(family, parent)
        for product in family:
            yield _row(product, "variation", currency, losses) | {"Parent": _listed([parent])}


_ATTRIBUTE = ("name", "value(s)", "visible", "global")


def _row(product: Product, kind: str, currency: str, losses: Losses) -> dict[str, str]:
    regular, sale = amounts(product, currency, losses)
    if product.availability in (Availability.PREORDER, Availability.DISCONTINUED):
        losses.fields["availability"] += 1
    if product.url:
        losses.fields["url"] += 1
    if product.updated_at_ms is not None:
        losses.fields["updated_at_ms"] += 1
    attributes = {name: [*values] for name, values in own_attributes(product).items() if name not in _OWN_COLUMNS}
    if generated := product.attributes.get(GENERATED):
        attributes[GENERATED] = [*generated]
    losses.of_texts(_lost_texts(product))
    row = {
        "Type": kind,
        "SKU": product.id,
        "GTIN, UPC, EAN, or ISBN": first_of(product.attributes, "gtin"),
        "Name": as_text(product.title),
        "Published": "-1" if product.hidden else "1",
        "Visibility in catalog": "visible",
        "Description": _description(product),
        "Tax status": "taxable",
        "In stock?": _STOCK[product.availability],
        "Backorders allowed?": "1" if _STOCK[product.availability] == "backorder" else "0",
        "Sale price": sale,
        "Regular price": regular,
        "Categories": _listed([_path(product.category)]),
        "Tags": _listed(map(as_list_entry, product.attributes.get("tags", ()))),
        "Images": ", ".join(address.replace(",", "\\,") for address in pictures(product, losses)),
        "Brands": _listed([as_list_entry(product.brand or "")]),
    }
    return row | _numbered(attributes)


def _description(product: Product) -> str:
    """As HTML; a backslash before an n would become a new line."""
    return as_html(product.description).replace("\\n", "&#92;n")


def _lost_texts(product: Product) -> Iterator[str]:
    """Fields of which something gets lost, because it holds what separates."""
    brand = as_list_entry(product.brand or "")
    if _separates([brand]) or ">" in brand:
        yield "brand"
    if holds_arrow(product.category) or _separates([_path(product.category)]):
        yield "category"
    for name, values in own_attributes(product).items():
        lost = len(values) > 1 if name == "gtin" else _separates([*map(as_list_entry, values)])
        if lost or name.startswith("pa_"):
            yield f"attr.{name}"


def _separates(entries: list[str]) -> bool:
    """Whether a list in a cell would be read as another: a semicolon separates where no comma does."""
    if any("|" in entry for entry in entries) or any(entry.endswith("\\") for entry in entries[:-1]):
        return True
    return len(entries) == 1 and apart(entries[0]) not in ([], entries)


def _parent(family: Family, sku: str) -> dict[str, str]:
    """What all variations have in common: they take from their parent what they do not say."""
    first = family[0]
    every = [own_attributes(product) for product in family]
    common = {
        name: list(dict.fromkeys(value for values in every for value in values[name]))
        for name in every[0]
        if name not in _OWN_COLUMNS and all(name in values for values in every)
    }

    def same(values: list[str]) -> str:
        return values[0] if len(set(values)) == 1 else ""

    row = {
        "Type": "variable",
        "SKU": sku,
        "Name": as_text(first.title),
        "Published": "-1" if all(product.hidden for product in family) else "1",
        "Visibility in catalog": "visible",
        "Description": same([_description(product) for product in family]),
        "Tax status": "taxable",
        "In stock?": "1",
        "Categories": same([_listed([_path(product.category)]) for product in family]),
        "Tags": same([_listed(map(as_list_entry, product.attributes.get("tags", ()))) for product in family]),
        "Brands": same([_listed([as_list_entry(product.brand or "")]) for product in family]),
    }
    return row | _numbered(common)


def _numbered(attributes: dict[str, list[str]]) -> dict[str, str]:
    row: dict[str, str] = {}
    for number, (name, values) in enumerate(attributes.items(), start=1):
        told = (name, _listed(map(as_list_entry, values)), "0" if is_of_listing(name) else "1", "0")
        row |= {f"Attribute {number} {what}": text for what, text in zip(_ATTRIBUTE, told, strict=True)}
    return row


def _path(category: Iterable[str]) -> str:
    return " > ".join(map(as_list_entry, category))


def _listed(values: Iterable[str]) -> str:
    """A list in a cell: commas apart, those of a text with a backslash."""
    return ", ".join(value.replace(",", "\\,") for value in values if value)
