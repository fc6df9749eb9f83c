"""Yandex Market's YML: a tree of categories by number, then the offers that name theirs.

Offers of one `group_id` are variants. An offer of the older kind has no name but a type, a maker and a model, which are
put together. RUR, the code of before 1998 that many exports still write, means RUB.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import put, stock_word
from bottega.catalogue.readers.fields.amounts import dotted
from bottega.errors import SourceUnreadable
from bottega.sources.source import Source
from bottega.sources.xml import local_name, xml_items

__all__ = ["Yml"]

_OFFERS = ("offer",)
_UNUSED = frozenset(
    {"delivery", "pickup", "store", "delivery-options", "pickup-options", "option", "local_delivery_cost",
     "sales_notes", "cpa", "bid", "cbid", "fee", "purchase_price", "enable_auto_discounts"}
)  # fmt: skip
_KNOWN = frozenset(
    {"name", "typeprefix", "vendor", "model", "vendorcode", "description", "price", "oldprice", "currencyid",
     "categoryid", "picture", "url", "barcode", "param", "age", "adult", "country_of_origin", "count", "available",
     "market_category", "author", "publisher", "series", "title", "year", "artist", "isbn", "condition", "weight",
     "dimensions", "manufacturer_warranty", "set-ids", "disabled", "stock_quantity"}
)  # fmt: skip
_ATTRIBUTES = {"country_of_origin": "country", "author": "author", "publisher": "publisher", "series": "series",
               "artist": "artist", "year": "year", "isbn": "gtin", "vendorcode": "mpn"}  # fmt: skip


class Yml:
    """Yandex Market's feed."""

    name = "yml"
    describe = "Yandex Market feed (YML)"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By its root element."""
        return 0.98 if "<yml_catalog" in source.head[:4096].lower() else 0.0

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an offer. Raises `SourceUnreadable` where there is none."""
        categories: dict[str, tuple[str, str]] = {}
        unused: dict[str, None] = {}
        found = False
        for place, element in xml_items(reading, _OFFERS, also=("category",)):
            if not place:
                name = "".join(element.itertext()).strip()
                categories[element.get("id", "")] = (name, element.get("parentId", ""))
                continue
            found = True
            product = reading.finish(_draft(element, reading.row(place), categories, unused))
            reading.unused_columns = list(unused)
            if product is not None:
                yield product
        if not found and not reading.rejected:
            raise SourceUnreadable(
                f"{reading.source.name} holds no <offer>.",
                allowed="A YML feed is <yml_catalog> with <shop>, <categories> and <offers>.",
                next_step="Check that this is the product feed.",
            )


def _draft(offer: Element, row: str, categories: dict[str, tuple[str, str]], unused: dict[str, None]) -> Draft:
    draft = Draft(row=row, id=offer.get("id", ""), group_id=offer.get("group_id", ""), html_expected=True)
    said: dict[str, str] = {}
    for child in offer:
        name = local_name(child.tag)
        text = "".join(child.itertext()).strip()
        if name == "param":
            unit = child.get("unit", "")
            put(draft, child.get("name", ""), f"{text} {unit}".strip())
        elif name == "picture":
            draft.images.append(text)
        elif name == "barcode":
            put(draft, "gtin", text)
        elif name == "condition":
            put(draft, "condition", child.get("type", text))
        elif name not in _KNOWN and name not in _UNUSED:
            unused.setdefault(name)
        if text:
            said.setdefault(name, text)
    parts = (said.get("typeprefix", ""), said.get("vendor", ""), said.get("model", ""))
    draft.title = said.get("name") or said.get("title") or " ".join(part for part in parts if part)
    draft.description = said.get("description", "")
    draft.brand = said.get("vendor", "")
    draft.price, draft.list_price = dotted(said.get("price")), dotted(said.get("oldprice"))
    draft.currency = said.get("currencyid", "")
    draft.url = said.get("url", "")
    draft.category = _path(said.get("categoryid", ""), categories)
    draft.hidden = "hidden" if said.get("disabled", "").lower() == "true" else ""
    draft.availability = _availability(offer.get("available", said.get("available", "")), said)
    for name, attribute in _ATTRIBUTES.items():
        put(draft, attribute, said.get(name, ""))
    draft.cells = {**offer.attrib, **said}
    return draft


def _availability(available: str, said: dict[str, str]) -> str:
    """available="false" is, by Yandex's rules, made to order; a count that has run out is out of stock."""
    count = said.get("count", said.get("stock_quantity", ""))
    if count:
        return stock_word(count)
    return "out_of_stock" if available.strip().lower() == "false" else "in_stock"


def _path(number: str, categories: dict[str, tuple[str, str]]) -> list[str]:
    """Names from the root to the category of this number."""
    path: list[str] = []
    seen: set[str] = set()
    while number in categories and number not in seen:
        seen.add(number)
        name, number = categories[number]
        path.insert(0, name)
    return path
