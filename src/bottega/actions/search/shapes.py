"""What a search asks and what it answers: by photo, by words, and by both."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Filter, Id, Ids
from bottega.catalogue.product import Product
from bottega.shop.shape import COUNT_MAX, OfProduct, Request, Shape, Upload

__all__ = [
    "AskedFor",
    "AskedUnit",
    "Box",
    "Hit",
    "PhotoSearchAnswer",
    "PhotoSearchRequest",
    "RegionHits",
    "SearchAnswer",
    "SearchRequest",
]

TEXT_MAX = 500
"""Longest search text, in characters."""


class _Search(Request):
    n: int | None = Field(
        default=None, ge=1, le=COUNT_MAX, description="Products wanted; the setting `count` if absent."
    )
    filter: Filter | None = None
    exclude_ids: Ids = Field(default_factory=list, description="Products never to show; their variants go with them.")
    return_product: bool = Field(default=False, description="Whether items carry the whole product.")


class PhotoSearchRequest(_Search):
    """Products like those on a photo."""

    photo: Upload
    but: str | None = Field(default=None, max_length=TEXT_MAX, description='What should be different, as in "blue".')
    regions: bool = Field(default=True, description="Whether products are looked for one by one; false: as one.")


class SearchRequest(_Search):
    """Products by words, or like a product but for these words."""

    OLD_NAMES: ClassVar = {"item_id": "product_id"}
    EXAMPLES: ClassVar = {
        "By words": {"text": "red striped shirt", "n": 6},
        "Like this, but blue": {"product_id": "lamp-7", "text": "blue", "n": 6},
    }

    text: str = Field(default="", max_length=TEXT_MAX, description='As a shopper types it: "red striped shirt".')
    product_id: Id | None = Field(default=None, description="A product: find what is like it, but as `text` says.")


class Hit(OfProduct):
    """One product found."""

    rank: int
    score: float = Field(
        description="By photo: cosine. By words: from 0.5 for what is all that was asked for, below for what is close."
    )
    found_by: list[Literal["photo", "words"]] = Field(description="Its photo, or the words of its listing.")
    product: Product | None = None


class Box(Shape):
    """A rectangle in pixels of the upright photo."""

    left: int
    top: int
    right: int
    bottom: int


class RegionHits(Shape):
    """One product seen in the photo, and those of the shop that are like it."""

    name: str = Field(
        description="`product`, `photo` (the whole), or a part: `upper`, `outer`, `lower`, `one_piece` ..."
    )
    box: Box
    share: float = Field(description="How much of the photo it covers.")
    items: list[Hit]


class PhotoSearchAnswer(Shape):
    """Products by region, the largest region first."""

    regions: list[RegionHits]
    unknown_words: list[str] = Field(description="Words of `but` that mean nothing here; they counted for nothing.")
    photos_waiting: int = Field(description="Catalogue photos not looked at yet; later requests go on with them.")
    took_ms: float


class AskedUnit(Shape):
    """Words of a search that mean one thing."""

    words: str
    kind: bool = Field(description="Whether it is the thing asked for, rather than what it shall be like.")


class AskedFor(Shape):
    """What a search was understood to ask for."""

    units: list[AskedUnit] = Field(default_factory=list, description="What it shall be, word by word or by phrase.")
    without: list[str] = Field(default_factory=list, description='What it shall not be: "without leather".')
    price_from: float | None = Field(default=None, description="Least price, in whole units of the shop's currency.")
    price_to: float | None = Field(default=None, description="Highest price.")
    cheap: bool = Field(default=False, description="Whether the cheaper ones come first.")
    languages: list[str] = Field(default_factory=list, description="Languages that know its words, by code.")


class SearchAnswer(Shape):
    """Products, the best first."""

    items: list[Hit]
    close_from: int = Field(
        default=0, description="So many items, the first, are all that was asked for; those behind are close to it."
    )
    asked_for: AskedFor = Field(default_factory=AskedFor, description="What the words were understood to ask for.")
    read_as: dict[str, list[str]] = Field(description="Words that no listing holds, and those taken for them.")
    unknown_words: list[str] = Field(description="Words that mean nothing here; they counted for nothing.")
    photos_waiting: int = Field(description="Catalogue photos not looked at yet; later requests go on with them.")
    took_ms: float
