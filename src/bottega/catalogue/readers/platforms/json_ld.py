"""Products of saved pages, as their JSON-LD tells search engines: schema.org's Product, ProductGroup, Offer.

One page or many; a page is a file, and a row is a product in it. A product's id is its `sku`, else another number of
its own, else the page's address. Variants of a group (`hasVariant`, or `isVariantOf` on a page of its own) share the
group's id. Of several offers the lowest price counts, and one that can be bought is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import options_place, put, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, text_of
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.catalogue.readers.merchant.attributes import split_path
from bottega.catalogue.readers.platforms.json_products import cells_of
from bottega.catalogue.readers.platforms.page_data import Page, nodes_of, page_of, types_of
from bottega.errors import SourceUnreadable
from bottega.names import Availability
from bottega.sources.source import Source

__all__ = ["JsonLd"]

_PRODUCTS = frozenset({"product", "productgroup", "individualproduct", "productmodel"})
_NUMBERS = ("sku", "productID", "gtin", "gtin13", "gtin14", "gtin12", "gtin8", "mpn")
_GTINS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "ean", "isbn")
_SAID = ("color", "size", "material", "pattern", "mpn", "model")
_FORMER = frozenset({"listprice", "strikethroughprice", "msrp", "srp"})
_PAGE_MAX = 16 * 1024 * 1024


class JsonLd:
    """Pages with product data for search engines."""

    name = "json-ld"
    describe = "saved product pages (HTML) with schema.org JSON-LD, one or many"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the scripts of a page, or the vocabulary that JSON names."""
        head = source.head.lower()
        start = head.lstrip("\ufeff \t\r\n")
        if start.startswith(("{", "[")):
            return 0.96 if "schema.org" in head and '"@type"' in head else 0.0
        is_page = start.startswith("<") and ("<html" in head or "<!doctype html" in head or "<head" in head)
        if not is_page:
            return 0.0
        return 0.97 if "ld+json" in head else 0.6

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product of a page. Raises `SourceUnreadable` where no page tells one."""
        first, found = reading.source, False
        for source in (first, *reading.beside):
            reading.source = source
            with reading.source.open_text() as stream:
                page = page_of(stream.read(_PAGE_MAX))
            drafts = list(_drafts(page, reading))
            for place, text in enumerate(page.broken, start=1):
                reading.refuse("json_broken", f"script {place}", text)
            if not drafts and not page.broken:
                reading.warn("page_without_product", "page", page.address or reading.source.name)
            for draft in drafts:
                found = True
                if (product := reading.finish(draft)) is not None:
                    yield product
        reading.source = first
        if not found and not reading.rejected:
            raise SourceUnreadable(
                f"{first.name} holds no product in JSON-LD.",
                allowed='A page tells its product in <script type="application/ld+json"> with "@type": "Product".',
                next_step="Save the pages of products, as a browser loads them.",
            )


def _drafts(page: Page, reading: Reading) -> Iterator[Draft]:
    nodes = [node for block in page.blocks for node in nodes_of(block)]
    products = _merged([node for node in nodes if types_of(node) & _PRODUCTS], reading)
    crumbs = next((path for node in nodes if "breadcrumblist" in types_of(node) and (path := _crumbs(node))), [])
    place = 0
    for node in products:
        shared = _draft(node, page, "")
        group = _group_of(node)
        variants = [one for one in _listed(node.get("hasVariant")) if types_of(one) & _PRODUCTS or "offers" in one]
        for variant in variants or [node]:
            place += 1
            row = reading.row(f"product {place}")
            if variant is node:
                draft = shared
            else:
                own = _draft(variant, page, "")
                draft = variant_of(shared, own)
            draft.row, draft.cells = row, cells_of(variant, reading)
            draft.category = draft.category or [level for level in crumbs if level != draft.title]
            told = [value for name in _varies(node) for value in draft.attributes.get(name, [])]
            draft.id = _id_of(variant) or options_place(group or _page_id(variant, page), told)
            draft.group_id = group if group != draft.id else ""
            yield draft


def _draft(node: dict[str, Any], page: Page, row: str) -> Draft:
    draft = Draft(
        row=row,
        title=_text(node.get("name")),
        description=_text(node.get("description")),
        html_expected=True,
        brand=_text(node.get("brand") or node.get("manufacturer")),
        url=_address(_text(node.get("url")), page),
        images=[_address(picture, page) for picture in _pictures(node.get("image"))],
        updated_at=_text(node.get("dateModified")),
    )
    _set_offer(draft, node.get("offers"), page)
    draft.url = draft.url or (page.address if not node.get("inProductGroupWithID") else "")
    categories = [path for entry in _values(node.get("category")) if (path := split_path(entry))]
    draft.category = max(categories, key=len, default=[])
    for name in _SAID:
        put(draft, name, *_values(node.get(name)))
    put(draft, "gtin", next((text for name in _GTINS if (text := _text(node.get(name)))), ""))
    put(draft, "condition", _text(node.get("itemCondition")).rsplit("/", 1)[-1].removesuffix("Condition").lower())
    audience = node.get("audience")
    if isinstance(audience, dict):
        put(draft, "gender", _text(audience.get("suggestedGender")).rsplit("/", 1)[-1].lower())
        put(draft, "age_group", _text(audience.get("suggestedAge") or audience.get("audienceType")))
    for said in _listed(node.get("additionalProperty")):
        put(draft, _text(said.get("name")), *_values(said.get("value")))
    put(draft, "tags", *_text(node.get("keywords")).split(","))
    return draft


def _set_offer(draft: Draft, offers: Any, page: Page) -> None:
    """The lowest of the offers, and whether any of them can be bought."""
    every: list[dict[str, Any]] = []
    for offer in _listed(offers):
        inner = _listed(offer.get("offers"))
        every += inner or [offer]
    priced = [(amount, offer) for offer in every if (amount := _amount(offer))]
    if priced:
        amount, offer = min(priced, key=lambda pair: _number(pair[0]))
        draft.price = amount
        draft.currency = _currency(offer)
        draft.list_price = _former(offer)
        draft.url = draft.url or _address(_text(offer.get("url")), page)
        condition = _text(offer.get("itemCondition")).rsplit("/", 1)[-1].removesuffix("Condition").lower()
        put(draft, "condition", condition)
    words = [word for offer in every if (word := _text(offer.get("availability")))]
    buyable = [word for word in words if stock_of(word) is Availability.IN_STOCK]
    draft.availability = next(iter([*buyable, *words]), "")


def _amount(offer: dict[str, Any]) -> str:
    """Price of an offer: its own, the one of its specification that is no former one, or the low end of a range."""
    for value in (offer.get("price"), offer.get("lowPrice")):
        if text := dotted(value):
            return text
    specifications = _listed(offer.get("priceSpecification"))
    current = [one for one in specifications if not _is_former(one)]
    return next((text for one in current if (text := dotted(one.get("price") or one.get("minPrice")))), "")


def _former(offer: dict[str, Any]) -> str:
    found = [one for one in _listed(offer.get("priceSpecification")) if _is_former(one)]
    return next((text for one in found if (text := dotted(one.get("price")))), "")


def _is_former(specification: dict[str, Any]) -> bool:
    return _text(specification.get("priceType")).rsplit("/", 1)[-1].lower() in _FORMER


def _currency(offer: dict[str, Any]) -> str:
    inner = [_text(one.get("priceCurrency")) for one in _listed(offer.get("priceSpecification"))]
    return next((text for text in (_text(offer.get("priceCurrency")), *inner) if text), "")


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float("inf")


def _merged(nodes: list[dict[str, Any]], reading: Reading) -> list[dict[str, Any]]:
    """Nodes of one product that two plug-ins wrote (one with ratings, one with offers), made one."""
    merged: dict[str, dict[str, Any]] = {}
    for place, node in enumerate(nodes):
        key = _text(node.get("@id")) or _text(node.get("name")) or str(place)
        other = merged.get(key)
        if other is not None and not ("offers" in other and "offers" in node and _id_of(other) != _id_of(node)):
            reading.joined += 1
            merged[key] = {**node, **other}
        else:
            merged[key if other is None else f"{key} {place}"] = node
    return list(merged.values())


def _group_of(node: dict[str, Any]) -> str:
    """Id of the group that a product belongs to or is."""
    if "productgroup" in types_of(node):
        return _text(node.get("productGroupID")) or _id_of(node) or _text(node.get("@id")) or _text(node.get("name"))
    above = node.get("isVariantOf")
    found = _text(above.get("productGroupID") or above.get("@id")) if isinstance(above, dict) else _text(above)
    return _text(node.get("inProductGroupWithID")) or found


def _varies(node: dict[str, Any]) -> list[str]:
    """Names of the attributes that a group's variants differ in."""
    return [entry.rsplit("/", 1)[-1].lower() for entry in _values(node.get("variesBy"))] or ["color", "size"]


