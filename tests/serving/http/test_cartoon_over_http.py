"""Cartoons over HTTP: a form in, JSON with the picture out, refusals with their reason."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from bottega.datasets.photos.provenance import SourceType, source_type_of


def png() -> bytes:
    picture = Image.new("RGB", (60, 60), "white")
    ImageDraw.Draw(picture).ellipse((15, 10, 45, 50), fill="teal")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: type) -> Any:
    ships(parts=plain_parts())
    return open_door(None)


def send(door: Any, status: int = 200, **sent: Any) -> Any:
    response = door.client.post("/v1/studio/cartoon", headers={"X-API-Key": door.key}, **sent)
    assert response.status_code == status, response.text
    return response.json()


def test_a_form_with_wishes(door: Any) -> None:
    answer = send(door, files=[("photo", ("mug.png", png()))], data={"product_only": "true", "colours": "4"})
    content = base64.b64decode(answer["photos"][0]["content"])
    assert Image.open(BytesIO(content)).size == (60, 60)
    assert source_type_of(content) is SourceType.ENHANCED and answer["photos"][0]["source_type"] == SourceType.ENHANCED


def test_refusals(door: Any) -> None:
    assert send(door, 400, files=[("photo", ("x.txt", b"no"))])["error"]["code"] == "photo_refused"
    for wrong in ({"colours": "1"}, {"lines": "2"}, {"style": "manga"}):
        assert send(door, 422, files=[("photo", ("a.png", png()))], data=wrong)["error"]["code"] == "request_invalid"
    assert door.client.post("/v1/studio/cartoon", content=png()).status_code == 401
