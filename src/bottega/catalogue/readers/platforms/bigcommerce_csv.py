"""BigCommerce's product exports: today's (Item, ID, Name, ...), the one before (Item Type, Product ID, ...), and tables
made of the fields of its API.

In the first two a Product row is followed by its variants, pictures and videos. Products and variants number on their
own, so a variant's id is its SKU, or its product's id and options; its group is the product's id. In a table of API
fields each row is a product, and rows of one address (`custom_url`) are variants of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bottega.catalogue.addresses import web_address
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownColumns, KnownLine, Words, known_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, best_path, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted
from bottega.catalogue.readers.fields.lists import apart
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["BigCommerceCsv"]

WORDS = Words(
    {
        "item": ("item", "item_type"),
        "id": ("id", "product_id"),
        "name": ("name", "product_name"),
        "sku": ("sku", "product_code_sku", "product_sku"),
        "options": ("options",),
        "tracking": ("inventory_tracking", "track_inventory"),
        "stock": ("current_stock", "current_stock_level", "inventory_level"),
        "price": ("price",),
        "retail_price": ("retail_price",),
        "sale_price": ("sale_price",),
        "brand": ("brand_name", "brand"),
        "brand_id": ("brand_id",),
        "categories": ("categories", "category", "category_string"),
        "description": ("description", "product_description"),
        "fields": ("custom_fields", "product_custom_fields"),
        "url": ("product_url", "custom_url"),
        "keywords": ("search_keywords",),
        "gtin": ("global_trade_number", "gtin"),
        "upc": ("upc_ean", "product_upc_ean", "upc"),
        "mpn": ("manufacturer_part_number", "mpn"),
        "visible": ("is_visible", "product_visible"),
        "purchasable": ("allow_purchases",),
        "availability": ("availability",),
        "condition": ("product_condition", "condition"),
        "variant_image": ("variant_image_url",),
        "exported_image": ("internal_image_url_export",),
        "image": ("image_url_import",),
        "is_thumbnail": ("image_is_thumbnail",),
        "image_alt": ("image_description",),
        "primary_image": ("primary_image",),
        "calculated_price": ("calculated_price",),
    },
    {
        "image_file": re.compile(r"product_image_(?:file|url)_(\d+)|image_(\d+)"),
        "file_alt": re.compile(r"product_image_description_(\d+)"),
    },
)
"""`calculated_price` is what the prices before it come to; it only tells the format."""
_OPTION = re.compile(r"\[\w+\](?P<name>[^=\[\]]+)=(?P<value>[^\[]*)")
_OPTION_PARTS = re.compile(r"(?:^|\|)Type=(?P<type>[^|]*)\|Name=(?P<name>[^|]*)\|Value=(?P<value>[^|]*)")
_HEX = re.compile(r"(?::#[0-9a-fA-F]{3,8}|\[(?:#[0-9a-fA-F]{3,8}[,|; ]*)+\])$")
_MARKS = re.compile(r"[-_/. ]+")
_TOLD = re.compile(r"[-_/. ](.+)")
_SIZE = re.compile(r"\d?X{0,4}[SML]|[2-9]X|\d{1,3}(?:\.5)?|ONE ?SIZE|O/?S", re.IGNORECASE)
_LEVEL = re.compile(r"(?<!\\)/")
_NO = frozenset({"n", "no", "false", "0"})
_VARIANTS = frozenset({"variant", "sku"})
_PARTS = frozenset({"image", "video", "rule"})


class BigCommerceCsv:
    """BigCommerce's product export."""

    name = "bigcommerce-csv"
    describe = "BigCommerce product CSV, of today and before, or with the names of its API"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the columns for the kind of row, or those of its API."""
        header = header_of(source.head)
        names = set(WORDS.of(header).words.values())
        if not {"name", "sku", "price"} <= names:
            return 0.0
        if "item" in names and {"tracking", "visible"} & names and {"id", "options", "stock"} & names:
            return 0.97
        told = names & {"tracking", "calculated_price", "url", "visible", "retail_price", "primary_image", "brand_id"}
        return 0.9 if len(told) >= 4 and "item" not in names else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant, or a product that has none."""
        owners = Owners()
        with known_lines(reading, WORDS) as (columns, lines):
            if "item" not in columns.words.values():
                first = ""
                """SKU of the first row of an address."""
                for address, rows in groupby(lines, key=lambda line: line.get("url")):
                    for place, line in enumerate(rows):
                        first = line.get("sku") if place == 0 or not address else first
                        if (product := reading.finish(_flat(line, first, columns, reading))) is not None:
                            yield product
                return
            block: list[KnownLine] = []
            for line in lines:
                if block and _starts(line):
                    yield from _products(block, columns, reading, owners)
                    block = []
                block.append(line)
            if block:
                yield from _products(block, columns, reading, owners)


