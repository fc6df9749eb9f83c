"""Whatever the schema allows at whatever route: no role opens more than its own, and nothing breaks."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bottega.actions.verbs import VERBS
from bottega.names import Role

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis

ONE_EACH = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OPENED_BY = {one.route: one.role for one in VERBS if one.route}


@pytest.mark.parametrize("role", [Role.READ, Role.EVENTS])
def test_no_request_of_the_schema_goes_beyond_its_role(door: Any, role: Role) -> None:
    """One request for each route that the role does not open: refused, and the shop as it was."""
    key = {"X-API-Key": door.shop.folder.store.keys.create("generated", role=role)}
    schema = schemathesis.openapi.from_dict(door.client.app.openapi())
    before, asked = door.client.get("/v1/health").json(), 0
    for path in schema:
        for method in schema[path]:
            route = f"{method.upper()} {path}"
            if role.opens(OPENED_BY.get(route, role)):
                continue

            @ONE_EACH
            @given(case=schema[path][method].as_strategy())
            def ask(case: Any) -> None:
                nonlocal asked
                body = case.body if isinstance(case.body, dict | list) else None
                address = case.formatted_path if hasattr(case, "formatted_path") else case.path
                query = {name: str(value) for name, value in (case.query or {}).items()}
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    answer = door.client.request(case.method, address, params=query, json=_plain(body), headers=key)
                assert answer.status_code == 403, (case.method, address, answer.text)
                assert answer.json()["error"]["code"] == "role_refused"
                asked += 1

            ask()
    after = door.client.get("/v1/health").json()
    assert asked >= 50 and (after["events"], after["products"]) == (before["events"], before["products"])


def _plain(body: Any) -> Any:
    """Files of forms as their names: who may not ask is refused before anybody looks."""
    if isinstance(body, dict):
        return {name: _plain(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_plain(value) for value in body]
    return body if isinstance(body, str | int | float | bool | None) else "file"


def test_a_list_of_no_rows_is_refused_in_words(door: Any) -> None:
    error = door.post("/v1/reviews", [], 422)["error"]
    assert error["code"] == "request_invalid" and "reviews" in error["message"]


@pytest.mark.parametrize(
    "path", ["/v1/synonyms/delete", "/v1/meanings/forget", "/v1/meanings/restore", "/v1/questions/delete"]
)
def test_a_number_beyond_the_store_is_refused_in_words(door: Any, path: str) -> None:
    assert door.post(path, {"numbers": [2**64]}, 422)["error"]["code"] == "request_invalid"
