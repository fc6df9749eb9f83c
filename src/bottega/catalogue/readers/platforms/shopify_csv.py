"""Shopify's product CSV, with the headers of before 2024 and of today.

Rows with the same handle are one product, wherever they stand: the first with a title carries its texts, each row with
an option value, an SKU or a price is a variant, the others are further pictures. A variant's id is its SKU, or
handle/options where it has none; its group id is the handle, so that events which name either are understood. A row
that is neither variant nor picture and has a title of its own is a second product under one handle, which Shopify has
not: it is refused. A product without a handle gets the one that Shopify would make of its title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.flags import says_shown
from bottega.catalogue.readers.fields.lists import apart, split_path
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.catalogue.readers.platforms.shopify_ids import variant_options, variant_place
from bottega.catalogue.readers.table import read_table
from bottega.errors import ColumnMissing
from bottega.names import Availability
from bottega.sources.columns import name_of
from bottega.sources.delimited import Row, read_rows
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["ShopifyCsv"]

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
    "variant_image": ("variant_image", "variant_image_url"),
    "gender": ("google_shopping_gender",),
    "age_group": ("google_shopping_age_group",),
    "condition": ("google_shopping_condition",),
    "mpn": ("google_shopping_mpn", "google_shopping_manufacturer_part_number_mpn"),
    "google_category": ("google_shopping_google_product_category",),
} | {f"option{n}_{what}": (f"option{n}_{what}",) for n in (1, 2, 3) for what in ("name", "value")}
_WORD = {alias: word for word, aliases in _ALIASES.items() for alias in aliases}
_LABEL = re.compile(r"google_shopping_(custom_label_\d)")
_METAFIELD = re.compile(r"^(?P<name>.*?)\s*\((?:product|variant)\.metafields\.[^.()]+\.(?P<key>[^()]+)\)$")
_CONTINUES = frozenset({"continue", "true", "yes"})


@dataclass(slots=True)
class _Columns:
    """What each column of a file means."""

    words: dict[str, str] = field(default_factory=dict)
    """Column to our word."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Column to attribute name: metafields and custom labels."""
    own: set[str] = field(default_factory=set)
    """Attributes that a variant has for itself alone."""
    unused: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
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


class ShopifyCsv:
    """Shopify's product export."""

    name = "shopify-csv"
    describe = "Shopify product CSV, old and 2024+ headers"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By its handle, title and option or variant columns."""
        words = {_WORD[name] for column in header_of(source.head) if (name := name_of(column)) in _WORD}
        if not {"handle", "title"} <= words:
            return 0.0
        return 0.95 if words & {"option1_name", "body", "published", "image"} and "price" in words else 0.4

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, a handle at a time. Raises `ColumnMissing` without handle or title."""
        skus: dict[str, str] = {}
        apart = _Apart()
        with read_table(reading, needs=("title",)) as (header, rows):
            columns = _understand(header)
            if "handle" not in columns.words.values():
                raise ColumnMissing(
                    f"{reading.source.name} has no column Handle or URL handle.",
                    allowed=f"Its columns are: {', '.join(header)}.",
                    next_step="Export the products from Shopify again, or use --as csv with --map.",
                )
            apart.look(_lines(_peek(reading), columns))
            filled: set[str] = set()
            for block in apart.blocks(_lines(rows, columns, filled)):
                yield from _products(block, reading, skus)
            reading.unused_columns = reading.left_over(column for column in columns.unused if column in filled)


@dataclass(slots=True)
class _Apart:
    """Which handles stand in several places of the file, so that their rows must be waited for.

    Memory is one handle each, and the rows of those that stand apart, until the last of them has come.
    """

    places: Counter[str] = field(default_factory=Counter)
    """Handle to the number of runs of neighbouring rows."""
    waiting: dict[str, list[_Line]] = field(default_factory=dict)

    def look(self, lines: Iterable[_Line]) -> None:
        """Count the runs, in a first reading."""
        last = None
        for line in lines:
            if line.handle != last:
                self.places[line.handle] += 1
                last = line.handle
        self.places = Counter({handle: runs for handle, runs in self.places.items() if runs > 1})

    def blocks(self, lines: Iterable[_Line]) -> Iterator[list[_Line]]:
        """All rows of one handle after the other, each handle where its last row stands."""
        for handle, run in groupby(lines, key=lambda line: line.handle):
            block = [*self.waiting.pop(handle, ()), *run]
            if self.places[handle] > 1:
                self.places[handle] -= 1
                self.waiting[handle] = block
            else:
                yield block
        yield from self.waiting.values()


def _peek(reading: Reading) -> Iterator[Row]:
    """The good rows of the source, without a word on the others."""
    source = reading.source
    with source.open_text(up_to_the_cut=True) as stream:
        for record in read_rows(stream, source.name, source.head):
            if isinstance(record, Row):
                yield record


def _lines(rows: Iterable[Row], columns: _Columns, filled: set[str] | None = None) -> Iterator[_Line]:
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


