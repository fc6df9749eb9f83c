"""Squarespace's product export: a product's first row is its first variant, rows without a title are the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownColumns, KnownLine, Words, known_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, best_path, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted
from bottega.sources.columns import name_of
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["SquarespaceCsv"]

WORDS = Words(
    {
        "id": ("product_id_non_editable", "product_id"),
        "variant_id": ("variant_id_non_editable", "variant_id"),
        "kind": ("product_type_non_editable", "product_type"),
        "page": ("product_page",),
        "slug": ("product_url",),
        "title": ("title",),
        "description": ("description",),
        "sku": ("sku",),
        "gtin": ("gtin",),
        "mpn": ("mpn",),
        "price": ("price",),
        "sale_price": ("sale_price",),
        "on_sale": ("on_sale",),
        "stock": ("stock",),
        "categories": ("categories",),
        "tags": ("tags",),
        "visible": ("visible",),
        "images": ("hosted_image_urls",),
    },
    {
        "option_name": re.compile(r"option_name_(\d+)"),
        "option_value": re.compile(r"option_value_(\d+)"),
    },
)
_TELLING = frozenset({"product_type_non_editable", "hosted_image_urls", "product_page", "on_sale", "option_name_1"})
_YES = frozenset({"yes", "true", "1"})


class SquarespaceCsv:
    """Squarespace's product export."""

    name = "squarespace-csv"
    describe = "Squarespace product CSV"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the columns that no other system has."""
        header = header_of(source.head)
        words = set(WORDS.of(header).words.values())
        if not {"title", "sku", "price"} <= words:
            return 0.0
        marked = sum("[non editable]" in column.lower() for column in header)
        told = marked + sum(name_of(column) in _TELLING for column in header)
        return 0.97 if told >= 3 else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row."""
        owners = Owners()
        with known_lines(reading, WORDS) as (columns, lines):
            block: list[KnownLine] = []
            for line in lines:
                if block and (line.get("title") or line.get("id") not in ("", block[0].get("id"))):
                    yield from _products(block, columns, reading, owners)
                    block = []
                block.append(line)
            if block:
                yield from _products(block, columns, reading, owners)


def _products(block: list[KnownLine], columns: KnownColumns, reading: Reading, owners: Owners) -> Iterator[Product]:
    first = block[0]
    shared = _shared(first)
    for line in block:
        own = _own(line, first, columns, reading, owners, alone=len(block) == 1)
        if (product := reading.finish(variant_of(shared, own))) is not None:
            yield product


def _shared(first: KnownLine) -> Draft:
    draft = Draft(
        row="",
        cells=first.raw,
        title=first.get("title"),
        description=first.get("description"),
        html_expected=True,
        hidden="hidden" if first.get("visible") and first.get("visible").lower() not in _YES else "",
        images=[address for text in first.get("images").split() for address in addresses_in(text)],
    )
    paths = [[level for level in path.split("/") if level.strip()] for path in first.get("categories").split(",")]
    draft.category, others = best_path(paths)
    put(draft, "categories", *others)
    put(draft, "tags", *first.get("tags").split(","))
    return draft


def _own(
    line: KnownLine, first: KnownLine, columns: KnownColumns, reading: Reading, owners: Owners, *, alone: bool
) -> Draft:
    own = Draft(
        row=reading.row(line.line),
        cells=line.raw,
        price=dotted(line.get("price")),
        availability=_stock(line.get("stock")),
    )
    if line.get("on_sale").lower() in _YES:
        own.sale_price = dotted(line.get("sale_price"))
    options = []
    for number in columns.numbers.get("option_value", []):
        if value := line.get(f"option_value {number}"):
            put(own, line.get(f"option_name {number}") or first.get(f"option_name {number}"), value)
            options.append(value)
    for name in ("gtin", "mpn"):
        put(own, name, line.get(name))
    parent = first.get("id", "slug")
    place = options_place(parent, () if alone else options)
    own.id = (first.get("id") if alone else line.get("variant_id")) or ""
    if not own.id:
        own.id = owners.id_of(line.get("sku"), place, reading, own.row)
    elif line.get("sku"):
        put(own, "sku", line.get("sku"))
    own.group_id = parent if parent != own.id else ""
    return own


def _stock(text: str) -> str:
    return "in_stock" if text.strip().lower() in ("unlimited", "") else stock_word(text)
