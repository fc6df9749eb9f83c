"""The page of reports: one is asked for and made, looked at and saved; the plan is kept by whoever may."""

from __future__ import annotations

import re
from typing import Any

from tests.serving.console.test_every_page import ROUTES

from bottega.actions.jobs.ask import list_jobs
from bottega.actions.jobs.shapes import JobsRequest
from bottega.actions.reports.links import PAGES as LINKS
from bottega.actions.reports.shapes import ReportWeekRequest
from bottega.actions.reports.week import report_week
from bottega.names import Role
from bottega.settings import load_settings


def test_a_report_is_asked_for_and_its_files_are_there(hostile: Any) -> None:
    answer = hostile.submit("/console/reports/make", until="", send="no")
    (job,) = list_jobs(hostile.shop, JobsRequest(verb="report_week")).jobs
    assert f"job {job.number}" in answer.text and "is being made" in answer.text
    assert 'id="reports" data-look=' in answer.text and "looking.js" in answer.text, "it comes by itself"
    hostile.shop.store.jobs.cancel(job.number, now_ms=1)
    made = report_week(hostile.shop, ReportWeekRequest())
    text = hostile.get("/console/reports").text
    assert "data-look" not in text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/console/reports/file[^"]+)"', text)]
    assert len(links) == 5 and made.headlines[0] in text.replace("&#39;", "'")
    for link in links:
        found = hostile.get(link)
        assert found.status_code == 200 and found.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in found.text or not found.headers["content-type"].startswith("text/html")
    assert hostile.get("/console/reports/file?week=2020-01-01&file=report.html").status_code == 404


def test_the_plan_is_kept_by_an_admin_alone(empty: Any) -> None:
    root = empty.shop.folder.root
    answer = empty.submit("/console/reports/plan", day="mon", at="06:30", email="mia@nord.example")
    assert "The plan is kept." in answer.text and "mailed to nobody" in answer.text
    assert (load_settings(root).report_schedule, load_settings(root).report_email) == ("mon 06:30", "mia@nord.example")
    wrong = empty.submit("/console/reports/plan", day="mon", at="6:99", email="", back="/console/reports")
    assert wrong.status_code == 422 and load_settings(root).report_schedule == "mon 06:30"
    empty.submit("/console/reports/plan", day="off", at="", email="")
    assert load_settings(root).report_schedule == "off"
    try:
        empty.log_in(Role.MANAGE)
        assert empty.get("/console/reports").status_code == 200
        assert empty.submit("/console/reports/plan", day="off", at="", email="").status_code == 403
    finally:
        empty.log_in(Role.ADMIN)


def test_every_link_of_a_report_is_a_page() -> None:
    assert set(LINKS.values()) <= {route.path for route in ROUTES}
