"""What was sold, beside the week before, and through what: sums of `attribution`, and experiments in their sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from bottega.actions.proof.attribution import CountedEvent, attribution, counted_by_shopper
from bottega.actions.proof.attribution_shapes import AttributionAnswer, AttributionBy, AttributionRequest
from bottega.actions.proof.experiment_shapes import ExperimentQuery, ExperimentsRequest
from bottega.actions.proof.experiments import list_experiments
from bottega.actions.proof.standing import show_experiment
from bottega.actions.reports.saying import column, counted, money, page, row, section, versus
from bottega.actions.reports.shapes import ReportSection
from bottega.catalogue.product import Product
from bottega.experiments.weeks import Apart, apart
from bottega.names import DAY_MS, KindCode
from bottega.shop.open_shop import OpenShop

__all__ = ["Days", "WeekSold", "days_of", "experiments_of", "sold_in", "through"]

PRODUCTS = 10
"""Of what sold most through lists."""
CHANCE = (
    "More than chance: shoppers who come and go, and buy much or little, make so large a difference in fewer than one "
    "week of twenty. It says nothing of why: season, holidays, prices and advertising count, too."
)
_DOINGS: Mapping[str, tuple[KindCode, ...]] = {
    "views": (KindCode.VIEW, KindCode.CLICK),
    "searches": (KindCode.SEARCH,),
    "carts": (KindCode.ADD_TO_CART,),
}


class Days(NamedTuple):
    """The week, and the one before it; UTC milliseconds."""

    before_ms: int
    since_ms: int
    until_ms: int
    window_days: int

    @property
    def until(self) -> datetime:
        return datetime.fromtimestamp(self.until_ms / 1000, UTC)


class WeekSold(NamedTuple):
    """The figures of a week beside the one before."""

    figures: dict[str, Apart]
    """shoppers, views, searches, carts, purchases, revenue, list_clicks, list_purchases, list_revenue."""
    answer: AttributionAnswer
    section: ReportSection
    headlines: list[str]
    by_day: list[tuple[float, int]]
    """Revenue and lines of orders of each day, the fourteen of both weeks."""


def attributed(shop: OpenShop, days: Days, by: AttributionBy, n: int = 50) -> AttributionAnswer:
    """What the verb says of the week."""
    return attribution(shop, AttributionRequest(by=by, days=7, until=days.until, window_days=days.window_days, n=n))


def sold_in(shop: OpenShop, days: Days) -> WeekSold:
    """Both weeks by shopper, so that what may be chance is told as that."""
    weeks = ((days.since_ms, days.until_ms), (days.before_ms, days.since_ms))
    lists = [list(counted_by_shopper(shop, *week, window_days=days.window_days)) for week in weeks]
    (this, before) = (
        _by_shopper(shop.store.attribution.doings(*week), found) for week, found in zip(weeks, lists, strict=True)
    )
    figures = {name: apart(this[name], before[name]) for name in this}
    answer = attributed(shop, days, "placement")
    labels = {
        "shoppers": "Shoppers who came",
        "views": "Products looked at",
        "searches": "Searches",
        "carts": "Put into carts",
        "purchases": "Order lines",
        "revenue": "Revenue",
        "list_clicks": "Clicks in lists",
        "list_purchases": "Order lines through lists",
        "list_revenue": "Revenue through lists",
    }
    rows = [
        row(
            page("earnings"),
            f"{label}, {answer.currency}" if name.endswith("revenue") else label,
            _told(figures[name].this, name),
            _told(figures[name].before, name),
            figures[name].change,
            versus(figures[name]),
        )
        for name, label in labels.items()
        if figures[name].this or figures[name].before
    ]
    return WeekSold(
        figures,
        answer,
        section(
            "weeks",
            "The week beside the one before",
            [
                column("what", "What"),
                column("this_week", "this week", "figure"),
                column("week_before", "week before", "figure"),
                column("change", "change", "change"),
                column("says", ""),
            ],
            rows,
            link=page("earnings"),
            note=CHANCE,
        ),
        _headlines(figures, answer),
        _by_day(days, [*lists[1], *lists[0]]),
    )


def _told(value: float, name: str) -> float | int:
    return round(value, 2) if name.endswith("revenue") else int(value)


def _headlines(figures: Mapping[str, Apart], answer: AttributionAnswer) -> list[str]:
    sold, currency = figures["revenue"], answer.currency
    lines = counted(answer.shop_purchases, "order line")
    if not sold.this and not sold.before:
        said = [f"{lines}, {versus(figures['purchases'])}."]
    else:
        said = [f"{money(answer.shop_revenue, currency)} in {lines}, {versus(sold)}."]
    if answer.unpriced:
        said.append(f"Nobody knows a price of {answer.unpriced:,} of them: they are in no sum of money.")
    if answer.total.purchases:
        share = "" if answer.share is None else f", {answer.share:.0%} of the revenue"
        said.append(f"{money(answer.total.revenue, currency)} of it through lists of Bottega{share}. {answer.model}")
    return said


def _by_shopper(doings: Iterable[tuple[str, int, int]], counts: Iterable[CountedEvent]) -> dict[str, dict[str, float]]:
    names = ("shoppers", *_DOINGS, "purchases", "revenue", "list_clicks", "list_purchases", "list_revenue")
    sums: dict[str, dict[str, float]] = {name: defaultdict(float) for name in names}
    for shopper, kind, count in doings:
        sums["shoppers"][shopper] = 1.0
        for name, kinds in _DOINGS.items():
            if kind in kinds:
                sums[name][shopper] += count
    for one in counts:
        if one.what == "sold":
            sums["purchases"][one.shopper] += one.lines
            sums["revenue"][one.shopper] += one.revenue
        elif one.what == "purchases":
            sums["list_purchases"][one.shopper] += one.lines
            sums["list_revenue"][one.shopper] += one.revenue
        elif one.what == "clicks":
            sums["list_clicks"][one.shopper] += one.lines
    return sums


def _by_day(days: Days, counts: Iterable[CountedEvent]) -> list[tuple[float, int]]:
    found = [[0.0, 0] for _ in range(14)]
    for one in counts:
        if one.what == "sold":
            day = found[(one.time_ms - days.before_ms) // DAY_MS]
            day[0] += one.revenue
            day[1] += one.lines
    return [(float(revenue), int(count)) for revenue, count in found]


def days_of(sold: WeekSold, days: Days, zone: tzinfo) -> ReportSection:
    """Day by day, beside the same weekday of the week before."""
    rows = []
    for place in range(7):
        moment = datetime.fromtimestamp((days.since_ms + place * DAY_MS) / 1000, UTC).astimezone(zone)
        day = (moment + timedelta(hours=12)).strftime("%A %d %B")
        (before, _), (revenue, count) = sold.by_day[place], sold.by_day[place + 7]
        rows.append(row(page("earnings"), day, round(revenue, 2), count, round(before, 2)))
    columns = [
        column("day", "Day"),
        column("revenue", "revenue", "money"),
        column("purchases", "order lines", "count"),
        column("revenue_before", "a week before", "money"),
    ]
    return section("days", "Day by day", columns, rows, link=page("earnings"))


def through(shop: OpenShop, days: Days, placements: AttributionAnswer) -> list[ReportSection]:
    """Through which lists, models, rules and products it was sold."""
    columns = [
        column("name", "Name"),
        column("revenue", "revenue", "money"),
        column("purchases", "order lines", "count"),
        column("carts", "put into carts", "count"),
        column("clicks", "clicks", "count"),
        column("impressions", "products shown", "count"),
        column("lists", "lists sent", "count"),
    ]

    def told(name: str, title: str, answer: AttributionAnswer, link: str, **more: str) -> ReportSection:
        called = _called(shop, [one.name for one in answer.rows]) if name == "products" else {}
        rows = [
            row(
                page("product", id=called[one.name].id) if one.name in called else link,
                called[one.name].title if one.name in called else one.name,
                one.revenue,
                one.purchases,
                one.carts,
                one.clicks,
                one.impressions,
                one.lists,
            )
            for one in answer.rows
        ]
        return section(name, title, columns, rows, link=link, words=[answer.model], **more)

    rules = attributed(shop, days, "rule")
    found = [
        told(
            "placements",
            "Through which place it was sold",
            placements,
            page("earnings"),
            empty="Nothing that was done this week names a list. Pass on the recommendation_id of the list with every "
            "click and every order (docs/events.md), and this says which list sold what.",
            note=placements.note,
        ),
        told("strategies", "By which model", attributed(shop, days, "strategy"), page("models")),
        told("products", "What sold most through lists", attributed(shop, days, "product", PRODUCTS), page("earnings")),
    ]
    if rules.rows:
        several = "Several rules may have moved one product, so that these rows do not add up."
        found.append(told("rules", "With the help of which rule", rules, page("rules"), note=several))
    return [found[0], *(one for one in found[1:] if one.rows)]


def _called(shop: OpenShop, items: list[str]) -> dict[str, Product]:
    """The product of each item; of variants the first, which speaks for all."""
    found = sorted(shop.store.products.in_groups(items).values(), key=lambda one: one.id, reverse=True)
    groups = {one.group_id: one for one in found if one.group_id}
    return groups | shop.store.products.get(items)


def experiments_of(shop: OpenShop, days: Days) -> ReportSection | None:
    """Those that run now, and those that ended in the week."""
    rows = []
    for one in list_experiments(shop, ExperimentsRequest()).experiments:
        ended = None if one.ended is None else datetime.fromisoformat(one.ended).timestamp() * 1000
        if one.state == "running" or (ended is not None and ended >= days.since_ms):
            shown = show_experiment(shop, ExperimentQuery(name=one.name))
            rows.append(row(page("experiment", name=one.name), one.name, one.state, shown.summary))
    if not rows:
        return None
    columns = [column("name", "Name"), column("state", "state"), column("says", "")]
    note = "Looking every day is allowed: the intervals hold however often one looks (docs/experiments.md)."
    return section("experiments", "Experiments, as they stand now", columns, rows, link=page("experiments"), note=note)
