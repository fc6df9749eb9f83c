"""What is asked and answered about one shopper."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.events.traits import Traits
from bottega.shop.shape import DEVICE, Request, Shape

__all__ = [
    "ExportAnswer",
    "FindShoppersRequest",
    "ForgetAnswer",
    "FoundShopper",
    "FoundShoppers",
    "Segment",
    "SegmentReport",
    "SegmentsRequest",
    "ShopperQuery",
    "ShopperRequest",
    "SimulateRequest",
    "TellShopperRequest",
]


class ShopperRequest(Request):
    """One shopper."""

    OLD_NAMES: ClassVar = {"user_id": "shopper"}
    EXAMPLES: ClassVar = {"One shopper": {"shopper": "ana"}}

    shopper: Id = Field(description="Shopper id, anonymous id or session id.")


class ExportAnswer(Shape, extra="allow"):
    """Everything the shop remembers of one shopper: beside these fields, the rows of each table by its name.

    `closet_photos` (photos that were kept), `design_pictures` (of designs), `kept_pictures` (of `closet_pictures`) and
    `shared_pictures` (of `shares`), each name to base64, are there where there are any. `events` have the fields that
    `bottega import events` and `POST /v1/events` take.
    """

    shopper: str
    exported_at: str = Field(description="ISO 8601, UTC.")
    names: dict[str, list[str]] = Field(description="Anonymous ids and sessions that are theirs.")


class ForgetAnswer(Shape):
    """What was deleted of one shopper."""

    shopper: str
    rows: dict[str, int] = Field(description="Rows deleted from each table.")
    names: int = Field(description="Anonymous ids and sessions that belonged to the shopper.")
    rejected_rows: int = Field(description="Rows struck from the lists of rejected rows.")
    overwritten: bool = Field(
        description="Whether no old copy of the rows is left in the database's files. Where somebody read meanwhile, "
        "it is false: a running server takes them away once they have ended, within `refresh_s` seconds."
    )
    model: str | None = Field(
        description="Version of the model in use, which may have learnt from these events; null where there were none. "
        "Models hold no ids; the next training learns without."
    )


class SegmentsRequest(Request):
    """Group the shoppers by what they are drawn to."""

    n: int = Field(default=6, description="Segments wanted, 2 to 50.")
    method: str = Field(default="kmeans", description="kmeans or ward (hierarchical).")
    csv: Path | None = Field(default=None, description="Write each shopper's segment there.")
    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )


class Segment(Shape):
    """One segment."""

    name: str = Field(description="Made of what lifts it most.")
    shoppers: int
    share: float = Field(description="Of all shoppers.")


class SegmentReport(Shape):
    """The segments, the largest first.

    Stability is the adjusted Rand index between groupings of two seeds, and of two halves of the shoppers; 1 is the
    same grouping, 0 is chance.
    """

    method: str
    shoppers: int
    learnt_from: int = Field(description="Shoppers with events enough to make them.")
    segments: list[Segment]
    stability_seeds: float
    stability_halves: float
    of_shopper: dict[str, int] = Field(
        exclude=True, description="Shopper id -> position in `segments`; no door shows it, the CSV does."
    )


class SimulateRequest(Request):
    """Draw synthetic shoppers from a recommender and write their events as CSV."""

    out: Path = Field(default=Path("synthetic-events.csv"), description="Write the events there, as CSV.")
    shoppers: int = Field(default=1000, description="How many shoppers to draw.")
    model: str | None = Field(
        default=None, description="Which recommender they follow; the shop's trained one where absent."
    )
    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE


class TellShopperRequest(Traits, Request):
    """What is told of one shopper. A field that is absent stays as it was, null clears it."""

    EXAMPLES: ClassVar = {
        "A word on one purpose": {
            "shopper": "ana",
            "consent": {"personalisation": "no"},
            "consent_source": "privacy page",
        },
        "Who it is": {"shopper": "ana", "name": "Ana", "language": "pt", "country": "PT"},
    }

    shopper: Id = Field(description="Shopper id, anonymous id or session id.")


class FindShoppersRequest(Request):
    """Who is meant?"""

    EXAMPLES: ClassVar = {"By name": {"text": "Ana"}, "Who came last": {"n": 20}}

    text: str = Field(
        default="",
        max_length=200,
        description="How an id, a name or an e-mail address begins; also an anonymous id or a session. Empty: who came "
        "last.",
    )
    n: int = Field(default=50, ge=1, le=500, description="Shoppers of a page.")
    after: int = Field(default=0, ge=0, le=10_000, description="The `next` of the page before.")


class FoundShopper(Shape):
    """One shopper who may be meant."""

    shopper: str = Field(description="The profile.")
    name: str | None
    email: str | None
    country: str | None
    last_seen: str | None = Field(description="Time of their last event, ISO 8601, UTC; null without events.")


class FoundShoppers(Shape):
    """Shoppers, whoever bears the very id first; without words those who came last first."""

    shoppers: list[FoundShopper]
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class ShopperQuery(Request):
    """One shopper."""

    EXAMPLES: ClassVar = {"One shopper": {"shopper": "ana"}}

    shopper: Id = Field(description="Shopper id, anonymous id or session id.")
