"""What the training of a face editor and the editing of a face are asked and answer."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from pydantic import Field, field_serializer

from bottega.shop.shape import DEVICE, Request, Shape, Upload

__all__ = ["FaceAnswer", "FaceRequest", "TrainFaceRequest"]


class TrainFaceRequest(Request):
    """Teach a face editor from a folder of aligned photos and a table of what they show."""

    folder: Path = Field(description="Photos of faces, and attributes.csv: file, and a column of numbers an attribute.")
    consent: bool = Field(
        default=False,
        description="The people on the photos agreed that a model learns from them; without it nothing is learnt.",
    )
    seconds: float | None = Field(default=None, gt=0, description="The most to learn for; all steps where absent.")
    px: int = Field(default=96, ge=16, le=256, multiple_of=4, description="Side at which faces are learnt.")
    seed: int | None = Field(default=None, description="The setting `seed` where absent.")
    device: str = DEVICE


class FaceRequest(Request):
    """A face with some of its attributes more or less."""

    photo: Upload
    change: dict[str, float] = Field(min_length=1, description="Attribute -> how much more, -1 to 1.")


class FaceAnswer(Shape):
    """The photo afterwards."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    width: int
    height: int
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a JPEG file, in base64.")
    version: str = Field(description="Of the shop's own model.")

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()
