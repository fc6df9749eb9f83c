"""What the rescue of photos is asked and answers."""

from __future__ import annotations

from base64 import b64encode
from typing import ClassVar, Literal

from pydantic import Field, field_serializer, field_validator

from bottega.models.studio.rescue.presets import PRESETS
from bottega.models.studio.rescue.scene_names import SCENES
from bottega.shop.shape import Request, Shape, Upload

__all__ = ["RescueAnswer", "RescueCatalogueRequest", "RescueRequest", "RescuedCatalogue", "RescuedPhoto", "StepInfo"]

_WAY = "likely draws sharp detail that may have been there; mean makes nothing up. Letters are never made up."
_PRESET = f"The shape of a marketplace, on white: {', '.join(PRESETS)}."
_SCENE = f"Lay the product on {', '.join(SCENES)}: modelled and lit, with its shadow."


class _Repair(Request):
    """What is put right."""

    enlarge: int | None = Field(
        default=None, description="Times as large: 1, 2 or 4. Where absent, small photos become larger."
    )
    way: Literal["likely", "mean"] = Field(default="likely", description=_WAY)
    light: bool = Field(default=True, description="White balance and exposure.")
    level: bool = Field(default=True, description="Straighten it, where the photo tells what is level.")
    clean: bool = Field(default=False, description="Take noise and blocks of compression out of what stays as large.")
    background: bool = Field(default=False, description="Cut the product out and lay it on white.")
    shadow: bool = Field(default=False, description="With a soft shadow where the product stands.")
    preset: str | None = Field(default=None, description=_PRESET)
    scene: str | None = Field(default=None, description=_SCENE)
    ghost: bool = Field(default=False, description="Of a worn garment: alone, without who wears it.")
    garment: Literal["upper", "lower"] | None = Field(
        default=None, description="Which garment stands alone, what is worn above or below; the larger where absent."
    )

    @field_validator("enlarge")
    @classmethod
    def _factor(cls, given: int | None) -> int | None:
        if given not in (None, 1, 2, 4):
            raise ValueError("a photo becomes 1, 2 or 4 times as large")
        return given

    @field_validator("preset")
    @classmethod
    def _known(cls, given: str | None) -> str | None:
        if given and given not in PRESETS:
            raise ValueError(f"a preset is {', '.join(PRESETS)}")
        return given or None

    @field_validator("scene")
    @classmethod
    def _known_scene(cls, given: str | None) -> str | None:
        if given and given not in SCENES:
            raise ValueError(f"a scene is {', '.join(SCENES)}")
        return given or None


class RescueRequest(_Repair):
    """Make these photos better."""

    photos: list[Upload] = Field(min_length=1)
    side_by_side: bool = Field(default=False, description="Also give before and after side by side.")


class StepInfo(Shape):
    """What became of one step."""

    step: Literal["light", "level", "enlarge", "clean", "ghost", "background"]
    done: bool = Field(description="false: the photo needed it not, or does not tell.")
    what: str


class RescuedPhoto(Shape):
    """One photo afterwards."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    refused: str | None = Field(default=None, description="Why it could not be read at all; everything else is empty.")
    steps: list[StepInfo] = Field(default=[], description="In the order they were done.")
    width: int = 0
    height: int = 0
    source_type: str | None = Field(
        default=None,
        description="What the file says of how it was made (IPTC digital source type); null where nothing was changed.",
    )
    content: bytes | None = Field(default=None, repr=False, description="The picture as a JPEG file, in base64.")
    side_by_side: bytes | None = Field(default=None, repr=False, description="Before and after, as the same.")

    @field_serializer("content", "side_by_side", when_used="json")
    def _in_base64(self, content: bytes | None) -> str | None:
        return None if content is None else b64encode(content).decode()


class RescueAnswer(Shape):
    """The photos, in the order they came."""

    photos: list[RescuedPhoto]
    version: str = Field(description="Of the network that enlarges.")
    took_ms: float


class RescueCatalogueRequest(_Repair):
    """Make the main photo of every product better, as suggestions to accept."""

    EXAMPLES: ClassVar = {"White squares": {"preset": "square"}}

    product_ids: list[str] = Field(default=[], max_length=10_000, description="Only these; all where absent.")
    only_new: bool = Field(default=False, description="Leave out photos for which a better one waits already.")


class RescuedCatalogue(Shape, frozen=False):
    """What came of it. Every product is counted once."""

    products: int = 0
    suggested: int = Field(default=0, description="New main photos that wait to be accepted.")
    unchanged: int = Field(default=0, description="Photos in which nothing is to be done, or that were made here.")
    without_photo: int = 0
    unreadable: dict[str, str] = Field(default={}, description="Product id -> what is wrong with its picture.")
    no_product: int = Field(
        default=0,
        description="Photos in which no product could be told from its background, that cut it off for a scene, or "
        "whose garment cannot stand alone.",
    )
    steps: dict[str, int] = Field(default={}, description="Step -> photos in which it was done.")
    seconds: float = 0.0
