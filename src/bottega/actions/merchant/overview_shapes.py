"""How a shop does, and what needs attention: light to import, for the doors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = ["Attention", "AttentionKind", "ModelAge", "Overview", "OverviewRequest", "WeekEarned"]

AttentionKind = Literal[
    "store_unavailable",
    "disk_full",
    "broken_feeds",
    "unready_feeds",
    "failed_jobs",
    "put_off_jobs",
    "talks_waiting",
    "rejected_rows",
    "old_model",
    "rule_conflicts",
    "questions",
    "doubts",
    "searches_in_vain",
    "suggestions",
    "no_products",
    "no_events",
    "no_model",
]


class OverviewRequest(Request):
    """How the shop does."""

    wait: bool = Field(
        default=True,
        description="Wait for what takes long to count (searches that find nothing, rows that imports could not use, "
        "what lists earned). False: as it was counted last, however long ago.",
    )


class Attention(Shape):
    """One thing that waits for somebody."""

    kind: AttentionKind
    level: Literal["broken", "waiting", "next"] = Field(
        description="broken: something does not work. waiting: it could be better. next: a step not yet taken."
    )
    count: int = Field(description="Of how many things.")
    text: str = Field(description="In a sentence.")


class ModelAge(Shape):
    """The recommender in use."""

    name: str
    trained_at: str | None = Field(description="ISO 8601, UTC; null when nothing was trained.")
    age_days: float | None
    schedule: str = Field(description="When a challenger is trained, on the shop's clock; off: never by itself.")
    next_at: str | None = Field(description="When that is next; ISO 8601, UTC.")


class WeekEarned(Shape):
    """What was sold through lists in the last seven days; major units of the shop's currency."""

    currency: str
    revenue: float = Field(description="Sold through lists: last click on the product within a week.")
    purchases: int = Field(description="Lines of orders through lists.")
    shop_revenue: float = Field(description="Of the whole shop.")
    share: float | None = Field(description="Of the shop's revenue, what was sold through lists; null without any.")
    counted_at: str = Field(description="ISO 8601, UTC; up to five minutes ago where one waits for it.")


class Overview(Shape):
    """How the shop does."""

    status: Literal["ok", "store_unavailable", "disk_full"]
    version: str = Field(description="Of Bottega.")
    products: int
    events: int
    model: ModelAge
    events_by_hour: list[int] = Field(
        description="Events of each of the last 24 hours, the oldest first, among the newest 500,000 that came."
    )
    newest_event_at: str | None = Field(description="When the latest of these happened; ISO 8601, UTC.")
    week: WeekEarned | None = Field(
        description="Null where nobody waits and nothing was counted since the server started; then neither searches "
        "nor refused rows are among what needs attention."
    )
    experiments_running: list[str] = Field(description="Names of the experiments that run.")
    experiments_adopted: list[str] = Field(description="Names of those whose winner everybody gets.")
    attention: list[Attention] = Field(description="What needs attention, the most pressing first.")
