"""What a merchant asks the shop, and what comes back: light to import, for the doors."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = [
    "AcceptAnswer",
    "AcceptRequest",
    "MerchantAnswer",
    "MerchantRequest",
    "MerchantRow",
    "SuggestedAct",
]


class MerchantRequest(Request):
    """One line of the merchant."""

    EXAMPLES: ClassVar = {
        "A question": {"text": "which listings lack a size?"},
        "Something to be done": {"text": "describe the ten best sellers in German"},
    }

    text: str = Field(min_length=1, max_length=1000, description="What is asked, in the merchant's own words.")
    language: Literal["de", "en", "es", "fr", "it"] | None = Field(
        default=None, description="Of the line and the answer; where absent, that of the line."
    )
    n: int = Field(default=20, ge=1, le=200, description="At most so many rows.")


class MerchantRow(Shape):
    """One row of an answer."""

    id: str = Field(description="Of a product or a talk, the number of a question or a meaning; else empty.")
    text: str = Field(description="A title, a question, the words of a search.")
    count: int | None = Field(default=None, description="How often: asked, searched for, sold.")


class SuggestedAct(Shape):
    """Something that can be done, and is not before it is accepted."""

    id: str = Field(description="Pass it on to be accepted within a day.")
    text: str = Field(description="What would be done.")
    verb: str = Field(description="By which verb of the shop.")
    request: dict[str, Any] = Field(description="With what.")


class MerchantAnswer(Shape):
    """What was understood, found, and can be done."""

    intent: str = Field(
        description="lacking, photos, asked, unfound, sold, describe, answer, means, waiting, learnt; or unsure."
    )
    language: str
    text: list[str]
    rows: list[MerchantRow] = Field(default=[], description="What was found.")
    total: int = Field(default=0, description="How many rows there are in all.")
    suggestions: list[SuggestedAct] = Field(default=[], description="What can be done about it.")
    can_ask: list[str] = Field(default=[], description="Where the line was not understood: what can be asked.")


class AcceptRequest(Request):
    """Do what was suggested."""

    suggestion_id: str = Field(min_length=1, max_length=20_000, description="The `id` of the suggestion.")


class AcceptAnswer(Shape):
    """What was done."""

    verb: str
    job: int | None = Field(default=None, description="Number of the job, where a worker does it.")
    answer: dict[str, Any] | None = Field(default=None, description="What the verb answered, where it is done.")
    undo: SuggestedAct | None = Field(default=None, description="What takes it back, to be accepted in turn.")
