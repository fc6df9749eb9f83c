"""Data quality in the console: what a check of the whole shop found, the worst first."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.check.shapes import CheckReport
from bottega.actions.jobs.ask import list_jobs, show_job, start_job
from bottega.actions.jobs.shapes import JobInfo, JobPage, JobRequest, JobsRequest, JobSummary, StartJobRequest
from bottega.names import Role
from bottega.serving.console.catalogue import open_path
from bottega.serving.console.frame import Page, form_of, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/quality", "Data quality", group="Catalogue")
PAGES = (PAGE,)
_CHECK = "check"
_LOOKED_THROUGH = 1000
"""Newest jobs among which the last check is looked for."""


@router.get("/console/quality")
async def show(request: Request) -> Response:
    """The last check, and how to make another."""
    visit = await visit_of(request, PAGE.role)
    checks = await _checks(visit)
    done = next((one for one in checks if one.state == "done"), None)
    report = None
    if done is not None:
        job: JobInfo = await visit.ask(show_job, JobRequest(number=done.number))
        report = CheckReport.model_validate(job.answer) if job.answer else None
    newest = checks[0] if checks else None
    return visit.page(
        "catalogue_quality.html",
        PAGE,
        report=report,
        done=done,
        running=newest if newest is not None and newest.state in ("waiting", "running") else None,
        failed=newest if newest is not None and newest.state == "failed" else None,
        jobs=open_path(visit, "/console/jobs"),
    )


async def _checks(visit: Any) -> list[JobSummary]:
    """Checks of the shop, the newest first."""
    found: JobPage = await visit.ask(list_jobs, JobsRequest(n=_LOOKED_THROUGH))
    return [one for one in found.jobs if one.verb == _CHECK]


@router.post("/console/quality/check")
async def start(request: Request) -> Response:
    """Have the shop checked."""
    visit, _ = await form_of(request, Role.MANAGE)
    if any(one.state in ("waiting", "running") for one in await _checks(visit)):
        return visit.done(PAGE.path, "A check is on its way already.")
    job: JobInfo = await visit.ask(start_job, StartJobRequest(verb=_CHECK))
    return visit.done(PAGE.path, f"The shop is being checked (job {job.number}); look here again in a minute.")
