"""Whatever comes through the doors for other systems' callers, nothing inside fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.serving.http.callers.gorse import _ROUTES
from bottega.serving.http.callers.personalize import _OPERATIONS

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["tea-1", "s1", "undefined", "0", "\x00", "\ud83d", "2026-02-24", "0001-01-01T00:00:00Z", "$X", ""]
    ),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=4),
    st.dictionaries(st.text(max_size=6), st.one_of(st.text(max_size=5), st.floats(), st.none()), max_size=3),
)
GORSE = ("UserId", "ItemId", "Labels", "Comment", "IsHidden", "Categories", "Timestamp", "FeedbackType", "Value")
PERSONALIZE = (
    "campaignArn", "userId", "itemId", "numResults", "filterArn", "filterValues", "promotions", "metadataColumns",
    "inputList", "trackingId", "sessionId", "eventList", "datasetArn", "items", "users", "eventType", "sentAt",
    "eventId", "eventValue", "impression", "properties", "recommendationId",
)  # fmt: skip
USUAL = {
    "FeedbackType": "read", "campaignArn": "arn:aws:personalize:eu:1:campaign/home", "trackingId": "t",
    "sessionId": "v", "eventType": "View", "sentAt": 1771927200, "datasetArn": "arn", "ItemId": "tea-1",
    "UserId": "s1", "itemId": "tea-1", "userId": "s1",
}  # fmt: skip


def objects(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of known fields: some as they should be, some odd."""
    fields = {name: st.one_of(odd, st.just(USUAL[name])) if name in USUAL else odd for name in names}
    return st.fixed_dictionaries({}, optional=fields)


def refuse_bugs(status: int, text: str) -> None:
    assert status < 500 or status == 501, text


@pytest.fixture
def client(trained: Any, open_door: Callable[..., Any]) -> Any:
    """One shop for all examples of a test."""
    return open_door(trained, require_key=False).client


@given(
    st.sampled_from(_ROUTES),
    st.one_of(objects(GORSE), st.lists(st.one_of(objects(GORSE), odd), max_size=3), odd),
    st.dictionaries(st.sampled_from(["n", "offset", "category", "cursor", "q", "write-back-type", "write-back-delay",
                                     "user-id"]), st.text(max_size=6), max_size=3),
    st.lists(st.one_of(st.text(min_size=1, max_size=8), st.sampled_from(["tea-1", "s1", "read", "popular"])),
             min_size=3, max_size=3),
)  # fmt: skip
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_gorse(client: Any, route: Any, body: Any, query: dict[str, str], steps: list[str]) -> None:
    method, pattern, *_ = route
    left = iter(quote(step, safe="", errors="replace") for step in steps)
    path = "/".join(next(left) if step.startswith("{") else step for step in pattern.split("/"))
    content = _json(body) if method in ("POST", "PUT", "PATCH") else None
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    answer = client.request(method, f"/gorse/api/{path}", params=clean, content=content)
    refuse_bugs(answer.status_code, answer.text)


@given(
    st.sampled_from([*_OPERATIONS, "actions", "nothing"]),
    st.one_of(objects(PERSONALIZE), odd),
    st.lists(objects(PERSONALIZE), max_size=2),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_personalize(client: Any, operation: str, body: Any, rows: list[dict[str, Any]]) -> None:
    if isinstance(body, dict) and rows:
        body = body | {"eventList": rows, "items": rows, "users": rows, "promotions": rows[:1]}
        allowed = {
            "recommendations": ("eventList", "items", "users"),
            "personalize-ranking": ("eventList", "items", "users", "promotions"),
            "events": ("items", "users", "promotions"),
            "items": ("eventList", "users", "promotions"),
            "users": ("eventList", "items", "promotions"),
        }
        body = {name: value for name, value in body.items() if name not in allowed.get(operation, ())}
    answer = client.post(f"/personalize/{operation}", content=_json(body))
    refuse_bugs(answer.status_code, answer.text)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
