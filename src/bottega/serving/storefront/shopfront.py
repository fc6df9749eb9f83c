"""The shop as the page sees it: its name, its pictures, its variants, and whom a visitor may become."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from bottega.actions.catalogue.browse import VariantsRequest, variants
from bottega.actions.shoppers.known import KnownRequest, KnownShopper, known_shoppers
from bottega.catalogue.product import Product
from bottega.serving.asked_language import language_of
from bottega.shop.open_shop import OpenShop
from bottega.shop.shop_name import shop_name

__all__ = ["Shopfront"]

SHOPPERS_SHOWN = 12


class Shopfront:
    """One shop's storefront."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop
        self._known: list[KnownShopper] = []

    @property
    def name(self) -> str:
        """What the shop is called."""
        return shop_name(self.shop.folder)

    @property
    def currency(self) -> str:
        """Of prices that name none."""
        return self.shop.settings.currency

    def shown_as(self, request: Request) -> dict[str, str]:
        """What a card depends on beside its product: the shop, where it is served, and who looks."""
        root = str(request.scope.get("root_path", ""))
        return {"currency": self.currency, "root": root, "language": language_of(request)}

    def shoppers(self) -> list[KnownShopper]:
        """Shoppers whom a visitor may become; chosen once, since it reads many events."""
        if len(self._known) < SHOPPERS_SHOWN:
            self._known = known_shoppers(self.shop, KnownRequest(n=SHOPPERS_SHOWN)).shoppers
        return self._known

    def groups(self, ids: Iterable[str]) -> dict[str, list[Product]]:
        """Each id with the visible variants of its product; ids of nothing visible are left out."""
        return variants(self.shop, VariantsRequest(product_ids=list(dict.fromkeys(ids)))).groups

    def is_gone(self, product_id: str) -> bool:
        """Whether an id is of a product that is no longer made, nor shown."""
        return product_id in variants(self.shop, VariantsRequest(product_ids=[product_id])).gone
