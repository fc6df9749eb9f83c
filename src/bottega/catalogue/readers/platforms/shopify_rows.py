"""Rows of Shopify's product CSV, by our words and by the product that they belong to, wherever they stand.

A row belongs to its handle, or to that which Shopify makes of its title; one with neither belongs to the row before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.fields.lists import apart
from bottega.sources.columns import name_of
from bottega.sources.delimited import Row, read_rows

__all__ = ["WORD", "RowsApart", "ShopifyColumns", "ShopifyLine", "lines_of", "peek", "understand"]

# Our word: the names both generations of the header use, as name_of writes them.
_ALIASES: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "url_handle"),
    "title": ("title",),
    "body": ("body_html", "description"),
    "vendor": ("vendor",),
    "category": ("product_category",),
    "type": ("type", "custom_product_type", "standard_product_type"),
    "tags": ("tags",),
    "published": ("published", "published_on_online_store"),
    "status": ("status",),
    "sku": ("variant_sku", "sku"),
    "barcode": ("variant_barcode", "barcode"),
    "price": ("variant_price", "price"),
    "compare_at": ("variant_compare_at_price", "compare_at_price"),
    "tracker": ("variant_inventory_tracker", "inventory_tracker"),
    "quantity": ("variant_inventory_qty", "inventory_quantity"),
    "policy": ("variant_inventory_policy", "continue_selling_when_out_of_stock"),
    "image": ("image_src", "product_image_url"),
    "position": ("image_position",),
    "alt": ("image_alt_text",),
    "variant_image": ("variant_image", "variant_image_url"),
    "gender": ("google_shopping_gender",),
    "age_group": ("google_shopping_age_group",),
    "condition": ("google_shopping_condition",),
    "mpn": ("google_shopping_mpn", "google_shopping_manufacturer_part_number_mpn"),
    "google_category": ("google_shopping_google_product_category",),
} | {f"option{n}_{what}": (f"option{n}_{what}",) for n in (1, 2, 3) for what in ("name", "value")}
WORD = {alias: word for word, aliases in _ALIASES.items() for alias in aliases}
_LABEL = re.compile(r"google_shopping_(custom_label_\d)")
_METAFIELD = re.compile(r"^(?P<name>.*?)\s*\((?:product|variant)\.metafields\.[^.()]+\.(?P<key>[^()]+)\)$")


@dataclass(slots=True)
class ShopifyColumns:
    """What each column of a file means."""

    words: dict[str, str] = field(default_factory=dict)
    """Column to our word."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Column to attribute name: metafields and custom labels."""
    own: set[str] = field(default_factory=set)
    """Attributes that a variant has for itself alone."""
    unused: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShopifyLine:
    """One row: its line, its known cells by our word, its attributes, and the cells as they are."""

    line: int
    cells: dict[str, str]
    attributes: dict[str, list[str]]
    raw: dict[str, str]
    own: set[str]
    """Attributes that no other variant takes from this row."""
    handle: str = ""
    """Of the product that it belongs to."""

    def get(self, word: str) -> str:
        return self.cells.get(word, "").strip()

    @property
    def is_variant(self) -> bool:
        return bool(self.get("option1_value") or self.get("sku") or self.get("price"))


@dataclass(slots=True)
class RowsApart:
    """Which handles stand in several places of the file, so that their rows must be waited for.

    Memory is one handle each, and the rows of those that stand apart, until the last of them has come.
    """

    places: Counter[str] = field(default_factory=Counter)
    """Handle to the number of runs of neighbouring rows."""
    waiting: dict[str, list[ShopifyLine]] = field(default_factory=dict)

    def look(self, lines: Iterable[ShopifyLine]) -> None:
        """Count the runs, in a first reading."""
        last = None
        for line in lines:
            if line.handle != last:
                self.places[line.handle] += 1
                last = line.handle
        self.places = Counter({handle: runs for handle, runs in self.places.items() if runs > 1})

    def blocks(self, lines: Iterable[ShopifyLine]) -> Iterator[list[ShopifyLine]]:
        """All rows of one handle after the other, each handle where its last row stands."""
        for handle, run in groupby(lines, key=lambda line: line.handle):
            block = [*self.waiting.pop(handle, ()), *run]
            if self.places[handle] > 1:
                self.places[handle] -= 1
                self.waiting[handle] = block
            else:
                yield block
        yield from self.waiting.values()


def peek(reading: Reading) -> Iterator[Row]:
    """The good rows of the source, without a word on the others."""
    source = reading.source
    with source.open_text(up_to_the_cut=True) as stream:
        for record in read_rows(stream, source.name, source.head):
            if isinstance(record, Row):
                yield record


def lines_of(rows: Iterable[Row], columns: ShopifyColumns, filled: set[str] | None = None) -> Iterator[ShopifyLine]:
    """Each row with the handle that it belongs to; its own, or that which Shopify makes of a title."""
    handle = ""
    for row in rows:
        if filled is not None:
            filled.update(column for column in columns.unused if row.cells.get(column, "").strip())
        line = _line(row, columns)
        own = line.get("handle")
        if own or line.get("title"):
            handle = own or _handle_of(line.get("title"))
        line.handle = handle
        yield line


def _handle_of(title: str) -> str:
    """The handle that Shopify makes of a title: "Glass teapot, 1 l" is glass-teapot-1-l."""
    return "-".join(re.findall(r"\w+", title.lower()))


def understand(header: list[str]) -> ShopifyColumns:
    columns = ShopifyColumns()
    for column in header:
        name = name_of(column)
        if metafield := _METAFIELD.match(column):
            columns.attributes[column] = name_of(metafield["name"]) or name_of(metafield["key"])
            if "(variant." in column:
                columns.own.add(columns.attributes[column])
        elif label := _LABEL.fullmatch(name):
            columns.attributes[column] = label[1]
        elif name in WORD and WORD[name] not in columns.words.values():
            columns.words[column] = WORD[name]
        else:
            columns.unused.append(column)
    return columns


def _line(row: Row, columns: ShopifyColumns) -> ShopifyLine:
    cells = {word: row.cells.get(column, "") for column, word in columns.words.items()}
    attributes = {
        name: apart(text) for column, name in columns.attributes.items() if (text := row.cells.get(column, "").strip())
    }
    return ShopifyLine(row.line, cells, attributes, row.cells, columns.own)
