"""Questions and answers about funnels and cohorts: light to import, for the doors."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = ["CohortRow", "CohortsAnswer", "CohortsRequest", "FunnelBy", "FunnelRow", "FunnelsAnswer", "FunnelsRequest"]

FunnelBy = Literal["placement", "strategy", "segment", "week", "rule"]


class FunnelsRequest(Request):
    """What became of what was shown: clicked, carted, bought."""

    EXAMPLES: ClassVar = {"By week, a quarter of a year": {"by": "week", "days": 91}}

    by: FunnelBy = Field(
        default="placement", description="placement, strategy, segment, week (from Monday, of the list) or rule."
    )
    days: int = Field(default=28, ge=1, le=366, description="Days up to now.")
    window_days: int = Field(default=7, ge=1, le=90, description="Days after a click that belong to it.")
    n: int = Field(default=60, ge=1, le=400, description="Rows at most, those with most seen first; weeks in order.")


class FunnelRow(Shape):
    """One funnel. Each stage counts a product once for a shopper and a list."""

    name: str
    seen: int = Field(description="Products shown, as the shop's pages told it (impressions).")
    clicked: int
    carted: int
    bought: int
    click_rate: float | None = Field(description="Clicked of seen; null where nobody told what was seen.")
    cart_rate: float | None = Field(description="Carted of clicked.")
    buy_rate: float | None = Field(description="Bought of clicked.")


class FunnelsAnswer(Shape):
    """Funnels through lists, and shoppers of the whole shop beside them."""

    by: FunnelBy
    since: str = Field(description="ISO 8601, UTC.")
    until: str
    rows: list[FunnelRow]
    total: FunnelRow = Field(description="All lists together.")
    came: int = Field(description="Shoppers who did anything in that time, through lists or not.")
    looked: int = Field(description="Of them, those who looked at a product.")
    carted: int = Field(description="Those who put one into the cart.")
    bought: int = Field(description="Those who bought one.")


class CohortsRequest(Request):
    """Who came back to buy again, by the week of the first purchase."""

    EXAMPLES: ClassVar = {"A quarter of a year": {"weeks": 13}}

    weeks: int = Field(
        default=12, ge=1, le=104, description="Weeks up to this one, and weeks after the first purchase."
    )


class CohortRow(Shape):
    """Shoppers who first bought in one week."""

    week: str = Field(description="Its Monday, by the shop's clock.")
    shoppers: int
    returned: list[float | None] = Field(
        description="Share of them who bought again in the 1st, 2nd ... week after that one; null where it is not over."
    )
    ever: float = Field(description="Share who bought again on another day, up to now.")


class CohortsAnswer(Shape):
    """Cohorts, the newest first; nobody is in two."""

    cohorts: list[CohortRow]
    returned: list[float | None] = Field(description="The same of all of them, where every cohort's week is over.")
    first_week: str | None = Field(
        description="Of the shop's first purchase that is known: before it nobody could be seen."
    )
