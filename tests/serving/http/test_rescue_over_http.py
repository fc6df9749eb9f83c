"""Photos rescued over HTTP: a form or one picture in, JSON with the picture out, refusals with their reason."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.models.studio.rescue.rescue import Rescue


def png(side: int = 60) -> bytes:
    pixels = np.full((side, side, 3), 255, np.uint8)
    pixels[side // 3 : -side // 6, side // 4 : -side // 3] = (30, 90, 60)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: type) -> Any:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), parts=plain_parts())
    return open_door(None)


def send(door: Any, status: int = 200, **sent: Any) -> Any:
    headers = {"X-API-Key": door.key} | sent.pop("headers", {})
    response = door.client.post("/v1/studio/rescue", headers=headers, **sent)
    assert response.status_code == status, response.text
    return response.json()


def picture(one: Any, field: str = "content") -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(one[field])))


def test_a_form_with_wishes(door: Any) -> None:
    form = {"enlarge": "2", "preset": "small", "side_by_side": "true", "level": "false"}
    answer = send(door, files=[("photo", ("mug.png", png())), ("photo", ("x.txt", b"no"))], data=form)
    good, bad = answer["photos"]
    assert picture(good).size == (800, 800) and picture(good, "side_by_side").size[1] == 800
    assert [step["step"] for step in good["steps"]] == ["light", "enlarge", "background"]
    assert bad["refused"] and bad["content"] is None and answer["version"] == "fresh"


def test_one_picture_as_the_body(door: Any) -> None:
    answer = send(door, content=png(), headers={"Content-Type": "image/png"}, params={"enlarge": "4"})
    assert picture(answer["photos"][0]).size == (240, 240)


def test_refusals(door: Any) -> None:
    assert send(door, 400, files=[("photo", ("x.txt", b"no"))])["error"]["code"] == "photo_refused"
    for wrong in ({"preset": "round"}, {"enlarge": "3"}, {"way": "wild"}, {"colour": "red"}):
        assert send(door, 422, files=[("photo", ("a.png", png()))], data=wrong)["error"]["code"] == "request_invalid"
    assert send(door, 400, files=[("photo", ("a.png", png(1100)))], data={"enlarge": "2"})["error"]["next_step"]
    assert door.client.post("/v1/studio/rescue", content=png()).status_code == 401
