"""Find shoppers: by an id, a name or an e-mail address, or those who came last."""

from __future__ import annotations

from datetime import UTC, datetime

from bottega.actions.shoppers.shapes import FindShoppersRequest, FoundShopper, FoundShoppers
from bottega.shop.open_shop import OpenShop

__all__ = ["find_shoppers"]

SAMPLE = 50_000
"""Newest events of the shop among which those who came last are looked for."""


def find_shoppers(shop: OpenShop, request: FindShoppersRequest) -> FoundShoppers:
    """Shoppers a page at a time: who bears the id first, then those whose name, address or id begins so."""
    store, words = shop.store.shoppers, request.text.strip()
    most = request.after + request.n + 1
    names = store.find(words, most) if words else store.newest(SAMPLE, most)
    page = names[request.after : request.after + request.n]
    told, seen = shop.store.traits.of_profiles(page), store.last_seen(page)
    shoppers = []
    for name in page:
        fields = told[name].fields if name in told else {}
        last = seen.get(name)
        shoppers.append(
            FoundShopper(
                shopper=name,
                name=fields.get("name"),
                email=fields.get("email"),
                country=fields.get("country"),
                last_seen=None if last is None else datetime.fromtimestamp(last / 1000, UTC).isoformat("T", "seconds"),
            )
        )
    end = request.after + len(page)
    return FoundShoppers(shoppers=shoppers, next=end if len(names) > end else None)
