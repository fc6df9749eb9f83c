"""A question of fact by itself, outside a talk, and its answer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.shop.shape import Request, Shape

__all__ = ["AskAnswer", "AskRequest", "AskSource"]


class AskRequest(Request):
    """What is to be known of up to four products, or of the shop's rules."""

    EXAMPLES: ClassVar = {
        "A material": {"product_ids": ["lamp-7"], "question": "What is it made of?"},
        "A rule of the shop": {"question": "How long may I return it?"},
    }

    product_ids: Annotated[list[Id], Field(max_length=4)] = Field(
        default_factory=list, description="Products that it is about; none: the shop's rules of delivery and returns."
    )
    question: str = Field(min_length=1, max_length=500, description="As a shopper asks it.")
    language: Literal["de", "en", "es", "fr", "it"] = Field(default="en", description="Of the question and the answer.")


class AskSource(Shape):
    """What a statement of the answer rests on."""

    kind: Literal["listing", "reviews", "policy", "shelf", "shop"]
    product_id: str | None = None
    place: str = Field(description="Where it stands: title, description, price, or the name of an attribute.")
    said: str = Field(description="What stands there, word for word.")


class AskAnswer(Shape):
    """What the shop knows of it, or that it does not say."""

    text: str
    known: bool = Field(description="Whether anything answers it; else the text says that nothing does.")
    sources: list[AskSource]
