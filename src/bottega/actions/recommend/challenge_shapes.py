"""What is asked of a challenge, and what it answers."""

from __future__ import annotations

from pydantic import Field

from bottega.shop.shape import DEVICE, Request, RunInfo, Shape

__all__ = ["ChallengeAnswer", "ChallengeRequest", "ComparedInfo", "DayHits"]


class ChallengeRequest(Request):
    """Train a challenger, judge it, and serve it if it is not worse."""

    model: str | None = Field(default=None, description="Which recommender; that of the model in use where absent.")
    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE


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


class ChallengeAnswer(Shape):
    """What became of a challenger."""

    served: bool
    why: str
    name: str = Field(description="Which recommender it is.")
    against: str | None = Field(description="Version that was in use; null where there was none.")
    asked: int = Field(default=0, description="Shoppers with a question about the newest events.")
    new_events: int = Field(default=0, description="Events since the training of the model in use.")
    cut_ms: int | None = Field(default=None, description="UTC; what happened since is what was asked about.")
    compared: list[ComparedInfo] = Field(default=[], description="With the model in use.")
    compared_with_rolled_back: list[ComparedInfo] = Field(
        default=[], description="With the model that was rolled back, where one was."
    )
    hits_by_day: list[DayHits] = Field(default=[], description="Of the model in use.")
    run: RunInfo | None = Field(description="The training that is served; null where the model in use stays.")