def _understand(header: list[str]) -> _Columns:
    columns = _Columns()
    for column in header:
        name = name_of(column)
        if metafield := _METAFIELD.match(column):
            columns.attributes[column] = name_of(metafield["name"]) or name_of(metafield["key"])
            if "(variant." in column:
                columns.own.add(columns.attributes[column])
        elif label := _LABEL.fullmatch(name):
            columns.attributes[column] = label[1]
        elif name in _WORD and _WORD[name] not in columns.words.values():
            columns.words[column] = _WORD[name]
        else:
            columns.unused.append(column)
    return columns


def _line(row: Row, columns: _Columns) -> _Line:
    cells = {word: row.cells.get(column, "") for column, word in columns.words.items()}
    attributes = {
        name: apart(text) for column, name in columns.attributes.items() if (text := row.cells.get(column, "").strip())
    }
    return _Line(row.line, cells, attributes, row.cells, columns.own)


def _products(block: list[_Line], reading: Reading, skus: dict[str, str]) -> Iterator[Product]:
    """Variants of one handle; every row of the block is one, is a picture of theirs, or is refused."""
    first = next((line for line in block if line.get("title")), block[0])
    handle = first.handle
    variants = [line for line in block if line.is_variant] or [first]
    chosen = {id(line) for line in variants}
    pictures = []
    for line in block:
        another = _is_another(line, first)
        if not another:
            pictures.append(line)
        if id(line) in chosen:
            continue
        if another:
            reading.refuse("handle_repeated", line.line, f"{handle}: {line.get('title')}", field="title")
            reading.refused_ids.add(handle)
        elif line is first or line.get("image"):
            reading.joined += 1
        else:
            reading.refuse("row_empty", line.line, handle, field="title")
    images = _pictures(pictures)
    for line in variants:
        options = _options(first, line)
        draft = _shared(first, reading.row(line.line))
        draft.title = line.get("title") or draft.title
        place = variant_place(handle, options.values())
        draft.id = _identity(line, place, skus, reading, draft.row)
        draft.group_id = handle if draft.id != handle else ""
        draft.images = [*dict.fromkeys(picture for picture in (line.get("variant_image"), *images) if picture)]
        draft.price, draft.list_price = line.get("price").lstrip("'"), line.get("compare_at").lstrip("'")
        draft.availability = _availability(line)
        for name, value in options.items():
            draft.attributes[name] = [value]
        if barcode := line.get("barcode").lstrip("'"):
            draft.attributes["gtin"] = [barcode]
        for name in ("mpn", "condition"):
            if text := line.get(name):
                draft.attributes[name] = [text]
        draft.attributes |= line.attributes
        draft.cells = {column: text if text.strip() else first.raw.get(column, "") for column, text in line.raw.items()}
        product = reading.finish(draft)
        if product is not None:
            yield product


def _is_another(line: _Line, first: _Line) -> bool:
    """Whether a row has a title of its own, which is not the product's."""
    return bool(line.get("title")) and line.get("title") != first.get("title") and not line.is_variant


def _shared(first: _Line, row: str) -> Draft:
    """What all variants of a product have in common."""
    path = split_path(first.get("category")) or split_path(first.get("google_category"))
    draft = Draft(
        row=row,
        title=first.get("title"),
        description=first.get("body"),
        html_expected=True,
        brand=first.get("vendor"),
        category=path or ([first.get("type")] if first.get("type") else []),
        hidden="hidden" if _is_hidden(first) else "",
        attributes={name: values for name, values in first.attributes.items() if name not in first.own},
    )
    draft.attributes["tags"] = [tag.strip() for tag in first.get("tags").split(",")]
    if path and first.get("type"):
        draft.attributes["product_type"] = [first.get("type")]
    if gender := first.get("gender").lower():
        draft.attributes["gender"] = [gender]
    if age_group := first.get("age_group").lower():
        draft.attributes["age_group"] = [age_group]
    return draft


def _identity(line: _Line, place: str, skus: dict[str, str], reading: Reading, row: str) -> str:
    """The SKU when it belongs to this variant alone, else handle/options."""
    sku = line.get("sku").lstrip("'")
    if not sku:
        return place
    if skus.setdefault(sku, place) != place:
        reading.warn("sku_repeated", row, f"{sku} (first on {skus[sku]})", field="sku")
        return place
    return sku


def _options(first: _Line, line: _Line) -> dict[str, str]:
    """Option to value; the first row of a product names its options."""
    return variant_options(
        (first.get(f"option{n}_name") or line.get(f"option{n}_name"), line.get(f"option{n}_value")) for n in (1, 2, 3)
    )


def _pictures(block: list[_Line]) -> list[str]:
    """The product's pictures in the order of their positions; those without one come last."""
    placed = []
    for order, line in enumerate(block):
        if image := line.get("image"):
            position = line.get("position")
            placed.append((int(position) if position.isdecimal() else 10**6, order, image))
    return [image for _, _, image in sorted(placed)]


def _availability(line: _Line) -> str:
    """Untracked stock is always there; tracked stock may run out, and may be sold on all the same."""
    quantity = line.get("quantity").lstrip("'")
    if not line.get("tracker") or not quantity:
        return "in_stock"
    if stock_of(quantity) is Availability.OUT_OF_STOCK and line.get("policy").lower() in _CONTINUES:
        return "backorder"
    return quantity


def _is_hidden(first: _Line) -> bool:
    return any(says_shown(first.get(word)) is False for word in ("status", "published") if first.get(word))
