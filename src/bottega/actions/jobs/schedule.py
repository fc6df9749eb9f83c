"""When scheduled work is due, on the shop's own clock, and asking for it then.

Every worker looks now and then; the store sees to it that one moment gives one job (`store/schedules.py`). The settings
are read anew at each look, so that switching the schedule on or off needs no restart.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

import structlog

from bottega.actions.jobs.ask import LATER
from bottega.errors import SettingsInvalid
from bottega.settings import load_settings, write_setting
from bottega.shop.folder import ShopFolder

__all__ = [
    "LATE_MS",
    "NIGHTLY",
    "OFF",
    "SCHEDULED",
    "ask_when_due",
    "latest_due_ms",
    "next_due_ms",
    "set_schedule",
    "time_of_day",
]

log = structlog.get_logger("bottega")
SCHEDULED = "challenge"
"""The verb that a schedule asks for."""
OFF = "off"
NIGHTLY = "nightly"
NIGHT = "03:00"
"""What "nightly" means."""
LATE_MS = 6 * 3_600_000
"""A moment that nobody was there to see is made up for within so long; after that the next one is waited for."""


def latest_due_ms(at: str, zone: tzinfo, now_ms: int) -> int:
    """The newest moment up to `now_ms` at which clocks in `zone` showed `at`, as in "03:30"; UTC milliseconds.

    There is one a day: where clocks are put back and show it twice, the first; where they are put forward and skip it,
    as long after midnight as ever.
    """
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date()
    moments = (_moment_ms(today - timedelta(days=days), at, zone) for days in (-1, 0, 1, 2))
    return max(moment for moment in moments if moment <= now_ms)


def next_due_ms(at: str, zone: tzinfo, now_ms: int) -> int:
    """The first such moment after `now_ms`."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date()
    moments = (_moment_ms(today + timedelta(days=days), at, zone) for days in (-1, 0, 1, 2))
    return min(moment for moment in moments if moment > now_ms)


def _moment_ms(day: date, at: str, zone: tzinfo) -> int:
    moment = datetime.fromisoformat(f"{day.isoformat()}T{time_of_day(at)}").replace(tzinfo=zone)
    return int(moment.timestamp()) * 1000


def time_of_day(schedule: str) -> str:
    """The time that the setting `train_schedule` means."""
    return NIGHT if schedule == NIGHTLY else schedule


def ask_when_due(folder: ShopFolder, now_ms: int) -> bool:
    """Ask for the scheduled training where it is due and nobody has; whether this call did."""
    try:
        settings = load_settings(folder.root)
    except SettingsInvalid as error:
        log.warning("schedule", code=error.code, message=str(error))
        return False
    if settings.train_schedule == OFF:
        return False
    due_ms = latest_due_ms(settings.train_schedule, settings.zone, now_ms)
    lane = LATER[SCHEDULED].lane
    job = folder.store.schedules.ask(SCHEDULED, {}, due_ms=due_ms, late_ms=LATE_MS, now_ms=now_ms, lane=lane)
    if job is None:
        return False
    log.info("schedule", verb=job.verb, number=job.number, due=datetime.fromtimestamp(due_ms / 1000, UTC).isoformat())
    return True


def set_schedule(folder: ShopFolder, schedule: str, now_ms: int) -> int | None:
    """Write `train_schedule` into the shop's settings; the next moment of it, UTC milliseconds, None when off.

    Raises `SettingsInvalid`.
    """
    write_setting(folder.root, "train_schedule", schedule)
    if schedule == OFF:
        return None
    folder.store.schedules.begin(SCHEDULED, now_ms)
    return next_due_ms(schedule, load_settings(folder.root).zone, now_ms)
