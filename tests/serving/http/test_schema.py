"""Whatever the OpenAPI schema allows, and some of what it does not, never breaks the server."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis

PATHS = (
    "/v1/recommendations",
    "/v1/events",
    "/v1/products",
    "/v1/products/query",
    "/v1/similar",
    "/v1/suggestions/decide",
)
QUIET = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("placement", "shopper", "product_ids", "filter", "pin", "boost", "n", "id", "title", "kind", "time", "after")


@pytest.fixture
def quiet_door(trained: Path, open_door: Callable[..., Any]) -> Any:
    return open_door(trained)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_the_schema_generates_breaks_a_route(quiet_door: Any, path: str) -> None:
    schema = schemathesis.openapi.from_dict(quiet_door.client.app.openapi())

    @QUIET
    @given(case=schema[path]["POST"].as_strategy())
    def check(case: Any) -> None:
        body = case.body if isinstance(case.body, dict | list) else None
        response = quiet_door.client.post(path, json=body, headers={"X-API-Key": quiet_door.key})
        assert response.status_code in (200, 404, 422), response.text

    check()


@pytest.mark.parametrize("path", PATHS)
def test_no_json_breaks_a_route(quiet_door: Any, path: str) -> None:
    @QUIET
    @given(body=json_values | st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4))
    def check(body: Any) -> None:
        response = quiet_door.client.post(path, json=body, headers={"X-API-Key": quiet_door.key})
        assert response.status_code in (200, 404, 422), response.text

    check()


def test_every_route_has_an_example_that_works(quiet_door: Any) -> None:
    for path in PATHS:
        content = quiet_door.client.app.openapi()["paths"][path]["post"]["requestBody"]["content"]
        for name, example in content["application/json"]["examples"].items():
            headers = {"X-API-Key": quiet_door.key}
            response = quiet_door.client.post(path, json=example["value"], headers=headers)
            assert response.status_code in (200, 404), (path, name, response.text)
    assert quiet_door.client.get("/docs").status_code == 200
