"""When it happened: seconds, milliseconds, microseconds, nanoseconds or ISO 8601 become UTC milliseconds.

The unit of a number follows from its size: the ranges do not meet for any time between 1990 and 5138. A text without
a zone is UTC, or of the zone that is said. What lands before 1990 or after tomorrow is refused: the first is a counter
or a missing time, the second a wrong clock or unit. A date whose day and month might change places (05/01/2026,
01.05.2026) is not guessed at: a whole column may decide it (dates.py).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bottega.dates import PLAIN, TimeForm
from bottega.errors import EventInvalid
from bottega.moments import MICROS_BELOW, MILLIS_BELOW, SECONDS_BELOW, counted_ms, written_ms

if TYPE_CHECKING:
    import polars as pl

__all__ = ["EARLIEST_MS", "FUTURE_MS", "TIME_RULES", "now_ms", "time_column", "to_ms"]

EARLIEST_MS = 631_152_000_000
"""1990-01-01: no shop has older events, but a forgotten time reads as 1970."""

FUTURE_MS = 24 * 3600 * 1000
"""How far ahead of our clock an event may be: a day covers every time zone that was left out."""

TIME_RULES = ("time_unreadable", "time_too_early", "time_in_future")


def now_ms() -> int:
    """The time by our clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def to_ms(value: int | float | str, *, now: int | None = None, field: str = "time", form: TimeForm = PLAIN) -> int:
    """UTC milliseconds of one time. Raises `EventInvalid` for `field`, saying how the time was understood."""
    read = _read(str(value).strip(), now_ms() if now is None else now, form)
    if isinstance(read, int):
        return read
    rule, meant = read
    seen = f"The time {value!r} " + ("cannot be read." if rule == "time_unreadable" else f"means {meant}.")
    raise EventInvalid(
        seen,
        field=field,
        allowed="A time counts seconds, milliseconds or microseconds since 1970, or is ISO 8601 such as "
        "2026-05-01T12:00:00Z; it lies between 1990 and tomorrow.",
        next_step="Send the moment at which it happened.",
        rule=rule,
    )


def time_column(texts: pl.Series, *, now: int, form: TimeForm = PLAIN) -> tuple[pl.Series, pl.Series]:
    """UTC milliseconds of a column of text, null where it is none, and there the rule it breaks (else null)."""
    import polars as pl  # where columns are read, it is there already; the shape of a request needs none of it

    number = texts.cast(pl.Int64, strict=False)
    number = number.fill_null(texts.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False))
    frame = pl.DataFrame({"text": texts, "number": number}).select(
        "text",
        pl.when(pl.col("number").abs() < SECONDS_BELOW)
        .then(pl.col("text").cast(pl.Float64, strict=False).mul(1000).round().cast(pl.Int64, strict=False))
        .when(pl.col("number").abs() < MILLIS_BELOW)
        .then(pl.col("number"))
        .when(pl.col("number").abs() < MICROS_BELOW)
        .then(pl.col("number") // 1000)
        .otherwise(pl.col("number") // 1_000_000)
        .alias("ms"),
    )
    good = pl.col("ms").is_between(EARLIEST_MS, now + FUTURE_MS)
    times = frame.select(pl.when(good).then(pl.col("ms")).alias("ms"))["ms"]
    left = texts.filter(times.is_null()).drop_nulls().unique()
    if left.is_empty():
        return times, pl.Series("rule", [None] * len(texts), dtype=pl.String)
    read = {text: _read(text, now, form) for text in left}
    answers = pl.DataFrame(
        {
            "text": list(read),
            "slow": [one if isinstance(one, int) else None for one in read.values()],
            "rule": [None if isinstance(one, int) else one[0] for one in read.values()],
        },
        schema={"text": pl.String, "slow": pl.Int64, "rule": pl.String},
    )
    joined = pl.DataFrame({"text": texts, "ms": times}).join(answers, on="text", how="left", maintain_order="left")
    return joined["ms"].fill_null(joined["slow"]), joined["rule"]


def _read(text: str, now: int, form: TimeForm) -> int | tuple[str, str]:
    """UTC milliseconds, or the rule that the time breaks and how it was understood."""
    ms = counted_ms(text)
    if ms is None or not EARLIEST_MS <= ms <= now + FUTURE_MS:
        written = written_ms(text, form)
        ms = written if written is not None else ms
    if ms is None:
        return "time_unreadable", ""
    if ms < EARLIEST_MS:
        return "time_too_early", _shown(ms)
    if ms > now + FUTURE_MS:
        return "time_in_future", _shown(ms)
    return ms


def _shown(ms: int) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return "a year beyond 9999" if ms > 0 else "a year before 1"
