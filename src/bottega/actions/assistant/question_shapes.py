"""What is asked and answered about questions that no listing answers: light to import, for the doors."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from bottega.catalogue.filter import Id
from bottega.names import NUMBER_MAX
from bottega.shop.shape import Request, Shape

__all__ = [
    "DeleteQuestionsAnswer",
    "DeleteQuestionsRequest",
    "QuestionReply",
    "QuestionReplyRequest",
    "QuestionsAnswer",
    "QuestionsRequest",
    "ShoppersQuestion",
]


class QuestionsRequest(Request):
    """A page of what shoppers asked and no listing says."""

    answered: bool = Field(default=False, description="Those that the merchant has answered, instead.")
    product_id: Id | None = Field(default=None, description="Of this product, or this group, alone.")
    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")
    n: int = Field(default=50, ge=1, le=1000, description="Questions of a page.")


class ShoppersQuestion(Shape):
    """One question, in all its wordings."""

    number: int
    product_id: str = Field(description="The product, or the group of its variants.")
    title: str = Field(description="Of the product; empty where it is gone.")
    key: str = Field(description="What is asked for, as in weight; empty where none of it was understood.")
    wordings: list[str] = Field(description="How it was asked, the first wording first.")
    times: int = Field(description="How often it was asked.")
    last_ms: int = Field(description="UTC; when it was asked last.")
    answer: str | None = Field(description="What the merchant says; null while nobody has.")


class QuestionsAnswer(Shape):
    """Questions, those asked most first."""

    questions: list[ShoppersQuestion]
    total: int
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class QuestionReplyRequest(Request):
    """Answer a question once. The answer stands for it from then on; another one takes its place."""

    EXAMPLES: ClassVar = {"One": {"number": 3, "answer": "Yes, up to 60 degrees."}}

    number: int = Field(ge=1, le=NUMBER_MAX, description="As the list shows it.")
    answer: Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)] = Field(
        description="What shoppers are told, word for word, as said by the shop."
    )


class QuestionReply(Shape):
    """The question as it stands now."""

    question: ShoppersQuestion


class DeleteQuestionsRequest(Request):
    """Take questions out of the list; their answers go with them."""

    numbers: list[Annotated[int, Field(ge=0, le=NUMBER_MAX)]] = Field(
        min_length=1, max_length=10_000, description="As the list shows them."
    )


class DeleteQuestionsAnswer(Shape):
    """What is gone."""

    deleted: list[int] = Field(description="Their numbers; those that were not there are left out.")
