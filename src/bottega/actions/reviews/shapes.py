"""What is asked and answered about reviews."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.shop.shape import Request, Shape

__all__ = ["ReviewQuote", "ReviewSaying", "ReviewsAnswer", "ReviewsRequest"]


class ReviewsRequest(Request):
    """What do the reviews of a product say?"""

    EXAMPLES: ClassVar = {"One product": {"product_id": "lamp-7"}}

    product_id: Id = Field(description="A product, or the group of its variants: their reviews are taken together.")
    n: int = Field(default=3, ge=0, le=50, description="Quotes of each thing that is said.")
    language: str | None = Field(default=None, description="Of what is told, as in de; else the shop's own.")


class ReviewQuote(Shape):
    """Somebody's own words."""

    review_id: str
    text: str = Field(description="The clause that says it, as it was written.")
    stars: float | None
    language: str = Field(description="ISO 639.")
    time_ms: int | None = Field(description="UTC.")
    verified: bool | None


class ReviewSaying(Shape):
    """One thing that reviews say of an aspect."""

    aspect: str = Field(description="size, quality, colour, comfort, delivery, price, or an aspect of the shop's own.")
    says: str = Field(description="small or large of a size; else good or bad.")
    words: str = Field(description="The same in words, as in: it runs small.")
    told: str = Field(description="With its count, as in: 9 of 12 say it runs small.")
    count: int = Field(description="Reviews that say it.")
    of: int = Field(description="Reviews that speak of the aspect at all, those that are not sure included.")
    quotes: list[ReviewQuote] = Field(description="The surest first.")


class ReviewsAnswer(Shape):
    """What the published reviews of a product say."""

    product_id: str
    reviews: int
    stars: float | None = Field(description="Mean of those that give stars, from 1 to 5; null where none does.")
    by_stars: dict[str, int] = Field(description="Whole stars -> reviews that give so many, rounded.")
    sayings: list[ReviewSaying] = Field(description="What most say first.")
    size_warning: Literal["small", "large"] | None = Field(
        description="What at least three reviews, and half of those who speak of the size, say of it."
    )
    warning: str = Field(description="The same in a sentence; empty without one.")
    language: str = Field(description="Of what is told; quotes stay in theirs.")
    read_by: str = Field(description="What read the reviews: encoder, its version, version of the heads.")