def _id_of(node: dict[str, Any]) -> str:
    own = next((text for name in _NUMBERS if (text := _text(node.get(name)))), "")
    return own or next((text for offer in _listed(node.get("offers")) if (text := _text(offer.get("sku")))), "")


def _page_id(node: dict[str, Any], page: Page) -> str:
    return _text(node.get("@id")) or _text(node.get("url")) or page.address


def _crumbs(node: dict[str, Any]) -> list[str]:
    """Names of a trail of links, without the shop's first page."""
    entries = sorted(_listed(node.get("itemListElement")), key=lambda entry: _number(_text(entry.get("position"))))
    names = [
        _text(entry.get("name") or (entry["item"].get("name") if isinstance(entry.get("item"), dict) else ""))
        for entry in entries
    ]
    return [name for name in names[1:] if name]


def _pictures(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    keys = ("contentUrl", "url", "@id")
    return [
        text
        for entry in found
        if (
            text := next((t for key in keys if (t := _text(entry.get(key)))), "")
            if isinstance(entry, dict)
            else _text(entry)
        )
    ]


def _text(value: Any) -> str:
    """A text, of a value that may be an object with a name, or a list of which the first counts."""
    if isinstance(value, list):
        return next((text for entry in value if (text := _text(entry))), "")
    if isinstance(value, dict):
        return next((text for key in ("name", "@value", "value", "@id") if (text := _text(value.get(key)))), "")
    return text_of(value).strip()


def _values(value: Any) -> list[str]:
    return [text for entry in (value if isinstance(value, list) else [value]) if (text := _text(entry))]


def _listed(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict)]


def _address(text: str, page: Page) -> str:
    return urljoin(page.address, text) if text and page.address else text
