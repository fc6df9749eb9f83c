"""Schedules: what is done again and again by itself, and the moments on the shop's own clock at which it is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

__all__ = [
    "CONNECTING",
    "FOLDING",
    "LETTERS",
    "NIGHTLY",
    "OFF",
    "REPORTS",
    "SCHEDULES",
    "TRAINING",
    "Scheduled",
    "latest_due_ms",
    "next_due_ms",
    "times_of_day",
]

OFF = "off"
NIGHTLY = "nightly"
NIGHT = "03:00"
"""What "nightly" means."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES = {"m": 1, "h": 60}
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Scheduled:
    """Work that a setting asks for again and again."""

    verb: str
    setting: str
    """The setting that says when: off, a time of day or several, or an interval."""
    request: dict[str, Any] = field(default_factory=dict)
    late_ms: int | None = None
    """A moment that nobody was there to see is made up for within so long; None: as long as all others."""


TRAINING = Scheduled("challenge", "train_schedule")
LETTERS = Scheduled("send_messages", "letters_schedule", {"counts_only": True})
FOLDING = Scheduled("fold_events", "fold_schedule")
CONNECTING = Scheduled("connect", "connect_schedule")
"""Each connected platform has a turn of its own."""
REPORTS = Scheduled("report_week", "report_schedule", {"send": "where_set"}, late_ms=3 * 86_400_000)
SCHEDULES = (TRAINING, LETTERS, FOLDING, REPORTS)


@cache
def times_of_day(schedule: str) -> tuple[str, ...]:
    """The times that a schedule means, as in "nightly", "03:30", "09:00, 17:30", "2h" or "mon 07:00"; an interval
    counts from midnight."""
    if schedule[:3] in WEEKDAYS:
        return (schedule[3:].strip(),)
    if schedule == NIGHTLY:
        return (NIGHT,)
    if schedule[-1] in _MINUTES:
        step = int(schedule[:-1]) * _MINUTES[schedule[-1]]
        return tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, _DAY_MINUTES, step))
    return tuple(sorted({one.strip() for one in schedule.split(",")}))


def latest_due_ms(schedule: str, zone: tzinfo, now_ms: int) -> int:
    """The newest moment up to `now_ms` at which clocks in `zone` showed a time of the schedule; UTC milliseconds.

    Each time comes once a day: where clocks are put back and show it twice, the first; where they are put forward and
    skip it, as long after midnight as ever.
    """
    return max(moment for moment in _around(schedule, zone, now_ms) if moment <= now_ms)


def next_due_ms(schedule: str, zone: tzinfo, now_ms: int) -> int:
    """The first such moment after `now_ms`."""
    return min(moment for moment in _around(schedule, zone, now_ms) if moment > now_ms)


def _around(schedule: str, zone: tzinfo, now_ms: int) -> Iterable[int]:
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date()
    weekday = WEEKDAYS.index(schedule[:3]) if schedule[:3] in WEEKDAYS else None
    for days in (-1, 0, 1, 2) if weekday is None else range(-8, 9):
        if weekday is not None and (today + timedelta(days=days)).weekday() != weekday:
            continue
        for at in times_of_day(schedule):
            yield _moment_ms(today + timedelta(days=days), at, zone)


def _moment_ms(day: date, at: str, zone: tzinfo) -> int:
    hour, _, minute = at.partition(":")
    moment = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)
    return int(moment.timestamp()) * 1000
