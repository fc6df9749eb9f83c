"""What is asked of a check, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.catalogue.filter import Id
from bottega.shop.shape import Request, Shape
from bottega.sources.findings import CheckLevel

__all__ = [
    "BotsAnswer",
    "BotsRequest",
    "CheckEventsRequest",
    "CheckFeedRequest",
    "CheckReport",
    "CheckRequest",
    "DataMeter",
    "FieldShare",
    "FoundAt",
    "FoundBot",
    "FoundRule",
    "MeterStage",
    "ReadmitRequest",
    "TasteAttribute",
    "TasteAttributesAnswer",
    "TasteAttributesRequest",
]

_EXAMPLES = Field(default=20, ge=0, le=10_000, description="Findings shown of each rule; all are counted.")
_PICTURES = Field(
    default=500, ge=0, le=10_000_000, description="Picture files looked at, of all products; 0 looks at none."
)


class CheckRequest(Request):
    """What is wrong with the shop as it is?"""

    examples: int = _EXAMPLES
    pictures: int = _PICTURES


class CheckFeedRequest(Request):
    """What is wrong with a feed that was not imported yet?"""

    source: Path = Field(description="The feed: a file, or a folder that holds one data file.")
    format: str | None = Field(default=None, description="Name of the format; else the file decides.")
    mapping: str | dict[str, str] | None = Field(default=None, description="field=column,...; see docs/feeds.md.")
    encoding: str | None = Field(
        default=None, description="Of the text, as in windows-1251, where the source does not tell it."
    )
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="Currency of prices that name none; else the shop's."
    )
    examples: int = _EXAMPLES
    pictures: int = _PICTURES


class CheckEventsRequest(ImportEventsRequest):
    """What is wrong with events that were not imported yet?"""

    source: Path = Field(description="A file, or a folder or zip of files.")
    examples: int = _EXAMPLES


class FoundAt(Shape):
    """One rule broken in one place."""

    place: str = Field(description="Row, as in styles.csv:12, product or shopper; `feed` for the whole.")
    field: str
    seen: str
    fix: str


class FoundRule(Shape):
    """One rule that was broken."""

    rule: str = Field(description="As in docs/check.md.")
    level: CheckLevel
    meaning: str
    fix: str
    count: int = Field(description="How often.")
    examples: list[FoundAt]


class FieldShare(Shape):
    """How well a field is filled."""

    field: str = Field(description="Attributes as `attributes.color`.")
    category: str = Field(description="The first two levels; empty for all products.")
    having: int
    products: int


class TasteAttribute(Shape):
    """How well an attribute of what a shopper chose tells that of the next choice."""

    attribute: str
    coverage: float = Field(description="Of the choices, for how many it is known.")
    bits: float = Field(description="Bits a choice by which the shopper's past tells more than popularity.")
    worth: float = Field(description="coverage x bits.")
    sure: bool = Field(description="Whether that is more than chance.")
    values: int
    copy_of: str = Field(description="A better attribute that says the same; empty for none.")
    proposed: bool
    chosen: bool = Field(description="Whether the shop's setting `taste_attributes` names it.")


class FoundBot(Shape):
    """A shopper who does what no person does."""

    shopper: str
    rule: str
    seen: str
    events: int
    found_at_ms: int = Field(description="UTC")
    readmitted: bool = Field(description="Whether the merchant says that it is a person; else it is left out.")


class MeterStage(Shape):
    """What works from so many events on."""

    from_events: int
    works: str
    reached: bool


class DataMeter(Shape):
    """Where the shop stands."""

    products: int
    events: int = Field(description="Views, clicks, carts, wishes, purchases and ratings of products that are known.")
    shoppers: int = Field(description="Who did at least two of them.")
    purchases: int
    days: int = Field(description="From the first event to the last.")
    stages: list[MeterStage]
    stands: str = Field(description="In words.")
    next_step: str


class CheckReport(Shape):
    """Everything that a check found."""

    source: str = Field(description="Name of the file, or `shop`.")
    format: str = Field(description="Name of the reader; empty for a shop.")
    format_sure: float | None = Field(
        default=None, description="How sure the format of a file of events is, from 0 to 1; null where it was named."
    )
    rows: int = Field(description="Products or events, and rows that are none.")
    products: int
    rejected: int = Field(description="Rows that an import would refuse.")
    events: int = Field(description="Of the shop, or of the file those that would come in.")
    errors: int
    warnings: int
    hints: int
    rules: list[FoundRule] = Field(description="The worst first.")
    coverage: list[FieldShare]
    tastes: list[TasteAttribute] = Field(description="The ones that carry most first; empty without events.")
    bots: list[FoundBot]
    meter: DataMeter | None = Field(description="Null for a feed, and for events beside no shop.")
    notes: list[str] = Field(description="What was not looked at, and why.")
    seconds: float


class BotsRequest(Request):
    """Who is taken for a bot?"""

    state: Literal["all", "left_out", "readmitted"] = Field(default="all", description="Only those that stand so.")


class BotsAnswer(Shape):
    """Bots, the busiest first."""

    bots: list[FoundBot]


class ReadmitRequest(Request):
    """Take shoppers back in who were taken for bots."""

    EXAMPLES: ClassVar = {"A price comparer of our own": {"shoppers": ["own-crawler"]}}

    shoppers: list[Id] = Field(min_length=1, max_length=10_000, description="As `bottega bots list` names them.")
    leave_out: bool = Field(default=False, description="Leave them out again instead.")


class TasteAttributesRequest(Request):
    """Choose the attributes that tastes are about."""

    EXAMPLES: ClassVar = {"Take what the events propose": {}, "Two by name": {"attributes": ["color", "brand"]}}

    attributes: list[str] | None = Field(
        default=None,
        max_length=6,
        description="The attributes, the most telling first; absent: those that `bottega check` proposes.",
    )
    automatic: bool = Field(default=False, description="Let every training choose by itself again.")


class TasteAttributesAnswer(Shape):
    """What tastes are about from the next training on."""

    attributes: list[str] = Field(description="Empty: every training chooses by itself.")
    known: list[str] = Field(description="Attributes that the catalogue has.")