def _kind(line: KnownLine) -> str:
    return line.get("item").lower()


def _starts(line: KnownLine) -> bool:
    """Whether a row begins a product; what says nothing that is known is taken for one."""
    return _kind(line) not in _VARIANTS | _PARTS


def _products(block: list[KnownLine], columns: KnownColumns, reading: Reading, owners: Owners) -> Iterator[Product]:
    first = block[0]
    variants = [line for line in block if _kind(line) in _VARIANTS]
    pictures = [line for line in block if _kind(line) == "image"]
    pictures.sort(key=lambda line: line.get("is_thumbnail").lower() not in ("true", "y"))
    reading.joined += sum(_kind(line) in _PARTS for line in block)
    shared = _draft(first, columns, reading) if _starts(first) else Draft(row="", html_expected=True)
    shared.images += [address for line in pictures if (address := line.get("exported_image", "image"))]
    shared.alts |= {line.get("exported_image", "image"): line.get("image_alt") for line in reversed(pictures)}
    if not variants:
        if _starts(first) and (product := reading.finish(shared)) is not None:
            yield product
        return
    reading.joined += _starts(first)
    for line in variants:
        if (product := reading.finish(_variant(line, shared, columns, reading, owners))) is not None:
            yield product


def _draft(line: KnownLine, columns: KnownColumns, reading: Reading) -> Draft:
    """A product's row; its id is the product's number, else its SKU."""
    sku = line.get("sku")
    draft = Draft(
        row=reading.row(line.line),
        cells=line.raw,
        id=line.get("id") or sku,
        title=line.get("name"),
        description=line.get("description"),
        html_expected=True,
        brand=line.get("brand"),
        availability=_availability(line),
        hidden="hidden" if line.get("visible").lower() in _NO else "",
        images=_images(line, columns),
        alts=_alts(line, columns),
        url=web_address(line.get("url")) or "",
    )
    draft.price, draft.sale_price = dotted(line.get("price")), dotted(line.get("sale_price"))
    draft.list_price = dotted(line.get("retail_price"))
    _set_categories(draft, line.get("categories"))
    put(draft, "tags", *line.get("keywords").split(","))
    put(draft, "condition", line.get("condition").lower())
    _put_numbers(draft, line)
    if not draft.brand and line.get("brand_id") not in ("", "0"):
        put(draft, "brand_id", line.get("brand_id"))
    for pair in apart(_unquoted(line.get("fields"))):
        name, sign, value = pair.partition("=")
        put(draft, name, value if sign else "")
    if not draft.brand and len(brands := draft.attributes.get("brand", [])) == 1:  # brands have numbers, not names
        draft.brand = brands[0]
        del draft.attributes["brand"]
    if sku and sku != draft.id:
        put(draft, "sku", sku)
    return draft


