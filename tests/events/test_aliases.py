"""The one table of event names."""

from __future__ import annotations

import pytest

from bottega.events.aliases import ALIASES, SET_ASIDE, kind_of, normalised, set_aside
from bottega.names import EventKind


def test_no_name_means_two_things() -> None:
    meanings: dict[str, set[EventKind]] = {}
    for alias in ALIASES:
        meanings.setdefault(normalised(alias.name), set()).add(alias.kind)
    assert {name: kinds for name, kinds in meanings.items() if len(kinds) > 1} == {}
    assert {name for _, name in SET_ASIDE if kind_of(name)} == set()


def test_our_own_kinds_are_names_too() -> None:
    assert {kind: kind_of(kind.value) for kind in EventKind} == {kind: kind for kind in EventKind}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Product Viewed", EventKind.VIEW),
        ("Viewed Product", EventKind.VIEW),
        ("detail-page-view", EventKind.VIEW),
        ("AddToCart", EventKind.ADD_TO_CART),
        ("add to cart", EventKind.ADD_TO_CART),
        ("product_added_to_cart", EventKind.ADD_TO_CART),
        ("  PURCHASE ", EventKind.PURCHASE),
        ("purchase-complete", EventKind.PURCHASE),
        ("Order Completed", EventKind.PURCHASE),
        ("view_item_list", EventKind.IMPRESSION),
        ("star", EventKind.WISHLIST),
        ("Product Reviewed", EventKind.RATE),
    ],
)
def test_a_name_is_known_however_it_is_written(name: str, kind: EventKind) -> None:
    assert kind_of(name) is kind


def test_what_is_no_interest_in_a_product_is_set_aside() -> None:
    for name in ("page_view", "Page View", "Cart Viewed", "home-page-view"):
        assert set_aside(name) and kind_of(name) is None
    assert not set_aside("purchase") and not set_aside("newsletter") and kind_of("newsletter") is None
