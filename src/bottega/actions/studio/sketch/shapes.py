"""What the sketch network is asked, and what it answers."""

from __future__ import annotations

from base64 import b64encode

from pydantic import Field, field_serializer

from bottega.actions.search.shapes import Hit
from bottega.shop.shape import Request, Shape, Upload

__all__ = ["SketchAnswer", "SketchRequest"]


class SketchRequest(Request):
    """Make a product of a drawing. Nothing of it is kept."""

    photo: Upload = Field(description="The drawing: lines of one product on plain ground.")
    type: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="What it is, as in handbag or Handtasche, in English, German, French, Spanish or Italian; any of "
        "what the network learnt where absent.",
    )
    colour: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="Its colour: a word in those languages, #1f2a44 or lab(30, 5, -20); any where absent.",
    )
    products: int = Field(default=0, ge=0, le=50, description="Real products to find for the picture, by its looks.")


class SketchAnswer(Shape):
    """The picture, and the real products that look most like it."""

    photo: str = Field(description="Name of the drawing, as it was sent.")
    type: str | None = Field(description="The type that was understood, as the network calls it.")
    rgb: str | None = Field(description="The colour asked for, as in #1b2a4e.")
    width: int
    height: int
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a JPEG file, in base64.")
    lines: bytes = Field(repr=False, description="What was read of the drawing, as a JPEG file in base64.")
    products: list[Hit] = Field(
        default=[], description="Real products: first what is of the type and colour asked for, the most alike before."
    )
    as_asked: int = Field(default=0, description="Of `products`, the first so many are of that type and colour.")
    version: str = Field(description="Of the network.")
    photos_waiting: int = Field(description="Photos of the shop that the eye has still to look at.")
    took_ms: float

    @field_serializer("content", "lines", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()
