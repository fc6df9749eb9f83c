"""Events beside the catalogue and one another: unknown products, doubles, sessions without end, one id for many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

import numpy as np
import polars as pl

from bottega.events.product_ids import propose
from bottega.events.quality.clocks import of_whole_days
from bottega.names import DAY_MS, KindCode
from bottega.sources.findings import FEED, CheckFinding

__all__ = ["sanity_findings"]

Missing = Callable[[Iterable[str]], Set[str]]
"""Those of some ids that no product and no group has."""
_ENOUGH = 20
_UNKNOWN_SHARE = 0.02
_SHOWN = 5
_SESSION_DAYS = 3
_LARGE, _LARGE_EVENTS, _LARGE_SHOPPERS = 0.2, 1_000, 20
_APART = 0.9
_DOUBLE_MS, _DOUBLE_SHARE = 1_000, 0.1
_SCALES = (10.0, 100.0, 1000.0)
_LOOKING = [int(KindCode.VIEW), int(KindCode.CLICK), int(KindCode.ADD_TO_CART), int(KindCode.IMPRESSION)]


def sanity_findings(
    frame: pl.DataFrame, missing: Missing, ids: list[str], prices: Mapping[str, float]
) -> Iterator[CheckFinding]:
    """What events have against them, clocks and bots apart.

    `frame`: shopper, session_id, product_id, kind, time_ms, quantity, value, source, sorted by shopper and time.
    `missing`: those of some ids that no product and no group has; `ids` of products; `prices` of products.
    """
    yield from _unknown(frame, missing, ids)
    yield from _repeated(frame)
    yield from _doubled(frame)
    yield from _sessions(frame)
    yield from _large(frame)
    yield from _apart(frame)
    yield from _scaled(frame, prices)


def _unknown(frame: pl.DataFrame, missing: Missing, ids: list[str]) -> Iterator[CheckFinding]:
    counts = frame["product_id"].drop_nulls().value_counts().sort("count", "product_id", descending=[True, False])
    if not counts.height:
        return
    unknown = missing(counts["product_id"].to_list())
    lost = counts.filter(pl.col("product_id").is_in(list(unknown)))
    total, events = int(counts["count"].sum()), int(lost["count"].sum())
    if events < max(_UNKNOWN_SHARE * total, 5):
        return
    often = ", ".join(f"{name} ({count:,})" for name, count in lost.head(_SHOWN).iter_rows())
    seen = f"{events:,} of {total:,} events, {lost.height:,} ids: {often}"
    yield CheckFinding("products_unknown", FEED, "product_id", seen, _advice(lost["product_id"], missing, ids))


def _advice(lost: pl.Series, missing: Missing, ids: Sequence[str]) -> str:
    """How these ids would become known; "" where nothing helps."""
    sample = lost.head(500).to_list()
    folded = {one.casefold() for one in ids}
    if sum(one.casefold() in folded for one in sample) * 2 > len(sample):
        return "send the ids as the catalogue writes them: they differ in capitals alone"
    found = propose(sample, missing, ids)
    if found is None:
        return ""
    pattern, known = found
    return f'import the events with --product-ids "{pattern}": that makes {known:,} of {len(sample):,} ids known'


def _repeated(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    days = list(of_whole_days(frame))
    named = pl.col("source").fill_null("the shop's own").str.split(":").list.first()
    fine = frame.filter(pl.col("product_id").is_not_null(), ~named.is_in(days))
    keys = ["shopper", "product_id", "kind", "time_ms"]
    same = fine.group_by(keys).len().filter(pl.col("len") > 1)
    extra = int(same["len"].sum()) - same.height
    if extra >= max(5, 0.005 * fine.height):
        first = same.sort(-pl.col("len").cast(pl.Int64), *keys).row(0, named=True)
        kind = KindCode(first["kind"]).kind.value
        seen = f"{extra:,} of {fine.height:,} events, as {kind} of {first['product_id']}, {first['len']:,} times"
        yield CheckFinding("events_repeated", FEED, "event_id", seen)


def _doubled(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    views = frame.filter(pl.col("kind") == int(KindCode.VIEW))
    if views.height < _ENOUGH:
        return
    same = (pl.col("shopper") == pl.col("shopper").shift()) & (pl.col("product_id") == pl.col("product_id").shift())
    gap = pl.col("time_ms") - pl.col("time_ms").shift()
    twice = int(views.select((same & gap.is_between(1, _DOUBLE_MS)).sum()).item())
    if twice >= max(_ENOUGH, _DOUBLE_SHARE * views.height):
        yield CheckFinding("views_doubled", FEED, "kind", f"{twice:,} of {views.height:,} views")


def _sessions(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    """Of three days or more, also without their first and last event: one with a wrong clock makes none endless."""
    times = pl.col("time_ms")
    spans = (
        frame.filter(pl.col("session_id").is_not_null())
        .group_by("session_id")
        .agg(
            (times.max() - times.min()).alias("span"),
            pl.len().alias("events"),
            (times // DAY_MS).n_unique().alias("days"),
            (times.sort().get(-2, null_on_oob=True) - times.sort().get(1, null_on_oob=True)).alias("inner"),
        )
    )
    without_ends = (pl.col("events") <= _SESSION_DAYS) | (pl.col("inner") > DAY_MS)
    long = spans.filter(pl.col("span") > 2 * DAY_MS, pl.col("days") >= _SESSION_DAYS, without_ends)
    if long.height:
        name, span, events = long.drop("days", "inner").sort("span", "session_id", descending=[True, False]).row(0)
        as_one = f"{name}: {events:,} events in {span / DAY_MS:.0f} days"
        seen = f"{long.height:,} of {spans.height:,} sessions, as {as_one}"
        yield CheckFinding("sessions_endless", FEED, "session_id", seen)


def _large(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    counts = frame["shopper"].value_counts().sort("count", "shopper", descending=[True, False])
    if frame.height >= _LARGE_EVENTS and counts.height >= _LARGE_SHOPPERS:
        for name, count in counts.head(3).iter_rows():
            if count > _LARGE * frame.height:
                yield CheckFinding("shopper_large", name, "shopper_id", f"{count:,} of {frame.height:,} events")


def _apart(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    who = frame.group_by("shopper").agg(
        (pl.col("kind") == int(KindCode.PURCHASE)).any().alias("buys"),
        pl.col("kind").is_in(_LOOKING).any().alias("looks"),
    )
    buyers, lookers = who.filter("buys"), who.filter("looks")
    alone = buyers.filter(~pl.col("looks")).height
    if buyers.height >= _ENOUGH and lookers.height >= _ENOUGH and alone >= _APART * buyers.height:
        seen = f"{alone:,} of {buyers.height:,} who bought never looked; {lookers.height:,} others did"
        yield CheckFinding("purchases_apart", FEED, "shopper_id", seen)


def _scaled(frame: pl.DataFrame, prices: Mapping[str, float]) -> Iterator[CheckFinding]:
    paid = frame.filter(
        pl.col("kind") == int(KindCode.PURCHASE), pl.col("value") > 0, pl.col("product_id").is_not_null()
    )
    rows = paid.select("product_id", "value").iter_rows()
    ratios = np.array([value / price for product, value in rows if (price := prices.get(product))])
    if len(ratios) < _ENOUGH:
        return
    for scale in _SCALES:
        for exact in (scale, 1 / scale):
            times = int((np.abs(ratios / exact - 1) < 0.02).sum())
            if times > 0.5 * len(ratios):
                yield CheckFinding(
                    "value_scaled", FEED, "value", f"{times:,} of {len(ratios):,} are {exact:g} times the price"
                )
