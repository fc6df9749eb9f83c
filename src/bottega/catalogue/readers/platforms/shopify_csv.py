"""Shopify's product CSV, with the headers of before 2024 and of today.

Rows with the same handle are one product, wherever they stand: the first with a title carries its texts, each row with
an option value, an SKU or a price is a variant, the others are further pictures. A variant's id is its SKU, or
handle/options where it has none; its group id is the handle, so that events which name either are understood. A row
that is neither variant nor picture and has a title of its own is a second product under one handle, which Shopify has
not: it is refused. A product without a handle gets the one that Shopify would make of its title.
"""

from __future__ import annotations

from collections.abc import Iterator

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.flags import says_shown
from bottega.catalogue.readers.fields.lists import split_path
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.catalogue.readers.platforms.shopify_ids import variant_options, variant_place
from bottega.catalogue.readers.platforms.shopify_rows import WORD, RowsApart, ShopifyLine, lines_of, peek, understand
from bottega.catalogue.readers.table import read_table
from bottega.errors import ColumnMissing
from bottega.names import Availability
from bottega.sources.columns import name_of
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["ShopifyCsv"]

_CONTINUES = frozenset({"continue", "true", "yes"})


class ShopifyCsv:
    """Shopify's product export."""

    name = "shopify-csv"
    describe = "Shopify product CSV, old and 2024+ headers"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By its handle, title and option or variant columns."""
        words = {WORD[name] for column in header_of(source.head) if (name := name_of(column)) in WORD}
        if not {"handle", "title"} <= words:
            return 0.0
        return 0.95 if words & {"option1_name", "body", "published", "image"} and "price" in words else 0.4

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, a handle at a time. Raises `ColumnMissing` without handle or title."""
        skus: dict[str, str] = {}
        apart = RowsApart()
        with read_table(reading, needs=("title",)) as (header, rows):
            columns = understand(header)
            if "handle" not in columns.words.values():
                raise ColumnMissing(
                    f"{reading.source.name} has no column Handle or URL handle.",
                    allowed=f"Its columns are: {', '.join(header)}.",
                    next_step="Export the products from Shopify again, or use --as csv with --map.",
                )
            apart.look(lines_of(peek(reading), columns))
            filled: set[str] = set()
            for block in apart.blocks(lines_of(rows, columns, filled)):
                yield from _products(block, reading, skus)
            reading.unused_columns = reading.left_over(column for column in columns.unused if column in filled)


def _products(block: list[ShopifyLine], reading: Reading, skus: dict[str, str]) -> Iterator[Product]:
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
    alts = {line.get("image"): line.get("alt") for line in reversed(pictures) if line.get("image") and line.get("alt")}
    for line in variants:
        options = _options(first, line)
        draft = _shared(first, reading.row(line.line))
        draft.title = line.get("title") or draft.title
        place = variant_place(handle, options.values())
        draft.id = _identity(line, place, skus, reading, draft.row)
        draft.group_id = handle if draft.id != handle else ""
        draft.images = [*dict.fromkeys(picture for picture in (line.get("variant_image"), *images) if picture)]
        draft.alts = alts
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


def _is_another(line: ShopifyLine, first: ShopifyLine) -> bool:
    """Whether a row has a title of its own, which is not the product's."""
    return bool(line.get("title")) and line.get("title") != first.get("title") and not line.is_variant


def _shared(first: ShopifyLine, row: str) -> Draft:
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


def _identity(line: ShopifyLine, place: str, skus: dict[str, str], reading: Reading, row: str) -> str:
    """The SKU when it belongs to this variant alone, else handle/options."""
    sku = line.get("sku").lstrip("'")
    if not sku:
        return place
    if skus.setdefault(sku, place) != place:
        reading.warn("sku_repeated", row, f"{sku} (first on {skus[sku]})", field="sku")
        return place
    return sku


def _options(first: ShopifyLine, line: ShopifyLine) -> dict[str, str]:
    """Option to value; the first row of a product names its options."""
    return variant_options(
        (first.get(f"option{n}_name") or line.get(f"option{n}_name"), line.get(f"option{n}_value")) for n in (1, 2, 3)
    )


def _pictures(block: list[ShopifyLine]) -> list[str]:
    """The product's pictures in the order of their positions; those without one come last."""
    placed = []
    for order, line in enumerate(block):
        if image := line.get("image"):
            position = line.get("position")
            placed.append((int(position) if position.isdecimal() else 10**6, order, image))
    return [image for _, _, image in sorted(placed)]


def _availability(line: ShopifyLine) -> str:
    """Untracked stock is always there; tracked stock may run out, and may be sold on all the same."""
    quantity = line.get("quantity").lstrip("'")
    if not line.get("tracker") or not quantity:
        return "in_stock"
    if stock_of(quantity) is Availability.OUT_OF_STOCK and line.get("policy").lower() in _CONTINUES:
        return "backorder"
    return quantity


def _is_hidden(first: ShopifyLine) -> bool:
    return any(says_shown(first.get(word)) is False for word in ("status", "published") if first.get(word))
