"""Lists of rows that imports could not use: what is asked and answered, light to import."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.actions.intake.shapes import Warned
from bottega.names import NUMBER_MAX
from bottega.shop.shape import Request, Shape

__all__ = [
    "MendRejectedAnswer",
    "MendRejectedRequest",
    "RejectList",
    "RejectListAnswer",
    "RejectListRequest",
    "RejectListsAnswer",
    "RejectListsRequest",
    "RejectedRow",
    "RejectedRule",
]

FileName: Any = Field(min_length=1, max_length=300, description="Name of a list, as GET /v1/rejects tells it.")


class RejectListsRequest(Request):
    """The lists that imports left behind, the newest first."""

    n: int = Field(default=20, ge=1, le=200, description="At most so many.")
    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")


class RejectList(Shape):
    """One list."""

    file: str = Field(description="Its name.")
    source: str = Field(description="Of the file that was imported, as far as a name may say it.")
    at: str | None = Field(description="When the import began, ISO 8601, UTC; null where the name does not tell.")
    level: Literal["rejected", "warnings"] = Field(description="Whether its rows were left out, or came in.")
    of: Literal["products", "persons", "others"] = Field(
        description="What the rows are of: products; persons (events, shoppers, reviews); others."
    )
    problems: int = Field(description="Lines of it; a row may have several.")
    rules: dict[str, int] = Field(description="How often each rule was broken, the most frequent first.")


class RejectListsAnswer(Shape):
    """One page of lists."""

    lists: list[RejectList]
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class RejectListRequest(Request):
    """The rows of one list."""

    file: str = FileName
    rule: str | None = Field(default=None, max_length=64, description="Only rows that break this rule.")
    row: str | None = Field(default=None, max_length=1000, description="Only this row, as in styles.csv:12.")
    n: int = Field(default=50, ge=1, le=1000, description="At most so many rows.")
    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")


class RejectedRule(Shape):
    """One rule, and how often it was broken."""

    rule: str
    count: int
    meaning: str = Field(description="What it finds.")
    fix: str = Field(description="How to mend it.")


class RejectedRow(Shape):
    """One problem of one row."""

    row: str = Field(description="As in styles.csv:12; `feed` for the whole.")
    field: str
    rule: str
    seen: str
    fix: str
    said: dict[str, Any] | None = Field(description="What the row says, field by field; null where nothing is kept.")


class RejectListAnswer(Shape):
    """One list: its rules, and a page of its rows."""

    of: RejectList
    rules: list[RejectedRule] = Field(description="The most frequent first.")
    rows: list[RejectedRow]
    total: int = Field(description="Rows that the question finds, on all pages.")
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class MendRejectedRequest(Request):
    """A refused row of a product, corrected, to be sent again."""

    EXAMPLES: ClassVar = {
        "A title where there was none": {
            "file": "feed.csv-20260501T120000000000Z.csv",
            "row": "feed.csv:3",
            "fields": {"title": "Oak lamp"},
        }
    }

    file: str = FileName
    row: str = Field(min_length=1, max_length=1000, description="Which row, as the list names it.")
    fields: dict[str, Any] = Field(
        default={},
        max_length=1000,
        description="Fields that are otherwise, as texts like those of a feed: id, title, description, brand, price, "
        "currency, availability, url ...; category and images as lists, attributes by name. null takes one away.",
    )
    replace: bool = Field(
        default=False, description="Whether a product of that id may be replaced, where there is one."
    )


class MendRejectedAnswer(Shape):
    """What became of the row. It is in the list no more."""

    product_id: str
    outcome: Literal["added", "updated", "unchanged"]
    warnings: list[Warned] = Field(description="What was left out of it.")
    left: int = Field(description="Problems that are left in the list.")
