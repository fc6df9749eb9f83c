"""What is asked where the eye learns or goes over the catalogue."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bottega.shop.shape import DEVICE, Shape

__all__ = ["CatalogueTags", "Doubt", "TagCatalogueRequest", "TrainVisionRequest"]


class TrainVisionRequest(Shape):
    """Go on from the shipped eye with the shop's pictures, categories and attributes."""

    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE


class TagCatalogueRequest(Shape):
    """Look at every product's main picture."""


class Doubt(Shape):
    """A label that the picture speaks against."""

    product_id: str
    title: str
    attribute: str
    present: str
    proposed: str
    confidence: float = Field(
        description="Probability of the proposed value, by models that never saw this product's line."
    )
    log_odds: float = Field(description="Of the present value against the proposed one; the lower the worse.")


class CatalogueTags(Shape, frozen=False):
    """What came of it. Every product is in exactly one of `looked`, `without_photo` and `unreadable`."""

    version: str
    products: int = 0
    looked: int = 0
    without_photo: int = 0
    unreadable: dict[str, str] = Field(default={}, description="Product id -> what is wrong with its picture.")
    no_product: int = Field(default=0, description="Of those looked at, photos on which the eye sees no product.")
    empty: dict[str, int] = Field(default={}, description="Attribute -> products with a photo that say nothing of it.")
    filled: dict[str, int] = Field(
        default={}, description="Attribute -> values suggested for those, open or decided on."
    )
    added: int = Field(default=0, description="Suggestions that were not there before.")
    withdrawn: int = Field(default=0, description="Open ones that hold no longer.")
    open: int = 0
    doubts: list[Doubt] = Field(default=[], description="The worst first; those that somebody rejected are left out.")
    doubts_file: Path | None = None
    seconds: float = 0.0
