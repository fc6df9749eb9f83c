"""Google Merchant Center and Meta feeds as XML: RSS 2.0 and Atom 1.0, read as a stream.

`sources/xml.py` gives the items, one by one, and mends what shops write into XML that does not belong there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from xml.etree.ElementTree import Element

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.mapping import Listed
from bottega.catalogue.readers.merchant.attributes import KNOWN, merchant_draft, merchant_name, rest_plan
from bottega.errors import SourceUnreadable
from bottega.sources.columns import name_of
from bottega.sources.source import Source
from bottega.sources.xml import xml_items

__all__ = ["MerchantXml"]

_ITEMS = frozenset(
    {"item", "entry", "product", "produkt", "producto", "produit", "article", "artikel"}  # codespell:ignore
)
"""RSS and Atom have the first two; price comparisons, and shops that write XML of their own, the others."""
_LOOK_AHEAD = 50
"""Items that are looked at before the first becomes a product: elements have no header."""
_ITEM = re.compile(rf"<(?:{'|'.join(sorted(_ITEMS))})[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<html[\s>]", re.IGNORECASE)
_ATOM_NAMES = {"summary": "description", "content": "description"}
_PLUMBING = frozenset({"updated", "published", "pubdate", "guid", "author", "shipping", "tax", "rights", "source"})


class MerchantXml:
    """Google's and Meta's RSS and Atom."""

    name = "merchant-xml"
    describe = "Google Merchant Center or Meta feed as RSS 2.0 or Atom XML"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its root element, or items of products under one of another name."""
        head = source.head.lstrip("\ufeff \t\r\n")
        if not head.startswith("<"):
            return 0.0
        if "<rss" in head or "<feed" in head:
            return 0.95
        return 0.5 if _ITEM.search(head) and not _PAGE.search(head) else 0.1

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an item. Raises `SourceUnreadable` where there is none, or entities are declared."""
        found = _found(reading)
        first = list(islice(found, _LOOK_AHEAD))
        names = dict.fromkeys(name for item in first for name in item.cells)
        reading.lay_over(list(names))
        rest = rest_plan(
            reading,
            {name: merchant_name(name) for name in names if name not in _PLUMBING},
            [item.cells for item in first],
        )
        later = dict.fromkeys(reading.unused_columns)
        for item in chain(first, found):
            later |= {name: None for name in item.cells if name not in names and name not in KNOWN | _PLUMBING}
            draft = fill(merchant_draft(item.values, item.row, reading, item.cells), item.cells, rest)
            product = reading.finish(draft)
            reading.unused_columns = list(later)
            if product is not None:
                yield product


@dataclass(frozen=True, slots=True)
class _Item:
    """One item: its row, the values of each name of the format, and all its elements as cells."""

    row: str
    values: dict[str, list[str]]
    cells: dict[str, str]


def _found(reading: Reading) -> Iterator[_Item]:
    """Every item. Raises `SourceUnreadable` where there is none, or entities are declared."""
    found = False
    for place, element in xml_items(reading, _ITEMS):
        found = True
        yield _item(element, reading.row(place))
    if not found and not reading.rejected:
        raise SourceUnreadable(
            f"{reading.source.name} holds no <item> and no <entry>.",
            allowed="A feed is RSS 2.0 or Atom.",
            next_step="Check that this is the product feed.",
        )


def _item(item: Element, row: str) -> _Item:
    """The elements of an item by name; g: names win over RSS and Atom ones of the same name."""
    own: dict[str, list[str]] = {}
    plain: dict[str, list[str]] = {}
    for child in item:
        local = child.tag.rsplit("}", 1)[-1].lower()
        namespaced = "base.google.com" in child.tag or ":" in local
        name = name_of(local.rsplit(":", 1)[-1])
        if not namespaced:
            name = _ATOM_NAMES.get(name, name)
        text = _text(child, name)
        if text.strip():
            (own if namespaced else plain).setdefault(name, []).append(text)
    values = plain | own
    cells = {name: given[0] if len(given) == 1 else Listed.of(given) for name, given in values.items()}
    known = {name: given for name, given in values.items() if name in KNOWN}
    return _Item(row, known, cells)


def _text(element: Element, name: str) -> str:
    """Text of an element; an Atom link's address; the parts of a nested detail joined by colons."""
    if name == "link" and not (element.text or "").strip():
        return element.get("href", "") if element.get("rel", "alternate") == "alternate" else ""
    if name.startswith("structured_") and len(element):
        return ":".join((part.text or "").strip() for part in element)
    if name == "product_detail" and len(element):
        return ":".join(_in_quotes((part.text or "").strip()) for part in element)
    return "".join(element.itertext())


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search(r'[,:"]', text) else text
