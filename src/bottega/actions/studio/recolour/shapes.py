"""What recolouring is asked and answers."""

from __future__ import annotations

from base64 import b64encode
from typing import ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape, Upload

__all__ = [
    "LabColour",
    "MissingColoursRequest",
    "RecolourAnswer",
    "RecolourRequest",
    "RecolouredMissing",
    "RecolouredPhoto",
]

_TO = "A colour: a word in one of five languages (navy, dunkelgrün, bleu clair), #1f2a44, or lab(30, 5, -20)."


class RecolourRequest(Request):
    """Show these products in another colour."""

    photos: list[Upload] = Field(min_length=1)
    to: str = Field(default="", max_length=200, description=_TO)
    like: str | None = Field(
        default=None, min_length=1, description="Id of a product of the shop: its photo's colour instead of `to`."
    )
    part: Literal["one_piece", "outer", "upper", "lower", "shoes", "bag"] | None = Field(
        default=None, description="Which garment, where several are worn; the largest where absent."
    )
    side_by_side: bool = Field(default=False, description="Also give before and after side by side.")


class LabColour(Shape):
    """One colour."""

    hex: str = Field(description='As in "#1f2a44".')
    lab: tuple[float, float, float] = Field(description="CIE Lab, light D65.")


class RecolouredPhoto(Shape):
    """One photo afterwards."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    refused: str | None = Field(
        default=None, description="Why it could not be read, or shows no product; everything else is empty."
    )
    part: str = Field(default="", description="What was recoloured: product, or the garment's part.")
    before: LabColour | None = Field(default=None, description="The colour that the product had.")
    after: LabColour | None = Field(default=None, description="The colour that it has now.")
    off: float | None = Field(default=None, description="How far that is from the colour asked for, CIEDE2000.")
    light_kept: float | None = Field(
        default=None, description="Correlation of lightness before and after over the product; null where it is flat."
    )
    share: float | None = Field(default=None, description="Of the product, what was recoloured; the rest is prints.")
    notes: list[str] = Field(default=[], description="What to look at before it is shown.")
    source_type: str | None = Field(
        default=None, description="What the file says of how it was made (IPTC digital source type)."
    )
    content: bytes | None = Field(default=None, repr=False, description="The picture as a JPEG file, in base64.")
    side_by_side: bytes | None = Field(default=None, repr=False, description="Before and after, as the same.")

    @field_serializer("content", "side_by_side", when_used="json")
    def _in_base64(self, content: bytes | None) -> str | None:
        return None if content is None else b64encode(content).decode()


class RecolourAnswer(Shape):
    """The photos, in the order they came."""

    asked: LabColour = Field(description="The colour that was asked for.")
    photos: list[RecolouredPhoto]
    took_ms: float


class MissingColoursRequest(Request):
    """Make the photos that colours of the catalogue lack, from their siblings', as suggestions to accept."""

    EXAMPLES: ClassVar = {"The whole catalogue": {}}

    product_ids: list[str] = Field(default=[], max_length=10_000, description="Only these; all where absent.")


class RecolouredMissing(Shape, frozen=False):
    """What came of it. Every product without a picture is counted once."""

    products: int = Field(default=0, description="Looked at.")
    without_photo: int = Field(default=0, description="Of those, products without any picture.")
    suggested: int = Field(default=0, description="New photos that wait to be accepted.")
    decided: int = Field(default=0, description="Products for which one waits or was decided on before.")
    alone: int = Field(default=0, description="Without a sibling that has a photo in the shop's folder.")
    colour_shown: int = Field(default=0, description="A sibling of the same colour has a photo: use that one.")
    colour_unknown: dict[str, str] = Field(default={}, description="Product id -> the colour that no word explains.")
    not_made: dict[str, str] = Field(default={}, description="Product id -> why none of its siblings' photos did.")
    seconds: float = 0.0
