"""Wish lists: what a shopper wished for and has not taken back, read from the events themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from bottega.catalogue.filter import Id, Somebody
from bottega.names import KindCode
from bottega.shop.shape import COUNT_MAX, Request, Shape

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop
    from bottega.store.events import StoredEvent

__all__ = ["TakeBackRequest", "TakenBackAnswer", "WishesAnswer", "WishesRequest", "take_back_wishes", "wishes"]

READ_AT_ONCE = 1000


class WishesRequest(Request):
    """What is on a shopper's wish list?"""

    EXAMPLES: ClassVar = {"The newest ten": {"shopper": "ana", "n": 10}}

    shopper: Somebody = Field(description="Shopper id, or the anonymous id.")
    n: int = Field(default=COUNT_MAX, ge=1, le=COUNT_MAX, description="At most so many.")


class WishesAnswer(Shape):
    """A wish list."""

    shopper: str
    product_ids: list[str] = Field(description="Wished for and not taken back, the newest first.")
    total: int = Field(description="How many there are.")


class TakeBackRequest(Request):
    """Products to take off a wish list."""

    EXAMPLES: ClassVar = {"One product": {"shopper": "ana", "product_ids": ["lamp-7"]}}

    shopper: Somebody = Field(description="Shopper id, or the anonymous id.")
    product_ids: list[Id] = Field(min_length=1, max_length=COUNT_MAX, description="Their variants go with them.")


class TakenBackAnswer(Shape):
    """What was taken off the list."""

    shopper: str
    removed: int = Field(description="Wishes taken back; as events they are gone, too.")


def wishes(shop: OpenShop, request: WishesRequest) -> WishesAnswer:
    """What a shopper wished for, the newest first, each product once; a stranger wished for nothing."""
    name = shop.profile(request.shopper)
    ids = list(dict.fromkeys(row.product_id for row in reversed(_rows(shop, name)) if row.product_id))
    return WishesAnswer(shopper=name, product_ids=ids[: request.n], total=len(ids))


def take_back_wishes(shop: OpenShop, request: TakeBackRequest) -> TakenBackAnswer:
    """Take products off a wish list, whichever of their variants was wished for; the next answer no longer knows it."""
    from bottega.actions.catalogue.browse import VariantsRequest, variants
    from bottega.actions.intake.single_events import RemoveEventsRequest, remove_events

    name = shop.profile(request.shopper)
    groups = variants(shop, VariantsRequest(product_ids=request.product_ids)).groups
    meant = {product.id for group in groups.values() for product in group} | set(request.product_ids)
    numbers = [row.seq for row in _rows(shop, name) if row.product_id in meant]
    parts = [numbers[start : start + READ_AT_ONCE] for start in range(0, len(numbers), READ_AT_ONCE)]
    removed = sum(remove_events(shop, RemoveEventsRequest(numbers=part)).removed for part in parts)
    return TakenBackAnswer(shopper=name, removed=removed)


def _rows(shop: OpenShop, shopper: str) -> list[StoredEvent]:
    """All wishes of a profile, in order of arrival."""
    from bottega.store.single_events import WantedEvents

    wanted = WantedEvents(shopper=shopper, kinds=[KindCode.WISHLIST])
    found: list[StoredEvent] = []
    while True:
        page = shop.store.single_events.page(wanted, after=found[-1].seq if found else 0, limit=READ_AT_ONCE)
        found += page
        if len(page) < READ_AT_ONCE:
            return found
