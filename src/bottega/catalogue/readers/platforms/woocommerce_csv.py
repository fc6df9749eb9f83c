"""WooCommerce's product export: its own CSV in any language of the site, and tables with the names of its REST API.

Ids are WooCommerce's own (products and variations number from one sequence), or the SKU where the file has none. A
variable product is the group of its variations, which name it by SKU or as "id:15"; lists in cells are separated by
commas, a comma of the text by a backslash and one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownColumns, KnownLine, known_lines, peek_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Families, Relative, best_path, put, stock_word
from bottega.catalogue.readers.fields.lists import apart, split_path
from bottega.catalogue.readers.platforms.woocommerce_words import columns_of, is_sure
from bottega.sources.columns import name_of
from bottega.sources.source import Source

__all__ = ["BRAND_NAMES", "WooCommerceCsv", "hidden_word", "woocommerce_stock"]

BRAND_NAMES = frozenset(
    {"brand", "brands", "marke", "marque", "marca", "merk", "marka", "brend", "бренд", "manufacturer"}
)
"""Attributes that name the brand, in a file that has no column for it."""
_LIST = re.compile(r"(?<!\\)[,|]\s*")
_SHOWN = frozenset({"", "1", "publish", "published", "true", "yes"})
_UNSHOWN = frozenset({"0", "-1", "2", "draft", "private", "pending", "future", "trash", "auto-draft", "false", "no"})
_YES = frozenset({"1", "yes", "notify", "true"})


class WooCommerceCsv:
    """WooCommerce's product export."""

    name = "woocommerce-csv"
    describe = "WooCommerce product CSV, with the headers of any language"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By its columns, whatever their language, and the types of products in its rows."""
        head = source.head
        return is_sure(columns_of(head), head)

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row; a variable product is told by its variations."""
        files = [(source, columns_of(source.head)) for source in (reading.source, *reading.beside)]
        families = Families()
        for reading.source, columns in files:
            seen = peek_lines(reading.source, columns)
            families.learn(_relative(line, columns, reading, parents_alone=True) for line in seen)
        for reading.source, columns in files:
            with known_lines(reading, columns) as (_, lines):
                yield from families.read((_relative(line, columns, reading) for line in lines), reading)
        reading.source = files[0][0]


def hidden_word(published: str, visibility: str) -> str:
    """What a draft's `hidden` says of WooCommerce's status and visibility; an unknown status is left to the rule."""
    status = published.strip().lower().removesuffix(".0")  # as a spreadsheet saves 1
    if status in _UNSHOWN or visibility.strip().lower() == "hidden":
        return "hidden"
    return "" if status in _SHOWN else published


def woocommerce_stock(status: str, quantity: str, backorders: str) -> str:
    """Availability: a managed stock that has run out decides, else the status."""
    sold_on = backorders.strip().lower() in _YES
    status = status.strip().lower()
    counted = stock_word(quantity, sold_on=sold_on or "backorder" in status)
    if quantity.strip() and counted in ("out_of_stock", "backorder"):
        return counted
    return status if status or not quantity.strip() else counted


def _relative(line: KnownLine, columns: KnownColumns, reading: Reading, *, parents_alone: bool = False) -> Relative:
    """A row and what it is called. With `parents_alone` only parents are told whole."""
    kinds = line.get("type").lower()
    is_variant = "variation" in kinds or (not kinds and bool(line.get("parent", "parent_sku")))
    is_parent = "variable" in kinds
    row = reading.row(line.line)
    whole = is_parent or not parents_alone
    draft = _draft(line, columns, row) if whole else Draft(row, line.get("id", "sku"))
    keys = tuple(key for key in (line.get("id"), f"id:{line.get('id')}", line.get("sku")) if key not in ("", "id:"))
    parent = line.get("parent", "parent_sku") if is_variant else ""
    draft.group_id = parent.removeprefix("id:")
    return Relative(draft, keys, is_parent, parent=parent)


def _draft(line: KnownLine, columns: KnownColumns, row: str) -> Draft:
    sku = line.get("sku")
    draft = Draft(
        row=row,
        cells=line.raw,
        id=line.get("id") or sku,
        title=line.get("name", "parent_name"),
        description=line.get("description", "short_description").replace("\\n", "\n"),
        html_expected=True,
        price=line.get("regular_price", "price"),
        sale_price=line.get("sale_price"),
        sale_from=line.get("sale_starts"),
        sale_to=line.get("sale_ends"),
        hidden=hidden_word(line.get("published", "status"), line.get("visibility")),
        images=_images(line),
        url=line.get("permalink", "external_url"),
        updated_at=line.get("updated_at"),
    )
    quantity = line.get("stock")
    if quantity.lower() != "parent":
        draft.availability = woocommerce_stock(line.get("in_stock"), quantity, line.get("backorders"))
    draft.category, others = best_path([split_path(path) for path in _entries(line.get("categories"))])
    put(draft, "categories", *others)
    put(draft, "tags", *_entries(line.get("tags")))
    put(draft, "gtin", line.get("gtin"))
    if sku and sku != draft.id:
        put(draft, "sku", sku)
    for number in columns.numbers.get("attribute", []):
        name = line.get(f"attribute_name {number}").removeprefix("pa_")
        put(draft, name, *_entries(line.get(f"attribute_value {number}")))
    for pair in line.get("attributes").split("|"):
        name, sign, value = pair.partition(":")
        put(draft, name, value if sign else "")
    brands = _entries(line.get("brands"))
    draft.brand = brands[0].rsplit(">", 1)[-1].strip() if brands else _brand_of(draft)
    return draft


def _brand_of(draft: Draft) -> str:
    return next((values[0] for name, values in draft.attributes.items() if name_of(name) in BRAND_NAMES and values), "")


def _entries(text: str) -> list[str]:
    """Entries of a list in a cell; one without commas may have semicolons instead."""
    if "," not in text and "|" not in text and ";" not in text:
        return [text.strip()] if text.strip() else []
    parts = _LIST.split(text) if _LIST.search(text) else apart(text)
    return [entry.replace("\\,", ",").strip() for entry in parts if entry.strip()]


def _images(line: KnownLine) -> list[str]:
    listed = [line.get("main_image"), *addresses_in(line.get("images").replace("\\,", ","))]
    return list(dict.fromkeys(address for address in listed if address))
