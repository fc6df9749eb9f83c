"""docs/api.md and docs/errors.md say all there is, and their examples work."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

import bottega.errors as errors
from bottega.actions.intake.record_events import EVENT_FIELDS
from bottega.actions.intake.shapes import ProductQuery
from bottega.actions.recommend import shapes as requests
from bottega.actions.verbs import VERBS
from bottega.catalogue.filter import Filter
from bottega.models.recommend.last_mile.reasons import REASON_CODES

DOCS = Path(__file__).parents[3] / "docs"
API = (DOCS / "api.md").read_text()
ERRORS = (DOCS / "errors.md").read_text()
EXAMPLE = re.compile(
    r"curl \"?http://127\.0\.0\.1:8000([^\s\"?]+)(?:[^`]*?-d '([^`]*?)')?[^`]*?\n```\n(?:\n```json\n(.*?)```)?",
    re.DOTALL,
)


def test_every_route_has_a_section_and_an_example(open_door: Callable[..., Any]) -> None:
    paths = open_door(None).client.app.openapi()["paths"]
    assert paths
    for path, methods in paths.items():
        for method in methods:
            assert f"## {method.upper()} {path}\n" in API
            assert f"| `{method.upper()} {path}` |" in API
    shown = {re.sub(r"/\d+$", "/{number}", match[1]) for match in EXAMPLE.finditer(API)}
    shown = {re.sub(r"/webhooks/\w+$", "/webhooks/{platform}", path) for path in shown}
    shown = {re.sub(r"/videos/[\w.-]+$", "/videos/{name}", path) for path in shown}
    shown = {re.sub(r"/lookbooks/l-\w+/[\w.]+$", "/lookbooks/{name}/{file}", path) for path in shown}
    shown = {re.sub(r"/reports/[\d-]+/[\w.]+$", "/reports/{week}/{file}", path) for path in shown}
    assert shown == set(paths)


def test_every_request_field_and_word_is_explained() -> None:
    shapes = (requests.RecommendationRequest, Filter, requests.RecommendationAnswer)
    for shape in shapes:
        for name, field in shape.model_fields.items():
            assert f"| `{field.alias or name}` |" in API, name
    for name in [*requests.SimilarRequest.model_fields, *ProductQuery.model_fields]:
        assert f"`{name}`" in API, name
    for name in EVENT_FIELDS:
        assert f"`{name}`" in API, name
    for code in REASON_CODES:
        assert f"| `{code}` |" in API, code
    for name in ("popular", "content", "untrained", "padded:popular", "padded:seen", "no_consent"):
        assert f"| `{name}` |" in API


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    """The shapes that a field holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _shapes(part)


def test_the_manual_explains_every_field_that_a_route_takes() -> None:
    waiting: list[type[BaseModel]] = [verb.takes for verb in VERBS if verb.route]
    looked_at: set[type[BaseModel]] = set()
    silent = []
    while waiting:
        shape = waiting.pop()
        if shape in looked_at:
            continue
        looked_at.add(shape)
        for name, field in shape.model_fields.items():
            inside = list(_shapes(field.annotation))
            waiting += inside
            if not field.description and not inside:  # a shape's own words stand where its field has none
                silent.append(f"{shape.__name__}.{name}")
    assert silent == []


def test_every_example_works_and_answers_in_that_shape(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    examples = {path: (body, answer) for path, body, answer in EXAMPLE.findall(API)}
    order = ["/v1/products", "/v1/events", "/v1/products/query", "/v1/similar", "/v1/recommendations", "/v1/shoppers"]
    others = [
        {"id": f"lamp-{i}", "title": "Oak lamp", "category": ["Home", "Lamps"], "brand": "Nord"} for i in range(5)
    ]
    door.post("/v1/products", others)
    for path in order:
        body, answer = examples[path]
        assert set(door.post(path, json.loads(body))) == set(json.loads(answer)), path
    body, answer = next((one[1], one[2]) for one in EXAMPLE.findall(API) if one[0] == "/v1/jobs" and one[2])
    assert set(door.post("/v1/jobs", json.loads(body), 202)) == set(json.loads(answer))
    assert set(door.client.get("/v1/health").json()) == set(json.loads(examples["/v1/health"][1]))
    text = door.client.get("/metrics").text
    for name in re.findall(r"`(bottega_\w+)`", API):
        assert name in text


def test_every_error_has_its_line() -> None:
    found = {name: getattr(errors, name) for name in errors.__all__}
    kinds = {name: one for name, one in found.items() if isinstance(one, type) and issubclass(one, errors.BottegaError)}
    assert len(kinds) > 20 and {name for name in found if name[0].isupper() and not name.isupper()} == kinds.keys()
    for name, error in kinds.items():
        assert f"| `{error.code}` | `{name}` | {error.status} |" in ERRORS, name
    source = "".join(path.read_text() for path in (DOCS.parent / "src/bottega/serving/http").glob("*.py"))
    for code in ("body_too_large", "method_not_allowed", "request_unreadable", "bug"):
        assert f"| `{code}` |" in ERRORS and f'"{code}"' in source
