"""Magento 2's product export (Adobe Commerce, Mage-OS).

Simple products come before the configurable one that lists them with the options they stand for: those are its
variants, and are seen where it is seen, although Magento calls them "Not Visible Individually". Rows of a store view
repeat a product in another language or price and are no products. Pictures are paths inside Magento's media folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownLine, Words, known_lines, peek_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Families, Relative, best_path, put, stock_word
from bottega.catalogue.readers.fields.amounts import dotted
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["MagentoCsv"]

WORDS = Words(
    {
        word: (word,)
        for word in (
            "sku", "store_view_code", "attribute_set_code", "product_type", "categories", "product_websites", "name",
            "description", "short_description", "product_online", "visibility", "price", "special_price",
            "special_price_from_date", "special_price_to_date", "base_image", "small_image", "thumbnail_image",
            "base_image_label", "small_image_label", "thumbnail_image_label",
            "additional_images", "created_at", "updated_at", "additional_attributes", "qty", "is_in_stock",
            "allow_backorders", "manage_stock", "use_config_manage_stock", "configurable_variations", "url_key",
        )
    }
)  # fmt: skip
_TELLING = frozenset(
    {"store_view_code", "attribute_set_code", "product_websites", "product_online", "configurable_variations",
     "additional_attributes", "url_key", "special_price_from_date", "base_image"}
)  # fmt: skip
_PAIR = re.compile(r"(?:^|[,|])\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)=")
_LEVEL = re.compile(r"(?<!\\)/")
_ROOTS = frozenset({"default category", "root catalog"})
_UNSEEN = frozenset({"not visible individually", "1"})
_BRANDS = ("manufacturer", "brand")
_GTINS = ("gtin", "ean", "ean13", "upc", "barcode")
_COUNTED = frozenset({"", "simple", "virtual", "downloadable"})
_TIMES = ("%m/%d/%y, %I:%M %p", "%m/%d/%Y, %I:%M %p", "%m/%d/%y %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%y", "%m/%d/%Y")
"""How Magento writes a moment, beside ISO 8601: the American way, whatever the language of the shop."""


class MagentoCsv:
    """Magento 2's product export."""

    name = "magento-csv"
    describe = "Magento 2 (Adobe Commerce) product CSV"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By its sku, type and the columns that no other system has."""
        words = set(WORDS.of(header_of(source.head)).words.values())
        told = len(words & _TELLING)
        if not {"sku", "name"} <= words or told < 2:
            return 0.0
        return 0.97 if "product_type" in words and told >= 3 else 0.8

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row; a configurable product is told by its variants, a store view's row is joined to its own."""
        families, bases = Families(parents_list=True), set[str]()
        families.learn(_relatives(peek_lines(reading.source, WORDS), reading, bases, parents_alone=True))
        with known_lines(reading, WORDS) as (_, lines):
            yield from families.read(_relatives(_without_views(lines, bases, reading), reading, bases), reading)


def _without_views(lines: Iterator[KnownLine], bases: set[str], reading: Reading) -> Iterator[KnownLine]:
    for line in lines:
        if line.get("store_view_code") and line.get("sku") in bases:
            reading.joined += 1
        else:
            yield line


def _relatives(
    lines: Iterator[KnownLine], reading: Reading, bases: set[str], *, parents_alone: bool = False
) -> Iterator[Relative]:
    """Rows as relatives; ids of the rows that belong to no store view are collected in `bases`. With `parents_alone`
    only parents are told whole."""
    for line in lines:
        if not line.get("store_view_code"):
            bases.add(line.get("sku"))
        variants = {}
        if line.get("configurable_variations"):
            for listed in re.split(r"\|(?=\s*sku=)", line.get("configurable_variations")):
                options = _pairs(listed)
                if sku := "".join(options.pop("sku", [])):
                    variants[sku] = options
        is_parent = bool(variants) or line.get("product_type").lower() == "configurable"
        row = reading.row(line.line)
        draft = _draft(line, row) if is_parent or not parents_alone else Draft(row, line.get("sku"))
        unseen = line.get("visibility").lower() in _UNSEEN
        yield Relative(draft, (line.get("sku"),), is_parent, unseen_alone=unseen, variants=variants)


def _draft(line: KnownLine, row: str) -> Draft:
    draft = Draft(
        row=row,
        cells=line.raw,
        id=line.get("sku"),
        title=line.get("name"),
        description=line.get("description", "short_description"),
        html_expected=True,
        price=dotted(line.get("price")),
        sale_price=dotted(line.get("special_price")),
        sale_from=_moment(line.get("special_price_from_date")),
        sale_to=_moment(line.get("special_price_to_date")),
        availability=_availability(line),
        images=_images(line),
        alts=_alts(line),
        updated_at=_moment(line.get("updated_at", "created_at")),
    )
    if line.get("product_online") in ("2", "0"):
        draft.hidden = "hidden"
    paths = [[level.replace("\\/", "/") for level in _LEVEL.split(path)] for path in line.get("categories").split(",")]
    draft.category, others = best_path([path[1:] if path[0].strip().lower() in _ROOTS else path for path in paths])
    put(draft, "categories", *others)
    for name, values in _pairs(line.get("additional_attributes")).items():
        if name in _BRANDS and not draft.brand:
            draft.brand = values[0] if values else ""
        else:
            put(draft, "gtin" if name in _GTINS else name, *values)
    return draft


def _availability(line: KnownLine) -> str:
    """What has run out is out of stock, whatever its flag says; a product made of others has no stock of its own."""
    if line.get("is_in_stock") in ("0", "false"):
        return "out_of_stock"
    managed = not (line.get("manage_stock") == "0" and line.get("use_config_manage_stock") in ("", "0"))
    counted = line.get("product_type").lower() in _COUNTED
    return stock_word(line.get("qty"), tracked=managed and counted, sold_on=line.get("allow_backorders") in ("1", "2"))


def _pairs(text: str) -> dict[str, list[str]]:
    """Name to values of "color=Blue,size=S", in whose values commas may stand; several values have bars between."""
    found = list(_PAIR.finditer(text))
    pairs: dict[str, list[str]] = {}
    for pair, after in zip(found, [*found, None][1:], strict=True):
        value = text[pair.end() : after.start() if after else len(text)].strip().strip('"')
        pairs.setdefault(pair["name"], []).extend(part.strip().strip('"') for part in value.split("|"))
    return pairs


def _images(line: KnownLine) -> list[str]:
    """Paths as they lie below media/catalog/product, the first picture first."""
    listed = [line.get("base_image", "small_image", "thumbnail_image"), *line.get("additional_images").split(",")]
    named = (address.strip() for address in listed)
    return list(dict.fromkeys(name.lstrip("/") for name in named if name and name.lower() != "no_selection"))


def _alts(line: KnownLine) -> dict[str, str]:
    """Labels of the three pictures that have one; shops show them as alternative texts."""
    labelled = [name for name in ("thumbnail_image", "small_image", "base_image") if line.get(f"{name}_label")]
    return {line.get(name).strip().lstrip("/"): line.get(f"{name}_label") for name in labelled}


@lru_cache(maxsize=10_000)
def _moment(text: str) -> str:
    """A moment as ISO 8601 where it was written the American way; remembered, for a shop repeats a few days."""
    plain = text.replace("\u202f", " ").strip()
    if "/" not in plain:
        return text
    for form in _TIMES:
        try:
            return datetime.strptime(plain, form).isoformat()
        except ValueError:
            continue
    return text
