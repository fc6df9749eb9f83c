"""What lookbooks and posts are asked, and what they answer."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_serializer

from bottega.shop.shape import Request, Shape

__all__ = [
    "Crop",
    "LookPiece",
    "Lookbook",
    "LookbookInfo",
    "LookbookRemoval",
    "LookbookRequest",
    "LookbooksAnswer",
    "LookbooksQuery",
    "PostCaption",
    "PostPicture",
    "ShownLook",
    "SocialPost",
    "SocialPostRequest",
]

Crop = Literal["1:1", "4:5", "9:16"]
Language = Literal["de", "en", "es", "fr", "it"]


class LookbookRequest(Request):
    """Outfits that the shop's own data supports, each on a fashion model."""

    EXAMPLES: ClassVar = {"Twelve outfits": {"outfits": 12}, "Around these": {"product_ids": ["shirt-1", "dress-4"]}}

    outfits: int = Field(default=12, ge=1, le=48, description="How many.")
    product_ids: list[str] = Field(
        default=[], max_length=500, description="What outfits are built around; the most popular clothes where absent."
    )
    models: list[str] = Field(
        default=[],
        max_length=200,
        description="Who wears them; the setting `dress_models` where absent, and all where that is empty.",
    )
    pose: str | None = Field(default=None, max_length=80, description="Each model's own where absent.")
    crop: Literal["full", "chin", "upper"] = Field(
        default="full", description="All of the body; from the chin down, without a face; from the hips up."
    )


class LookPiece(Shape):
    """One piece of an outfit."""

    product_id: str
    title: str
    slot: str
    price: str = Field(description="As people write it; empty where there is none.")
    reasons: list[str] = Field(description="Why it is worn with the first piece, in the shop's language.")
    codes: list[str] = Field(description="The same as codes of docs/closet.md.")


class ShownLook(Shape):
    """One outfit on one model."""

    number: int
    picture: str = Field(description="Name of its file.")
    model: str
    pose: str
    score: float = Field(description="Mean probability that its pieces are worn with the first one.")
    pieces: list[LookPiece] = Field(description="The one that it is built around first.")
    notes: list[str] = Field(description="What to know of the picture before it is shown.")


class Lookbook(Shape):
    """A lookbook as it was made."""

    lookbook: str = Field(description="Its name.")
    language: str
    looks: list[ShownLook]
    not_used: dict[str, str] = Field(
        description="Product id that an outfit was to be built around -> why there is none."
    )
    source_type: str = Field(description="What the pictures say of how they were made (IPTC digital source type).")
    folder: str = Field(description="Where it lies, relative to the shop's folder: index.html and its pictures.")
    time_ms: int
    seconds: float


class LookbooksQuery(Request):
    """The lookbooks that there are."""


class LookbookInfo(Shape):
    """One of them."""

    lookbook: str
    looks: int
    time_ms: int


class LookbooksAnswer(Shape):
    """Lookbooks, the newest first."""

    lookbooks: list[LookbookInfo]


class LookbookRemoval(Request):
    """A lookbook to take out."""

    EXAMPLES: ClassVar = {"One": {"lookbook": "l-0123456789abcdef"}}

    lookbook: str = Field(max_length=40, description="Its name.")


class SocialPostRequest(Request):
    """A post out of a lookbook."""

    EXAMPLES: ClassVar = {
        "Three crops": {"lookbook": "l-0123456789abcdef", "look": 1, "crops": ["1:1", "4:5", "9:16"]},
        "In two languages": {"lookbook": "l-0123456789abcdef", "look": 2, "languages": ["en", "de"]},
    }

    lookbook: str = Field(max_length=40, description="Its name.")
    look: int = Field(ge=1, le=99, description="Number of the outfit in it.")
    crops: list[Crop] = Field(default=["1:1", "4:5", "9:16"], min_length=1, max_length=3, description="Shapes wanted.")
    languages: list[Language] = Field(
        default=[], max_length=5, description="Languages of the caption; the shop's own where absent."
    )
    hashtags: Annotated[int, Field(ge=0, le=30)] = Field(default=8, description="At most so many.")


class PostPicture(Shape):
    """The picture in one shape."""

    crop: Crop
    width: int
    height: int
    content: bytes = Field(repr=False, description="A JPEG file, in base64.")

    @field_serializer("content", when_used="json")
    def _in_base64(self, content: bytes) -> str:
        return b64encode(content).decode()


class PostCaption(Shape):
    """What stands below it, in one language."""

    language: str
    text: str = Field(description="Facts of the listings alone; the last line says that a computer made the picture.")
    proved: int = Field(description="Pieces of which a sentence passed the proof; the others are named alone.")


class SocialPost(Shape):
    """A post, ready to be looked at."""

    lookbook: str
    look: int
    product_ids: list[str]
    pictures: list[PostPicture]
    captions: list[PostCaption]
    hashtags: list[str] = Field(description="Made of categories and attributes of the pieces, nothing else.")
    source_type: str = Field(description="What the pictures say of how they were made (IPTC digital source type).")
