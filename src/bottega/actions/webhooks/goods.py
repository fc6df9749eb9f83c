"""What a webhook says of products and of stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bottega.actions.intake.pages import products_of
from bottega.actions.intake.platform_variants import stock_items, with_own_skus
from bottega.actions.webhooks.platforms import Platform
from bottega.catalogue.product import Product
from bottega.names import Availability, id_text
from bottega.shop.open_shop import OpenShop

__all__ = ["product_changed", "product_gone", "stock_changed"]

_LIST_PRICE = "list_price"
"""The attribute that holds what a price came down from."""


def product_changed(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """A product with its variants, as it is now: those that it no longer has are discontinued.

    Deliveries overtake one another, so a state older than the one that is known is left aside.
    """
    if not isinstance(id_text(body.get("id")), str):
        return {"result": "unusable"}
    if body.get("type") == "variable":
        return _parent_changed(shop, platform, body)
    (body,) = with_own_skus(shop, [body])
    page = products_of(shop, platform.products, f"{platform.name}.json", body)
    if body.get("type") == "variation":
        return _variation_changed(shop, platform, body, page.products)
    if not page.products:
        return {"result": "unusable", "rejected": dict(page.rejected)}
    names = {text for name in ("id", "handle") if isinstance(text := id_text(body.get(name)), str)}
    products = page.products
    whole = isinstance(body.get("variants"), list)
    mine = shop.store.products.in_groups(names) if whole else shop.store.products.get(one.id for one in products)
    if _newest(products) < _newest(mine.values()):
        return {"result": "older"}
    named = {one.id for one in products}
    gone = [_no_longer_sold(one) for name, one in mine.items() if name not in named]
    written = shop.upsert([*products, *gone], from_merchant=named)
    shop.store.stock.link(platform.name, stock_items([body], products))
    return {"result": "done", "products": written.added + written.updated, "rejected": dict(page.rejected)}


def _parent_changed(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """A product whose variants are told apart from it: whether it is shown goes for them, the rest is to be fetched."""
    name = str(id_text(body["id"]))
    hidden = body.get("status") not in (None, "publish") or body.get("catalog_visibility") == "hidden"
    there = shop.store.products.in_groups([name]).values()
    written = shop.upsert([one.model_copy(update={"hidden": hidden}) for one in there])
    shop.store.errands.add(platform.name, "product", name)
    return {"result": "queued", "products": written.updated}


def _variation_changed(
    shop: OpenShop, platform: Platform, body: Mapping[str, Any], read: Sequence[Product]
) -> dict[str, Any]:
    """A variant told apart from its product: its price and stock count, what it has of the product stays.

    One that is not known, or is to be shown or hidden by itself, is fetched with its product.
    """
    name, parent = str(id_text(body["id"])), id_text(body.get("parent_id"))
    if not isinstance(parent, str):
        return {"result": "unusable"}
    known = shop.store.products.get([name]).get(name)
    own = next((one for one in read if one.id == name), None)
    if known is None or own is None or known.hidden is not own.hidden:
        shop.store.errands.add(platform.name, "product", parent)
    if known is None or own is None:
        return {"result": "queued"}
    if _newest([own]) < _newest([known]):
        return {"result": "older"}
    former = {name: values for name, values in own.attributes.items() if name == _LIST_PRICE}
    attributes = {name: values for name, values in known.attributes.items() if name != _LIST_PRICE} | former
    fresh = {name: getattr(own, name) for name in ("price_minor", "currency", "availability", "updated_at_ms")}
    changed = known.model_copy(update={**fresh, "attributes": attributes, "hidden": known.hidden or own.hidden})
    return {"result": "done", "products": shop.upsert([changed]).updated}


def product_gone(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """A product is no longer sold: it and its variants stay known, and are shown no more."""
    found: Any = body
    for step in platform.path_to_id:
        found = found.get(step) if isinstance(found, Mapping) else None
    name = id_text(found)
    if not isinstance(name, str):
        return {"result": "unusable"}
    there = shop.store.products.in_groups([name])
    written = shop.upsert([_no_longer_sold(one) for one in there.values()])
    return {"result": "done", "products": written.updated}


def stock_changed(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """So many of one item lie in one place.

    An item is out of stock when none is left in any place of the shop. Where a place has never told of the item, that
    cannot be known: a connector asks.
    """
    item, place = id_text(body.get("inventory_item_id")), id_text(body.get("location_id"))
    available = body.get("available")
    if not isinstance(item, str) or not isinstance(place, str):
        return {"result": "unusable"}
    if isinstance(available, bool) or not isinstance(available, int):  # null: the shop does not count it
        return {"result": "set_aside"}
    found = shop.store.stock.level(platform.name, item, place, available)
    if found.item is None or (found.total <= 0 and found.places < found.of_places):
        shop.store.errands.add(platform.name, "stock", item)
        return {"result": "queued"}
    known = shop.store.products.get([found.item.product_id]).get(found.item.product_id)
    if known is None or known.availability is Availability.DISCONTINUED:
        return {"result": "set_aside"}
    left = Availability.BACKORDER if found.item.oversell else Availability.OUT_OF_STOCK
    now = Availability.IN_STOCK if found.total > 0 else left
    written = shop.upsert([known.model_copy(update={"availability": now})])
    return {"result": "done", "products": written.updated}


def _no_longer_sold(product: Product) -> Product:
    return product.model_copy(update={"availability": Availability.DISCONTINUED})


def _newest(products: Any) -> int:
    return max((one.updated_at_ms or 0 for one in products), default=0)
