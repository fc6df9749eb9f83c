"""What a page asks for to show a talk again, and what is new in it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.actions.assistant.shapes import TalkId
from bottega.catalogue.filter import Asker
from bottega.shop.shape import OfProduct, Request, Shape

__all__ = ["HeardLine", "HeardProduct", "ListenAnswer", "ListenRequest"]


class ListenRequest(Request):
    """What was said since a line."""

    EXAMPLES: ClassVar = {"What is new": {"talk_id": "t-Zk3r", "after": 4}}

    talk_id: TalkId = Field(description="The talk.")
    after: int = Field(
        default=0, ge=0, description="Lines with a number above this one; the `next` of the answer before."
    )
    shopper: Asker = Field(default=None, description="Whose talk it is, where it is somebody's.")
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )


class HeardProduct(OfProduct):
    """A product that a line shows, as it is at this moment."""

    title: str
    price_minor: int | None
    currency: str | None
    availability: str
    image: str | None = None
    url: str | None = None


class HeardLine(Shape):
    """One line of a talk, as its shopper sees it."""

    number: int
    by: Literal["shopper", "assistant", "person"]
    name: str | None = Field(description="Of the person, where one speaks.")
    text: str = Field(description="Empty once it is older than the shop keeps words.")
    products: list[HeardProduct] = Field(default_factory=list)


class ListenAnswer(Shape):
    """What is new, and who has the word."""

    owner: Literal["assistant", "waiting", "person", "closed"]
    agent: str | None = Field(description="The person who has the word; null where it is none.")
    language: str
    lines: list[HeardLine]
    next: int = Field(description="`after` of the next question.")
