"""Every row of a table of events becomes an event or is counted with a reason, and no damage breaks out."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.errors import InputError

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EVENTS = {
    "csv": "shopper_id,product_id,kind,time,value\nada,mug,view,1700000000,\nbob,cup,purchase,1700000001,5\n",
    "jsonl": '{"shopper_id": "ada", "product_id": "mug", "kind": "view", "time": 1700000000}\n'
    '{"shopper_id": "bob", "product_id": "cup", "kind": "purchase", "time": 1700000001, "value": 5}\n',
}
ODD = st.sampled_from(
    ["", " ", "0", "NULL", 'say "hi"', "a,b;c|d\te", "two\nlines", "\r", "5,00 €", "\x00", "é", "\ud83d", "-1", "1e400",
     "page_view", "9" * 400, "2026-13-45", "2999-01-01", "\ufeff", "\u2028", "undefined", "İ"]
)  # fmt: skip


@SETTINGS
@given(
    cells=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), ODD), max_size=6),
    mark=st.sampled_from([",", ";", "\t", "|"]),
)
def test_every_row_is_accounted_for(read: Callable[..., Any], cells: list[tuple[int, int, str]], mark: str) -> None:
    header, *rows = list(csv.reader(io.StringIO(EVENTS["csv"])))
    rows = [[row[0], f"{row[1]}{n}", *row[2:]] for n in range(4) for row in rows]
    for row, column, value in cells:
        rows[row % len(rows)][column % len(header)] = value
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=mark).writerows([header, *rows])
    outcome = read(written.getvalue().encode("utf-8", "surrogatepass"), format="csv")
    refused = sum(problem.severity == "reject" for problem in outcome.problems)
    assert len(outcome.events) + refused + sum(outcome.ignored.values()) == len(rows)


@pytest.mark.parametrize("format", sorted(EVENTS))
@SETTINGS
@given(
    damage=st.lists(
        st.tuples(
            st.integers(0, 400),
            st.integers(0, 40),
            st.sampled_from([b"", b'"', b"\r", b"\n", b"\xff", b"\x00", b"\x80\x81", b"}", b"{", b"\\u", b"\xe9"]),
        ),
        max_size=5,
    ),
    packed=st.sampled_from(["plain", "gzip", "utf-16", "cut", "cut gzip"]),
)
def test_no_damage_breaks_out(
    read: Callable[..., Any], format: str, damage: list[tuple[int, int, bytes]], packed: str
) -> None:
    content = (EVENTS[format] * 3).encode()
    for place, length, piece in damage:
        content = content[:place] + piece + content[place + length :]
    if packed == "utf-16":
        content = content.decode("utf-8", "replace").encode("utf-16")
    elif packed != "plain":
        content = gzip.compress(content)[: -12 if "cut" in packed else None] if "gzip" in packed else content[:-50]
    try:
        outcome = read(content, "events", format=format)
    except InputError as error:
        assert error.seen
        return
    assert all(problem.rule and problem.row for problem in outcome.problems)