def _variant(line: KnownLine, shared: Draft, columns: KnownColumns, reading: Reading, owners: Owners) -> Draft:
    options = _options(line)
    own = Draft(row=reading.row(line.line), cells=line.raw)
    if line.get("stock"):
        own.availability = stock_word(line.get("stock"))
    if line.get("purchasable").lower() in _NO:
        own.availability = "out_of_stock"
    own.images = [address for address in (line.get("variant_image"), *_images(line, columns)) if address]
    own.price, own.sale_price = dotted(line.get("price")), dotted(line.get("sale_price"))
    own.list_price = dotted(line.get("retail_price")) or shared.list_price
    _put_numbers(own, line)
    for name, value in options.items():
        put(own, name, value)
    own.id = owners.id_of(line.get("sku"), options_place(shared.id, options.values()), reading, own.row)
    draft = variant_of(shared, own)
    draft.attributes.pop("sku", None)
    draft.group_id = shared.id
    return draft


def _flat(line: KnownLine, first: str, columns: KnownColumns, reading: Reading) -> Draft:
    """A row of API fields: a product, whose variants have its address, and its SKU before what tells them apart."""
    draft = _draft(line, columns, reading)
    draft.group_id = line.get("url")
    if told := _behind(first, line.get("sku")):
        put(draft, "size" if _SIZE.fullmatch(told) else "option", told)
    if draft.attributes.get("tags") == [draft.group_id]:
        draft.attributes.pop("tags")
    return draft


def _behind(first: str, sku: str) -> str:
    """What an SKU has behind another, whose hyphens may stand elsewhere; "" where it does not begin so.

    >>> _behind("C1-RED", "C1RED-XL"), _behind("C1", "C1-S"), _behind("C1", "C12"), _behind("C1", "C1")
    ('XL', 'S', '', '')
    """
    letters = _MARKS.sub("", first)
    found = re.match("[-_/. ]*".join(map(re.escape, letters)), sku) if letters else None
    told = _TOLD.fullmatch(sku[found.end() :]) if found else None
    return told[1] if told else ""


def _options(line: KnownLine) -> dict[str, str]:
    """Option name to value, of "[S]Height=Low" and of "Type=Dropdown|Name=Color|Value=Natural"."""
    pattern, text = (_OPTION_PARTS, line.get("options")) if line.get("options") else (_OPTION, line.get("name"))
    options = {}
    for found in pattern.finditer(text):
        value = found["value"].strip()
        if pattern is _OPTION:
            value = _HEX.sub("", value.rstrip(",")).strip()
        elif found["type"].strip().lower() == "swatch":
            value = _HEX.sub("", value).strip()
        if value:
            options[found["name"].strip()] = value
    return options


def _set_categories(draft: Draft, text: str) -> None:
    """Paths of names; numbers name categories that are not in the file, so they are kept apart."""
    entries = apart(text, ";" if ";" in text or "/" in text else ";,|")
    if numbers := [entry for entry in entries if entry.isdecimal()]:
        put(draft, "category_id", *numbers)
    paths = [[level.replace("\\/", "/") for level in _LEVEL.split(entry)] for entry in entries if not entry.isdecimal()]
    draft.category, others = best_path(paths)
    put(draft, "categories", *others)


def _unquoted(text: str) -> str:
    """Without the quotes around all of it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _put_numbers(draft: Draft, line: KnownLine) -> None:
    put(draft, "gtin", line.get("gtin", "upc"))
    put(draft, "mpn", line.get("mpn"))


def _availability(line: KnownLine) -> str:
    if line.get("purchasable").lower() in _NO or line.get("availability").lower() == "disabled":
        return "out_of_stock"
    if line.get("availability").lower() == "preorder":
        return "preorder"
    tracked = line.get("tracking").lower() in ("product", "by product", "sku", "simple")
    return stock_word(line.get("stock"), tracked=tracked)


def _images(line: KnownLine, columns: KnownColumns) -> list[str]:
    numbered = (line.get(f"image_file {number}") for number in columns.numbers.get("image_file", []))
    return list(dict.fromkeys(address for address in (line.get("primary_image"), *numbered) if address))


def _alts(line: KnownLine, columns: KnownColumns) -> dict[str, str]:
    """Alternative texts of the numbered pictures, which the file calls descriptions."""
    numbers = columns.numbers.get("image_file", [])
    return {line.get(f"image_file {number}"): line.get(f"file_alt {number}") for number in reversed(numbers)}
