"""Videos over HTTP: a form of photos in and a clip out; a merchant's own video as a job whose file can be fetched."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.actions.studio.video.restage import restage
from bottega.actions.studio.video.shapes import RestageRequest
from bottega.models.studio.video.files import as_mp4

has_ffmpeg = pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="ffmpeg and ffprobe are not on the PATH"
)


def mug(at: int = 30) -> Image.Image:
    canvas = Image.new("RGB", (120, 90), (240, 240, 236))
    ImageDraw.Draw(canvas).rectangle((at, 25, at + 35, 65), fill=(140, 40, 30))
    return canvas


def png(at: int) -> bytes:
    file = BytesIO()
    mug(at).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def door(open_door: Callable[..., Any]) -> Any:
    return open_door(None)


def test_photos_in_and_a_clip_out(door: Any) -> None:
    photos = [("photo", (f"{at}.png", png(at))) for at in (10, 30, 50)]
    form = {"seconds": "1", "fps": "6", "width": "96", "height": "64", "closed": "true"}
    response = door.client.post("/v1/studio/video", headers={"X-API-Key": door.key}, files=photos, data=form)
    answer = response.json()
    assert response.status_code == 200 and answer["motion"] == "turn", response.text
    with Image.open(BytesIO(base64.b64decode(answer["content"]))) as found:
        assert found.size == (96, 64) and found.info["loop"] == 0


@pytest.mark.parametrize(
    ("status", "code", "form"),
    [
        (400, "video_refused", {"motion": "turn"}),
        (422, "request_invalid", {"motion": "spin"}),
        (422, "request_invalid", {"fps": "500"}),
        (400, "video_refused", {"width": "1080", "height": "1080", "seconds": "12"}),
    ],
)
def test_refusals(door: Any, status: int, code: str, form: dict[str, str]) -> None:
    files = [("photo", ("a.png", png(10)))]
    response = door.client.post("/v1/studio/video", headers={"X-API-Key": door.key}, files=files, data=form)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


@has_ffmpeg
def test_a_video_of_ones_own_becomes_a_job_and_its_file_is_sent(door: Any) -> None:
    film = as_mp4([np.asarray(mug(10 + 4 * step)) for step in range(8)], 8).content
    headers = {"X-API-Key": door.key}
    form = {"background": "white", "crop": "square"}
    sent = door.client.post("/v1/studio/video/own", headers=headers, files={"file": ("mug.mp4", film)}, data=form)
    assert sent.status_code == 202 and sent.json()["verb"] == "restage", sent.text
    refused = door.client.post("/v1/studio/video/own", headers=headers, files={"file": ("mug.mp4", film)})
    assert refused.status_code == 422 and "Nothing was asked" in refused.text
    kept = next((door.shop.folder.root / "uploads").rglob("mug.mp4"))
    answer = restage(door.shop, RestageRequest(source=kept, background="white"))
    found = door.client.get(f"/v1/studio/videos/{answer.name}", headers=headers)
    assert found.headers["content-type"] == "video/mp4" and len(found.content) == answer.size_bytes
    assert door.client.get("/v1/studio/videos/shop.db", headers=headers).status_code == 400
    assert door.client.get(f"/v1/studio/videos/{answer.name}").status_code == 401
