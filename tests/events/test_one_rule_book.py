"""A row that is posted and one that is imported are taken or refused alike, by the same rule."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.record_events import EVENT_FIELDS, _posted
from bottega.events.aliases import set_aside
from bottega.events.batch import RAW_FIELDS, RawBatch
from bottega.events.check import Checker
from bottega.events.event import rule_of
from bottega.events.log_in import is_log_in
from bottega.events.row_rules import ASKED, ID_FIELDS, QUANTITY_MOST
from bottega.events.rules import RULES
from bottega.names import ID_MAX, EventKind
from bottega.sources.problems import Problem, Severity

NOW = 1_790_000_000_000

PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6)
LONG = st.integers(ID_MAX - 1, ID_MAX + 2).map(lambda length: "x" * length)
ODD = st.sampled_from(["undefined", "NULL", "0", "-1", "guest", "nan", " ", "", "a\x00b", "true", "[object Object]"])
ID = st.none() | st.sampled_from(["ada", "7", " bob ", "a/b"]) | PLAIN | LONG | ODD
KIND = st.none() | st.sampled_from([*EventKind, "Product Viewed", "purchase-complete", "lick", "  view "]) | ODD
TIME = st.sampled_from(["1760000000", "1760000000000", "2026-05-01T12:00:00Z", "5", "noon", "2999-01-01", "1969-07-20"])
NUMBER = (
    st.none()
    | st.integers(-2, 3).map(str)
    | st.sampled_from(["2.0", "2.5", "1e3", "1_000", "+4", ".5", "5.", "inf", "-inf", "1e400", "two", "1,5", "0x10"])
    | st.sampled_from([str(QUANTITY_MOST), str(QUANTITY_MOST + 1), "٣"])
    | st.floats(allow_nan=False).map(str)
    | ODD
)
ROWS = st.fixed_dictionaries(
    {
        **dict.fromkeys(ID_FIELDS, ID),
        "kind": KIND,
        "time": TIME,
        **dict.fromkeys(("quantity", "value", "rating"), NUMBER),
        "query": st.none() | PLAIN | ODD,
    }
).filter(lambda row: not (row["kind"] and (is_log_in(row["kind"]) or set_aside(row["kind"]))))
"""A log-in and a kind that is set aside are no events; a post may leave its time out, a row of a file may not."""


Came = tuple[str | None, dict[str, Any] | None, set[str]]
"""The rule that refuses a row, what it becomes otherwise, and the rules of fields that could not be read."""


def imported(row: dict[str, str | None]) -> Came:
    """What a file makes of it."""
    problems: list[Problem] = []
    checker = Checker("f", "bottega", True, None, NOW, problems.append, Counter(), Counter())
    events = checker.check(RawBatch(["1"], {name: [row.get(name)] for name in RAW_FIELDS})).rows(named=True)
    refused = [problem for problem in problems if problem.severity is Severity.REJECT]
    assert len(events) + len(refused) == 1
    unread = {problem.rule for problem in problems if problem.severity is Severity.WARN}
    return (refused[0].rule, None, unread) if refused else (None, events[0], unread)


def posted(row: dict[str, Any]) -> Came:
    good, bad = checked([row], lambda _, one: _posted(one, NOW, []), EVENT_FIELDS, rule_of=rule_of)
    if bad:
        assert bad[0].rule is not None and bad[0].fix
        return bad[0].rule, None, set()
    assert good[0].event is not None
    return None, good[0].event.model_dump(), {one.rule for one in good[0].unread}


def alike(row: dict[str, str | None], post: dict[str, Any]) -> None:
    (refused, kept, unread), (answer, event, told) = imported(row), posted(post)
    assert (answer, told) == (refused, unread)
    if kept is not None and event is not None:
        for name in ("event_id", "shopper_id", "session_id", "product_id", "time_ms", "quantity", "value", "query"):
            assert event[name] == kept[name], name
        assert event["kind"].code == kept["kind"]


@settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(row=ROWS)
@example(row={"shopper_id": "ada", "kind": "view", "product_id": "mug", "time": "1760000000", "quantity": "many"})
@example(row={"shopper_id": "ada", "kind": "search", "query": "   ", "time": "1760000000"})
@example(row={"shopper_id": "guest", "kind": "lick", "time": "5", "quantity": "0"})
@example(row={"shopper_id": "x" * 600, "kind": "view", "time": "5", "quantity": "0"})
@example(row={"shopper_id": "ada", "kind": "view", "product_id": "mug", "time": "5", "quantity": "0"})
def test_a_row_of_texts_is_taken_or_refused_alike(row: dict[str, str | None]) -> None:
    alike(row, {name: value for name, value in row.items() if value is not None})


@pytest.mark.parametrize("name", ["quantity", "value", "rating"])
@pytest.mark.parametrize("number", [-1, 0, 1, 2.0, 2.5, 1e300, QUANTITY_MOST, QUANTITY_MOST + 1, 2**80, True])
def test_a_number_is_taken_or_refused_as_its_text_is(name: str, number: float) -> None:
    row = {"shopper_id": "ada", "kind": "purchase", "product_id": "mug", "time": "1760000000"}
    text = str(number).lower() if isinstance(number, bool) else str(number)
    alike({**row, name: text}, {**row, name: number})


def test_every_rule_that_is_asked_is_in_the_manuals_table() -> None:
    assert set(ASKED) <= set(RULES) and len(ASKED) == len(set(ASKED))
