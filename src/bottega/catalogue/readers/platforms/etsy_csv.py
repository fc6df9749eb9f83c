"""Etsy listings as tables: the seller's download (EtsyListingsDownload.csv) and tables made of the API's fields.

The download has no ids: a listing's is its SKU, or where it has none (or shares it) a name made of its title, which the
report says. Variations are listed without prices of their own, so a listing is one product and they are attributes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.known_columns import KnownColumns, KnownLine, Words, known_lines
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, put, stock_word
from bottega.catalogue.readers.fields.amounts import dotted
from bottega.sources.columns import name_of
from bottega.sources.source import Source
from bottega.sources.table_head import header_of

__all__ = ["EtsyCsv"]

WORDS = Words(
    {
        "id": ("listing_id",),
        "state": ("state",),
        "title": ("title",),
        "description": ("description",),
        "price": ("price",),
        "currency": ("currency_code",),
        "quantity": ("quantity",),
        "sku": ("sku", "skus"),
        "tags": ("tags",),
        "materials": ("materials",),
        "url": ("url",),
        "private": ("is_private",),
        "path": ("taxonomy_path",),
        "style": ("style",),
        "who_made": ("who_made",),
        "when_made": ("when_made",),
        "updated": ("last_modified_tsz", "last_modified_timestamp"),
    },
    {
        "image": re.compile(r"image_?(\d+)"),
        "option_name": re.compile(r"variation_(\d+)_name"),
        "option_type": re.compile(r"variation_(\d+)_type"),
        "option_values": re.compile(r"variation_(\d+)_values"),
    },
)
_SHOWN = frozenset({"", "active"})
_SOLD = frozenset({"sold_out", "sold out"})


class EtsyCsv:
    """Etsy listings."""

    name = "etsy-csv"
    describe = "Etsy listings CSV: the seller's download, or the API's fields"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By the columns that no other system has."""
        columns = WORDS.of(header_of(source.head))
        words = set(columns.words.values())
        if not {"title", "price", "currency", "quantity"} <= words:
            return 0.0
        download = "materials" in words and ("option_values" in columns.numbers or "image" in columns.numbers)
        return 0.97 if download or {"id", "state"} <= words else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a listing."""
        owners = Owners()
        with known_lines(reading, WORDS) as (columns, lines):
            for line in lines:
                if (product := reading.finish(_draft(line, columns, reading, owners))) is not None:
                    yield product


def _draft(line: KnownLine, columns: KnownColumns, reading: Reading, owners: Owners) -> Draft:
    state = line.get("state").lower()
    draft = Draft(
        row=reading.row(line.line),
        cells=line.raw,
        id=line.get("id"),
        title=line.get("title"),
        description=line.get("description"),
        price=dotted(line.get("price")),
        currency=line.get("currency"),
        availability="out_of_stock" if state in _SOLD else stock_word(line.get("quantity")),
        hidden="" if state in _SHOWN | _SOLD and line.get("private").lower() != "true" else "hidden",
        category=_entries(line.get("path")),
        images=[line.get(f"image {number}") for number in columns.numbers.get("image", [])],
        url=line.get("url"),
        updated_at=line.get("updated"),
    )
    skus = _entries(line.get("sku"))
    if not draft.id:
        made = name_of(draft.title)
        draft.id = owners.id_of(skus[0], made, reading, draft.row) if len(skus) == 1 else made
        if draft.id == made:
            reading.warn("id_made", draft.row, made, field="id")
    elif skus:
        put(draft, "sku", *skus)
    put(draft, "tags", *_entries(line.get("tags")))
    put(draft, "material", *_entries(line.get("materials")))
    put(draft, "style", *_entries(line.get("style")))
    for name in ("who_made", "when_made"):
        put(draft, name, line.get(name))
    for number in columns.numbers.get("option_values", []):
        name = line.get(f"option_name {number}", f"option_type {number}")
        put(draft, name, *_entries(line.get(f"option_values {number}")))
    return draft


def _entries(text: str) -> list[str]:
    """Entries of a list: commas, or the brackets and quotes that a script wrote around it."""
    if text.startswith("[") and text.endswith("]"):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = [
                first or second for first, second in re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", text)
            ]
        return [str(entry).replace("\\'", "'").strip() for entry in listed]
    return [" ".join(entry.split()) for entry in text.split(",") if entry.strip()]
