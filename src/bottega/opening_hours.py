"""Opening hours as a merchant writes them: "mon-fri 9:00-18:00, sat 10:00-14:00". On the shop's own clock."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

__all__ = ["OpeningHours"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? +(\d{1,2}):(\d\d) *- *(\d{1,2}):(\d\d)")
_DAY_MINUTES = 24 * 60


class _Span(NamedTuple):
    """One day's hours, in minutes after midnight; `until` is the first minute in which nobody is there."""

    day: int
    start: int
    until: int


class OpeningHours:
    """When somebody is there, by day of the week."""

    def __init__(self, spans: tuple[_Span, ...]) -> None:
        self._spans = tuple(sorted(spans))

    @classmethod
    def of(cls, text: str) -> OpeningHours:
        """What a setting says. Raises `ValueError`, naming the part that is not understood.

        >>> OpeningHours.of("mon-fri 9:00-18:00").is_open(datetime(2026, 11, 30, 17, 59))
        True
        """
        spans: list[_Span] = []
        for part in text.lower().split(","):
            found = _PART.fullmatch(part.strip())
            days = _days(found[1], found[2] or found[1]) if found else []
            start = int(found[3]) * 60 + int(found[4]) if found else 0
            until = int(found[5]) * 60 + int(found[6]) if found else 0
            if not found or not days or int(found[4]) > 59 or int(found[6]) > 59 or not start < until <= _DAY_MINUTES:
                raise ValueError(
                    f"{part.strip()!r} is not understood; hours are days and times of one day, "
                    "as in mon-fri 9:00-18:00, sat 10:00-14:00"
                )
            spans += [_Span(day, start, until) for day in days]
        return cls(tuple(spans))

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment of the shop's clock."""
        minute = moment.hour * 60 + moment.minute
        return any(one.day == moment.weekday() and one.start <= minute < one.until for one in self._spans)

    def next_opening(self, moment: datetime) -> datetime:
        """The first moment after this one at which somebody comes, on the same clock."""
        found: list[datetime] = []
        for ahead in range(8):
            day = moment.date() + timedelta(days=ahead)
            for one in self._spans:
                if one.day == day.weekday():
                    hour, minute = divmod(one.start, 60)
                    found.append(datetime.combine(day, time(hour, minute), moment.tzinfo))
        return min(one for one in found if one > moment)


def _days(first: str, last: str) -> list[int]:
    """The days from one to another, around the end of the week where need be."""
    if first not in DAYS or last not in DAYS:
        return []
    start, count = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % len(DAYS) + 1
    return [(start + step) % len(DAYS) for step in range(count)]
