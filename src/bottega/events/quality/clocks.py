"""Clocks: do the times say when things happened? A function a rule, each of a frame sorted by shopper and time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import polars as pl

from bottega.names import DAY_MS, KindCode, LongArray
from bottega.sources.findings import FEED, CheckFinding

__all__ = ["clock_findings", "evenly_timed", "of_whole_days"]

_HOUR_MS = 3_600_000
_ENOUGH = 50
_MOST = 0.9
_LATE_MS = 5 * 60_000
_FIVE_YEARS_MS = 5 * 366 * DAY_MS
_FEW = 0.01
_AT_ONCE, _AT_ONCE_SHOPPERS = 30, 10
_HOURS_MOST = 14
_ZONE_LEAST, _ZONE_SHARE = 20, 0.6
_NEAR_MS = 10 * 60_000
_BUSY, _ALIKE = 10, 0.1
_EVEN_SHARE, _FEW_SHOPPERS = 0.5, 20


def clock_findings(frame: pl.DataFrame, now_ms: int) -> Iterator[CheckFinding]:
    """What the times have against them. Columns: shopper, product_id, kind, time_ms, source."""
    late = frame.filter(pl.col("time_ms") > now_ms + _LATE_MS)
    if late.height:
        newest = _moment(int(late["time_ms"].max()))  # type: ignore[arg-type]  # a column of whole numbers
        yield CheckFinding("clock_future", FEED, "time", f"{late.height:,} events, the last of {newest}")
    yield from _old(frame)
    for source, count in of_whole_days(frame).items():
        yield CheckFinding("clock_whole_days", FEED, "time", f"{count:,} events of {source}")
    fine = frame.filter(~_whole_days(frame))
    yield from _even(fine)
    yield from _at_once(fine)
    yield from _zone(fine)


def of_whole_days(frame: pl.DataFrame) -> dict[str, int]:
    """Sources whose events all stand at one time of day, and how many events each has."""
    found: dict[str, int] = {}
    by = frame.with_columns(_source(), (pl.col("time_ms") % DAY_MS).alias("of_day"))
    for (source,), rows in by.group_by("from", maintain_order=True):
        if rows.height >= _ENOUGH:
            commonest = int(rows["of_day"].value_counts(sort=True)["count"][0])
            if commonest >= _MOST * rows.height:
                found[str(source)] = rows.height
    return found


def _whole_days(frame: pl.DataFrame) -> pl.Series:
    sources = list(of_whole_days(frame))
    return frame.select(_source().is_in(sources))["from"]


def _source() -> pl.Expr:
    return pl.col("source").fill_null("the shop's own").str.split(":").list.first().alias("from")


def evenly_timed(times: LongArray, offsets: LongArray) -> float:
    """Of the shoppers with ten events or more, the share whose gaps are all alike. Events stand by shopper and time."""
    lengths = np.diff(offsets)
    busy = np.flatnonzero(lengths >= _BUSY)
    if not len(busy):
        return 0.0
    gaps = np.diff(times, append=times[-1:]).astype(np.float64)
    gaps[offsets[1:] - 1] = 0.0  # from one shopper to the next
    counted = (lengths - 1)[busy]
    mean = np.add.reduceat(gaps, offsets[:-1])[busy] / counted
    square = np.add.reduceat(gaps * gaps, offsets[:-1])[busy] / counted
    spread = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return float(((mean > 0) & (spread < _ALIKE * mean)).mean())


def _even(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    lengths = frame.select(pl.col("shopper").rle()).unnest("shopper")["len"].to_numpy().astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    share = evenly_timed(frame["time_ms"].to_numpy().astype(np.int64), offsets) if frame.height else 0.0
    if share > _EVEN_SHARE and int((lengths >= _BUSY).sum()) >= _FEW_SHOPPERS:
        yield CheckFinding("clock_even", FEED, "time", f"{share:.0%} of the shoppers with {_BUSY} events or more")


def _old(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    """A few events with years between them and all others."""
    if frame.height < _ENOUGH:
        return
    times = np.sort(frame["time_ms"].to_numpy())
    gaps = np.diff(times[: max(int(_FEW * len(times)), 1) + 1])
    far = np.flatnonzero(gaps > _FIVE_YEARS_MS)
    if len(far):
        last = int(far[-1])
        seen = f"{last + 1:,} events until {_moment(int(times[last]))}; the next is of {_moment(int(times[last + 1]))}"
        yield CheckFinding("clock_old", FEED, "time", seen)


def _at_once(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    moments = (
        frame.group_by("time_ms")
        .agg(pl.len().alias("events"), pl.col("shopper").n_unique().alias("shoppers"))
        .filter((pl.col("events") >= _AT_ONCE) & (pl.col("shoppers") >= _AT_ONCE_SHOPPERS))
        .sort("events", descending=True)
    )
    if moments.height:
        first = moments.row(0, named=True)
        seen = (
            f"{first['events']:,} events of {first['shoppers']:,} shoppers at {_moment(first['time_ms'])}"
            f"{f'; {moments.height - 1:,} more such moments' if moments.height > 1 else ''}"
        )
        yield CheckFinding("clock_same", FEED, "time", seen)


def _zone(frame: pl.DataFrame) -> Iterator[CheckFinding]:
    """Purchases that stand whole hours away from the nearest view of the same product by the same shopper."""
    kind = pl.col("kind")
    bought = frame.filter(kind == int(KindCode.PURCHASE)).select("shopper", "product_id", "time_ms")
    looked = frame.filter(kind.is_in([int(KindCode.VIEW), int(KindCode.ADD_TO_CART)]))
    looked = looked.select("shopper", "product_id", "time_ms", pl.col("time_ms").alias("looked_ms"))
    if not bought.height or not looked.height:
        return
    pairs = bought.sort("time_ms").join_asof(
        looked.sort("time_ms"), on="time_ms", by=["shopper", "product_id"], strategy="nearest",
        tolerance=_HOURS_MOST * _HOUR_MS, check_sortedness=False,
    ).drop_nulls("looked_ms")  # fmt: skip
    if pairs.height < _ZONE_LEAST:
        return
    away = (pairs["time_ms"] - pairs["looked_ms"]).to_numpy()
    hours = np.round(away / _HOUR_MS).astype(np.int64)
    whole = np.abs(away - hours * _HOUR_MS) <= _NEAR_MS
    values, counts = np.unique(hours[whole & (hours != 0)], return_counts=True)
    if len(values) and counts.max() >= max(_ZONE_LEAST, _ZONE_SHARE * len(away)):
        hour = int(values[counts.argmax()])
        seen = f"{counts.max():,} of {len(away):,} purchases {abs(hour)} h {'after' if hour > 0 else 'before'} the view"
        yield CheckFinding("clock_zone", FEED, "time", seen)


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
