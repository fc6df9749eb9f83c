"""Wix's product export (catalog_products.csv), old columns and those of its new catalogue.

A row of the kind Product and the Variant rows below it are one product. A variant costs the product's price and its
surcharge (in the new columns: its own price). Pictures are names in Wix's own media store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownColumns, KnownLine, Words, known_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, plus, reduced
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["WixCsv"]

WORDS = Words(
    {
        "handle": ("handleid", "handle"),
        "kind": ("fieldtype",),
        "name": ("name",),
        "description": ("description", "plaindescription"),
        "images": ("productimageurl", "media"),
        "collection": ("collection", "categories", "categoryslugs"),
        "first_collection": ("primarycategory", "primarycategoryslug"),
        "sku": ("sku",),
        "barcode": ("barcode",),
        "price": ("price",),
        "struck_price": ("strikethroughprice",),
        "surcharge": ("surcharge",),
        "visible": ("visible",),
        "discount_mode": ("discountmode",),
        "discount": ("discountvalue",),
        "inventory": ("inventory",),
        "preorder": ("preorderenabled",),
        "brand": ("brand",),
        "ribbon": ("ribbon",),
    },
    {
        "option_name": re.compile(r"productoptionname(\d+)"),
        "option_values": re.compile(r"productoption(?:description|choices)(\d+)"),
        "info_title": re.compile(r"additionalinfotitle(\d+)"),
        "info_text": re.compile(r"additionalinfodescription(\d+)"),
    },
)
_MEDIA = re.compile(r"[0-9a-f]{4,}_[0-9a-f]{16,}~mv2[\w.~-]*", re.IGNORECASE)
_MEDIA_ADDRESS = "https://static.wixstatic.com/media/"
_INFO_LONGEST = 100
"""An info section longer than this is a text, not an attribute."""


class WixCsv:
    """Wix's product export."""

    name = "wix-csv"
    describe = "Wix product CSV"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the columns for the handle and the kind of row."""
        words = set(WORDS.of(header_of(source.head)).words.values())
        return 0.98 if {"handle", "kind", "name"} <= words else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, or a product that has none."""
        owners = Owners()
        with known_lines(reading, WORDS) as (columns, lines):
            block: list[KnownLine] = []
            for line in lines:
                if block and (_is_product(line) or line.get("handle") not in ("", block[0].get("handle"))):
                    yield from _products(block, columns, reading, owners)
                    block = []
                block.append(line)
            if block:
                yield from _products(block, columns, reading, owners)


def _is_product(line: KnownLine) -> bool:
    return line.get("kind").lower() == "product"


def _products(block: list[KnownLine], columns: KnownColumns, reading: Reading, owners: Owners) -> Iterator[Product]:
    first, *variants = block
    handle = first.get("handle")
    shared = _shared(first, columns, reading)
    if not _is_product(first):  # its product is not in the file; what a variant has is a product without a title
        variants = block
    elif variants:
        reading.joined += 1
    else:
        shared.id = handle or first.get("sku")
        for number in columns.numbers.get("option_values", []):
            put(shared, first.get(f"option_name {number}"), *first.get(f"option_values {number}").split(";"))
    drafts = [_variant(line, first, shared, columns, reading, owners) for line in variants] if variants else [shared]
    for draft in drafts:
        if (product := reading.finish(draft)) is not None:
            yield product


def _shared(first: KnownLine, columns: KnownColumns, reading: Reading) -> Draft:
    """What all variants of a product have in common."""
    draft = Draft(
        row=reading.row(first.line),
        cells=first.raw,
        title=first.get("name"),
        description=first.get("description"),
        html_expected=True,
        brand=first.get("brand"),
        availability=_availability(first),
        hidden="hidden" if first.get("visible").lower() == "false" else "",
        images=[_address(name) for name in first.get("images").split(";") if name.strip()],
    )
    _price(draft, first, first, reading.currency)
    collections = [name.strip() for name in first.get("collection").split(";") if name.strip()]
    main = first.get("first_collection") or (collections[0] if collections else "")
    draft.category = [main] if main else []
    put(draft, "categories", *(name for name in collections if name != main))
    put(draft, "gtin", first.get("barcode"))
    if first.get("sku") and first.get("handle"):
        put(draft, "sku", first.get("sku"))
    for number in columns.numbers.get("info_title", []):
        if len(text := first.get(f"info_text {number}")) <= _INFO_LONGEST:
            put(draft, first.get(f"info_title {number}"), text)
    return draft


def _variant(
    line: KnownLine, first: KnownLine, shared: Draft, columns: KnownColumns, reading: Reading, owners: Owners
) -> Draft:
    own = Draft(
        row=reading.row(line.line), cells=line.raw, availability=_availability(line) if line.get("inventory") else ""
    )
    own.hidden = "hidden" if line.get("visible").lower() == "false" else ""
    own.images = [_address(name) for name in line.get("images").split(";") if name.strip()]
    _price(own, line, first, reading.currency)
    options = []
    for number in columns.numbers.get("option_values", []):
        if value := line.get(f"option_values {number}"):
            put(own, first.get(f"option_name {number}") or f"option {number}", value)
            options.append(value)
    put(own, "gtin", line.get("barcode"))
    handle = line.get("handle") or first.get("handle")
    own.id = owners.id_of(line.get("sku"), options_place(handle, options), reading, own.row)
    draft = variant_of(shared, own)
    draft.group_id = handle
    draft.attributes.pop("sku", None)
    return draft


def _price(draft: Draft, line: KnownLine, first: KnownLine, currency: str) -> None:
    """The price of a row: in the old columns its product's and a surcharge, in the new ones its own."""
    own = line.get("price") if line is first or _number(line.get("price")) else ""
    price = dotted(own or first.get("price"))
    draft.price = plus(price, dotted(line.get("surcharge")), currency)
    percent = first.get("discount_mode").upper() == "PERCENT"
    discount = first.get("discount")
    draft.sale_price = reduced(draft.price, "" if percent else dotted(discount), discount if percent else "", currency)
    draft.list_price = dotted(line.get("struck_price") or ("" if own else first.get("struck_price")))


def _number(text: str) -> bool:
    """Whether a text is more than an empty or zero amount."""
    return bool(text.strip("0., "))


def _availability(line: KnownLine) -> str:
    word = line.get("inventory").replace("_", "").lower()
    if word in ("instock", "outofstock", ""):
        return {"instock": "in_stock", "outofstock": "out_of_stock"}.get(word, "")
    return stock_word(line.get("inventory"))


def _address(name: str) -> str:
    """A name in Wix's media store as the address it has there; others stay."""
    name = name.strip()
    return f"{_MEDIA_ADDRESS}{name}" if _MEDIA.fullmatch(name) else name
