"""What was found about the model in use since its training, as `bottega models` and `/metrics` show it."""

from __future__ import annotations

from pydantic import Field

from bottega.shop.shape import RunInfo, Shape
from bottega.store.judgements import Judgement
from bottega.store.store import Store

__all__ = [
    "ChallengeAnswer",
    "ComparedInfo",
    "DayHits",
    "DriftInfo",
    "DriftOf",
    "JudgementInfo",
    "judgement_of",
    "newest_drift",
    "newest_judgement",
]


class ComparedInfo(Shape):
    """Two models by one measure, asked the same questions."""

    measure: str
    challenger: float
    other: float
    ahead: float = Field(description="The challenger less the other.")
    low: float = Field(description="Lower end of its 95% interval.")
    high: float
    least: float = Field(description="What the lower end must reach.")


class DayHits(Shape):
    """How often the model in use would have shown what shoppers took on one day."""

    day: str = Field(description="On the shop's clock.")
    asked: int
    hits: int = Field(description="Answers that it had among its first ten.")


class JudgementInfo(Shape):
    """What became of a challenger."""

    served: bool
    why: str
    name: str = Field(description="Which recommender it is.")
    against: str | None = Field(description="Version that was in use; null where there was none.")
    rolled_back: str | None = Field(
        default=None, description="Version that was rolled back and must be beaten, too; null where none was."
    )
    asked: int = Field(default=0, description="Shoppers with a question about the newest events.")
    new_events: int = Field(default=0, description="Events since the training of the model in use.")
    cut_ms: int | None = Field(default=None, description="UTC; what happened since is what was asked about.")
    compared: list[ComparedInfo] = Field(default=[], description="With the model in use.")
    compared_with_rolled_back: list[ComparedInfo] = Field(
        default=[], description="With the model that was rolled back, where one was."
    )
    hits_by_day: list[DayHits] = Field(default=[], description="Of the model in use.")
    version: str = Field(description="Of the challenger.")
    time_ms: int = Field(description="When it was judged, UTC.")


class ChallengeAnswer(JudgementInfo):
    """What became of a challenger, and of the training that is served for it."""

    run: RunInfo | None = Field(description="The training that is served; null where the model in use stays.")


class DriftOf(Shape):
    """How far one thing that comes in has moved; null where it is too little to tell."""

    input: str = Field(description="kinds, unknown_products, fallbacks, demand, new_products or hit_rate.")
    before: float | None = Field(description="Its share in the training period, where it is one.")
    now: float | None = Field(description="Its share since.")
    psi: float | None = Field(description="Population stability index between the two; above 0.2 is alarming.")
    alarm: bool


class DriftInfo(Shape):
    """How far the shop is from the training period of a model."""

    time_ms: int = Field(description="When it was measured, UTC.")
    version: str = Field(description="Of the model.")
    new_events: int = Field(description="Events since its training; fewer than 200 say nothing.")
    inputs: list[DriftOf]


def newest_judgement(store: Store) -> JudgementInfo | None:
    """What became of the newest challenger of the recommender."""
    found = store.judgements.latest()
    return None if found is None else _told(found)


def judgement_of(store: Store, version: str) -> JudgementInfo | None:
    """What was found of the challenger that became this version; None where there was no challenge."""
    found = store.judgements.of(version)
    return None if found is None else _told(found)


def _told(found: Judgement) -> JudgementInfo:
    fields = {name: value for name, value in found.report.items() if name in JudgementInfo.model_fields}
    given = {**fields, "served": found.served, "version": found.version, "time_ms": found.time_ms}
    return JudgementInfo.model_validate(given)


def newest_drift(store: Store) -> DriftInfo | None:
    """What the newest look at drift found."""
    found = store.judgements.drift()
    return None if found is None else DriftInfo.model_validate(found.report)
