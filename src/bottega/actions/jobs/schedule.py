"""When scheduled work is due, on the shop's own clock, and asking for it then: trainings, and letters.

Every worker looks now and then; the store sees to it that one moment gives one job (`store/schedules.py`). The settings
are read anew at each look, so that switching the schedule on or off needs no restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

import structlog

from bottega.actions.jobs.ask import LATER
from bottega.errors import SettingsInvalid
from bottega.settings import load_settings, write_setting
from bottega.shop.folder import ShopFolder

__all__ = [
    "LATE_MS",
    "LETTERS",
    "NIGHTLY",
    "OFF",
    "TRAINING",
    "Scheduled",
    "ask_when_due",
    "latest_due_ms",
    "next_due_ms",
    "set_schedule",
    "times_of_day",
]

log = structlog.get_logger("bottega")
OFF = "off"
NIGHTLY = "nightly"
NIGHT = "03:00"
"""What "nightly" means."""
LATE_MS = 6 * 3_600_000
"""A moment that nobody was there to see is made up for within so long; after that the next one is waited for."""
_MINUTES = {"m": 1, "h": 60}
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Scheduled:
    """Work that a setting asks for again and again."""

    verb: str
    setting: str
    """The setting that says when: off, a time of day or several, or an interval."""
    request: dict[str, Any] = field(default_factory=dict)


TRAINING = Scheduled("challenge", "train_schedule")
LETTERS = Scheduled("send_messages", "letters_schedule", {"counts_only": True})
_ALL = (TRAINING, LETTERS)


@cache
def times_of_day(schedule: str) -> tuple[str, ...]:
    """The times that a schedule means, as in "nightly", "03:30", "09:00, 17:30" or "2h"; an interval counts from
    midnight."""
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
    for days in (-1, 0, 1, 2):
        for at in times_of_day(schedule):
            yield _moment_ms(today + timedelta(days=days), at, zone)


def _moment_ms(day: date, at: str, zone: tzinfo) -> int:
    hour, _, minute = at.partition(":")
    moment = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)
    return int(moment.timestamp()) * 1000


def ask_when_due(folder: ShopFolder, now_ms: int) -> bool:
    """Ask for scheduled work where it is due and nobody has; whether this call did."""
    try:
        settings = load_settings(folder.root)
    except SettingsInvalid as error:
        log.warning("schedule", code=error.code, message=str(error))
        return False
    asked = [_asked(folder, one, getattr(settings, one.setting), settings.zone, now_ms) for one in _ALL]
    return any(asked)


def _asked(folder: ShopFolder, one: Scheduled, schedule: str, zone: tzinfo, now_ms: int) -> bool:
    if schedule == OFF:
        return False
    due_ms = latest_due_ms(schedule, zone, now_ms)
    lane = LATER[one.verb].lane or one.verb
    asking = folder.store.schedules.ask
    job = asking(one.verb, one.request, due_ms=due_ms, late_ms=LATE_MS, now_ms=now_ms, lane=lane)
    if job is None:
        return False
    log.info("schedule", verb=job.verb, number=job.number, due=datetime.fromtimestamp(due_ms / 1000, UTC).isoformat())
    return True


def set_schedule(folder: ShopFolder, schedule: str, now_ms: int, *, of: Scheduled = TRAINING) -> int | None:
    """Write a schedule into the shop's settings; the next moment of it, UTC milliseconds, None when off.

    Raises `SettingsInvalid`.
    """
    write_setting(folder.root, of.setting, schedule)
    if schedule == OFF:
        return None
    folder.store.schedules.begin(of.verb, now_ms)
    return next_due_ms(schedule, load_settings(folder.root).zone, now_ms)
