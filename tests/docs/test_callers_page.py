"""docs/callers.md lists every route of the doors for callers of other systems, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from bottega.serving.http.callers.gorse import _ROUTES
from bottega.serving.http.callers.personalize import _OPERATIONS, PREFIX

PAGE = (Path(__file__).parents[2] / "docs" / "callers.md").read_text()


def test_every_route_of_gorse_is_listed() -> None:
    cells = re.findall(r"^\| ([^|]*) \|", PAGE, re.M)
    listed = {route for cell in cells for route in re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) [^/`][^`]*)`", cell)}
    own = {"GET health/live", "GET health/ready"}
    assert listed - own == {f"{method} {pattern}" for method, pattern, _, _ in _ROUTES}


def test_every_operation_of_personalize_is_listed() -> None:
    assert set(re.findall(rf"`POST {PREFIX}/([\w-]+)`", PAGE)) == set(_OPERATIONS)
