"""`/console/setup`: every step with how far it is, and the next; what is wrong with the data; the first training."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bottega.actions.check.check import check
from bottega.actions.check.shapes import CheckRequest
from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.merchant.set_up import SetUpRequest, set_up
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, visit_of

__all__ = ["PAGES", "SETUP", "router"]

router = APIRouter(include_in_schema=False)
SETUP = Page("/console/setup", "Set up", role=Role.MANAGE)
CHECK = Page("/console/setup/check", "What to mend first", role=Role.MANAGE, under=SETUP.path)
PAGES = (SETUP, CHECK)


@router.get(SETUP.path)
async def show(request: Request) -> Response:
    """How far the shop is."""
    visit = await visit_of(request, SETUP.role)
    return visit.page("setup.html", SETUP, state=await visit.ask(set_up, SetUpRequest()))


@router.get(CHECK.path)
async def show_check(request: Request) -> Response:
    """What the check finds, the worst first."""
    visit = await visit_of(request, CHECK.role)
    report = await visit.ask(check, CheckRequest(examples=3, pictures=0))
    return visit.page("setup_check.html", CHECK, report=report)


@router.post("/console/setup/train")
async def train(request: Request) -> Response:
    """Have a worker train."""
    visit, _ = await form_of(request, Role.MANAGE)
    job = await visit.ask(start_job, StartJobRequest(verb="train"))
    return visit.done(SETUP.path, f"The training is asked for: job {job.number}.")
