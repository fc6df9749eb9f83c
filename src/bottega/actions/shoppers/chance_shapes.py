"""Questions and answers about chances and segments of shoppers: light to import, for the doors."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.shop.segments.names import SEGMENT_HELP, SegmentName
from bottega.shop.shape import Request, Shape

__all__ = [
    "ChanceOrder",
    "ChancesAnswer",
    "ChancesRequest",
    "SegmentSize",
    "SegmentSizesAnswer",
    "SegmentSizesRequest",
    "ShopperChances",
]

CHANCES_MOST = 10_000
ChanceOrder = Literal["buys_soon", "leaves"]


class ChancesRequest(Request):
    """How probable it is that shoppers buy soon, and that they have left."""

    EXAMPLES: ClassVar = {
        "Who may be about to leave": {"segment": "likely_to_leave", "order": "leaves", "n": 100},
        "One shopper": {"shopper": "ana"},
    }

    shopper: Id | None = Field(default=None, description="One shopper alone, by any id.")
    segment: SegmentName | None = Field(default=None, description=f"Only those of it: {SEGMENT_HELP}")
    order: ChanceOrder = Field(default="buys_soon", description="Which chance puts them in order, the highest first.")
    n: int = Field(default=50, ge=1, le=CHANCES_MOST, description="At most so many.")
    after: int = Field(default=0, ge=0, description="Pass over so many: `next` of the answer before.")


class ShopperChances(Shape):
    """One shopper."""

    shopper: str
    buys_soon: float | None = Field(
        description="Probability of a purchase within `soon_days`; null where too few bought to tell."
    )
    leaves: float | None = Field(
        description="Probability that nothing is bought within `leave_days`; null of who never bought."
    )
    orders: int = Field(description="Days with a purchase, of the newest events that answers look at.")
    days_since_order: int | None = Field(description="null of who never bought.")
    segments: list[str] = Field(description="Those without brands and categories.")


class ChancesAnswer(Shape):
    """Shoppers in order, and what is asked of them. Who said no to analytics or personalisation is not among them."""

    soon_days: int = Field(description="What soon means.")
    leave_days: int = Field(description="After so many days without a purchase somebody has left; 0: nothing is said.")
    shoppers: list[ShopperChances]
    total: int = Field(description="How many there are.")
    next: int | None = Field(description="`after` of the next page; null on the last.")


class SegmentSizesRequest(Request):
    """How many shoppers are of which segment now."""

    also: list[SegmentName] = Field(
        default_factory=list, max_length=20, description="Further ones, as in brand:Nord or category:Shoes."
    )
    loved: int = Field(
        default=0, ge=0, le=20, description="So many of the brands and categories with most products, as well."
    )
    wait: bool = Field(
        default=True,
        description="Wait until they are counted, which takes long where many shoppers did much. False: as it was "
        "counted last, however long ago.",
    )


class SegmentSize(Shape):
    """One segment."""

    name: str = Field(description="As rules, experiments and messages take it.")
    means: str = Field(description="Whom it means, in a sentence.")
    shoppers: int
    share: float = Field(description="Of all shoppers who are counted.")


class SegmentSizesAnswer(Shape):
    """Segments overlap, so sizes do not add up."""

    segments: list[SegmentSize]
    shoppers: int = Field(description="Of whom any event on a product is known, and who may be counted.")
    chances_known: bool = Field(description="Whether the last training saw enough purchases to tell chances.")
    lapsed_days: float = Field(description="Who waits longer than this has lapsed.")
    counted_at: str | None = Field(
        description="ISO 8601, UTC; up to five minutes ago where one waits for it. Null where nobody waits and nothing "
        "was counted since the server started; then there are no segments here."
    )
