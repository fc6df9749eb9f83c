"""PrestaShop's tables: products, and the combinations that are their variants.

Products and combinations are two files, so both are given together, in one folder or archive; the file of categories,
where it lies there too, tells the paths of their names. Without its product a combination has no title. Prices without
tax are taken where there are no others, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownLine, Words, known_lines, peek_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, best_path, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, plus, reduced
from bottega.catalogue.readers.platforms.prestashop_words import (
    COMBINATIONS,
    kind_of,
    list_mark,
    price_columns,
    product_columns,
)
from bottega.sources.problems import FEED
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["PrestaShopCsv"]

_TOGETHER = "import the products file together with this one: put both into one folder and import the folder"
_ROOTS = frozenset({"home", "root", "accueil", "inicio", "startseite", "strona główna"})
_HIDDEN = frozenset({"0", "no", "false", "non", "disabled"})
_CATEGORIES = Words({"id": ("category_id",), "name": ("name",), "parent": ("parent_category",)})


class PrestaShopCsv:
    """PrestaShop's products and combinations."""

    name = "prestashop-csv"
    describe = "PrestaShop products CSV, with its combinations file in the same folder"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the columns of its manual, or a back-office list's prices with and without tax."""
        kind, sure = kind_of(header_of(source.head))
        return sure if kind in ("products", "combinations") else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a row, or a combination a row where there are any of it."""
        tables: dict[str, list[Source]] = {}
        for source in (reading.source, *reading.beside):
            tables.setdefault(kind_of(header_of(source.head))[0], []).append(source)
        combinations = tables.get("combinations", [])
        named = {key for source in combinations for line in peek_lines(source, COMBINATIONS) for key in _names(line)}
        paths = _category_paths(tables.get("categories", []))
        whole, parents = reading.source, dict[str, Draft]()
        for reading.source in tables.get("products", []):
            yield from _products(reading, named, parents, paths)
        owners = Owners()
        for reading.source in combinations:
            yield from _combinations(reading, parents, owners)
        reading.source = whole


def _products(
    reading: Reading, named: set[str], parents: dict[str, Draft], paths: dict[str, list[str]]
) -> Iterator[Product]:
    """Products of a file that have no combinations; those that have go to `parents`, by id and by reference."""
    header = header_of(reading.source.head)
    prices, untaxed = price_columns(header)
    mark = list_mark(header)
    told = False
    with known_lines(reading, product_columns(header)) as (columns, lines):
        columns.unused = [column for column in columns.unused if column not in prices]
        for line in lines:
            draft = _draft(
                line, reading, next((text for name in prices if (text := line.raw.get(name, "").strip())), "")
            )
            _set_lists(draft, line, mark, paths)
            if untaxed and draft.price and not told:
                reading.warn("price_without_tax", FEED, prices[0], field="price")
                told = True
            keys = {line.get("id"), line.get("reference")} & named
            if not keys:
                if (product := reading.finish(draft)) is not None:
                    yield product
            elif any(key in parents for key in keys):
                reading.refuse("duplicate_id", draft.row, draft.id, field="id")
            else:
                reading.joined += 1
                parents |= dict.fromkeys(keys, draft)


def _combinations(reading: Reading, parents: dict[str, Draft], owners: Owners) -> Iterator[Product]:
    with known_lines(reading, COMBINATIONS) as (_, lines):
        for line in lines:
            parent = next((parents[key] for key in _names(line) if key in parents), None)
            if parent is None:
                seen = f"a combination of {line.get('parent', 'parent_reference')}"
                reading.refuse("title_empty", line.line, seen, field="title", fix=_TOGETHER)
                continue
            own = Draft(
                row=reading.row(line.line), cells=line.raw, images=addresses_in(line.get("images")), group_id=parent.id
            )
            own.availability = stock_word(line.get("quantity"))
            options = _options(line)
            for name, value in options.items():
                put(own, name, value)
            put(own, "gtin", line.get("ean", "upc"))
            put(own, "mpn", line.get("mpn"))
            own.id = owners.id_of(line.get("reference"), options_place(parent.id, options.values()), reading, own.row)
            draft = variant_of(parent, own)
            if line.get("impact").strip("0., "):
                draft.price = plus(parent.price, dotted(line.get("impact")), reading.currency)
                draft.sale_price = ""
            draft.attributes.pop("sku", None)
            if (product := reading.finish(draft)) is not None:
                yield product


def _names(line: KnownLine) -> list[str]:
    """What a combination calls its product."""
    return [name for name in (line.get("parent"), line.get("parent_reference")) if name]


def _draft(line: KnownLine, reading: Reading, price: str) -> Draft:
    quantity, visibility = line.get("quantity"), line.get("visibility").lower()
    draft = Draft(
        row=reading.row(line.line),
        cells=line.raw,
        id=line.get("id"),
        title=line.get("name"),
        description=line.get("description", "summary"),
        html_expected=True,
        brand=line.get("brand"),
        price=price,
        sale_price=reduced(price, line.get("discount_amount"), line.get("discount_percent"), reading.currency),
        sale_from=line.get("discount_from"),
        sale_to=line.get("discount_to"),
        availability=stock_word(quantity, sold_on=line.get("sold_on") == "1"),
        hidden="hidden" if line.get("active").lower() in _HIDDEN or visibility == "none" else "",
        updated_at=line.get("updated"),
    )
    if line.get("orderable") == "0":
        draft.availability = "out_of_stock"
    put(draft, "gtin", line.get("ean", "upc", "isbn"))
    put(draft, "mpn", line.get("mpn"))
    put(draft, "condition", line.get("condition").lower())
    if line.get("reference") != draft.id:
        put(draft, "sku", line.get("reference"))
    return draft


def _set_lists(draft: Draft, line: KnownLine, mark: str, paths: dict[str, list[str]]) -> None:
    """Categories, pictures, tags and features: lists in cells, with the mark that the header names."""
    entries = [entry.strip() for entry in line.get("categories").split(mark) if entry.strip()]
    known = [paths.get(entry.lower()) or entry.split("/") for entry in entries]
    put(draft, "category_id", *(entry for entry in entries if entry.isdecimal() and entry not in paths))
    draft.category, others = best_path([_below_root(path) for path in known if not "".join(path).isdecimal()])
    put(draft, "categories", *others)
    draft.images = addresses_in(line.get("images"))
    draft.alts = dict(zip(draft.images, (alt.strip() for alt in line.get("alts").split(mark)), strict=False))
    put(draft, "tags", *line.get("tags").split(mark))
    for feature in line.get("features").split(mark):
        name, _, rest = feature.partition(":")
        put(draft, name, rest.split(":")[0])


def _below_root(path: list[str]) -> list[str]:
    """A path without the root, which holds every product and says nothing of one."""
    return path[1:] if path[:1] and path[0].strip().lower() in _ROOTS else path


def _options(line: KnownLine) -> dict[str, str]:
    """Name to value of "Color:color:0; Size:select:1" and "Blue:0; M:1"."""
    mark = ";" if ";" in line.get("attributes") else ","
    names = [entry.split(":")[0].strip() for entry in line.get("attributes").split(mark)]
    values = [re.sub(r":\d+$", "", entry.strip()).strip() for entry in line.get("values").split(mark)]
    return {name: value for name, value in zip(names, values, strict=False) if name and value}


def _category_paths(sources: list[Source]) -> dict[str, list[str]]:
    """Name and number of each category, in small letters, to its path."""
    names: dict[str, str] = {}
    above: dict[str, str] = {}
    for source in sources:
        for line in peek_lines(source, _CATEGORIES):
            name = line.get("name")
            for key in filter(None, (line.get("id").lower(), name.lower())):
                names[key], above[key] = name, line.get("parent").lower()
    paths: dict[str, list[str]] = {}
    for key in names:
        path, seen, at = list[str](), set[str](), key
        while at in names and at not in seen:
            seen.add(at)
            path.insert(0, names[at])
            at = above[at]
        paths[key] = path
    return paths
