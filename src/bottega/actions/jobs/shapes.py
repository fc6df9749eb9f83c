"""What is asked and told of jobs."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = ["JobFailure", "JobInfo", "JobPage", "JobRequest", "JobStep", "JobSummary", "JobsRequest", "StartJobRequest"]

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class StartJobRequest(Request):
    """Work for a worker."""

    EXAMPLES: ClassVar = {"Train a recommender": {"verb": "train", "request": {"seed": 3}}}

    verb: str = Field(description="What to do, as in `train`.")
    request: dict[str, Any] = Field(default={}, description='What the verb takes, as in `{"seed": 3}`.')


class JobRequest(Request):
    """One job."""

    EXAMPLES: ClassVar = {"Job 7": {"number": 7}}

    number: int = Field(ge=0, le=2**53, description="As it was given when the job was started.")


class JobsRequest(Request):
    """A page of jobs."""

    state: State | None = Field(default=None, description="Only those that stand so.")
    verb: str | None = Field(default=None, max_length=64, description="Only those of this verb, as in `train`.")
    n: int = Field(default=50, ge=1, le=1000, description="At most so many.")
    after: int | None = Field(default=None, ge=0, le=2**53, description="The `next` of the page before.")


class JobFailure(Shape):
    """Why a job failed: an error as any door answers it."""

    code: str
    message: str
    seen: str
    allowed: str
    next_step: str


class JobSummary(Shape):
    """How far a job is."""

    number: int
    verb: str
    state: State
    cancel: bool = Field(description="Whether somebody wishes it to end.")
    stage: str = Field(description="What it is at, as in `looking at photos`.")
    done: int = Field(description="How much of the stage is done.")
    total: int | None = Field(description="Of how much; null when nobody knows.")
    note: str
    attempts: int = Field(description="How often a worker took it up.")
    put_off: int = Field(description="How many of these met what may pass, as a platform that does not answer.")
    next_ms: int | None = Field(description="UTC; when it is tried again, where it was put off.")
    worker: str | None = Field(description="Who runs it: machine and process.")
    created_ms: int = Field(description="UTC.")
    started_ms: int | None = Field(description="UTC; when it was first taken up.")
    ended_ms: int | None = Field(description="UTC.")
    error: JobFailure | None = Field(description="Why it failed, or was put off; docs/errors.md explains the code.")


class JobStep(Shape):
    """One thing that a job went through."""

    time_ms: int = Field(description="UTC.")
    text: str = Field(description="As in `taken up by till:412`, `looking at photos`, `put off: ...`, `done`.")


class JobInfo(JobSummary):
    """A job, with what was asked and what came of it."""

    request: dict[str, Any]
    answer: dict[str, Any] | None = Field(description="What the verb answered, once it is done.")
    log: list[JobStep] = Field(description="What it went through, oldest first; the newest 200 steps.")


class JobPage(Shape):
    """One page of jobs, the newest first."""

    jobs: list[JobSummary]
    next: int | None = Field(description="Give it as `after` for the next page; null on the last one.")
    counts: dict[State, int] = Field(description="How many jobs there are in each state.")
