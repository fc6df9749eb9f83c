"""What a generator of product pictures is asked, and what it answers."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.actions.search.shapes import Hit
from bottega.catalogue.filter import Filter
from bottega.shop.shape import Request, Shape

__all__ = [
    "AskedInfo",
    "ImagineAnswer",
    "ImagineRequest",
    "ImagineState",
    "ImaginedPicture",
    "NotDrawnInfo",
    "RecipeInfo",
]

PICTURES_MOST = 16
"""Pictures of one answer: two seconds of one core at most."""
PICTURES_FIRST = 8
"""Pictures of a first answer where nobody says how many."""
TURNS_MOST = 100
Lightness = Annotated[float, Field(ge=0, le=100)]
Axis = Annotated[float, Field(ge=-128, le=128)]
Share = Annotated[float, Field(ge=-1, le=1)]
Number = Annotated[int, Field(ge=0, lt=2**31)]
Name = Annotated[str, Field(max_length=100)]


class AskedInfo(Shape):
    """What words asked for; null where they said nothing of it, and each picture is as the catalogue's products are."""

    type: Name | None = Field(default=None, description="As the catalogue learnt from names it, as in Shirts.")
    lab: tuple[Lightness, Axis, Axis] | None = Field(default=None, description="Colour, CIE Lab.")
    gender: Name | None = Field(default=None, description="For whom, as in Men.")
    usage: Name | None = Field(default=None, description="For what, as in Casual.")
    worn: bool | None = Field(default=None, description="Worn by somebody, whose head is not seen; false: laid flat.")


class RecipeInfo(Shape):
    """All that one picture is drawn from."""

    type: Name = Field(description="Article type, as the generator knows it.")
    lab: tuple[Lightness, Axis, Axis] = Field(description="Colour, CIE Lab.")
    gender: Name = Field(description="Empty for anybody.")
    usage: Name = Field(description="Empty for any use.")
    worn: bool = Field(description="On somebody, or flat.")
    noise: list[tuple[Number, Share]] = Field(
        min_length=1, max_length=8, description="Numbers of draws, and the share of each."
    )
    told: tuple[Lightness, Axis, Axis] | None = Field(
        default=None, description="The colour that the generator is told, so that it draws the one asked for."
    )
    form: tuple[Lightness, Axis, Axis] | None = Field(default=None, description="The colour whose outline it keeps.")


class ImagineState(Shape):
    """Where a visitor is: what was asked until now, and how each picture was drawn. The server remembers none of it."""

    version: str = Field(max_length=100, description="Of the generator that drew the pictures.")
    said: list[Annotated[str, Field(max_length=300)]] = Field(max_length=TURNS_MOST, description="Turn by turn.")
    asked: AskedInfo
    recipes: list[RecipeInfo] = Field(min_length=1, max_length=PICTURES_MOST)


class ImagineRequest(Request):
    """Products that do not exist, by words; or the pictures before, but otherwise."""

    EXAMPLES: ClassVar = {"Eight shirts": {"words": "red shirt for men, flat", "n": 8, "seed": 7}}

    words: str = Field(
        min_length=1,
        max_length=300,
        description="What is wanted, or with `before` what shall be otherwise: darker, blue, for men, more like the "
        "third, another. In English, German, French, Spanish or Italian.",
    )
    n: int | None = Field(
        default=None,
        ge=1,
        le=PICTURES_MOST,
        description="Pictures wanted; where absent 8, and in a turn as many as before.",
    )
    seed: int | None = Field(
        default=None, ge=0, lt=2**31, description="The same words and seed give the same pictures; drawn where absent."
    )
    before: ImagineState | None = Field(default=None, description="The `state` of the answer to go on from.")
    products: int = Field(default=0, ge=0, le=50, description="Real products to find for each picture, by its looks.")
    filter: Filter | None = Field(default=None, description="Which real products may be found.")


class NotDrawnInfo(Shape):
    """Words that nothing was drawn of."""

    words: str
    why: Literal["unknown", "not_drawn", "not_learnt", "excluded", "drawn_instead"] = Field(
        description="unknown: nobody here knows the word. not_drawn: known, and nothing that can be asked for, as a "
        "pattern. not_learnt: a thing that the generator never saw. excluded: what shall not be cannot be asked for. "
        "drawn_instead: something near it is drawn."
    )
    instead: str = Field(default="", description="What is drawn in its place.")


class ImaginedPicture(Shape):
    """One picture of a product that does not exist."""

    number: int = Field(description="From 1, as the next turn may name it.")
    type: str
    rgb: str = Field(description="The colour asked for, as in #1b2a4e.")
    gender: str
    usage: str
    worn: bool
    width: int
    height: int
    source_type: str = Field(description="What the file says of how it was made (IPTC digital source type).")
    content: bytes = Field(repr=False, description="The picture as a JPEG file, in base64.")
    products: list[Hit] = Field(
        default=[],
        description="Real products: first what is of its type and of the colour asked for, the most alike before.",
    )
    as_asked: int = Field(default=0, description="Of `products`, the first so many are of that type and colour.")

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()


class ImagineAnswer(Shape):
    """Pictures, what was understood, what was not, and the state to go on from."""

    asked: AskedInfo
    not_drawn: list[NotDrawnInfo]
    pictures: list[ImaginedPicture]
    state: ImagineState = Field(description="Send it as `before` with the next words.")
    seed: int
    version: str = Field(description="Of the generator.")
    photos_waiting: int = Field(default=0, description="Catalogue photos that nobody has looked at yet.")
    took_ms: float
