"""What product videos are asked and answer."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape, Upload

__all__ = ["RestageAnswer", "RestageRequest", "VideoAnswer", "VideoRequest"]

_MOST_KB = Field(default=2000, ge=20, le=20_000, description="Largest file, in thousands of bytes; of WebP only.")
_COLOUR = "a word, as in navy or light blue, or #rrggbb"


class VideoRequest(Request):
    """A clip of these photos of one product."""

    photos: list[Upload] = Field(min_length=1, max_length=72)
    motion: Literal["turn", "pan", "zoom"] | None = Field(
        default=None,
        description="turn goes from view to view, in the order of the photos; pan and zoom move over each. "
        "Where absent: turn of three photos or more, else zoom.",
    )
    closed: bool = Field(
        default=False, description="Of a turn: the photos show all sides, so the last leads to the first."
    )
    seconds: float = Field(default=3.0, ge=1, le=12, description="How long it lasts before it begins anew.")
    fps: int = Field(default=15, ge=5, le=30, description="Frames a second.")
    width: int = Field(default=480, ge=64, le=1080, description="In pixels.")
    height: int = Field(default=480, ge=64, le=1080, description="In pixels.")
    mp4: bool = Field(default=False, description="As MP4, where this machine has ffmpeg; else as an animated WebP.")
    most_kb: int = _MOST_KB


class VideoAnswer(Shape):
    """The clip."""

    media_type: str = Field(description="image/webp or video/mp4.")
    motion: str
    width: int
    height: int
    frames: int
    seconds: float
    size_bytes: int
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    refused: dict[str, str] = Field(default={}, description="Photos that were left out, and why.")
    content: bytes = Field(repr=False, description="The file, in base64.")
    took_ms: float

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()


class RestageRequest(Request):
    """A product video of one's own, staged anew."""

    EXAMPLES: ClassVar = {"On white": {"source": "mug.mp4", "background": "white", "crop": "square"}}

    source: Path = Field(description="The video: MP4, MOV, WebM, MKV or AVI.")
    background: str | None = Field(default=None, description=f"Colour of a new ground: {_COLOUR}.")
    colour: str | None = Field(default=None, description=f"The product's new colour: {_COLOUR}.")
    crop: Literal["square", "portrait", "story"] | None = Field(
        default=None, description="Follows the product: 1:1, 4:5 or 9:16."
    )
    steady: bool = Field(default=True, description="Hold the product's outline steady over time.")
    webp: bool = Field(default=False, description="As an animated WebP instead of MP4.")
    most_kb: int = _MOST_KB


class RestageAnswer(Shape):
    """What came of it."""

    name: str = Field(description="Of the file in the shop's folder `videos/`; GET /v1/studio/videos/{name} sends it.")
    media_type: str
    width: int
    height: int
    frames: int
    seconds: float
    size_bytes: int
    flicker_before: float = Field(
        description="Share of the product's area that its outline changed by from frame to frame."
    )
    flicker_after: float
    source_type: str
