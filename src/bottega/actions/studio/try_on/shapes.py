"""What trying on is asked and answers."""

from __future__ import annotations

from base64 import b64encode
from typing import Literal

from pydantic import Field, field_serializer

from bottega.actions.studio.seals import SEAL, SIGNED, TRIED
from bottega.catalogue.filter import Asker
from bottega.shop.shape import Request, Shape, Upload

__all__ = ["TryOnAnswer", "TryOnRequest"]


class TryOnRequest(Request):
    """Show a piece of the shop on somebody, on a photo of their own. Nothing of it is kept."""

    photo: Upload | None = Field(default=None, description="The photo; not needed with `picture_id`.")
    product_id: str = Field(
        min_length=1,
        description="The piece: clothes for the upper or lower body, a dress, shoes; glasses, a hat, earrings, "
        "a lipstick.",
    )
    picture_id: str | None = Field(
        default=None,
        max_length=64,
        description="A photo that `shopper` keeps in their closet, in place of one sent along.",
    )
    shopper: Asker = Field(default=None, description=TRIED)
    shopper_signature: str | None = Field(default=None, max_length=200, description=SIGNED)


class TryOnAnswer(Shape):
    """The photo with the piece on the person."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    product_id: str
    cut: Literal[
        "top", "shirt", "jacket", "trousers", "skirt", "dress", "shoes", "glasses", "hat", "earrings", "lipstick"
    ] = Field(description="As what the piece was worn.")
    length: str = Field(
        description="How it lies on the old piece: as worn, longer, to the calf, to the knee, to the elbow, or under "
        "the jacket."
    )
    width: int = Field(description="Of the picture; photos of more than 1536 pixels become smaller.")
    height: int
    covers: float = Field(description="Share of the photo on which the piece is seen.")
    unlike: float = Field(
        description="How unlike the piece and its place are in shape: 0 for the same, and on a face; beyond 0.16 "
        "(shoes: 0.45) it is refused."
    )
    notes: list[str] = Field(description="What to know before one trusts the picture.")
    seal: str = Field(default="", description=SEAL)
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a JPEG file, in base64.")
    version: str = Field(description="Of the parser that found the clothes, or of what found the face.")
    took_ms: float

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()
