"""Requests that the schema allows, at every route with a key of each role: what breaks, and what goes beyond the role.

    python benchmarks/fuzz_roles.py [--requests 10000]

The shop is a small one without a training; requests are drawn by schemathesis, the same in every run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from bottega.actions.verbs import VERBS
from bottega.log import log_as_json
from bottega.names import Role
from bottega.serving.http.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from starlette.testclient import TestClient

OPENED_BY = {one.route: one.role for one in VERBS if one.route}
SHELF = [
    {"id": f"tea-{number}", "title": f"Green tea {number}", "category": ["Food", "Tea"], "brand": f"b{number % 3}"}
    for number in range(30)
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="about so many in all")
    asked = parser.parse_args().requests
    os.environ.setdefault("BOTTEGA_WORKER", "false")
    log_as_json("warning")
    with (
        tempfile.TemporaryDirectory() as folder,
        TestClient(create_app(Path(folder)), raise_server_exceptions=False) as client,
    ):
        shop = client.app.state.door.shop  # type: ignore[attr-defined]
        keys = {role: shop.store.keys.create(role.value, role=role) for role in Role}
        client.post("/v1/products", json=SHELF, headers={"X-API-Key": keys[Role.ADMIN]}).raise_for_status()
        schema = schemathesis.openapi.from_dict(client.app.openapi())  # type: ignore[attr-defined]
        routes = [(path, method) for path in schema for method in schema[path]]
        each = max(1, asked // (len(routes) * len(Role)))
        print(f"{len(routes)} routes, {each} requests each with each role")
        for role, key in keys.items():
            told, began = Counter[str](), time.process_time()
            for path, method in routes:
                _ask(client, schema[path][method], f"{method.upper()} {path}", role, key, each, told)
            print(f"{role.value:7} {dict(sorted(told.items()))}, {time.process_time() - began:.0f} s of processor time")


def _ask(client: Any, operation: Any, route: str, role: Role, key: str, each: int, told: Counter[str]) -> None:
    @settings(
        max_examples=each,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        query = {name: str(value) for name, value in (case.query or {}).items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = client.request(
                case.method, case.formatted_path, params=query, json=_plain(case.body), headers={"X-API-Key": key}
            )
        told["requests"] += 1
        told[f"{answer.status_code // 100}xx"] += 1
        refused = answer.status_code == 403 and '"role_refused"' in answer.text
        needed = OPENED_BY.get(route)
        if needed is not None and refused is role.opens(needed):
            told["beyond the role"] += 1
            print(f"  {role.value}: {route} answered {answer.status_code}")
        if answer.status_code >= 500 and answer.status_code != 501:
            told["broken"] += 1
            print(f"  {role.value}: {route} answered {answer.status_code}: {answer.text[:200]}")

    ask()


def _plain(body: Any) -> Any:
    """A body as JSON holds it; files of forms become a word."""
    if isinstance(body, dict):
        return {name: _plain(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_plain(value) for value in body]
    return body if isinstance(body, str | int | float | bool | None) else "file"


if __name__ == "__main__":
    main()
