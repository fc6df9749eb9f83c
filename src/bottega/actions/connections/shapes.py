"""What is asked and told of connections."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bottega.actions.connect.shapes import ConnectAnswer
from bottega.actions.jobs.shapes import JobFailure
from bottega.shop.shape import Request, Shape

__all__ = ["ConnectionInfo", "ConnectionsAnswer", "ConnectionsRequest", "LastRun"]


class ConnectionsRequest(Request):
    """What the shop is connected to."""


class LastRun(Shape):
    """The last time that a job asked a platform for what changed."""

    number: int = Field(description="Of the job.")
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    asked_at: str = Field(description="ISO 8601, UTC.")
    ended_at: str | None
    answer: ConnectAnswer | None = Field(description="What came, once it is done.")
    error: JobFailure | None = Field(description="Why it failed, or was put off.")


class ConnectionInfo(Shape):
    """One platform, and how the shop stands with it."""

    platform: str
    fetches: bool = Field(description="Whether Bottega can ask its API.")
    pushes: bool = Field(description="Whether its webhooks are understood.")
    address: str | None = Field(description="Of the shop there; null where it was never connected.")
    token: bool = Field(description="Whether the token that its API is asked with is kept.")
    webhook_secret: bool = Field(description="Whether the secret is kept that its webhooks are signed with.")
    fetched_at: str | None = Field(description="When the last page of its API was stored; ISO 8601, UTC.")
    last_run: LastRun | None = Field(description="The last job; runs at the command line are not among them.")
    errands: int = Field(description="Things that it said have changed, which wait to be fetched; 1,000 at most.")
    deliveries: int = Field(description="Webhooks that were taken and are still remembered.")
    last_delivery_at: str | None = Field(description="When the last of them came; ISO 8601, UTC.")


class ConnectionsAnswer(Shape):
    """Every platform there is, those first whose API can be asked."""

    connections: list[ConnectionInfo]
    schedule: str = Field(description="When connected platforms are asked by themselves (`connect_schedule`).")
    next_at: str | None = Field(description="The next such moment; ISO 8601, UTC; null where the schedule is off.")
    deliveries_days: int = Field(description="For so many days deliveries are remembered.")
