"""What is asked of reports, and what they say: light to import, for the doors."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape
from bottega.shop_settings import WEEKLY

__all__ = [
    "Form",
    "KeptReport",
    "NextStep",
    "PlanRequest",
    "ReportColumn",
    "ReportMade",
    "ReportPlan",
    "ReportRow",
    "ReportSection",
    "ReportWeekRequest",
    "ReportsAnswer",
    "ReportsRequest",
    "WeekReport",
]

Form = Literal["text", "count", "figure", "money", "share", "change", "days"]
"""How a column is written: a figure is a count or an amount, a share is in hundredths, a change with its sign."""


class ReportWeekRequest(Request):
    """How did the week go?"""

    EXAMPLES: ClassVar = {"The seven days before a Monday": {"until": "2026-11-30"}}

    until: date | None = Field(
        default=None,
        description="The seven days before this one, on the shop's clock, as in 2026-11-30; today where absent.",
    )
    window_days: int = Field(
        default=7, ge=1, le=90, description="Days after a click within which a purchase belongs to its list."
    )
    send: Literal["no", "where_set", "yes"] = Field(
        default="no",
        description="Whether it is mailed to `report_email`: where_set does so once for each week, and only where that "
        "is set.",
    )


class NextStep(Shape):
    """One thing to do."""

    words: str
    link: str = Field(description="The page of the console where it is done.")


class ReportColumn(Shape):
    """One column of a section's rows."""

    name: str = Field(description="As in the files.")
    label: str = Field(description="In words.")
    form: Form = "text"


class ReportRow(Shape):
    """One line."""

    cells: list[str | int | float | None] = Field(description="In the order of the columns.")
    link: str = Field(description="The page of the console where it is acted on.")


class ReportSection(Shape):
    """One part of a report: words, then rows of which the first cell says what they are about."""

    name: str = Field(description="Of its files, as in `placements`.")
    title: str
    words: list[str] = Field(description="Sentences before the rows.")
    columns: list[ReportColumn]
    rows: list[ReportRow]
    empty: str = Field(description="What is said where there are no rows.")
    note: str = Field(description="What the figures are, and are not.")
    link: str = Field(description="The page of the console of all of it.")


class WeekReport(Shape):
    """One week of a shop. Money is in major units of its currency."""

    week: str = Field(description="Its first day, as in 2026-11-23: the report's name.")
    last_day: str = Field(description="As in 2026-11-29.")
    shop: str
    since: str = Field(description="ISO 8601, on the shop's clock.")
    until: str = Field(description="The same; not included.")
    currency: str
    made: str = Field(description="ISO 8601, UTC.")
    headlines: list[str]
    next_steps: list[NextStep] = Field(description="What to do first, the most urgent first.")
    sections: list[ReportSection]


class ReportMade(Shape):
    """A report that was made."""

    week: str
    since: str
    until: str
    headlines: list[str]
    next_steps: list[NextStep]
    folder: str = Field(description="Of its files, in the shop's folder.")
    files: list[str]
    sent_to: list[str] = Field(description="Who it was mailed to just now.")


class ReportsRequest(Shape):
    """Which reports are there?"""


class KeptReport(Shape):
    """One report that is kept."""

    week: str
    made: str = Field(description="ISO 8601, UTC.")
    headlines: list[str]
    files: list[str]


class ReportPlan(Shape):
    """When a report is made by itself, and to whom it goes."""

    schedule: str = Field(description="off, or a day and a time on the shop's clock.")
    next_ms: int | None = Field(description="UTC; null where nothing is planned.")
    email: str = Field(description="Empty: nobody is sent it.")
    can_send: bool = Field(description="Whether a mail server is set up (letters_smtp and letters_from).")


class ReportsAnswer(Shape):
    """Reports, the newest week first, and when the next one is made."""

    reports: list[KeptReport]
    plan: ReportPlan


class PlanRequest(Request):
    """When a report is made by itself, and to whom it is mailed. What is absent stays."""

    EXAMPLES: ClassVar = {"Monday mornings": {"schedule": "mon 07:00", "email": "owner@shop.example"}}

    schedule: str | None = Field(default=None, pattern=WEEKLY, description="off, or a day and a time: mon 07:00.")
    email: str | None = Field(
        default=None,
        max_length=320,
        pattern=r"^([^\s<>@,;]+@[^\s<>@,;]+)?$",
        description="One e-mail address; empty: nobody's.",
    )
