"""Google Merchant Center and Meta feeds as XML: RSS 2.0 and Atom 1.0, read as a stream.

`sources/xml.py` gives the items, one by one, and mends what shops write into XML that does not belong there.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.merchant import KNOWN, merchant_draft
from bottega.errors import SourceUnreadable
from bottega.sources.columns import name_of
from bottega.sources.source import Source
from bottega.sources.xml import xml_items

__all__ = ["MerchantXml"]

_ITEMS = ("item", "entry")
_ATOM_NAMES = {"summary": "description", "content": "description"}
_PLUMBING = frozenset({"updated", "published", "pubdate", "guid", "author", "shipping", "tax", "rights", "source"})


class MerchantXml:
    """Google's and Meta's RSS and Atom."""

    name = "merchant-xml"
    describe = "Google Merchant Center or Meta feed as RSS 2.0 or Atom XML"
    takes_mapping = False
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its root element."""
        head = source.head.lstrip("\ufeff \t\r\n")
        if not head.startswith("<"):
            return 0.0
        return 0.95 if "<rss" in head or "<feed" in head else 0.1

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an item. Raises `SourceUnreadable` where there is none, or entities are declared."""
        unused: dict[str, None] = {}
        found = False
        for place, element in xml_items(reading, _ITEMS):
            found = True
            row = reading.row(place)
            product = reading.finish(merchant_draft(_values(element, unused), row, reading))
            reading.unused_columns = list(unused)
            if product is not None:
                yield product
        if not found and not reading.rejected:
            raise SourceUnreadable(
                f"{reading.source.name} holds no <item> and no <entry>.",
                allowed="A feed is RSS 2.0 or Atom.",
                next_step="Check that this is the product feed.",
            )


def _values(item: Element, unused: dict[str, None]) -> dict[str, list[str]]:
    """Attribute values of an item by name; g: names win over RSS and Atom ones of the same name."""
    own: dict[str, list[str]] = {}
    plain: dict[str, list[str]] = {}
    for child in item:
        local = child.tag.rsplit("}", 1)[-1].lower()
        namespaced = "base.google.com" in child.tag or ":" in local
        name = name_of(local.rsplit(":", 1)[-1])
        if not namespaced:
            name = _ATOM_NAMES.get(name, name)
        if name in _PLUMBING:
            continue
        if name not in KNOWN:
            unused.setdefault(local)
            continue
        text = _text(child, name)
        if text.strip():
            (own if namespaced else plain).setdefault(name, []).append(text)
    return plain | own


def _text(element: Element, name: str) -> str:
    """Text of an element; an Atom link's address; the parts of a nested detail joined by colons."""
    if name == "link" and not (element.text or "").strip():
        return element.get("href", "") if element.get("rel", "alternate") == "alternate" else ""
    if name == "product_detail" and len(element):
        return ":".join((part.text or "").replace(",", " ").replace(":", " ").strip() for part in element)
    return "".join(element.itertext())
