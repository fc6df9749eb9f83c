"""What a turn is asked, and what it answers."""

from __future__ import annotations

from base64 import b64encode
from typing import ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape, Upload

__all__ = ["TurnAnswer", "TurnRequest"]


class TurnRequest(Request):
    """Turn a product: one of the shop, one of photos, or a 3D model of one's own. Nothing is kept."""

    FILES: ClassVar = ("photo", "right", "back", "left", "glb")
    """Fields of the form that are files."""
    EXAMPLES: ClassVar = {"A product of the shop": {"product_id": "mug-1"}}

    product_id: str | None = Field(
        default=None, min_length=1, description="A product of the shop, by its 3D model or its main photo."
    )
    photo: Upload | None = Field(default=None, description="A photo of the product's front instead.")
    right: Upload | None = Field(default=None, description="The same from its right, as one looks at it.")
    back: Upload | None = Field(default=None, description="The same from behind; with it the turn goes all round.")
    left: Upload | None = Field(default=None, description="The same from its left.")
    glb: Upload | None = Field(default=None, description="A 3D model of one's own instead: GLB, 12 MB at most.")
    shape: Literal["turned", "extruded", "inflated", "card", "learnt"] | None = Field(
        default=None,
        description="How its shape is told: round about the upright, as thick everywhere, thickest in its middle, bent "
        "round somebody, or as the network learnt; by the product's type where absent.",
    )
    size: int = Field(default=320, ge=64, le=640, description="Pixels a side of a frame.")
    step: float = Field(default=5, ge=3, le=45, description="Degrees from frame to frame; all round 15 at least.")
    reach: float | None = Field(
        default=None,
        ge=0,
        le=60,
        description="Degrees to either side to show from one photo; frames that may not be trusted say so. As far "
        "as may be trusted where absent.",
    )
    clip: bool = Field(default=False, description="Also give the turn as an animated WebP.")
    solid: bool = Field(default=False, description="Also give the solid as a GLB file.")


class TurnAnswer(Shape):
    """The frames, and how far they may be trusted."""

    name: str = Field(description="Of the product, the photo or the model.")
    shape: str = Field(description="How its shape was told, or own_model.")
    angles: list[float] = Field(
        description="Of each frame, in degrees that the camera went to the right of where the photo was taken."
    )
    trusted: list[bool] = Field(description="Of each frame, whether its angle is near enough to a photo.")
    trusted_to: float = Field(
        description="Degrees to either side of a photo that are shown as true; 0: the photo alone. 180 of a 3D model."
    )
    full: bool = Field(description="Whether the frames go all round, so that the last leads to the first.")
    expected_errors: list[float] = Field(
        description="Of each frame: nine of ten are less far off, as a mean difference of colours, 0 to 1."
    )
    columns: int = Field(description="Frames in a row of the sheet; they follow row by row.")
    rows: int
    width: int = Field(description="Of a frame, in pixels.")
    height: int
    notes: list[str] = Field(default=[], description="What to know before it is shown.")
    source_type: str = Field(description="What the files say of how they were made (IPTC digital source type).")
    frames: bytes = Field(repr=False, description="All frames on one sheet, a WebP file, in base64.")
    clip: bytes | None = Field(default=None, repr=False, description="The turn as an animated WebP.")
    solid: bytes | None = Field(default=None, repr=False, description="The solid as a GLB file.")
    version: str = Field(description="Of the networks; empty where none was asked.")
    took_ms: float

    @field_serializer("frames", "clip", "solid", when_used="json")
    def _in_base64(self, content: bytes | None) -> str | None:
        return None if content is None else b64encode(content).decode()
