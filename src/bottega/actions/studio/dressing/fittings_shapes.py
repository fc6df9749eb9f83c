"""What the fittings of a product are asked and answer."""

from __future__ import annotations

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.shop.shape import Request, Shape

__all__ = ["FittingModel", "Fittings", "FittingsRequest"]


class FittingsRequest(Request):
    """One product."""

    product_id: Id = Field(description="The product.")


class FittingModel(Shape):
    """A fashion model that a product may be shown on."""

    name: str
    says: str = Field(description="Who that is, in a few words.")


class Fittings(Shape):
    """What the dressing room does with it."""

    product_id: str
    try_on: bool = Field(description="Whether it can be tried on on a photo of somebody.")
    live: bool = Field(description="Whether it can be tried on before the visitor's own camera, in the storefront.")
    turn: bool = Field(description="Whether it can be turned.")
    own_model: bool = Field(description="Whether the merchant's own 3D model is turned.")
    models: list[FittingModel] = Field(description="Whom it can be shown on, the best suited first; none: it is not.")
