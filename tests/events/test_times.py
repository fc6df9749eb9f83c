"""Times in every unit, and the ones that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.errors import EventInvalid
from bottega.events.times import EARLIEST_MS, FUTURE_MS, time_column, to_ms

NOW = 1_790_000_000_000
MOMENT = 1_700_000_000_123

moments = st.integers(EARLIEST_MS, NOW + FUTURE_MS)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        (1_700_000_000, 1_700_000_000_000),
        ("1700000000", 1_700_000_000_000),
        ("1700000000.123", MOMENT),
        (1_700_000_000.5, 1_700_000_000_500),
        (MOMENT, MOMENT),
        (MOMENT * 1000 + 7, MOMENT),
        (str(MOMENT * 1_000_000), MOMENT),
        ("1.7e9", 1_700_000_000_000),
        ("2023-11-14T22:13:20.123Z", MOMENT),
        ("2023-11-14T22:13:20.123", MOMENT),
        ("2023-11-14 22:13:20 UTC", 1_700_000_000_000),
        ("2023-11-15T03:43:20.123+05:30", MOMENT),
        ("2023-11-14T22:13:20.123456Z", MOMENT),
        ("2023-11-14", 1_699_920_000_000),
        ("20231114", 1_699_920_000_000),
        (" 1700000000 ", 1_700_000_000_000),
    ],
)
def test_every_way_to_write_a_time(text: str | float, ms: int) -> None:
    assert to_ms(text, now=NOW) == ms
    column, rules = time_column(pl.Series([str(text).strip(), None, "x"]), now=NOW)
    assert column.to_list() == [ms, None, None] and rules.to_list() == [None, None, "time_unreadable"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, r"The time 0 means 1970-01-01T00:00:00\+00:00. A time counts seconds, milliseconds or microseconds"),
        ("12345", r"The time '12345' means 1970-01-01T03:25:45\+00:00"),
        (-5, r"The time -5 means 1969-12-31T23:59:55\+00:00"),
        ("1969-07-20T20:17:00Z", r"means 1969-07-20T20:17:00\+00:00"),
        ("9999-12-31", r"means 9999-12-31T00:00:00\+00:00. .* between 1990 and tomorrow"),
        (99_999_999_999, r"means 5138-11-16T09:46:39\+00:00"),
        (10**22, r"means a year beyond 9999"),
        ("yesterday", r"The time 'yesterday' cannot be read.* Send the moment at which it happened"),
        ("", r"The time '' cannot be read"),
        ("nan", r"The time 'nan' cannot be read"),
        ("inf", r"The time 'inf' cannot be read"),
        ("2023-13-45", r"cannot be read"),
        ("14/11/2023", r"cannot be read"),
    ],
)
def test_a_time_that_makes_no_sense(value: str | int, message: str) -> None:
    with pytest.raises(EventInvalid, match=message):
        to_ms(value, now=NOW)
    column, rules = time_column(pl.Series([str(value)]), now=NOW)
    assert column.to_list() == [None] and rules[0] in ("time_unreadable", "time_too_early", "time_in_future")


@settings(deadline=None)
@given(moments, st.integers(0, 999))
def test_the_unit_follows_from_the_size(ms: int, below: int) -> None:
    assert to_ms(ms // 1000, now=NOW) == ms // 1000 * 1000
    assert to_ms(ms, now=NOW) == ms
    assert to_ms(ms * 1000 + below, now=NOW) == ms
    assert to_ms(ms * 1_000_000 + below * 1000, now=NOW) == ms


@settings(deadline=None)
@given(moments, st.integers(-14 * 60, 14 * 60))
def test_iso_texts_of_every_zone(ms: int, minutes: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert to_ms(local.isoformat(timespec="milliseconds"), now=NOW) == ms
    assert to_ms(moment.replace(tzinfo=None).isoformat(timespec="milliseconds"), now=NOW) == ms


anything = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**21), 10**21).map(str),
    st.floats().map(str),
    moments.map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(anything, max_size=8))
def test_a_column_is_read_like_single_times(texts: list[str]) -> None:
    column, rules = time_column(pl.Series([text.strip() for text in texts], dtype=pl.String), now=NOW)
    for text, ms, rule in zip(texts, column, rules, strict=True):
        assert (ms is None) == (rule is not None)
        if ms is None:
            with pytest.raises(EventInvalid):
                to_ms(text, now=NOW)
        else:
            assert to_ms(text, now=NOW) == ms


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-05-01 10:11:12 -0400", "2026-05-01T14:11:12+00:00"),
        ("2026-05-01T10:11:12.123456789Z", "2026-05-01T10:11:12.123456+00:00"),
        ("2026-05-01T10:11:12+0530", "2026-05-01T04:41:12+00:00"),
        ("2026-05-01 10:11", "2026-05-01T10:11:00+00:00"),
        ("2026-05-01T10:11:12 UTC", "2026-05-01T10:11:12+00:00"),
        ("2026-05-01T10:11:12Z[UTC]", "2026-05-01T10:11:12+00:00"),
        ("2026-05-01T10:11:12+02:00[Europe/Berlin]", "2026-05-01T08:11:12+00:00"),
        ("2026/05/01 10:11:12", "2026-05-01T10:11:12+00:00"),
        ("2026/5/1", "2026-05-01T00:00:00+00:00"),
        ("2026-05-01T24:00:00Z", "2026-05-02T00:00:00+00:00"),
        ("2026-05-01 24:00", "2026-05-02T00:00:00+00:00"),
        ("Fri, 01 May 2026 10:11:12 GMT", "2026-05-01T10:11:12+00:00"),
        ("Fri, 01 May 2026 10:11:12 -0400", "2026-05-01T14:11:12+00:00"),
        ("May 1, 2026, 10:11 AM", "2026-05-01T10:11:00+00:00"),
        ("May 1, 2026, 1:11:12 PM", "2026-05-01T13:11:12+00:00"),
        ("1 May 2026", "2026-05-01T00:00:00+00:00"),
        ("September 3, 2025", "2025-09-03T00:00:00+00:00"),
        ("2026-5-1 9:05", "2026-05-01T09:05:00+00:00"),
        ("2026.05.01 10:11", "2026-05-01T10:11:00+00:00"),
        ("2026/05/01 1:11:12 PM", "2026-05-01T13:11:12+00:00"),
        ("2026-05-01 9:05:06.5 +02", "2026-05-01T07:05:06.5+00:00"),
        ("2026年5月1日 10:11", "2026-05-01T10:11:00+00:00"),
        ("01-May-2026 10:11:12", "2026-05-01T10:11:12+00:00"),
        ("1-May-26", "2026-05-01T00:00:00+00:00"),
        ("01/May/2026:10:11:12 +0200", "2026-05-01T08:11:12+00:00"),
        ("Fri May 01 2026 10:11:12 GMT+0200 (Central European Summer Time)", "2026-05-01T08:11:12+00:00"),
        ("Fri May  1 10:11:12 UTC 2026", "2026-05-01T10:11:12+00:00"),
        ("/Date(1777630272000)/", "2026-05-01T10:11:12+00:00"),
    ],
)
def test_usual_spellings_that_are_clear_are_read(text: str, meant: str) -> None:
    wanted = round(datetime.fromisoformat(meant).timestamp() * 1000)
    now = 1_790_000_000_000
    assert to_ms(text, now=now) == wanted
    times, rules = time_column(pl.Series("time", [text]), now=now)
    assert (times.to_list(), rules.to_list()) == ([wanted], [None])


@pytest.mark.parametrize("text", ["05/01/2026 10:11", "01.05.2026", "2026-05-01T24:01:00Z", "2026-13-01", "lamps"])
def test_what_may_mean_two_days_is_not_guessed(text: str) -> None:
    with pytest.raises(EventInvalid, match="cannot be read"):
        to_ms(text, now=1_790_000_000_000)
