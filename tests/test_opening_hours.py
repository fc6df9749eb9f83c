"""Opening hours: read as a merchant writes them, open at a moment, and when next."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bottega.opening_hours import OpeningHours

MONDAY = datetime(2026, 11, 30)


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    return MONDAY.replace(hour=hour, minute=minute) if not day else datetime(2026, 12, day, hour, minute)


def test_open_from_the_first_minute_to_the_one_before_the_last() -> None:
    hours = OpeningHours.of("Mon-Fri 9:00-12:30, mon-fri 13:30 - 18:00, sat 10:00-24:00")
    assert [hours.is_open(at(*one)) for one in ((8, 59), (9, 0), (12, 29), (12, 30), (13, 30), (17, 59), (18, 0))] == [
        False,
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert hours.is_open(at(23, 59, day=5)) and not hours.is_open(at(0, 0, day=6))


def test_when_somebody_comes_next() -> None:
    hours = OpeningHours.of("mon-fri 9:00-18:00")
    assert hours.next_opening(at(3)) == at(9)
    assert hours.next_opening(at(9)) == at(9, day=1), "it is open already: the next one"
    assert hours.next_opening(at(20, day=4)) == at(9, day=7), "over the weekend"


def test_days_go_around_the_end_of_the_week() -> None:
    hours = OpeningHours.of("sat-mon 10:00-11:00")
    assert [hours.is_open(at(10, day=day)) for day in (1, 4, 5, 6, 7)] == [False, False, True, True, True]


def test_clocks_that_are_put_forward_move_the_moment() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")
    opens = OpeningHours.of("sun 9:00-10:00").next_opening(datetime(2026, 3, 28, 22, tzinfo=lisbon))
    assert (
        opens == datetime(2026, 3, 29, 9, tzinfo=lisbon)
        and opens.utcoffset() != datetime(2026, 3, 28, 9, tzinfo=lisbon).utcoffset()
    )


@pytest.mark.parametrize(
    "text",
    [
        "9-18",
        "mon 18:00-9:00",
        "mon 9:00-25:00",
        "mon 9:61-10:00",
        "mo 9:00-10:00",
        "mon-xyz 9:00-10:00",
        "mon 9:00-9:00",
        ",",
    ],
)
def test_what_is_not_understood_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not understood; hours are days and times"):
        OpeningHours.of(text)
