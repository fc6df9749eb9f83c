"""What other systems call our event kinds: the one table that every reader and the manual share.

A name is compared without regard to case, spaces, hyphens and underscores: "Product Viewed", "product-viewed" and
"product_viewed" are one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bottega.names import EventKind

__all__ = ["ALIASES", "SET_ASIDE", "Alias", "kind_of", "normalised", "set_aside"]


class Alias(NamedTuple):
    """`name` in the vocabulary `vocabulary` means `kind`."""

    vocabulary: str
    name: str
    kind: EventKind


_IMPRESSION, _VIEW, _CLICK = EventKind.IMPRESSION, EventKind.VIEW, EventKind.CLICK
_WISHLIST, _ADD, _REMOVE = EventKind.WISHLIST, EventKind.ADD_TO_CART, EventKind.REMOVE_FROM_CART
_PURCHASE, _SEARCH, _RATE = EventKind.PURCHASE, EventKind.SEARCH, EventKind.RATE

ALIASES: tuple[Alias, ...] = (
    *(Alias("bottega", kind.value, kind) for kind in EventKind),
    Alias("ga4", "view_item", _VIEW),
    Alias("ga4", "view_item_list", _IMPRESSION),
    Alias("ga4", "select_item", _CLICK),
    Alias("ga4", "add_to_wishlist", _WISHLIST),
    Alias("ga4", "add_to_cart", _ADD),
    Alias("ga4", "remove_from_cart", _REMOVE),
    Alias("ga4", "purchase", _PURCHASE),
    Alias("ga4", "in_app_purchase", _PURCHASE),
    Alias("ga4", "search", _SEARCH),
    Alias("ga4", "view_search_results", _SEARCH),
    Alias("segment", "Product Viewed", _VIEW),
    Alias("segment", "Viewed Product", _VIEW),
    Alias("segment", "Product List Viewed", _IMPRESSION),
    Alias("segment", "Viewed Product Category", _IMPRESSION),
    Alias("segment", "Product Clicked", _CLICK),
    Alias("segment", "Clicked Product", _CLICK),
    Alias("segment", "Product Added to Wishlist", _WISHLIST),
    Alias("segment", "Product Added", _ADD),
    Alias("segment", "Added Product", _ADD),
    Alias("segment", "Product Removed", _REMOVE),
    Alias("segment", "Removed Product", _REMOVE),
    Alias("segment", "Order Completed", _PURCHASE),
    Alias("segment", "Completed Order", _PURCHASE),
    Alias("segment", "Products Searched", _SEARCH),
    Alias("segment", "Searched Products", _SEARCH),
    Alias("segment", "Product Reviewed", _RATE),
    Alias("google_retail", "detail-page-view", _VIEW),
    Alias("google_retail", "category-page-view", _IMPRESSION),
    Alias("google_retail", "add-to-cart", _ADD),
    Alias("google_retail", "remove-from-cart", _REMOVE),
    Alias("google_retail", "purchase-complete", _PURCHASE),
    Alias("google_retail", "search", _SEARCH),
    Alias("shopify", "product_viewed", _VIEW),
    Alias("shopify", "collection_viewed", _IMPRESSION),
    Alias("shopify", "product_added_to_cart", _ADD),
    Alias("shopify", "product_removed_from_cart", _REMOVE),
    Alias("shopify", "checkout_completed", _PURCHASE),
    Alias("shopify", "search_submitted", _SEARCH),
    Alias("personalize", "View", _VIEW),
    Alias("personalize", "click", _CLICK),
    Alias("personalize", "AddToCart", _ADD),
    Alias("personalize", "RemoveFromCart", _REMOVE),
    Alias("personalize", "Purchase", _PURCHASE),
    Alias("personalize", "Watch", _VIEW),
    Alias("gorse", "read", _VIEW),
    Alias("gorse", "click", _CLICK),
    Alias("gorse", "like", _WISHLIST),
    Alias("gorse", "star", _WISHLIST),
    Alias("gorse", "cart", _ADD),
    Alias("gorse", "purchase", _PURCHASE),
    Alias("gorse", "rate", _RATE),
)
"""Every name that becomes an event. docs/events.md prints this table; a test compares them."""

SET_ASIDE: tuple[tuple[str, str], ...] = (
    ("ga4", "page_view"),
    ("ga4", "view_cart"),
    ("ga4", "begin_checkout"),
    ("ga4", "add_shipping_info"),
    ("ga4", "add_payment_info"),
    ("ga4", "refund"),
    ("ga4", "view_promotion"),
    ("ga4", "select_promotion"),
    ("ga4", "session_start"),
    ("ga4", "first_visit"),
    ("ga4", "user_engagement"),
    ("ga4", "scroll"),
    ("ga4", "login"),
    ("segment", "page"),
    ("segment", "screen"),
    ("segment", "identify"),
    ("segment", "Cart Viewed"),
    ("segment", "Checkout Started"),
    ("segment", "Order Refunded"),
    ("segment", "Order Cancelled"),
    ("segment", "Product Removed from Wishlist"),
    ("google_retail", "home-page-view"),
    ("google_retail", "shopping-cart-page-view"),
    ("google_retail", "promotion-offered"),
    ("google_retail", "promotion-not-offered"),
    ("shopify", "page_viewed"),
    ("shopify", "cart_viewed"),
    ("shopify", "checkout_started"),
)
"""Names we know and have no use for. They are counted by name and are no mistake, in any file."""

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """The form in which names are compared: "AddToCart", "add-to-cart" and "Add to cart" are "add_to_cart"."""
    return _NOT_ALPHANUMERIC.sub("_", _WORD_START.sub("_", name.strip()).lower()).strip("_")


_KINDS = {normalised(alias.name): alias.kind for alias in ALIASES}
_ASIDE = frozenset(normalised(name) for _, name in SET_ASIDE)


def kind_of(name: str) -> EventKind | None:
    """The kind that a name means in any vocabulary, or None."""
    return _KINDS.get(normalised(name))


def set_aside(name: str) -> bool:
    """Whether a name is one we know and have no use for."""
    return normalised(name) in _ASIDE
