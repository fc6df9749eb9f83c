"""What the colouring of hair is asked and answers."""

from __future__ import annotations

from base64 import b64encode

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape, Upload

__all__ = ["HairAnswer", "HairRequest", "HairTone"]


class HairRequest(Request):
    """Show somebody with hair of another colour, on a photo of their own. Nothing of it is kept."""

    photo: Upload
    to: str = Field(
        min_length=1,
        max_length=60,
        description="The colour: black, dark blond, auburn and the like in English, German, French, Spanish or "
        "Italian; another one by name (pink), or #rrggbb.",
    )


class HairTone(Shape):
    """One colour of hair."""

    name: str
    rgb: str = Field(description="As in #2b2016.")


class HairAnswer(Shape):
    """The photo with the hair in that colour."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    width: int = Field(description="Of the picture; photos of more than 2048 pixels become smaller.")
    height: int
    was: HairTone = Field(description="Median colour of the hair on the photo.")
    to: HairTone = Field(description="What was asked for.")
    covers: float = Field(description="Share of the photo that the hair covers.")
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a JPEG file, in base64.")
    version: str = Field(description="Of the parser that found the hair.")
    took_ms: float

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()
