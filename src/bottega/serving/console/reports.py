"""Reports of weeks: those that are kept, one made now, when the next comes and to whom it goes."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response

from bottega.actions.jobs.ask import list_jobs, start_job
from bottega.actions.jobs.shapes import JobsRequest, JobSummary, StartJobRequest
from bottega.actions.reports.kept import list_reports, plan_reports
from bottega.actions.reports.shapes import PlanRequest, ReportsAnswer, ReportsRequest, ReportWeekRequest
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of
from bottega.serving.report_files import report_response

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/reports", "Reports", group="Proof", role=Role.MANAGE)
PAGES = (PAGE,)
_DAYS = (
    ("off", "Never"),
    ("mon", "Mondays"),
    ("tue", "Tuesdays"),
    ("wed", "Wednesdays"),
    ("thu", "Thursdays"),
    ("fri", "Fridays"),
    ("sat", "Saturdays"),
    ("sun", "Sundays"),
)
_UNDER_WAY = ("waiting", "running")
SHOWN = 26
"""Reports on the page: half a year of them."""


@router.get("/console/reports")
async def show(request: Request) -> Response:
    """What is kept, and the plan."""
    visit = await visit_of(request, PAGE.role)
    found: ReportsAnswer = await visit.ask(list_reports, ReportsRequest())
    jobs = await visit.ask(list_jobs, JobsRequest(verb="report_week", n=20))
    making: list[JobSummary] = [one for one in jobs.jobs if one.state in _UNDER_WAY]
    day, _, at = found.plan.schedule.partition(" ")
    return visit.page(
        "reports.html",
        PAGE,
        reports=found.reports[:SHOWN],
        plan=found.plan,
        making=making[0] if making else None,
        days=_DAYS,
        day=day,
        at=at or "07:00",
        zone=str(visit.shop.settings.zone),
    )


@router.get("/console/reports/file")
async def file(request: Request, week: str = "", file: str = "", save: str = "") -> Response:
    """A file of a report; with `save` for keeping, else to look at."""
    visit = await visit_of(request, PAGE.role)
    return await report_response(visit.shop.folder, week, file, save=bool(save))


@router.post("/console/reports/make")
async def make(request: Request) -> Response:
    """Ask for a report; a worker makes it."""
    visit, form = await form_of(request, PAGE.role)
    asked: ReportWeekRequest = made_of(ReportWeekRequest, form, "until", "send")
    fields = asked.model_dump(mode="json", exclude_unset=True)
    job = await visit.ask(start_job, StartJobRequest(verb="report_week", request=fields))
    week = f"the week before {asked.until}" if isinstance(asked.until, date) else "the last seven days"
    return visit.done("/console/reports", f"The report of {week} is being made: job {job.number}.")


@router.post("/console/reports/plan")
async def plan(request: Request) -> Response:
    """Keep when a report is made by itself, and to whom it goes."""
    visit, form = await form_of(request, Role.ADMIN)
    day, at = str(form.get("day", "off")), str(form.get("at", "")).strip()
    schedule = "off" if day == "off" else f"{day} {at}"
    fields = {"schedule": schedule, "email": str(form.get("email", "")).strip()}
    asked: PlanRequest = made_of(PlanRequest, fields, *fields)
    await visit.ask(plan_reports, asked if fields["email"] else asked.model_copy(update={"email": ""}))
    return visit.done("/console/reports", "The plan is kept.")
