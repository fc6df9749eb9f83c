"""What search engines and networks read of a page: schema.org as JSON-LD, and Open Graph.

Source   https://schema.org/Product, /ProductGroup, /Offer, /AggregateRating, /BreadcrumbList; Google's guide to
         merchant listings (developers.google.com/search/docs/appearance/structured-data/merchant-listing).
Differs  A script of the type application/ld+json is data: no browser runs it, and no policy of scripts is asked about
         it. Whatever could end it is written as an escape, so that a title stays a title.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bottega.catalogue.product import Product
from bottega.catalogue.writers.base import money
from bottega.names import Availability
from bottega.prices import plain_amount

__all__ = ["breadcrumbs_ld", "data_script", "item_list_ld", "product_ld", "site_ld"]

_SCHEMA = "https://schema.org/"
_AVAILABILITY = {
    Availability.IN_STOCK: "InStock",
    Availability.OUT_OF_STOCK: "OutOfStock",
    Availability.PREORDER: "PreOrder",
    Availability.BACKORDER: "BackOrder",
    Availability.DISCONTINUED: "Discontinued",
}
_CONDITION = {"new": "NewCondition", "refurbished": "RefurbishedCondition", "used": "UsedCondition"}
_VARIES = {"size", "color", "material", "pattern"}
_TOLD = ("gtin", "mpn", "color", "size", "material", "pattern")
"""Attributes that schema.org has a field for, of the same name."""
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def data_script(*objects: Mapping[str, Any]) -> Markup:
    """These objects as one script of data.

    >>> data_script({"name": "</script><b>"})
    Markup('<script type="application/ld+json">[{"name": "\\\\u003c/script\\\\u003e\\\\u003cb\\\\u003e"}]</script>')
    """
    text = json.dumps(objects, ensure_ascii=False).translate(_ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # nothing in it can end it


def product_ld(
    variants: Sequence[Product],
    *,
    title: str,
    link: Mapping[str, str],
    pictures: Mapping[str, Sequence[str]],
    varies_by: Sequence[str],
    rating: tuple[float, int] | None,
) -> dict[str, Any]:
    """A product, or a group with its variants; `link` and `pictures` have the whole addresses of each by its id."""
    if len(variants) == 1:
        found = _one(variants[0], link, pictures)
    else:
        first = variants[0]
        found = {
            "@type": "ProductGroup",
            "productGroupID": first.group_id or first.id,
            "name": title,
            "url": link[first.id],
            **_shared(first),
            "variesBy": [f"{_SCHEMA}{name}" for name in varies_by if name in _VARIES],
            "hasVariant": [_one(one, link, pictures) for one in variants],
        }
        if not found["variesBy"]:
            del found["variesBy"]
    if rating is not None:
        stars, count = rating
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(stars, 2),
            "reviewCount": count,
            "bestRating": 5,
            "worstRating": 1,
        }
    return {"@context": _SCHEMA, **found}


def _shared(product: Product) -> dict[str, Any]:
    """What a group says for all of its variants."""
    found: dict[str, Any] = {}
    if product.description:
        found["description"] = product.description
    if product.brand:
        found["brand"] = {"@type": "Brand", "name": product.brand}
    return found


def _one(product: Product, link: Mapping[str, str], pictures: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Product",
        "name": product.title,
        "sku": product.id,
        "url": link[product.id],
        **_shared(product),
    }
    if pictures[product.id]:
        found["image"] = list(pictures[product.id])
    for name in _TOLD:
        if text := next(iter(product.attributes.get(name, ())), ""):
            found[name] = text
    regular, sale = money(product)
    if (paid := sale or regular) is not None:
        offer = {
            "@type": "Offer",
            "url": link[product.id],
            "price": plain_amount(paid),
            "priceCurrency": paid.currency,
            "availability": f"{_SCHEMA}{_AVAILABILITY[product.availability]}",
        }
        condition = next(iter(product.attributes.get("condition", ())), "new")
        if condition in _CONDITION:
            offer["itemCondition"] = f"{_SCHEMA}{_CONDITION[condition]}"
        found["offers"] = offer
    return found


def breadcrumbs_ld(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: names with whole addresses."""
    return {
        "@context": _SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def item_list_ld(addresses: Sequence[str], *, after: int) -> dict[str, Any]:
    """The products of a page of a category, by their whole addresses; `after` stand on the pages before."""
    return {
        "@context": _SCHEMA,
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": address}
            for place, address in enumerate(addresses, after + 1)
        ],
    }


def site_ld(name: str, address: str) -> dict[str, Any]:
    """The shop itself, as search engines call it."""
    return {"@context": _SCHEMA, "@type": "WebSite", "name": name, "url": address}
