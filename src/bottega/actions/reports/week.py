"""The week: what was sold, through what, what to do next; made of what other verbs say, written down, and mailed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bottega.actions.reports.files import folder_of, put_report
from bottega.actions.reports.mending import asked_in_vain, catalogue_of
from bottega.actions.reports.running import failed_jobs, models_of
from bottega.actions.reports.saying import page
from bottega.actions.reports.sending import mail_report
from bottega.actions.reports.shapes import NextStep, ReportMade, ReportWeekRequest, WeekReport
from bottega.actions.reports.sold import Days, days_of, experiments_of, sold_in, through
from bottega.errors import RequestInvalid
from bottega.events.times import now_ms
from bottega.names import DAY_MS
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shop_name import shop_name

__all__ = ["report_week", "week_report"]

WEEK_MS = 7 * DAY_MS
STEPS = 7


def report_week(shop: OpenShop, request: ReportWeekRequest, *, progress: Progress = silent) -> ReportMade:
    """Make the report of a week and keep it; mail it where that is asked for.

    Raises `RequestInvalid` for a week that is not over, `SettingsInvalid` and `LetterNotTaken` where it cannot be
    mailed; the report is kept all the same.
    """
    report = week_report(shop, request, progress=progress)
    files = put_report(shop.folder, report, shop.settings.public_url)
    sent_to = mail_report(shop, report, request.send)
    return ReportMade(
        week=report.week,
        since=report.since,
        until=report.until,
        headlines=report.headlines,
        next_steps=report.next_steps,
        folder=folder_of(report.week),
        files=files,
        sent_to=sent_to,
    )


def week_report(shop: OpenShop, request: ReportWeekRequest, *, progress: Progress = silent) -> WeekReport:
    """What the report of a week says; nothing is written but the check's list of bots. Raises `RequestInvalid`."""
    zone, made_ms = shop.settings.zone, now_ms()
    today = datetime.fromtimestamp(made_ms / 1000, UTC).astimezone(zone).date()
    if request.until is not None and request.until > today:
        raise RequestInvalid(
            f"The week up to {request.until} is not over.",
            allowed=f"A report is of seven whole days; the newest ends before {today}, today on the shop's clock.",
            next_step="Leave `until` out for the newest.",
        )
    until = request.until or today
    until_ms = int(datetime(until.year, until.month, until.day, tzinfo=zone).timestamp()) * 1000
    days = Days(until_ms - 2 * WEEK_MS, until_ms - WEEK_MS, until_ms, request.window_days)

    def moment(time_ms: int) -> str:
        return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone).isoformat("T", "minutes")

    progress("counting what was sold", 0, 4)
    sold = sold_in(shop, days)
    progress("counting what was sold", 1, 4)
    experiments = experiments_of(shop, days)
    proof = [sold.section, days_of(sold, days, zone), *through(shop, days, sold.answer)]
    progress("counting what was sold", 4, 4)
    found, catalogue, mend = catalogue_of(shop, days, progress)
    vain, ask = asked_in_vain(shop, days) if found.products else ([], [])
    models, train = models_of(shop)
    jobs, retry = failed_jobs(shop, days)
    first = _first_steps(shop, found.products, sold.figures["shoppers"].this, sold.answer.total.clicks, until_ms)
    somebody_came = bool(sold.figures["shoppers"].this or sold.figures["shoppers"].before)
    sections = [
        *(proof if somebody_came else []),
        *([experiments] if experiments else []),
        *([catalogue] if found.products else []),
        *vain,
        models,
        jobs,
    ]
    return WeekReport(
        week=(until - timedelta(days=7)).isoformat(),
        last_day=(until - timedelta(days=1)).isoformat(),
        shop=shop_name(shop.folder),
        since=moment(days.since_ms),
        until=moment(days.until_ms),
        currency=shop.settings.currency,
        made=datetime.fromtimestamp(made_ms / 1000, UTC).isoformat("T", "seconds"),
        headlines=sold.headlines
        if somebody_came
        else ["Nothing was sold, and nobody came, in this week or the one before."],
        next_steps=[*first, *retry, *mend, *ask, *train][:STEPS],
        sections=sections,
    )


def _first_steps(shop: OpenShop, products: int, shoppers: float, clicks: int, until_ms: int) -> list[NextStep]:
    """What a shop needs before there is much to report."""
    if not products:
        words = "The shop has no products yet: connect its platform, or import a feed."
        return [NextStep(words=words, link=page("setup"))]
    last_ms = shop.store.events.last_time_ms()
    if last_ms is None:
        words = "Nobody tells the shop what shoppers do yet: put the pixel on its pages, or import past orders."
        return [NextStep(words=words, link=page("setup"))]
    if not shoppers:
        newest = datetime.fromtimestamp(last_ms / 1000, UTC).astimezone(shop.settings.zone).date()
        when = "the newest that shoppers did is of" if last_ms < until_ms else "what shoppers did goes up to"
        words = f"Nobody came in this week; {when} {newest}. See whether events still arrive."
        return [NextStep(words=words, link=page("setup"))]
    if not clicks:
        words = (
            "No click of this week names the list it was made in, so that nobody knows what lists sell: pass on the "
            "recommendation_id."
        )
        return [NextStep(words=words, link=page("earnings"))]
    return []
