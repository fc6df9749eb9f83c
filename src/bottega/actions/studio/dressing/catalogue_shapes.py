"""What dressing a catalogue is asked and answers."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = ["DressCatalogueRequest", "DressedCatalogue"]


class DressCatalogueRequest(Request):
    """A picture on a fashion model for every product whose photo shows it lying, as suggestions to accept."""

    EXAMPLES: ClassVar = {"The whole catalogue": {}, "On two models": {"models": ["ada", "bela"], "pose": "standing"}}

    product_ids: list[str] = Field(default=[], max_length=10_000, description="Only these; all where absent.")
    models: list[str] = Field(
        default=[],
        max_length=200,
        description="Who may show them; the setting `dress_models` where absent, and all where that is empty. Each "
        "product gets one whom it is for, the same each time.",
    )
    pose: str | None = Field(default=None, max_length=80, description="The model's own where absent.")
    crop: Literal["full", "chin", "upper"] = Field(
        default="full", description="All of the body; from the chin down, without a face; from the hips up."
    )
    only_new: bool = Field(
        default=True, description="Leave products alone for which such a picture was suggested before."
    )


class DressedCatalogue(Shape, frozen=False):
    """What came of it. Every product is counted once."""

    products: int = Field(default=0, description="Looked at.")
    suggested: int = Field(default=0, description="Pictures that wait to be accepted.")
    before: int = Field(default=0, description="Products for which one was suggested before.")
    without_photo: int = Field(default=0, description="Products without a photo in the shop's folder.")
    worn: int = Field(default=0, description="Products whose photo shows somebody wearing them already.")
    made_here: int = Field(default=0, description="Products whose photo says itself that it was made.")
    not_worn: dict[str, str] = Field(default={}, description="Product id -> why it cannot be put on a fashion model.")
    refused: dict[str, str] = Field(default={}, description="Product id -> what forbids or hinders a picture.")
    models: dict[str, int] = Field(default={}, description="Fashion model -> pictures on it.")
    seconds: float = 0.0
