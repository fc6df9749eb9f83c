"""Questions and answers about what was sold through which list: light to import, for the doors."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from bottega.shop.shape import Request, Shape

__all__ = ["AttributionAnswer", "AttributionBy", "AttributionRequest", "AttributionRow"]

AttributionBy = Literal["placement", "strategy", "rule", "product", "segment", "week"]


class AttributionRequest(Request):
    """What was sold through lists in the last days. A purchase belongs to the last list in which its shopper clicked on
    that product."""

    EXAMPLES: ClassVar = {"By place, four weeks": {"by": "placement", "days": 28}}

    by: AttributionBy = Field(
        default="placement",
        description="placement; strategy (as asked for; default where none was); rule (saved rules that moved the "
        "product); product (variants are one); segment (before the click, buyers had bought, returning had come, new "
        "had not; the others overlap and are of the beginning of that day); week (its Monday).",
    )
    days: int = Field(default=28, ge=1, le=366, description="Days up to `until`.")
    until: AwareDatetime | None = Field(
        default=None, description="Up to when, with its time zone, as in 2026-11-30T00:00:00Z; now where absent."
    )
    window_days: int = Field(
        default=7, ge=1, le=90, description="Days after a click within which a purchase belongs to it."
    )
    view_days: int = Field(
        default=1, ge=1, le=30, description="The same after it was shown, for what nobody clicked on."
    )
    n: int = Field(default=50, ge=1, le=1000, description="Rows, those with most revenue first.")
    names: list[str] | None = Field(
        default=None, max_length=1000, description="Only the rows of these names; of a product with variants its group."
    )
    products: list[str] | None = Field(
        default=None,
        max_length=100,
        description="Events on these products, groups or variants of theirs alone: every row and sum is of them, and "
        "no list is counted. Quick where a shop has many events.",
    )


class AttributionRow(Shape):
    """One place, strategy, rule, product or segment. Money is in major units of the shop's currency."""

    name: str
    lists: int | None = Field(description="Lists that went out, by the log of answers; null where that is not counted.")
    impressions: int = Field(description="Products shown, by events; each once for a shopper and a list.")
    clicks: int = Field(description="Products clicked, viewed, wished for, tried on or carted from a list; each once.")
    carts: int = Field(description="Put into the cart within the window.")
    purchases: int = Field(description="Lines of orders within the window, without what was all given back.")
    pieces: int
    revenue: float
    refunded: float = Field(description="What was given back of these purchases; revenue is without it.")
    view_purchases: int = Field(description="Bought after being shown and not clicked: apart, in none of the others.")
    view_revenue: float
    other_currencies: dict[str, float] = Field(
        description="Revenue in other currencies than the shop's, each by itself."
    )


class AttributionAnswer(Shape):
    """Rows, and the whole shop beside them."""

    by: AttributionBy
    model: str = Field(description="How purchases are given to lists.")
    since: str = Field(description="ISO 8601, UTC.")
    until: str
    currency: str
    rows: list[AttributionRow]
    total: AttributionRow = Field(description="All lists together; a purchase counts once.")
    shop_purchases: int = Field(description="All lines of orders in that time, through lists or not.")
    shop_revenue: float
    share: float | None = Field(description="Of the shop's revenue, what was sold through lists; null without any.")
    unpriced: int = Field(description="Purchases of which neither event nor catalogue says a price.")
    note: str
