"""Every route of the studio that takes a file, on files that are no use and on good ones that are odd."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from bottega.models.studio.rescue.rescue import Rescue

MUG = {"id": "mug", "title": "White mug", "attributes": {"customise": ["mug"]}}
PHOTO_ROUTES: dict[str, dict[str, str]] = {
    "/v1/studio/rescue": {},
    "/v1/studio/recolour": {"to": "red"},
    "/v1/studio/cartoon": {},
    "/v1/studio/video": {},
    "/v1/studio/hair": {"to": "blond"},
    "/v1/studio/customise": {"product_id": "mug"},
    "/v1/studio/try-on": {"product_id": "mug"},
    "/v1/studio/sketch": {},
    "/v1/studio/turn": {},
}
FILE_ROUTES = {"/v1/studio/customise/song", "/v1/studio/video/own"}
"""These make a job of the file, which is refused there."""


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def product() -> Image.Image:
    """Wider than high: a blue block on white, with a corner that says which way is up."""
    pixels = np.full((90, 120, 3), 255, np.uint8)
    pixels[20:70, 30:90] = (30, 90, 160)
    pixels[20:30, 30:40] = (20, 60, 120)
    return Image.fromarray(pixels)


def rotated() -> Image.Exif:
    said = Image.Exif()
    said[0x0112] = 6
    return said


BAD: dict[str, tuple[bytes, str]] = {
    "no picture": (b"hello", "is no picture of a known format"),
    "empty": (b"", "is empty (0 bytes)"),
    "a PDF": (b"%PDF-1.4\n1 0 obj<<>>endobj", "It is a PDF document: save its page as a picture"),
    "a point": (saved(Image.new("RGB", (1, 1)), "PNG"), "has 1 x 1 pixels"),
    "100 million pixels": (saved(Image.new("1", (10_000, 10_000)), "PNG"), "has 100.0 million pixels"),
    "cut short": (saved(product(), "JPEG")[:400], "damaged"),
}
ODD: dict[str, tuple[bytes, tuple[int, int]]] = {
    "animated": (
        saved(product(), "WEBP", save_all=True, append_images=[Image.new("RGB", (120, 90), "red")]),
        (120, 90),
    ),
    "CMYK": (saved(product().convert("CMYK"), "JPEG"), (120, 90)),
    "16 bits": (saved(Image.fromarray(np.asarray(product())[..., 0].astype(np.uint16) * 257), "PNG"), (120, 90)),
    "on its side": (saved(product(), "JPEG", exif=rotated()), (90, 120)),
}


def tone(seconds: float, loud: float = 0.3, kind: str = "WAV") -> bytes:
    file = BytesIO()
    sound = loud * np.sin(2 * np.pi * 440 * np.arange(int(seconds * 8000)) / 8000)
    soundfile.write(file, sound, 8000, format=kind)
    return file.getvalue()


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: type) -> Any:
    ships(parts=plain_parts(), rescue=Rescue.fresh(rng=np.random.default_rng(0)))
    opened = open_door(None)
    opened.post("/v1/products", [MUG])
    return opened


def sent(door: Any, route: str, name: str, content: bytes, field: str = "", **more: str) -> Any:
    field = field or ("picture" if route.endswith("customise") else "photo")
    fields = PHOTO_ROUTES[route] | more
    return door.client.post(route, files={field: (name, content)}, data=fields, headers={"X-API-Key": door.key})


def test_no_route_is_forgotten(door: Any) -> None:
    paths = door.client.get("/openapi.json").json()["paths"]
    taking = {
        path
        for path, verbs in paths.items()
        for said in verbs.values()
        if path.startswith("/v1/studio/") and "multipart/form-data" in said.get("requestBody", {}).get("content", {})
    }
    assert taking == PHOTO_ROUTES.keys() | FILE_ROUTES


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_use_is_refused_with_what_would_be(door: Any, name: str) -> None:
    content, said = BAD[name]
    for route in PHOTO_ROUTES:
        answer = sent(door, route, "mine.jpg", content)
        error = answer.json()["error"]
        if error["code"] == "model_missing":
            assert route.endswith("sketch"), "none ships"
            continue
        assert answer.status_code == 400 and error["code"] == "photo_refused", (route, error)
        assert said in error["message"] and "mine.jpg" in error["message"], (route, error)
        assert error["allowed"] and error["next_step"], (route, error)


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_read_upright_and_in_its_colours(door: Any, name: str) -> None:
    content, size = ODD[name]
    for route in ("/v1/studio/cartoon", "/v1/studio/recolour"):
        answer = sent(door, route, "mine", content)
        assert answer.status_code == 200, (route, answer.text)
        (made,) = answer.json()["photos"]
        with Image.open(BytesIO(base64.b64decode(made["content"]))) as picture:
            assert picture.size == size and picture.mode == "RGB", route
            middle = np.asarray(picture)[45, 45].astype(int)
        if route.endswith("recolour"):
            assert middle[0] > 150 and middle[1:].max() < 90, "red, as was asked"
    design = sent(door, "/v1/studio/customise", "mine", content)
    assert design.status_code == 200 and len(design.json()["previews"]) == 3
    clip = sent(door, "/v1/studio/video", "mine", content)
    assert clip.status_code == 200 and clip.json()["frames"] > 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (tone(2, 0.0), "is silent"),
        (tone(0.1), "lasts 0.10 seconds"),
        (b"", "is empty (0 bytes)"),
        (b"ID3" + b"\xff\xfb\x90" * 60, "no sound that can be read"),
        (b"%PDF-1.4", "no sound that can be read"),
    ],
    ids=["silent", "a blink", "empty", "broken mp3", "a PDF"],
)
def test_songs_of_no_use(door: Any, content: bytes, said: str) -> None:
    answer = sent(door, "/v1/studio/customise", "mine.mp3", content, field="song")
    error = answer.json()["error"]
    assert answer.status_code == 400 and error["code"] == "sound_refused", error
    assert said in error["message"] and error["allowed"] and error["next_step"]


@pytest.mark.parametrize(
    ("route", "wrong"),
    [
        ("/v1/studio/rescue", {"enlarge": "7"}),
        ("/v1/studio/recolour", {"to": "blurple"}),
        ("/v1/studio/cartoon", {"product_only": "perhaps"}),
        ("/v1/studio/video", {"seconds": "many"}),
        ("/v1/studio/hair", {"to": "blurple"}),
        ("/v1/studio/customise", {"scale": "-3"}),
        ("/v1/studio/try-on", {"product_id": "mug"}),
        ("/v1/studio/sketch", {"products": "-1"}),
    ],
)
def test_fields_of_the_wrong_kind(door: Any, route: str, wrong: dict[str, str]) -> None:
    answer = sent(door, route, "mine.jpg", saved(product(), "JPEG"), **wrong)
    error = answer.json()["error"]
    assert answer.status_code == 422 and error["code"] == "request_invalid", error
    assert error["allowed"] or error["next_step"], error


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "xqzt"},
        {"words": ""},
        {"words": "shirt", "n": 99},
        {"words": "shirt", "seed": "seven"},
        {"words": "darker", "before": {"version": "x"}},
        {"words": 7},
    ],
)
def test_words_of_no_use(door: Any, wrong: dict[str, Any]) -> None:
    answer = door.client.post("/v1/studio/imagine", json=wrong, headers={"X-API-Key": door.key})
    error = answer.json()["error"]
    assert answer.status_code == 422 and error["code"] in {"request_invalid", "nothing_to_draw"}, error
    assert error["message"] and (error["allowed"] or error["next_step"])
