"""Google Merchant Center and Meta feeds as XML: RSS 2.0 and Atom 1.0, read as a stream.

Items are forgotten as soon as they are read, so memory does not grow with the file. Entities and external references
are refused (defusedxml). Control characters, which XML forbids but shops write, are removed before the parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.merchant import KNOWN, merchant_draft
from bottega.errors import SourceUnreadable
from bottega.sources.columns import name_of
from bottega.sources.source import Source

__all__ = ["MerchantXml"]

_ITEMS = ("item", "entry")
_ATOM_NAMES = {"summary": "description", "content": "description"}
_PLUMBING = frozenset({"updated", "published", "pubdate", "guid", "author", "shipping", "tax", "rights", "source"})
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))


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
        """A product an item. Raises `SourceUnreadable` when the XML breaks before the first item."""
        source = reading.source
        unused: dict[str, None] = {}
        place = 0
        with source.open_bytes() as stream:
            try:
                for element in _items(stream):
                    place += 1
                    values = _values(element, unused)
                    row = reading.row(f"item {place}")
                    product = reading.finish(merchant_draft(values, row, reading))
                    reading.unused_columns = list(unused)
                    if product is not None:
                        yield product
            except ParseError as error:
                if place == 0:
                    raise SourceUnreadable(
                        f"{source.name} is not well-formed XML: {error}.",
                        allowed="A feed is RSS 2.0 or Atom with <item> or <entry> elements.",
                        next_step="Export it again.",
                    ) from error
                reading.cut_short = True
                reading.refuse("xml_broken", reading.row(f"item {place + 1}"), str(error))
            except DefusedXmlException as error:
                raise SourceUnreadable(
                    f"{source.name} declares XML entities, which are not read because they can be used for attacks.",
                    next_step="Export it without a DOCTYPE.",
                ) from error
        if place == 0:
            raise SourceUnreadable(
                f"{source.name} holds no <item> and no <entry>.",
                allowed="A feed is RSS 2.0 or Atom.",
                next_step="Check that this is the product feed.",
            )


class _Filtered:
    """A byte stream without control characters; UTF-16 passes untouched, its zero bytes mean something."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.first = stream.read(4)
        self.wide = b"\0" in self.first or self.first.startswith((b"\xff\xfe", b"\xfe\xff"))

    def read(self, size: int = -1) -> bytes:
        block = self.first + self.stream.read(size)
        self.first = b""
        return block if self.wide else block.translate(None, _CONTROLS)


def _items(stream: BinaryIO) -> Iterator[Element]:
    """Each item once it is whole; then it is emptied, and its parent forgets it."""
    parents: list[Element] = []
    events = cast(Any, iterparse(cast(Any, _Filtered(stream)), events=("start", "end"), forbid_dtd=False))
    for event, element in events:
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if _local(element.tag) in _ITEMS and not any(_local(parent.tag) in _ITEMS for parent in parents):
            yield element
            element.clear()
            if parents:
                parents[-1].remove(element)


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1].lower()


def _values(item: Element, unused: dict[str, None]) -> dict[str, list[str]]:
    """Attribute values of an item by name; g: names win over RSS and Atom ones of the same name."""
    own: dict[str, list[str]] = {}
    plain: dict[str, list[str]] = {}
    for child in item:
        local = _local(child.tag)
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
