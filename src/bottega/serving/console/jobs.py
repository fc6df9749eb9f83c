"""Jobs: what runs and waits, how far it is, why something failed and what to do; and asking for one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.jobs.ask import cancel_job, list_jobs, retry_job, show_job, start_job
from bottega.actions.jobs.shapes import JobRequest, JobsRequest, StartJobRequest
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.serving.console.job_kinds import KINDS, OFFERED, asked_for, named, told

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/jobs", "Jobs", group="Running")
NEW = Page("/console/jobs/new", "Ask for a job", group="Running", role=Role.MANAGE, under=PAGE.path)
ONE = Page("/console/jobs/job", "Job", group="Running", under=PAGE.path)
PAGES = (PAGE, NEW)
_STATES = ("running", "waiting", "done", "failed", "cancelled")
_ROWS = 30


@router.get(PAGE.path)
async def show(request: Request) -> Response:
    """Jobs, the newest first; of one state, or of one verb."""
    visit = await visit_of(request, PAGE.role)
    asked = made_of(JobsRequest, {**request.query_params, "n": str(_ROWS)}, "state", "verb", "after", "n")
    page = await visit.ask(list_jobs, asked)
    if visit.wants_csv:
        heads = ("job", "what", "state", "asked_ms", "ended_ms", "why")
        rows = ((one.number, one.verb, one.state, one.created_ms, one.ended_ms or "", _why(one)) for one in page.jobs)
        return visit.csv("jobs", heads, rows)
    tabs = [("All", visit.url(PAGE.path, verb=asked.verb))]
    for state in _STATES:
        count = "" if asked.verb else f" ({page.counts[state]:,})"
        tabs.append((f"{state.capitalize()}{count}", visit.url(PAGE.path, state=state, verb=asked.verb)))
    current = next((title for title, _ in tabs if title.partition(" ")[0].lower() == asked.state), "All")
    return visit.page(
        "jobs.html",
        PAGE,
        jobs=page.jobs,
        tabs=tabs,
        current=current,
        asked=asked,
        named=named,
        next=visit.url(PAGE.path, state=asked.state, verb=asked.verb, after=page.next) if page.next else "",
        moving=any(one.state in ("running", "waiting") for one in page.jobs),
    )


@router.get(NEW.path)
async def kinds(request: Request) -> Response:
    """What may be asked for, in a merchant's words."""
    visit = await visit_of(request, NEW.role)
    groups: dict[str, list[Any]] = {}
    for kind in OFFERED:
        groups.setdefault(kind.group, []).append(kind)
    return visit.page("jobs_new.html", NEW, groups=groups)


@router.get(ONE.path)
async def one(request: Request) -> Response:
    """One job: how far it is, what it went through, what came of it."""
    visit = await visit_of(request, ONE.role)
    job = await visit.ask(show_job, made_of(JobRequest, request.query_params, "number"))
    return visit.page(
        "job.html",
        ONE,
        job=job,
        title=named(job.verb),
        asked=told(job.request),
        answer=told(job.answer or {}),
        place=_place(visit, job.verb, job.number),
        moving=job.state in ("running", "waiting"),
    )


@router.post("/console/jobs/start")
async def start(request: Request) -> Response:
    """Ask for one of the kinds that are offered."""
    visit, form = await form_of(request, Role.MANAGE)
    verb = str(form.get("verb", ""))
    job = await visit.ask(start_job, StartJobRequest(verb=verb, request=asked_for(verb, form)))
    words = f"Job {job.number} is asked for: {named(job.verb)}. It begins as soon as a worker is free."
    return visit.done(f"{ONE.path}?number={job.number}", words)


@router.post("/console/jobs/cancel")
async def cancel(request: Request) -> Response:
    """End a job."""
    visit, form = await form_of(request, Role.MANAGE)
    job = await visit.ask(cancel_job, made_of(JobRequest, form, "number"))
    said = {
        "cancelled": f"Job {job.number} will not be done.",
        "running": f"Job {job.number} was asked to end; that takes some seconds.",
    }
    words = said.get(job.state, f"Job {job.number} was over already: {job.state}.")
    undo = ("/console/jobs/retry", {"number": job.number}) if job.state == "cancelled" else None
    return visit.done(f"{ONE.path}?number={job.number}", words, undo=undo)


@router.post("/console/jobs/retry")
async def retry(request: Request) -> Response:
    """Try a job again, or several that are ticked."""
    visit, form = await form_of(request, Role.MANAGE)
    numbers = [str(value) for value in form.getlist("number")]
    done = [await visit.ask(retry_job, made_of(JobRequest, {"number": number}, "number")) for number in numbers or [""]]
    if len(done) == 1:
        return visit.done(f"{ONE.path}?number={done[0].number}", f"Job {done[0].number} waits for its next try.")
    return visit.done(PAGE.path, f"{len(done)} jobs wait for their next try.")


def _place(visit: Visit, verb: str, number: int) -> tuple[str, str] | None:
    """Where what came of a job is shown better than as a list of figures."""
    from bottega.serving.console.routes import PAGES as ALL  # which lists this area, too

    place = KINDS[verb].place if verb in KINDS else None
    return (
        None
        if place is None or place[1] not in {page.path for page in ALL}
        else (place[0], visit.url(place[1], **({"number": number} if place[2] else {})))
    )


def _why(job: Any) -> str:
    return "" if job.error is None else f"{job.error.message}"
