"""Questions and answers about what shoppers search for: light to import, for the doors."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from bottega.shop.shape import Request, Shape

__all__ = ["ClickedProduct", "SearchReport", "SearchReportRequest", "SearchedFor", "Shown"]

Shown = Literal["all", "nothing_found", "not_clicked"]


class SearchReportRequest(Request):
    """What shoppers searched for in the last days, what it finds, and what they went on to."""

    EXAMPLES: ClassVar = {"In vain, four weeks": {"show": "nothing_found", "days": 28}}

    show: Shown = Field(
        default="all",
        description="all; nothing_found: of which no product is all that was asked for; not_clicked: which find "
        "something, and nobody went on to a product.",
    )
    days: int = Field(default=28, ge=1, le=366, description="Days up to `until`.")
    until: AwareDatetime | None = Field(
        default=None, description="Up to when, with its time zone, as in 2026-11-30T00:00:00Z; now where absent."
    )
    least: int = Field(
        default=3, ge=1, le=1000, description="Shoppers of a query that is listed; what fewer typed may name somebody."
    )
    query: str = Field(default="", max_length=500, description="This one alone; all where absent.")
    n: int = Field(default=50, ge=1, le=500, description="Queries, those of most shoppers first.")


class ClickedProduct(Shape):
    """A product that shoppers went on to after a search."""

    product_id: str = Field(description="Of the group, where it has variants.")
    shoppers: int


class SearchedFor(Shape):
    """One query."""

    query: str = Field(description="In small letters.")
    shoppers: int = Field(description="Who searched for it.")
    searches: int
    followed: int = Field(description="Of these searches, those after which their shopper went on to a product.")
    total: int = Field(description="Products that are all that was asked for, as a search finds them now.")
    close: int = Field(description="Products that come close.")
    url: str | None = Field(description="Where a rule sends it.")
    clicked: list[ClickedProduct] = Field(description="What they went on to, the most chosen first.")


class SearchReport(Shape):
    """Queries, and all searches of that time beside them."""

    since: str = Field(description="ISO 8601, UTC.")
    until: str
    queries: list[SearchedFor]
    looked_at: int = Field(description="Queries whose products were looked up; those of most shoppers first.")
    searches: int = Field(description="All of them.")
    shoppers: int = Field(description="Who searched.")
    different: int = Field(description="Different queries.")
    listable: int = Field(description="Of these, those that `least` shoppers or more searched for.")
    followed: int = Field(description="Searches after which their shopper went on to a product.")
    note: str = Field(description="What counts as going on to a product.")
