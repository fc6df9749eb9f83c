"""What the cartoon style is asked and answers."""

from __future__ import annotations

from base64 import b64encode

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape, Upload

__all__ = ["CartoonAnswer", "CartoonPhoto", "CartoonRequest"]


class CartoonRequest(Request):
    """Draw these photos as cartoons."""

    photos: list[Upload] = Field(min_length=1)
    product_only: bool = Field(default=False, description="Only the product; the rest of the photo stays as it is.")
    colours: int = Field(default=10, ge=2, le=32, description="Flat colours, 2 to 32.")
    smooth: float = Field(default=1.0, ge=0, le=3, description="How much detail is smoothed away, 0 to 3.")
    lines: float = Field(default=1.0, ge=0, le=1, description="How dark lines are, 0 (none) to 1.")


class CartoonPhoto(Shape):
    """One photo afterwards."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    refused: str | None = Field(
        default=None, description="Why there is no cartoon of it; everything else is empty then."
    )
    width: int = 0
    height: int = 0
    source_type: str | None = Field(
        default=None, description="What the file says of how it was made (IPTC digital source type)."
    )
    content: bytes | None = Field(default=None, repr=False, description="The picture as a JPEG file, in base64.")

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes | None) -> str | None:
        return None if content is None else b64encode(content).decode()


class CartoonAnswer(Shape):
    """The photos, in the order they came."""

    photos: list[CartoonPhoto]
    took_ms: float
