"""Heureka's XML of Czech and Slovak shops (read by Zboží.cz and others as well): one <SHOPITEM> a product or variant.

Variants name their group (`ITEMGROUP_ID`) and say what differs in `PARAM`. Prices are with tax, in the currency of the
portal, which the file does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import put
from bottega.errors import SourceUnreadable
from bottega.sources.source import Source
from bottega.sources.xml import local_name, xml_items

__all__ = ["HeurekaXml"]

_KNOWN = frozenset(
    {"item_id", "productname", "product", "description", "url", "imgurl", "imgurl_alternative", "video_url",
     "price_vat", "price", "price_before_discount", "item_type", "param", "manufacturer", "brand", "categorytext",
     "ean", "isbn", "productno", "delivery_date", "itemgroup_id", "currency", "availability", "extra_message",
     "accessory"}
)  # fmt: skip
_PORTAL = re.compile(r"(heureka|zbozi|zboží|pricemania|najnakup)(\.\w+)?", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class HeurekaXml:
    """Heureka's feed."""

    name = "heureka-xml"
    describe = "Heureka or Zboží.cz feed (SHOP, SHOPITEM) as XML"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By its items."""
        head = source.head.lower()
        return 0.97 if head.lstrip("\ufeff \t\r\n").startswith("<") and "<shopitem" in head else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an item. Raises `SourceUnreadable` where there is none."""
        unused: dict[str, None] = {}
        found = False
        for place, element in xml_items(reading, ("shopitem",)):
            found = True
            product = reading.finish(_draft(element, reading.row(place), unused))
            reading.unused_columns = list(unused)
            if product is not None:
                yield product
        if not found and not reading.rejected:
            raise SourceUnreadable(
                f"{reading.source.name} holds no <SHOPITEM>.",
                allowed="A Heureka feed is <SHOP> with <SHOPITEM> elements.",
                next_step="Check that this is the product feed.",
            )


def _draft(item: Element, row: str, unused: dict[str, None]) -> Draft:
    draft = Draft(row=row, html_expected=True)
    said: dict[str, list[str]] = {}
    for child in item:
        name = local_name(child.tag)
        if name == "param":
            pair = {local_name(part.tag): "".join(part.itertext()).strip() for part in child}
            put(draft, pair.get("param_name", ""), pair.get("val", ""))
            continue
        if name not in _KNOWN:
            unused.setdefault(name)
        if text := "".join(child.itertext()).strip():
            said.setdefault(name, []).append(text)

    def first(*names: str) -> str:
        return next((said[name][0] for name in names if name in said), "")

    draft.cells = {name: given[0] for name, given in said.items()}
    draft.id = first("item_id")
    draft.group_id = first("itemgroup_id")
    draft.title = first("productname", "product")
    draft.description = first("description")
    draft.brand = first("manufacturer", "brand")
    draft.price = first("price_vat", "price")
    draft.list_price = first("price_before_discount")
    draft.currency = first("currency")
    draft.url = first("url")
    draft.images = [*said.get("imgurl", []), *said.get("imgurl_alternative", [])]
    draft.availability, draft.availability_date = _availability(first("delivery_date"), first("availability"))
    levels = [level.strip() for level in re.split(r"[|>]", first("categorytext")) if level.strip()]
    draft.category = levels[1:] if len(levels) > 1 and _PORTAL.fullmatch(levels[0]) else levels
    put(draft, "gtin", first("ean", "isbn"))
    put(draft, "mpn", first("productno"))
    if first("item_type").lower() in ("bazar", "used"):
        put(draft, "condition", "used")
    return draft


def _availability(delivery: str, word: str) -> tuple[str, str]:
    """Days until it is sent: a number is what can be bought now, a date is a preorder, nothing known says nothing."""
    if word:
        return word, ""
    if _DATE.match(delivery):
        return "preorder", delivery
    if delivery.lstrip("-").isdecimal():
        return ("out_of_stock" if delivery.startswith("-") else "in_stock"), ""
    return delivery, ""
