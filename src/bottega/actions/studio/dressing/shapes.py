"""What dressing a fashion model is asked and answers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.actions.studio.fashion_models.shapes import SeenPoint
from bottega.actions.studio.seals import SEAL, SIGNED, TRIED
from bottega.catalogue.filter import Asker
from bottega.shop.shape import Request, Shape

__all__ = ["DressAnswer", "DressRequest", "WornPiece"]


class DressRequest(Request):
    """Show products of the shop on a fashion model, from the skin outwards."""

    EXAMPLES: ClassVar[Mapping[str, Any]] = {
        "shirt and jeans": {"model": "ada", "products": ["shirt-1", "jeans-2"], "pose": "walking_left"},
        "tucked in": {"model": "bela", "products": ["shirt-1", "jeans-2"], "tucked": ["shirt-1"], "turn": True},
    }

    model: str = Field(min_length=1, max_length=80, description="As `GET /v1/studio/models` lists it.")
    products: list[str] = Field(
        min_length=1, max_length=20, description="Ids of up to six pieces; of those of one layer the later lies over."
    )
    pose: str | None = Field(default=None, max_length=80, description="The model's own where absent.")
    crop: Literal["full", "chin", "upper"] = Field(
        default="full", description="All of the body; from the chin down, without a face; from the hips up."
    )
    around: float = Field(
        default=0.0, ge=-360, le=360, description="Degrees that the camera goes around, to the model's left."
    )
    tucked: list[str] = Field(
        default=[], max_length=6, description="Which tops and shirts are tucked into the trousers or the skirt."
    )
    in_this_order: bool = Field(
        default=False, description="Wear the pieces over one another just as `products` names them, whatever they are."
    )
    composer: bool = Field(
        default=False, description="Let a small network light cloth and edges anew, in the picture alone."
    )
    turn: bool = Field(default=False, description="Answer a view from all sides, too: 24 frames as one WebP file.")
    glb: bool = Field(default=False, description="Answer a 3D file, too (GLB); it needs the extra `dressing`.")
    shopper: Asker = Field(default=None, description=TRIED)
    shopper_signature: str | None = Field(default=None, max_length=200, description=SIGNED)


class WornPiece(Shape):
    """One product on the figure."""

    product_id: str
    title: str
    cut: str = Field(description="As what it is worn: top, shirt, jacket, trousers, skirt, dress, shoes ...")
    covers: float = Field(description="Share of the figure in the picture on which one sees it.")
    seen: float = Field(description="Of what one sees of it, the share that its photo shows; the rest was filled in.")
    guessed: list[str] = Field(description="What its photo does not show, in words, and what to look at.")


class DressAnswer(Shape):
    """A fashion model in products of the shop."""

    model: str
    pose: str
    crop: str
    around: float
    width: int
    height: int
    grown: bool
    pieces: list[WornPiece] = Field(description="From the skin outwards.")
    notes: list[str] = Field(description="What to know of the picture before it is shown.")
    key_points: list[SeenPoint]
    seal: str = Field(default="", description=SEAL)
    source_type: str = Field(description="What the files say of how they were made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a JPEG file, in base64.")
    turn: bytes | None = Field(default=None, repr=False, description="The turn as an animated WebP file, in base64.")
    glb: bytes | None = Field(default=None, repr=False, description="The 3D file (GLB), in base64.")
    version: str = Field(description="Of the parser that found the pieces in their photos.")
    took_ms: float

    @field_serializer("content", "turn", "glb", when_used="json")
    def _in_base64(self, content: bytes | None) -> str | None:
        return None if content is None else b64encode(content).decode()
