"""Drawings over HTTP: a form in, JSON with the picture out, refusals with their code, real products by looks alone."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.models.studio.sketch.drawn import png, sheet, untrained

from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.models.studio.rescue.rescue import Rescue


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: type) -> Any:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), sketch=untrained(), parts=plain_parts())
    return open_door(None)


def send(door: Any, status: int = 200, content: bytes | None = None, **said: Any) -> Any:
    files = [("photo", ("bag.png", sheet() if content is None else content))]
    response = door.client.post("/v1/studio/sketch", headers={"X-API-Key": door.key}, files=files, data=said)
    assert response.status_code == status, response.text
    return response.json()


def test_a_form_with_wishes(door: Any) -> None:
    answer = send(door, type="sac à main", colour="navy")
    assert answer["type"] == "Handbags" and answer["rgb"].startswith("#") and answer["products"] == []
    assert source_type_of(b64decode(answer["content"])) is SourceType.GENERATED
    assert b64decode(answer["lines"]).startswith(b"\xff\xd8")


def test_refusals(door: Any, ships: Callable[..., None]) -> None:
    assert send(door, 400, b"no picture")["error"]["code"] == "photo_refused"
    assert send(door, 400, png(np.full((90, 90, 3), 255, np.uint8)))["error"]["code"] == "photo_refused"
    wrongs: tuple[dict[str, Any], ...] = (
        {"type": "submarine"},
        {"colour": "plaid"},
        {"products": "51"},
        {"products": "-1"},
        {"style": "manga"},
    )
    for wrong in (*wrongs, {"type": "x" * 101}):
        assert send(door, 422, **wrong)["error"]["code"] == "request_invalid"
    assert send(door, 422, colour="black", type="woman")["error"]["code"] == "edit_refused"
    assert door.client.post("/v1/studio/sketch", content=sheet()).status_code == 401
    ships(sketch=None)
    assert send(door, 409)["error"]["code"] == "model_missing"
