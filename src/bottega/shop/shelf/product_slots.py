"""The slot of a product: which place of an outfit it takes, by its own words."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.models.vision.slots import SLOTS, slot_code

__all__ = ["code_of_product", "slot_of_product"]


def slot_of_product(product: Product) -> str | None:
    """The slot that a product's own words say; None where they say none."""
    code = code_of_product(product)
    return SLOTS[code] if code >= 0 else None


def code_of_product(product: Product) -> int:
    """`slot_code` of a product's category from the deepest level up, its type and its title.

    What has a category in which no garment is named, such as lamps, fills no slot (-2).
    """
    types = [value for name in ("type", "product_type") for value in product.attributes.get(name, ())]
    names = [*reversed(product.category), *types]
    return slot_code([*names, product.title], otherwise=-2 if names else -1)
