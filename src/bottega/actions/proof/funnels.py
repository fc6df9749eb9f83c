"""Funnels (seen, clicked, carted, bought) through lists, and cohorts by the week of the first purchase."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest, AttributionRow
from bottega.actions.proof.funnel_shapes import (
    CohortRow,
    CohortsAnswer,
    CohortsRequest,
    FunnelRow,
    FunnelsAnswer,
    FunnelsRequest,
)
from bottega.events.times import now_ms
from bottega.names import DAY_MS, KindCode
from bottega.shop.open_shop import OpenShop

if TYPE_CHECKING:
    import polars as pl

__all__ = ["cohorts", "funnels"]

_ROWS = 1000
"""What attribution gives at most."""
_LOOKS = frozenset({KindCode.VIEW, KindCode.CLICK, KindCode.TRY_ON})


def funnels(shop: OpenShop, request: FunnelsRequest) -> FunnelsAnswer:
    """What became of what was shown, by place, strategy, segment, week or rule; counted as `attribution` counts it."""
    until_ms = now_ms()
    found = attribution(
        shop, AttributionRequest(by=request.by, days=request.days, window_days=request.window_days, n=_ROWS)
    )
    rows = [_funnel(row) for row in found.rows]
    if request.by == "week":
        rows.sort(key=lambda row: row.name)
    else:
        rows.sort(key=lambda row: (-row.seen, -row.clicked, row.name))
    did: dict[str, set[int]] = {}
    for shopper, kind, _ in shop.store.attribution.doings(until_ms - request.days * DAY_MS, until_ms):
        did.setdefault(shopper, set()).add(kind)
    return FunnelsAnswer(
        by=request.by,
        since=found.since,
        until=found.until,
        rows=rows[-request.n :] if request.by == "week" else rows[: request.n],
        total=_funnel(found.total),
        came=len(did),
        looked=sum(not kinds.isdisjoint(_LOOKS) for kinds in did.values()),
        carted=sum(KindCode.ADD_TO_CART in kinds for kinds in did.values()),
        bought=sum(KindCode.PURCHASE in kinds for kinds in did.values()),
    )


def _funnel(row: AttributionRow) -> FunnelRow:
    return FunnelRow(
        name=row.name,
        seen=row.impressions,
        clicked=row.clicks,
        carted=row.carts,
        bought=row.purchases,
        click_rate=_share(row.clicks, row.impressions),
        cart_rate=_share(row.carts, row.clicks),
        buy_rate=_share(row.purchases, row.clicks),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def cohorts(shop: OpenShop, request: CohortsRequest) -> CohortsAnswer:
    """Shoppers by the week of their first purchase, and how many of them bought again in each week after it."""
    import polars as pl

    zone = shop.settings.zone
    frame = shop.store.events.frame(
        shop.settings.personalisation_consent, analytics=True, kinds=[KindCode.PURCHASE]
    ).select("shopper", day=_local_day("time_ms", str(zone)))
    today = (datetime.fromtimestamp(now_ms() / 1000, zone).date() - _EPOCH).days
    if not frame.height:
        return CohortsAnswer(cohorts=[], returned=[], first_week=None)
    frame = frame.unique().with_columns(week=pl.col("day") - (pl.col("day") + _THURSDAY) % 7)
    first = frame.group_by("shopper").agg(first=pl.col("week").min(), days=pl.len())
    frame = frame.join(first, on="shopper").with_columns(after=(pl.col("week") - pl.col("first")) // 7)
    this = today - (today + _THURSDAY) % 7
    weeks = [this - 7 * number for number in range(request.weeks)]
    sizes = dict(first.group_by("first").len().iter_rows())
    again = dict(first.filter(pl.col("days") > 1).group_by("first").len().iter_rows())
    came = {
        (week, after): shoppers
        for week, after, shoppers in frame.group_by("first", "after").agg(pl.col("shopper").n_unique()).iter_rows()
    }
    rows = [
        CohortRow(
            week=_name(week),
            shoppers=sizes[week],
            returned=[
                _share(came.get((week, after), 0), sizes[week]) if week + 7 * after + 7 <= today else None
                for after in range(1, request.weeks + 1)
            ],
            ever=round(again.get(week, 0) / sizes[week], 4),
        )
        for week in weeks
        if sizes.get(week)
    ]
    return CohortsAnswer(cohorts=rows, returned=_all(rows), first_week=_name(int(frame["week"].min())))  # type: ignore[arg-type]


_EPOCH = date(1970, 1, 1)
_THURSDAY = 3
"""Day 0, 1 January 1970, was one: its week had begun three days before."""


def _local_day(column: str, zone: str) -> pl.Expr:
    """Days since 1970 on a clock."""
    import polars as pl

    moment = pl.from_epoch(column, time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return moment.dt.date().to_physical().cast(pl.Int64)


def _name(day: int) -> str:
    return str(_EPOCH + timedelta(days=day))


def _all(rows: list[CohortRow]) -> list[float | None]:
    """Of each week after the first purchase, the share of all whose week is over."""
    found: list[float | None] = []
    for after in range(max((len(row.returned) for row in rows), default=0)):
        known = [(row.shoppers, share) for row in rows if (share := row.returned[after]) is not None]
        total = sum(shoppers for shoppers, _ in known)
        found.append(round(sum(shoppers * share for shoppers, share in known) / total, 4) if total else None)
    return found
