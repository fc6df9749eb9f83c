"""Another colour over HTTP: a form in, JSON with the picture out, refusals with their reason."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.datasets.photos.provenance import SourceType, source_type_of


def png(side: int = 60) -> bytes:
    pixels = np.full((side, side, 3), 255, np.uint8)
    pixels[side // 4 : -side // 6, side // 4 : -side // 4] = (30, 90, 160)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: type) -> Any:
    ships(parts=plain_parts())
    return open_door(None)


def send(door: Any, status: int = 200, **sent: Any) -> Any:
    response = door.client.post("/v1/studio/recolour", headers={"X-API-Key": door.key}, **sent)
    assert response.status_code == status, response.text
    return response.json()


def test_a_form_with_a_colour(door: Any) -> None:
    form = {"to": "dunkelgrün", "side_by_side": "true"}
    answer = send(door, files=[("photo", ("cup.png", png())), ("photo", ("x.txt", b"no"))], data=form)
    good, bad = answer["photos"]
    content = base64.b64decode(good["content"])
    assert Image.open(BytesIO(content)).size == (60, 60) and source_type_of(content) is SourceType.COMPOSED
    assert good["off"] < 5 and good["before"]["hex"] == "#1e5aa0" and good["part"] == "product"
    assert bad["refused"] and bad["content"] is None


def test_refusals(door: Any) -> None:
    for sent in (b"no", png(1)):
        told = send(door, 400, files=[("photo", ("x.png", sent))], data={"to": "red"})["error"]
        assert told["code"] == "photo_refused" and told["next_step"]
    for wrong in ({"to": "soon"}, {}, {"to": "red", "part": "wing"}, {"to": "red", "preset": "square"}):
        error = send(door, 422, files=[("photo", ("a.png", png()))], data=wrong)["error"]
        assert error["code"] == "request_invalid" and error["allowed"]
    send(door, 404, files=[("photo", ("a.png", png()))], data={"like": "nobody"})
    assert door.client.post("/v1/studio/recolour", content=png()).status_code == 401
