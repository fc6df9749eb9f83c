"""The report of a week: each figure is that of the verb it is from, in every form; what an empty shop is told."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError
from tests.actions.messages.mail_stand_in import mail_stand_in

from bottega.actions.check.check import check
from bottega.actions.check.shapes import CheckRequest
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.jobs.ask import list_jobs
from bottega.actions.jobs.shapes import JobsRequest
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.actions.reports.files import kept_report, report_file, tables_of
from bottega.actions.reports.kept import list_reports, plan_reports
from bottega.actions.reports.shapes import PlanRequest, ReportsRequest, ReportWeekRequest, WeekReport
from bottega.actions.reports.week import report_week, week_report
from bottega.actions.search.report import search_report
from bottega.actions.search.report_shapes import SearchReportRequest
from bottega.catalogue.product import Product
from bottega.errors import ReportUnknown, RequestInvalid, SettingsInvalid
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import REPORTS, latest_due_ms, next_due_ms
from bottega.store.answers import LoggedAnswer

EVIL = '=HYPERLINK("http://x")<script>alert(1)</script>'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """Two weeks: thirty shoppers the week before, sixty in this one, who buy by way of lists and search in vain."""
    root = tmp_path_factory.mktemp("nord")
    (root / "bottega.toml").write_text('currency = "EUR"\n')
    with OpenShop.open(root) as shop:
        lamps = [Product(id=f"lamp-{n}", title=f"Lamp {n}", price_minor=1000, currency="EUR") for n in range(3)]
        shop.upsert([*lamps, Product(id="bad", title=EVIL, price_minor=500, currency="EUR")])
        midnight_s = int(time.time()) // 86_400 * 86_400
        logged, rows = [], list[dict[str, Any]]()
        for n in range(90):
            who, days = f"s-{n}", 4 if n < 60 else 11
            at = midnight_s - days * 86_400 + n
            logged.append(
                LoggedAnswer(f"r-{n}", who, at * 1000, "home", None, None, "v1", ["bad"], [1.0], {"hot": [0]})
            )
            said = {"shopper_id": who, "time": at}
            rows += [
                {**said, "kind": "search", "query": "=anvils"},
                {**said, "kind": "click", "product_id": "bad", "recommendation_id": f"r-{n}"},
                {**said, "kind": "purchase", "product_id": "bad" if n % 2 else "lamp-1", "quantity": 1 + n % 3},
            ]
        shop.store.answers.add(logged, forgotten=0)
        assert record_events(shop, RecordRequest(events=rows)).accepted == len(rows)
        failed = shop.folder.store.jobs.add("train", {}, now_ms=midnight_s * 1000 - DAY_MS)
        taken = shop.folder.store.jobs.claim("w", now_ms=midnight_s * 1000 - DAY_MS, lease_ms=1000)
        assert taken is not None and taken.number == failed.number
        why = {"code": "events_too_few", "message": "No.", "seen": "No.", "allowed": "", "next_step": "Import some."}
        shop.folder.store.jobs.fail(taken, why, now_ms=midnight_s * 1000 - DAY_MS)
        yield shop


@pytest.fixture(scope="module")
def report(shop: OpenShop) -> WeekReport:
    made = report_week(shop, ReportWeekRequest())
    return kept_report(shop.folder, made.week)


def rows(report: WeekReport, name: str) -> list[list[Any]]:
    return next([row.cells for row in one.rows] for one in report.sections if one.name == name)


def test_every_figure_is_that_of_the_verb_it_is_from(shop: OpenShop, report: WeekReport) -> None:
    until = datetime.fromisoformat(report.until)
    sold = attribution(shop, AttributionRequest(days=7, until=until))
    told = {cells[0]: cells[1] for cells in rows(report, "weeks")}
    assert (sold.shop_purchases, sold.total.purchases, sold.total.clicks) == (60, 30, 60)
    assert told["Order lines"] == sold.shop_purchases and told["Revenue, EUR"] == sold.shop_revenue
    assert told["Clicks in lists"] == sold.total.clicks
    assert told["Revenue through lists, EUR"] == sold.total.revenue
    assert told["Shoppers who came"] == told["Searches"] == 60
    before = attribution(shop, AttributionRequest(days=7, until=until - timedelta(days=7)))
    assert {cells[0]: cells[2] for cells in rows(report, "weeks")}["Revenue, EUR"] == before.shop_revenue
    days = rows(report, "days")
    assert sum(day[1] for day in days) == pytest.approx(sold.shop_revenue)
    assert sum(day[2] for day in days) == sold.shop_purchases
    for name, by in (("placements", "placement"), ("strategies", "strategy"), ("rules", "rule")):
        found = attribution(shop, AttributionRequest.model_validate({"by": by, "days": 7, "until": until}))
        assert [cells[:3] for cells in rows(report, name)] == [
            [one.name, one.revenue, one.purchases] for one in found.rows
        ]
    vain = search_report(shop, SearchReportRequest(show="nothing_found", days=7, until=until))
    assert [cells[:2] for cells in rows(report, "searches")] == [[one.query, one.shoppers] for one in vain.queries]
    broken = check(shop, CheckRequest())
    assert [cells[0::2][0] for cells in rows(report, "catalogue")] == [one.meaning for one in broken.rules]
    assert [cells[2] for cells in rows(report, "catalogue")] == [one.count for one in broken.rules]
    jobs = list_jobs(shop, JobsRequest(state="failed")).jobs
    assert [cells[1] for cells in rows(report, "jobs")] == [one.number for one in jobs]


def test_what_may_be_chance_is_said_as_that(report: WeekReport) -> None:
    says = {cells[0]: cells[4] for cells in rows(report, "weeks")}
    assert says["Shoppers who came"] == "100% more than the week before: more than chance"
    assert "attribution" in " ".join(one.note for one in report.sections).lower()
    assert report.headlines[0].startswith("900.00 EUR in 60 order lines")
    assert "Last click on the product within 7 days" in report.headlines[1]


def test_all_forms_hold_every_row_and_nothing_runs_in_them(shop: OpenShop, report: WeekReport) -> None:
    html, mail, text = (report_file(shop.folder, report.week, one).decode() for one in
                        ("report.html", "mail.html", "mail.txt"))  # fmt: skip
    for page in (html, mail):
        assert "<script" not in page and "&lt;script&gt;" in page and "http" not in page.replace("http://x", "")
        assert len(re.findall("<tr>", page)) == sum(len(one.rows) for one in report.sections)
        assert all(f'href="{one.link.replace("&", "&amp;")}"' in page for one in report.next_steps)
    assert "<style" not in mail and "<svg" not in mail and "<style" in html and "<svg" in html
    assert all(one.title.upper() in text for one in report.sections) and max(map(len, text.splitlines())) <= 100
    with zipfile.ZipFile(io.BytesIO(report_file(shop.folder, report.week, "csv.zip"))) as csv, \
         zipfile.ZipFile(io.BytesIO(report_file(shop.folder, report.week, "parquet.zip"))) as parquet:  # fmt: skip
        for name, table in tables_of(report).items():
            assert pl.read_parquet(io.BytesIO(parquet.read(f"{name}.parquet"))).equals(table)
            assert pl.read_csv(io.BytesIO(csv.read(f"{name}.csv"))).height == table.height
        assert "'=anvils" in csv.read("searches.csv").decode(), "a spreadsheet takes no search for a formula"
    assert [one.week for one in list_reports(shop, ReportsRequest()).reports] == [report.week]
    with pytest.raises(ReportUnknown, match=r"bottega\.toml"):
        report_file(shop.folder, "../..", "bottega.toml")


def test_a_shop_without_anything_is_told_the_next_step(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as empty:
        report = week_report(empty, ReportWeekRequest())
        assert [one.words for one in report.next_steps] == [
            "The shop has no products yet: connect its platform, or import a feed."
        ]
        assert {one.name for one in report.sections} == {"models", "jobs"}
        with pytest.raises(RequestInvalid, match="not over"):
            week_report(empty, ReportWeekRequest(until=datetime.now(UTC).date() + timedelta(days=2)))
        with pytest.raises(SettingsInvalid, match="report_email is empty"):
            report_week(empty, ReportWeekRequest(send="yes"))
        assert list_reports(empty, ReportsRequest()).reports, "it is kept all the same"


def test_it_is_mailed_in_both_forms_and_by_schedule_once(tmp_path: Path) -> None:
    with mail_stand_in() as post:
        (tmp_path / "bottega.toml").write_text(
            f'letters_smtp = "smtp://127.0.0.1:{post.port}"\nletters_from = "shop@nord.example"\n'
            'public_url = "https://nord.example"\nreport_email = "mia@nord.example"\n'
        )
        with OpenShop.open(tmp_path) as shop:
            plan = plan_reports(shop, PlanRequest(schedule="mon 07:00"))
            assert plan.can_send and plan.email == "mia@nord.example" and plan.next_ms is not None
            assert datetime.fromtimestamp(plan.next_ms / 1000, UTC).strftime("%a %H:%M") == "Mon 07:00"
            with pytest.raises(ValidationError, match="should match pattern"):
                PlanRequest(schedule="monday")
            with pytest.raises(RequestInvalid, match="report_email"):
                plan_reports(shop, PlanRequest(email="mia@nord\x1c.example"))
            assert plan_reports(shop, PlanRequest()).email == "mia@nord.example"
            by_schedule = ReportWeekRequest.model_validate(REPORTS.request)
            assert [report_week(shop, by_schedule).sent_to for _ in range(2)] == [["mia@nord.example"], []]
    (mail,) = post.letters
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert mail["To"] == "mia@nord.example" and text is not None and html is not None
    assert all("https://nord.example/console" in part.get_content() for part in (text, html))


def test_a_day_of_the_week_as_a_schedule() -> None:
    monday = int(datetime(2026, 11, 30, 7, tzinfo=UTC).timestamp() * 1000)
    assert latest_due_ms("mon 07:00", UTC, monday) == monday == next_due_ms("mon 07:00", UTC, monday - 1)
    assert latest_due_ms("mon 07:00", UTC, monday - 1) == monday - 7 * DAY_MS
    assert next_due_ms("mon 07:00", UTC, monday) == monday + 7 * DAY_MS
