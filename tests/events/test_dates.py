"""Dates that one row leaves open are decided by their column, and what was decided is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.dates import Survey, TimeForm, parted_moment, zone_called
from bottega.errors import MappingInvalid
from bottega.events.times import to_ms

Read = Callable[..., Any]
NOW = 1_790_000_000_000
HEADER = "user_id,item_id,event_type,date\n"


def rows(*dates: str) -> str:
    return HEADER + "".join(f'u{number},a,view,"{date}"\n' for number, date in enumerate(dates))


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("dates", "first", "said"),
    [
        (["05/01/2026", "29/01/2026"], "2026-01-05", "with the day first: 1 rows can be read in no other way"),
        (["05/01/2026 2:05 PM", "05/29/2026 2:06 PM"], "2026-05-01T14:05", "with the month first: 1 rows"),
        (["01.05.2026 14:05"], "2026-05-01T14:05", "with the day first: with dots it always is"),
        (["29.11.2025 14:05:06", "1.2.2026"], "2025-11-29T14:05:06", "with the day first: 1 rows"),
        (["01/12/2026", "02/11/2026"], "2026-01-12", "with the month first: read the other way some lie in the future"),
        (
            ["01/02/2026", "01/03/2026", "01/04/2026", "02/01/2026", "02/04/2026"],
            "2026-01-02",
            "with the month first: so the rows stand in the order of time",
        ),
        (["05-01-2026", "29-01-2026"], "2026-01-05", "with the day first"),
        (["46023.5", "46024"], "2026-01-01T12:00", "a worksheet's days"),
    ],
)
def test_the_column_decides(read: Read, dates: list[str], first: str, said: str) -> None:
    found = read(rows(*dates), chunk_rows=1)
    assert found.problems == [] and found.column("time_ms")[0] == ms(first)
    assert len(found.notes) == 1 and said in found.notes[0]


def test_what_nothing_decides_is_refused_until_it_is_said(read: Read) -> None:
    text = rows("05/01/2026", "06/01/2026")
    found = read(text)
    assert [rule for _, rule in found.rules] == ["time_unreadable"] * 2 and "--dates" in found.problems[0].fix
    assert "may mean two days, and nothing in the file decides: say --dates day or month" in found.notes[0]
    assert read(text, dates="day").column("time_ms")[0] == ms("2026-01-05")
    assert read(text, dates="month").column("time_ms")[0] == ms("2026-05-01")


def test_dates_that_contradict_one_another_speak_for_themselves(read: Read) -> None:
    found = read(rows("29/01/2026", "01/29/2026", "03/04/2026", "05/05/2026"))
    assert found.column("time_ms") == [ms("2026-01-29"), ms("2026-01-29"), ms("2026-05-05")]
    assert [rule for _, rule in found.rules] == ["time_unreadable"]


def test_a_counter_is_no_worksheet(read: Read) -> None:
    found = read(rows("1", "40000", "46023"))
    assert [rule for _, rule in found.rules] == ["time_too_early"] * 3 and found.notes == []


def test_times_without_a_zone_are_of_the_zone_that_is_said(read: Read) -> None:
    text = rows("2026-07-01 12:00", "2026-01-01T12:00:00", "2026-07-01T12:00:00Z", "July 1, 2026", "01.07.2026 12:00")
    there = read(text, timezone="Europe/Berlin")
    wanted = ["2026-07-01T10:00", "2026-01-01T11:00", "2026-07-01T12:00", "2026-06-30T22:00", "2026-07-01T10:00"]
    assert there.column("time_ms") == [ms(one) for one in wanted]
    with pytest.raises(MappingInvalid, match=r"no time zone 'Berlin'. Zones have the names of the IANA list"):
        zone_called("Berlin")


def test_digits_alone_may_be_a_moment() -> None:
    assert to_ms("20260501140506", now=NOW) == ms("2026-05-01T14:05:06")
    assert to_ms("202605011405", now=NOW) == ms("2026-05-01T14:05")
    assert to_ms(1_777_636_800_000, now=NOW) == 1_777_636_800_000


@settings(deadline=None)
@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2026, 9, 1)),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d-%m-%Y, %H:%M:%S", "%d/%m/%Y %I:%M:%S %p"]),
)
def test_every_date_in_parts_is_read_back(moment: datetime, form: str) -> None:
    whole = moment.replace(microsecond=0)
    text = whole.strftime(form)
    assert parted_moment(text, TimeForm(first={text[2]: "day"})) == whole
    swapped = whole.strftime(form.replace("%d", "#").replace("%m", "%d").replace("#", "%m"))
    assert parted_moment(swapped, TimeForm(first={text[2]: "month"})) == whole
    assert parted_moment(text, TimeForm()) is None


@settings(deadline=None, max_examples=50)
@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 8, 1)), min_size=1, max_size=30), st.booleans())
def test_a_survey_never_decides_wrongly_where_one_date_is_clear(moments: list[datetime], day_first: bool) -> None:
    clear = [*moments, datetime(2025, 6, 28)]
    survey = Survey(NOW)
    survey.look([moment.strftime("%d/%m/%Y" if day_first else "%m/%d/%Y") for moment in clear])
    form, notes = survey.form(UTC)
    assert form.first == {"/": "day" if day_first else "month"} and len(notes) == 1


@pytest.mark.parametrize(
    "text", ["1/2", "1/2/3/4", "99/99/2026", "00/01/2026", "1/13/2026 25:00", "31/02/2026", "", "/"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parted_moment(text, TimeForm(first={"/": "day"})) is None


def test_zones_beside_dates_in_parts() -> None:
    form = TimeForm(first={"/": "day"})
    moment = parted_moment("01/05/2026 10:00 +0200", form)
    assert moment == datetime(2026, 5, 1, 8, tzinfo=UTC) and moment.utcoffset() == timedelta(0)
