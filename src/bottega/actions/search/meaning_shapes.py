"""Questions and answers about learnt meanings: light to import, for the doors."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bottega.names import NUMBER_MAX
from bottega.shop.shape import Request, Shape

__all__ = [
    "ForgetMeaningsAnswer",
    "ForgetMeaningsRequest",
    "LearnAnswer",
    "LearnRequest",
    "LearntMeaningRow",
    "MeaningsAnswer",
    "MeaningsRequest",
    "RestoreMeaningsRequest",
    "State",
]

State = Literal["used", "seen", "forgotten"]


class MeaningsRequest(Request):
    """A page of what words may mean by what shoppers went on to."""

    state: State | None = Field(
        default=None,
        description="`used` by searches, `seen` but not sure enough, `forgotten` by you; all where absent.",
    )
    phrase: str | None = Field(default=None, max_length=200, description="Of this phrase alone, in small letters.")
    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")
    n: int = Field(default=50, ge=1, le=1000, description="Meanings of a page.")


class LearntMeaningRow(Shape):
    """One value that a phrase may mean, with what speaks for it."""

    number: int
    phrase: str = Field(description="Words that mean nothing by the catalogue.")
    field: str = Field(description="`category`, `brand`, an attribute, or `product_id`.")
    value: str
    title: str = Field(description="Of the product, where it means one; else empty.")
    state: State
    chosen: int = Field(description="Votes for products of this value; a shopper has one a day.")
    shown: int = Field(description="Votes of the phrase in all.")
    shoppers: int = Field(description="Who cast them.")
    usual: float = Field(description="The share of this value without the phrase.")
    lower: float = Field(description="The share with the phrase, its lower bound (95 of 100).")
    why: str = Field(description="The same in a sentence.")


class MeaningsAnswer(Shape):
    """Meanings, those of most votes first."""

    meanings: list[LearntMeaningRow]
    total: int
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class ForgetMeaningsRequest(Request):
    """Take meanings back: no search heeds them, whatever shoppers do, until they are restored."""

    EXAMPLES: ClassVar = {"One": {"numbers": [3]}}

    numbers: list[Annotated[int, Field(ge=0, le=NUMBER_MAX)]] = Field(
        min_length=1, max_length=10_000, description="As the list shows them."
    )


class RestoreMeaningsRequest(Request):
    """Let meanings be learnt again."""

    EXAMPLES: ClassVar = {"One": {"numbers": [3]}}

    numbers: list[Annotated[int, Field(ge=0, le=NUMBER_MAX)]] = Field(
        min_length=1, max_length=10_000, description="As the list shows them."
    )


class ForgetMeaningsAnswer(Shape):
    """What is changed."""

    changed: list[int] = Field(description="Their numbers; those that were not there are left out.")


class LearnRequest(Request):
    """Take in what shoppers did since the last time. A server does so by itself every minute."""


class LearnAnswer(Shape):
    """What there is now."""

    votes: int = Field(description="Votes that came in.")
    meanings: int = Field(description="Meanings in the list.")
    used: int = Field(description="Of them, those that searches heed.")
