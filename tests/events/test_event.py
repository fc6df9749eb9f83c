"""An event: what it needs, and the id it gets when it has none."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bottega.events.event import Event

WHOLE: dict[str, Any] = {"shopper_id": "ada", "kind": "view", "product_id": "mug", "time_ms": 1_700_000_000_000}


def test_the_derived_id_follows_the_content() -> None:
    first = Event.model_validate(WHOLE)
    assert first.event_id.startswith("h-") and first == Event.model_validate(WHOLE)
    for change in ({"kind": "click"}, {"product_id": "cup"}, {"time_ms": 1_700_000_000_001}, {"shopper_id": "bob"}):
        assert Event.model_validate({**WHOLE, **change}).event_id != first.event_id
    assert Event.model_validate({**WHOLE, "event_id": "own"}).event_id == "own"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shopper_id": None}, "an event needs a shopper_id, an anonymous_id or a session_id"),
        ({"product_id": None}, "a view event needs a product_id"),
        ({"kind": "search", "product_id": None}, "a search event needs a query"),
        ({"kind": "stare"}, "Input should be 'impression', 'view'"),
        ({"time_ms": -1}, "greater than or equal to 0"),
        ({"quantity": 0}, "greater than or equal to 1"),
        ({"quantity": 2**31}, "less than 2147483648"),
        ({"value": float("nan")}, "finite number"),
        ({"product_id": "x" * 513}, "at most 512 characters"),
        ({"product_id": "a\x00b"}, "text must not hold the NUL character"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_what_is_no_event(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Event.model_validate({**WHOLE, **change})


def test_a_search_needs_no_product() -> None:
    assert Event.model_validate({**WHOLE, "kind": "search", "product_id": None, "query": "mug"}).product_id is None
