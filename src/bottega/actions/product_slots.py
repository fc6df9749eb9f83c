"""The slot of a product: which place of an outfit it takes, by its own words."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.models.vision.slots import SLOTS, slot_of

__all__ = ["slot_code", "slot_of_product"]


def slot_of_product(product: Product) -> str | None:
    """The slot that a product's own words say: its category from the deepest level up, its type, its title."""
    types = [value for name in ("type", "product_type") for value in product.attributes.get(name, ())]
    return slot_of([*reversed(product.category), *types, product.title])


def slot_code(product: Product | None) -> int:
    """The code of a product's slot; -1 where there is no product or it says none."""
    slot = slot_of_product(product) if product is not None else None
    return SLOTS.index(slot) if slot else -1
