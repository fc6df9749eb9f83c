"""The moment that a text means, by itself: a count since 1970, ISO 8601, or a date as people and programs write it.

The unit of a number follows from its size: the ranges do not meet for any time between 1990 and 5138. What may mean
two days (05/01/2026) is read as a `TimeForm` says, and else not at all (`dates.py`). Which moments are allowed is said
elsewhere: of events in events/times.py, of sales in catalogue/readers/fields/values.py.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bottega.dates import TimeForm, parted_moment, serial_day

__all__ = ["MICROS_BELOW", "MILLIS_BELOW", "SECONDS_BELOW", "counted_ms", "written_ms"]

_ZONE_NAME = re.compile(r"\s*(?:UTC|GMT|\[[\w/+-]+\])$", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)")
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s,]+(\d{1,2})[:時时](\d{1,2})(?:[:分](\d{1,2})秒?(?:[.,](\d{1,9}))?)?分?\s*([AaPp])?\.?(?:[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
"""The year first, and then anything but two digits everywhere: 2026.5.1 9:05, 2026年5月1日."""
_JOINED_WORDS = re.compile(r"(\d{1,2})[-/]([A-Za-z]{3,9})[-/](\d{4}|\d{2})(?:[:\s]|$)")
_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2})(?: (?:GMT|UTC)?([+-]\d{4})?)?(?: ?\(.*\))?"
)
_UNIX = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:UTC|GMT|Z)? ?(\d{4})")
_NET = re.compile(r"/?Date\((-?\d+)(?:[+-]\d{4})?\)/?")
_LATE_ZONE = re.compile(r"\s+([+-]\d{2}:?\d{2})$")
_MIDNIGHT = re.compile(r"(?<=[T ])24(?=:00(?::00(?:\.0+)?)?(?![\d:.]))")
_MAIL = re.compile(r"(?:[A-Za-z]{3} )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[A-Z]{1,4})")
_WORDED = tuple(
    f"{date} {clock}".strip()
    for date in ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
    for clock in ("", "%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
)
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
"""Digits alone -> what they are where they are no count."""
SECONDS_BELOW, MILLIS_BELOW, MICROS_BELOW = 10**11, 10**14, 10**17
"""A number below is a count of that unit."""


def counted_ms(text: str) -> int | None:
    """UTC milliseconds of a count since 1970; None for what is no number."""
    try:
        value = int(text)
    except ValueError:
        try:
            exact = float(text)
        except ValueError:
            return None
        if not math.isfinite(exact):
            return None
        if abs(exact) < SECONDS_BELOW:
            return round(exact * 1000)
        value = int(exact)
    if abs(value) < SECONDS_BELOW:
        return value * 1000
    if abs(value) < MILLIS_BELOW:
        return value
    return value // 1000 if abs(value) < MICROS_BELOW else value // 1_000_000


def written_ms(text: str, form: TimeForm) -> int | None:
    """The time of a text that is no count since 1970."""
    moment = None
    if (stamp := _NET.fullmatch(text)) is not None:
        return int(stamp[1])
    if not text.isdecimal():
        tries = (_iso_moment, _year_first_moment, _worded_moment, lambda text: parted_moment(text, form))
        moment = next((found for one in tries if (found := one(text)) is not None), None) if len(text) >= 6 else None
    elif (compact := _COMPACT.get(len(text))) is not None:
        with suppress(ValueError):
            moment = datetime.strptime(text, compact)
    if moment is None and form.serial:
        with suppress(ValueError):
            moment = serial_day(float(text))
    if moment is None:
        return None
    try:
        return round((moment if moment.tzinfo else moment.replace(tzinfo=form.zone)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _iso_moment(text: str) -> datetime | None:
    """ISO 8601, as programs write it: slashes for hyphens, a blank before the zone, the zone's name, 24:00."""
    plain = _ZONE_NAME.sub("", text).rstrip()
    if slashed := _SLASHED.match(plain):
        year, month, day = slashed.groups()
        plain = f"{year}-{month:0>2}-{day:0>2}{plain[slashed.end() :]}"
    plain = _LATE_ZONE.sub(r"\1", plain)
    midnight = _MIDNIGHT.search(plain)
    if midnight:
        plain = f"{plain[: midnight.start()]}00{plain[midnight.start() + 2 :]}"
    try:
        moment = datetime.fromisoformat(plain)
        return moment + timedelta(days=1) if midnight else moment
    except (ValueError, OverflowError):
        return None


def _year_first_moment(text: str) -> datetime | None:
    """A date that begins with its year, however its parts are parted and whether or not they are filled up."""
    found = _YEAR_FIRST.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, part, half, zone = found.groups()
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "Pp" else 0)
    try:
        moment = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
        moment += timedelta(microseconds=int((part or "0").ljust(6, "0")[:6]))
        if zone and zone[0] in "+-":
            away = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
            return moment.replace(tzinfo=UTC) + (away if zone[0] == "-" else -away)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if zone else moment


def _worded_moment(text: str) -> datetime | None:
    """A date with the name of its month, as mail (RFC 2822) and reports write it: only such is clear without a form."""
    plain = " ".join(text.replace(",", " ").split())
    if joined := _JOINED_WORDS.match(plain):
        year = joined[3] if len(joined[3]) == 4 else f"20{joined[3]}"
        plain = f"{joined[1]} {joined[2]} {year} {plain[joined.end() :]}".strip()
    elif script := _JAVASCRIPT.fullmatch(plain):
        plain = f"{script[2]} {script[1]} {script[3]} {script[4]} {script[5] or '+0000'}"
    elif unix := _UNIX.fullmatch(plain):
        plain = f"{unix[2]} {unix[1]} {unix[4]} {unix[3]} +0000"
    if _MAIL.fullmatch(plain):
        try:
            return parsedate_to_datetime(plain)
        except (ValueError, TypeError):
            return None
    for form in _WORDED:
        try:
            return datetime.strptime(plain, form)
        except ValueError:
            continue
    return None
