"""Dates that one row alone leaves open, decided by the whole column: 05/01/2026, 29.11.2026 14:05, 46023.5.

Day first or month first? One date of the column that can only be read one way (29/11) decides for all of them. Else
that reading is taken under which the rows stand in the order of time and nothing lies ahead of our clock; with dots the
day comes first, for nobody writes it otherwise. What is still open is refused, and `--dates day` or `--dates month`
says it. A column of which every number lies between 32,874 and today's day is one of a worksheet: days since 1900.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bottega.errors import MappingInvalid

__all__ = ["PLAIN", "DateOrder", "Survey", "TimeForm", "parted_moment", "serial_day", "zone_called"]

DateOrder = Literal["day", "month", "each"]
"""Which comes first; `each`: dates that contradict one another, so that each speaks for itself."""

_PARTED = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})\.?"
    r"(?:(?:,|T|\s)\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_FIRST_SERIAL = 32_874
"""1990-01-01 as a worksheet counts days."""
_WORKSHEET_EPOCH = datetime(1899, 12, 30)
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How the times of one column are written."""

    zone: tzinfo = UTC
    """Of times that name none."""
    first: Mapping[str, DateOrder] = field(default_factory=dict)
    """Mark between the parts of a date -> what comes first; a mark that is missing leaves its dates open."""
    serial: bool = False
    """Whether small numbers are a worksheet's days."""


PLAIN = TimeForm()
"""What is clear without a column around it."""


def zone_called(name: str | None) -> tzinfo:
    """The time zone of a name such as Europe/Berlin; UTC where none is given. Raises `MappingInvalid`."""
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MappingInvalid(
            f"There is no time zone {name!r}.",
            allowed="Zones have the names of the IANA list, as in Europe/Berlin or America/New_York; or UTC.",
            next_step="Correct --timezone.",
        ) from error


def parted_moment(text: str, form: TimeForm) -> datetime | None:
    """The moment of a date in parts, read as the form says; None where it is none, or where that is open."""
    found = _PARTED.fullmatch(text.strip())
    if not found or (order := form.first.get(found["sep"])) is None:
        return None
    a, b = int(found["a"]), int(found["b"])
    if order == "each" and (a <= 12) == (b <= 12) and a != b:
        return None
    day_first = order == "day" or (order == "each" and a > 12)
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    hour = int(found["hour"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0)
    part = int((found["part"] or "0").ljust(6, "0")[:6])
    try:
        day, month = (a, b) if day_first else (b, a)
        moment = datetime(year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0), part)
    except ValueError:
        return None
    zone = found["zone"]
    if zone and zone[0] in "+-":
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        return moment.replace(tzinfo=UTC) + (away if zone[0] == "-" else -away)
    return moment.replace(tzinfo=UTC) if zone else moment


def serial_day(number: float) -> datetime | None:
    """The moment of a worksheet's day, 46023.5; None for a number before 1990."""
    if not _FIRST_SERIAL <= number < 2_958_466:
        return None
    return _WORKSHEET_EPOCH + timedelta(milliseconds=round(number * 86_400_000))


class Survey:
    """Looks through a column for what decides how its dates are read. `now`: our clock, where what happened lies before
    it and rows may stand in the order of time; None where neither need be, as with the days of a sale."""

    def __init__(self, now: int | None) -> None:
        today = datetime.max if now is None else datetime.fromtimestamp(now / 1000, UTC) + timedelta(days=1)
        self._today = today.replace(tzinfo=None)
        self._happened = now is not None
        self._day: dict[str, int] = {}
        """Mark -> dates that only make sense with the day first."""
        self._month: dict[str, int] = {}
        self._open: dict[str, list[tuple[int, int, int, str]]] = {}
        self._lowest, self._highest = float("inf"), float("-inf")
        self._texts = 0

    def look(self, texts: Iterable[str | None]) -> None:
        """See some more of the column, in the order of its rows."""
        for text in texts:
            if not text:
                continue
            found = _PARTED.fullmatch(text.strip())
            if found:
                mark, a, b = found["sep"], int(found["a"]), int(found["b"])
                if a > 12 >= b:
                    self._day[mark] = self._day.get(mark, 0) + 1
                elif b > 12 >= a:
                    self._month[mark] = self._month.get(mark, 0) + 1
                else:
                    kept = self._open.setdefault(mark, [])
                    key = (int(found["year"]), a, b, text)
                    if len(kept) < _REMEMBERED and (not kept or kept[-1] != key):
                        kept.append(key)
                continue
            try:
                number = float(text)
            except ValueError:
                continue
            self._lowest, self._highest = min(self._lowest, number), max(self._highest, number)

    def form(self, zone: tzinfo, said: DateOrder | None = None) -> tuple[TimeForm, list[str]]:
        """How the column is written, and in sentences what was decided. `said`: what `--dates` says."""
        first: dict[str, DateOrder] = {}
        notes = []
        for mark in sorted({*self._day, *self._month, *self._open}):
            order, why = (said, "--dates says so") if said else self._order(mark)
            shown = f"Dates like {self._example(mark)}"
            if order is None:
                notes.append(f"{shown} may mean two days, and nothing in the file decides: say --dates day or month.")
                continue
            first[mark] = order
            if order == "each":
                notes.append(f"{shown} contradict one another ({why}): only those that can be read one way are read.")
            else:
                notes.append(f"{shown} were read with the {order} first: {why}.")
        serial = self._is_serial()
        if serial:
            notes.append("Times are a worksheet's days (46023.5), for every number of the column is one.")
        return TimeForm(zone, first, serial), notes

    def _order(self, mark: str) -> tuple[DateOrder | None, str]:
        day, month = self._day.get(mark, 0), self._month.get(mark, 0)
        if day and month:
            return "each", f"{day:,} have the day first, {month:,} the month"
        if day or month:
            word: DateOrder = "day" if day else "month"
            return word, f"{day or month:,} rows can be read in no other way"
        if not self._happened:
            return ("day", "with dots it always is") if mark == "." else (None, "")
        moments: dict[DateOrder, list[datetime]] = {}
        for word in ("day", "month"):
            form = TimeForm(first={mark: word})
            found = [moment for *_, text in self._open[mark] if (moment := parted_moment(text, form)) is not None]
            moments[word] = [moment.replace(tzinfo=None) for moment in found]
        past = [word for word, found in moments.items() if all(moment <= self._today for moment in found)]
        if len(past) == 1:
            return past[0], "read the other way some lie in the future"
        ordered = [word for word, found in moments.items() if len(set(found)) >= 5 and _in_order(found)]
        if len(ordered) == 1:
            return ordered[0], "so the rows stand in the order of time"
        return ("day", "with dots it always is") if mark == "." else (None, "")

    def _example(self, mark: str) -> str:
        if self._open.get(mark):
            return self._open[mark][0][3]
        return f"29{mark}11{mark}2026" if self._day.get(mark) else f"11{mark}29{mark}2026"

    def _is_serial(self) -> bool:
        newest = (self._today - _WORKSHEET_EPOCH).total_seconds() / 86_400
        return _FIRST_SERIAL <= self._lowest <= self._highest <= newest


def _in_order(moments: list[datetime]) -> bool:
    pairs = list(pairwise(moments))
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)
