"""What is asked of fashion models and answered."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape

__all__ = [
    "FashionModelInfo",
    "FashionModelPicture",
    "FashionModelsAnswer",
    "FashionModelsRequest",
    "KeepFashionModelRequest",
    "RemoveFashionModelsRequest",
    "SeenPoint",
    "ShowFashionModelRequest",
]

_NAME = r"^[a-z0-9][a-z0-9_-]{0,39}$"
_COLOUR = r"^(#[0-9a-fA-F]{6}|[a-z]+(_[a-z0-9]+)?)$"


class FashionModelsRequest(Request):
    """Who is there."""


class FashionModelInfo(Shape):
    """One fashion model."""

    name: str
    says: str = Field(description="Who that is, in a few words.")
    own: bool = Field(description="Whether the shop keeps it; else it comes along.")
    body: str
    gender: str
    years: int
    grown: bool = Field(description="Eighteen or more; who is not wears more, and no underwear or swimwear.")
    height_cm: float
    chest_cm: float
    waist_cm: float
    hips_cm: float
    pose: str = Field(description="The one that it takes where none is asked for.")
    skin: str
    hair: str
    hair_colour: str
    eyes: str
    base_layer: str
    background: str


class FashionModelsAnswer(Shape):
    """Who is there, and what a model may be made of."""

    models: list[FashionModelInfo]
    bodies: list[str]
    poses: dict[str, str] = Field(description="Name of a pose -> what one sees.")
    hair: list[str]
    skins: list[str]
    hair_colours: list[str]


class ShowFashionModelRequest(Request):
    """A picture of one fashion model."""

    EXAMPLES: ClassVar[Mapping[str, Any]] = {"walking": {"name": "ada", "pose": "walking_left"}}

    name: str = Field(min_length=1, max_length=80, description="As `GET /v1/studio/models` lists it.")
    pose: str | None = Field(default=None, max_length=80, description="Its own where absent.")
    crop: Literal["full", "chin", "upper"] = Field(
        default="full", description="All of the body; from the chin down, without a face; from the hips up."
    )
    around: float = Field(
        default=0.0, ge=-360, le=360, description="Degrees that the camera goes around, to the model's left."
    )


class SeenPoint(Shape):
    """One of sixteen key points, in pixels."""

    name: str
    x: float
    y: float
    visible: bool


class FashionModelPicture(Shape):
    """A fashion model in a pose."""

    name: str
    pose: str
    crop: str
    around: float
    width: int
    height: int
    grown: bool
    key_points: list[SeenPoint]
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a PNG file, in base64.")
    took_ms: float

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()


class KeepFashionModelRequest(Request):
    """Keep a fashion model of the shop's own; one of the same name gives way."""

    EXAMPLES: ClassVar[Mapping[str, Any]] = {
        "one": {"name": "our-face", "body": "woman_42", "skin": "monk_6", "hair": "bob", "hair_colour": "grey"}
    }

    name: str = Field(pattern=_NAME, description="Small letters, digits, - and _; not that of one who comes along.")
    body: str = Field(max_length=80, description="One of `bodies`.")
    pose: str = Field(default="standing", max_length=80, description="One of `poses`; taken where none is asked for.")
    skin: str = Field(default="monk_5", pattern=_COLOUR, description="monk_1 to monk_10, or #rrggbb.")
    hair: str = Field(default="short", max_length=80, description="One of `hair`.")
    hair_colour: str = Field(default="dark_brown", pattern=_COLOUR, description="One of `hair_colours`, or #rrggbb.")
    eyes: str = Field(default="#4b3a2a", pattern=_COLOUR, description="Their colour.")
    base_layer: str = Field(default="#a3a5a8", pattern=_COLOUR, description="Of the fitted top and shorts underneath.")
    background: str = Field(default="#eeeeec", pattern=_COLOUR, description="The colour behind the figure.")
    says: str = Field(default="", max_length=200, description="Who that is, in a few words.")


class RemoveFashionModelsRequest(Request):
    """Take own models out."""

    names: list[str] = Field(min_length=1, max_length=100, description="Of the shop's own models.")
