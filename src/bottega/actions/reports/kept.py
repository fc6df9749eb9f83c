"""Reports that are kept, and the plan: when one is made by itself, and to whom it goes."""

from __future__ import annotations

from bottega.actions.jobs.schedule import set_schedule
from bottega.actions.reports.files import MEDIA_TYPES, kept_report, kept_weeks
from bottega.actions.reports.sending import can_send
from bottega.actions.reports.shapes import KeptReport, PlanRequest, ReportPlan, ReportsAnswer, ReportsRequest
from bottega.actions.running.settings import write_as_asked
from bottega.events.times import now_ms
from bottega.settings import load_settings
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import OFF, REPORTS, next_due_ms

__all__ = ["list_reports", "plan_reports"]


def list_reports(shop: OpenShop, request: ReportsRequest) -> ReportsAnswer:
    """The reports that are kept, the newest week first, and the plan."""
    found = []
    for week in kept_weeks(shop.folder):
        report = kept_report(shop.folder, week)
        found.append(KeptReport(week=week, made=report.made, headlines=report.headlines, files=list(MEDIA_TYPES)))
    return ReportsAnswer(reports=found, plan=_plan(shop))


def plan_reports(shop: OpenShop, request: PlanRequest) -> ReportPlan:
    """Say when a report is made by itself and to whom it goes. Raises `RequestInvalid` and `SettingsInvalid`; then
    nothing is changed."""
    if request.email is not None:
        write_as_asked(shop.folder.root, "report_email", request.email)
    if request.schedule is not None:
        set_schedule(shop.folder, request.schedule, now_ms(), of=REPORTS)
    return _plan(shop)


def _plan(shop: OpenShop) -> ReportPlan:
    settings = load_settings(shop.folder.root)  # as whoever asks for jobs reads it: a running server needs no restart
    schedule = settings.report_schedule
    return ReportPlan(
        schedule=schedule,
        next_ms=None if schedule == OFF else next_due_ms(schedule, settings.zone, now_ms()),
        email=settings.report_email,
        can_send=can_send(settings),
    )
