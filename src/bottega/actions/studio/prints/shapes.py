"""What the studio is asked, and what it answers: the shapes of the API, shared by every door."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.catalogue.filter import Asker, Id, Somebody
from bottega.models.studio.prints.printed import SCALE_MAX, SCALE_MIN
from bottega.shop.shape import Request, Shape, Upload

SIGNED = "What the shop's server says of this shopper; needed with a publishable key (docs/keys.md)."

__all__ = [
    "CustomiseAnswer",
    "CustomiseRequest",
    "CustomiseSongRequest",
    "DesignMade",
    "DesignRemoval",
    "DesignRequest",
    "DesignsRemoved",
    "PlacementInfo",
    "PreviewInfo",
    "PrintAnswer",
    "PrintFilesAnswer",
    "PrintFilesRequest",
    "PrintInfo",
    "PrintRequest",
]


class PlacementInfo(Shape):
    """How a picture lies on the print."""

    fit: Literal["fill", "fit"] = Field(
        default="fill", description="fill: nothing of the print stays empty. fit: all of the picture is seen."
    )
    scale: float = Field(default=1.0, ge=SCALE_MIN, le=SCALE_MAX, description="Times that size.")
    x: float = Field(default=0.0, ge=-2, le=2, description="Right of the middle, in widths of the print.")
    y: float = Field(default=0.0, ge=-2, le=2, description="Below the middle, in heights of the print.")
    rotate: float = Field(default=0.0, ge=-360, le=360, description="Degrees clockwise.")


class _Laid(Request):
    """Whose picture it is, and how it lies."""

    template: str | None = Field(default=None, description="Which of the product's templates; its first where absent.")
    shopper: Asker = Field(default=None, description="Whose design it is; an anonymous id until log-in.")
    fit: Literal["fill", "fit"] = Field(
        default="fill", description="fill: nothing of the print stays empty. fit: all of the picture is seen."
    )
    scale: float = Field(default=1.0, ge=SCALE_MIN, le=SCALE_MAX, description="Times that size.")
    x: float = Field(default=0.0, ge=-2, le=2, description="Right of the middle, in widths of the print.")
    y: float = Field(default=0.0, ge=-2, le=2, description="Below the middle, in heights of the print.")
    rotate: float = Field(default=0.0, ge=-360, le=360, description="Degrees clockwise.")


class CustomiseRequest(_Laid):
    """A picture or a song for a product, or a design that is laid otherwise."""

    FILES: ClassVar = ("picture", "song")
    """Fields of the form that are files."""

    product_id: Id | None = Field(default=None, description="The product; not needed with `design_id`.")
    picture: Upload | None = Field(default=None, description="The customer's picture.")
    song: Upload | None = Field(default=None, description="A song that becomes a picture: WAV, FLAC, Ogg or MP3.")
    design_id: Id | None = Field(default=None, description="A design to lay otherwise, in place of a new file.")
    shopper_signature: str | None = Field(default=None, max_length=200, description=SIGNED)
    own_photo: bool = Field(
        default=False, description="Of T-shirts: also on the product's own photo, where a garment is seen on it."
    )


class CustomiseSongRequest(_Laid):
    """A song of any length for a product."""

    product_id: Id = Field(description="The product.")
    source: Path = Field(description="The song: WAV, FLAC, Ogg or MP3. Over HTTP it is sent along.")


class DesignMade(Shape):
    """A design that a job left; `POST /v1/studio/designs/query` shows it."""

    design_id: str = Field(description="For the cart, and for the purchase event's `design_id`.")
    product_id: str
    template: str
    shopper: str = Field(description="Whose it is; empty where nobody said.")
    warning: str | None = Field(description="What to tell the customer; null where all is well.")


class DesignRequest(Request):
    """One design."""

    EXAMPLES: ClassVar = {"One design": {"design_id": "d-0123456789abcdef01234567"}}

    design_id: Id = Field(description="The design.")
    shopper: Asker = Field(default=None, description="Whose it has to be; anybody's where absent.")
    shopper_signature: str | None = Field(default=None, max_length=200, description=SIGNED)


class DesignRemoval(Request):
    """Designs to take out."""

    EXAMPLES: ClassVar = {"One design": {"shopper": "ana", "design_ids": ["d-0123456789abcdef01234567"]}}

    shopper: Somebody = Field(description="Whose they are.")
    shopper_signature: str | None = Field(default=None, max_length=200, description=SIGNED)
    design_ids: list[Annotated[Id, Field(max_length=64)]] = Field(
        min_length=1, max_length=1000, description="Designs of that shopper."
    )


class DesignsRemoved(Shape):
    """What was taken out."""

    shopper: str
    removed: list[str] = Field(description="Designs that went, with their pictures. Those that were ordered stay.")


class PreviewInfo(Shape):
    """The product with the picture on it, as a photograph would show it."""

    angle: str = Field(description="As in front, left; photo: on the product's own photo.")
    width_px: int
    height_px: int
    content: bytes = Field(repr=False, description="A WebP file; in JSON, base64.")

    @field_serializer("content", when_used="json")
    def _for_pages(self, content: bytes) -> str:
        """In the alphabet of `data:` addresses, which is not the one that pydantic writes."""
        return b64encode(content).decode()


class PrintInfo(Shape):
    """The print file, as it will be."""

    width_mm: float = Field(description="Of what is seen; the file is wider by the bleed on both sides.")
    height_mm: float
    bleed_mm: float
    safe_mm: float = Field(description="From each edge inwards, where nothing that matters should lie.")
    shape: Literal["rectangle", "ellipse"]
    width_px: int
    height_px: int
    file_dpi: int = Field(description="Dots per inch of the file.")
    picture_dpi: float = Field(description="Of the customer's picture at this size; below `least_dpi` it looks soft.")
    least_dpi: int


class CustomiseAnswer(Shape):
    """A design, and what it looks like."""

    design_id: str = Field(description="For the cart, and for the purchase event's `design_id`.")
    product_id: str
    template: str
    made_from: Literal["picture", "song"]
    shopper: str = Field(description="Whose it is; empty where nobody said.")
    placement: PlacementInfo
    picture_width_px: int
    picture_height_px: int
    print: PrintInfo
    warning: str | None = Field(description="What to tell the customer; null where all is well.")
    ordered: bool = Field(description="Whether a purchase names it; then it is not laid otherwise any more.")
    previews: list[PreviewInfo]
    took_ms: float


class PrintFilesRequest(Request):
    """Which design is to be printed."""

    EXAMPLES: ClassVar = {"One design": {"design_id": "d-0123456789abcdef01234567"}}

    design_id: Id = Field(description="The design, as the order names it.")


class PrintFilesAnswer(Shape):
    """What the printer gets, and a proof of it."""

    design_id: str
    product_id: str
    print_file: bytes = Field(
        repr=False, description="PNG in sRGB, transparent where nothing is printed; in JSON, base64."
    )
    proof: bytes = Field(repr=False, description="PNG: red where it is cut, green around the safe area; as the same.")
    print: PrintInfo
    warning: str | None = Field(description="What to tell the customer; null where all is well.")

    @field_serializer("print_file", "proof", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()


class PrintRequest(Request):
    """Which design, and where its files go."""

    design_id: Id = Field(description="The design, as the order names it.")
    out: Path = Field(default=Path(), description="Folder for the files; made where it is missing.")


class PrintAnswer(Shape):
    """Where the files are."""

    design_id: str
    product_id: str
    print_file: Path = Field(description="PNG in sRGB; transparent where nothing is printed.")
    proof: Path = Field(description="PNG: red where it is cut, green around the safe area.")
    print: PrintInfo
    warning: str | None = Field(description="What to tell the customer; null where all is well.")
