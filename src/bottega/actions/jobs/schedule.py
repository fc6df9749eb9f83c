"""Asking for scheduled work when it is due: trainings, letters, what changed on connected platforms
(`shop/schedules.py` has the moments).

Every worker looks now and then; the store sees to it that one moment gives one job (`store/schedules.py`). The settings
are read anew at each look, so that switching a schedule on or off needs no restart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, tzinfo

import structlog

from bottega.actions.jobs.ask import LATER
from bottega.errors import SettingsInvalid
from bottega.settings import load_settings, write_setting
from bottega.shop.folder import ShopFolder
from bottega.shop.schedules import CONNECTING, OFF, SCHEDULES, TRAINING, Scheduled, latest_due_ms, next_due_ms

__all__ = ["LATE_MS", "ask_when_due", "set_schedule"]

log = structlog.get_logger("bottega")
LATE_MS = 6 * 3_600_000
"""A moment that nobody was there to see is made up for within so long; after that the next one is waited for."""


def ask_when_due(folder: ShopFolder, now_ms: int) -> bool:
    """Ask for scheduled work where it is due and nobody has; whether this call did."""
    try:
        settings = load_settings(folder.root)
    except SettingsInvalid as error:
        log.warning("schedule", code=error.code, message=str(error))
        return False
    asked = [_asked(folder, one, getattr(settings, one.setting), settings.zone, now_ms) for one in SCHEDULES]
    if settings.connect_schedule != OFF and (connections := folder.store.connections.all()):
        from bottega.shop.platforms import unready  # a worker without connections needs none of it

        waiting = unready(folder)  # a job would only fail, again and again: who runs the shop is told instead
        for kept in connections:
            if kept.platform in waiting:
                continue
            one = replace(CONNECTING, request={"platform": kept.platform})
            turn = f"{one.verb} {kept.platform}"
            asked.append(_asked(folder, one, settings.connect_schedule, settings.zone, now_ms, turn=turn))
    return any(asked)


def _asked(folder: ShopFolder, one: Scheduled, schedule: str, zone: tzinfo, now_ms: int, *, turn: str = "") -> bool:
    if schedule == OFF:
        return False
    due_ms = latest_due_ms(schedule, zone, now_ms)
    lane = LATER[one.verb].lane or one.verb
    asking = folder.store.schedules.ask
    late_ms = LATE_MS if one.late_ms is None else one.late_ms
    job = asking(one.verb, one.request, due_ms=due_ms, late_ms=late_ms, now_ms=now_ms, lane=lane, turn=turn)
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
