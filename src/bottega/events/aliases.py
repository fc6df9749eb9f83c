"""What other systems call our event kinds: the one table that every reader and the manual share.

A name is compared without regard to case, spaces, hyphens and underscores: "Product Viewed", "product-viewed",
"productViewed" and "productviewed" are one. What a merchant says of a name (`--kinds`, kinds.py) counts before it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bottega.names import EventKind

__all__ = ["ALIASES", "SET_ASIDE", "Alias", "compact", "in_vocabulary", "kind_of", "normalised", "set_aside"]


class Alias(NamedTuple):
    """`name` in the vocabulary `vocabulary` means `kind`."""

    vocabulary: str
    name: str
    kind: EventKind


_IMPRESSION, _VIEW, _CLICK = EventKind.IMPRESSION, EventKind.VIEW, EventKind.CLICK
_WISHLIST, _ADD, _REMOVE = EventKind.WISHLIST, EventKind.ADD_TO_CART, EventKind.REMOVE_FROM_CART
_PURCHASE, _SEARCH, _RATE, _REFUND = EventKind.PURCHASE, EventKind.SEARCH, EventKind.RATE, EventKind.REFUND
_TRY_ON = EventKind.TRY_ON

_NAMES: dict[str, dict[EventKind, tuple[str, ...]]] = {
    "bottega": {kind: (kind.value,) for kind in EventKind},
    "ga4": {
        _VIEW: ("view_item",),
        _IMPRESSION: ("view_item_list",),
        _CLICK: ("select_item",),
        _WISHLIST: ("add_to_wishlist",),
        _ADD: ("add_to_cart",),
        _REMOVE: ("remove_from_cart",),
        _PURCHASE: ("purchase", "in_app_purchase"),
        _SEARCH: ("search", "view_search_results"),
        _REFUND: ("refund",),
    },
    "segment": {
        _VIEW: ("Product Viewed", "Viewed Product"),
        _IMPRESSION: ("Product List Viewed", "Viewed Product Category", "Product List Filtered"),
        _CLICK: ("Product Clicked", "Clicked Product"),
        _WISHLIST: ("Product Added to Wishlist",),
        _ADD: ("Product Added", "Added Product"),
        _REMOVE: ("Product Removed", "Removed Product"),
        _PURCHASE: ("Order Completed", "Completed Order"),
        _SEARCH: ("Products Searched", "Searched Products"),
        _RATE: ("Product Reviewed",),
        _REFUND: ("Order Refunded", "Order Cancelled"),
    },
    "google_retail": {
        _VIEW: ("detail-page-view",),
        _IMPRESSION: ("category-page-view",),
        _ADD: ("add-to-cart",),
        _REMOVE: ("remove-from-cart",),
        _PURCHASE: ("purchase-complete",),
        _SEARCH: ("search",),
    },
    "shopify": {
        _VIEW: ("product_viewed",),
        _IMPRESSION: ("collection_viewed",),
        _ADD: ("product_added_to_cart",),
        _REMOVE: ("product_removed_from_cart",),
        _PURCHASE: ("checkout_completed",),
        _SEARCH: ("search_submitted",),
    },
    "personalize": {
        _VIEW: ("View", "Watch"),
        _CLICK: ("click",),
        _ADD: ("AddToCart",),
        _REMOVE: ("RemoveFromCart",),
        _PURCHASE: ("Purchase",),
    },
    "gorse": {
        _VIEW: ("read",),
        _CLICK: ("click",),
        _WISHLIST: ("like", "star"),
        _ADD: ("cart",),
        _PURCHASE: ("purchase",),
        _RATE: ("rate",),
    },
    "snowplow": {
        _VIEW: ("product_view",),
        _IMPRESSION: ("list_view",),
        _CLICK: ("list_click",),
        _ADD: ("add_to_cart",),
        _REMOVE: ("remove_from_cart",),
        _PURCHASE: ("transaction", "transaction_item"),
        _REFUND: ("refund",),
    },
    "retailrocket": {_VIEW: ("view",), _ADD: ("addtocart",), _PURCHASE: ("transaction",)},
    "rees46": {_VIEW: ("view",), _ADD: ("cart",), _REMOVE: ("remove_from_cart",), _PURCHASE: ("purchase",)},
    "taobao": {_VIEW: ("pv",), _WISHLIST: ("fav",), _ADD: ("cart",), _PURCHASE: ("buy",)},
    "meta": {
        _VIEW: ("ViewContent",),
        _IMPRESSION: ("ViewCategory",),
        _WISHLIST: ("AddToWishlist",),
        _ADD: ("AddToCart",),
        _PURCHASE: ("Purchase",),
        _SEARCH: ("Search",),
    },
    "tiktok": {_CLICK: ("ClickProduct",), _PURCHASE: ("PlaceAnOrder", "CompletePayment")},
    "klaviyo": {
        _VIEW: ("Viewed Product",),
        _ADD: ("Added to Cart",),
        _PURCHASE: ("Placed Order", "Ordered Product"),
        _REFUND: ("Refunded Order", "Cancelled Order"),
    },
    "criteo": {_VIEW: ("viewItem",), _IMPRESSION: ("viewList",), _PURCHASE: ("trackTransaction",)},
    "recombee": {
        _VIEW: ("detail-view", "detail-views"),
        _WISHLIST: ("bookmark", "bookmarks"),
        _ADD: ("cart-addition", "cart-additions"),
        _PURCHASE: ("purchases",),
        _RATE: ("rating", "ratings"),
    },
    "usual": {
        _IMPRESSION: ("impressions", "shown", "displayed", "list_view", "listing_view", "product_impression"),
        _VIEW: (
            "viewed", "views", "product_view", "item_view", "view_product", "product_page_view", "product_detail_view",
            "product_detail", "details", "detail", "item_viewed", "view_detail", "visit", "pdp_view", "watched",
        ),
        _CLICK: ("clicks", "clicked", "product_click", "item_click", "click_product", "item_clicked", "tap"),
        _WISHLIST: (
            "favorite", "favourite", "favorites", "favourites", "favorited", "favourited", "add_to_favorites",
            "add_to_favourites", "wishlist_add", "wishlisted", "add_wishlist", "liked", "likes", "heart", "save",
            "saved", "starred",
        ),
        _ADD: (
            "basket", "add_to_basket", "basket_add", "add_basket", "cart_add", "add_cart", "added_to_cart",
            "add_to_bag", "addition_to_cart", "item_added", "item_added_to_cart", "product_add", "product_add_to_cart",
            "added_to_basket", "add_item_to_cart",
        ),
        _REMOVE: (
            "cart_remove", "remove_cart", "removed_from_cart", "remove_from_basket", "basket_remove", "remove_from_bag",
            "item_removed", "item_removed_from_cart", "removed_from_basket", "product_remove",
        ),
        _PURCHASE: (
            "order", "orders", "ordered", "bought", "purchased", "purchases", "conversion", "sale", "sales", "sold",
            "transactions", "checkout_complete", "order_placed", "order_complete", "order_created", "order_paid",
            "place_order", "purchase_item", "item_purchased", "product_purchase", "product_purchased", "buy_item",
            "payment_completed", "paid", "order_line", "orderline",
        ),
        _TRY_ON: (
            "tried_on", "try_on_view", "virtual_try_on", "tryon_started", "product_tried_on", "item_tried_on",
            "dressed", "dressing_room", "fitting_room",
        ),
        _SEARCH: ("searched", "site_search", "search_query", "query", "product_search", "searches"),
        _RATE: ("rated", "review", "reviews", "reviewed", "product_review", "product_rating", "score"),
        _REFUND: (
            "refunded", "refunds", "return", "returns", "returned", "cancel", "cancelled", "canceled", "cancellation",
            "order_refund", "order_canceled", "order_cancellation", "order_returned", "product_returned",
            "item_returned", "credit_note", "chargeback", "voided",
        ),
    },
}  # fmt: skip
"""Vocabulary -> kind -> the names it has there. `usual`: what shops call it that follow none."""

ALIASES: tuple[Alias, ...] = tuple(
    Alias(vocabulary, name, kind)
    for vocabulary, kinds in _NAMES.items()
    for kind, names in kinds.items()
    for name in names
)
"""Every name that becomes an event. docs/events.md prints this table; a test compares them."""

_ASIDE_NAMES: dict[str, tuple[str, ...]] = {
    "ga4": (
        "page_view", "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info", "view_promotion",
        "select_promotion", "session_start", "first_visit", "user_engagement", "scroll", "login",
    ),
    "segment": (
        "page", "screen", "identify", "Cart Viewed", "Checkout Started", "Product Removed from Wishlist",
    ),
    "google_retail": (
        "home-page-view", "shopping-cart-page-view", "promotion-offered", "promotion-not-offered",
    ),
    "shopify": (
        "page_viewed", "cart_viewed", "checkout_started", "alert_displayed", "checkout_address_info_submitted",
        "checkout_contact_info_submitted", "checkout_shipping_info_submitted", "payment_info_submitted",
        "ui_extension_errored",
    ),
    "snowplow": (
        "page_ping", "checkout_step", "promo_view", "promo_click", "trns_error", "link_click", "submit_form",
        "change_form", "focus_form", "application_background", "application_foreground",
    ),
    "meta": ("InitiateCheckout", "AddPaymentInfo", "Lead", "CompleteRegistration", "Contact", "Subscribe"),
    "klaviyo": ("Active on Site", "Started Checkout", "Fulfilled Order", "Opened Email", "Clicked Email"),
    "criteo": ("viewHome", "viewBasket"),
    "usual": (
        "logout", "signup", "sign_up", "register", "registration", "session_end", "home", "wishlist_remove",
        "remove_from_wishlist", "unlike", "unfavorite", "dislike",
    ),
}  # fmt: skip

SET_ASIDE: tuple[tuple[str, str], ...] = tuple(
    (vocabulary, name) for vocabulary, names in _ASIDE_NAMES.items() for name in names
)
"""Names we know and have no use for. They are counted by name and are no mistake, in any file."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """A name as words: "AddToCart", "add-to-cart" and "Add to cart" are "add_to_cart"."""
    return _NOT_ALPHANUMERIC.sub("_", _WORD_START.sub("_", name.strip()).lower()).strip("_")


@lru_cache(maxsize=4096)
def compact(name: str) -> str:
    """The form in which names are compared: the same without anything between its words, "addtocart"."""
    return normalised(name).replace("_", "")


_KINDS = {compact(alias.name): alias.kind for alias in ALIASES}
_ASIDE = frozenset(compact(name) for _, name in SET_ASIDE)


def kind_of(name: str) -> EventKind | None:
    """The kind that a name means in any vocabulary, or None."""
    return _KINDS.get(compact(name))


def set_aside(name: str) -> bool:
    """Whether a name is one we know and have no use for."""
    return compact(name) in _ASIDE


def in_vocabulary(name: str, vocabulary: str) -> bool:
    """Whether a name is one of this vocabulary, or our own word for a kind."""
    return compact(name) in _OF_VOCABULARY.get(vocabulary, _OURS) or compact(name) in _OURS


_OURS = frozenset(compact(kind.value) for kind in EventKind)
_OF_VOCABULARY = {
    vocabulary: frozenset(compact(name) for names in kinds.values() for name in names)
    for vocabulary, kinds in _NAMES.items()
}
