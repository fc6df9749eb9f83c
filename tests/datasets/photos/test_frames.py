"""Moving pictures: the sharpest frames that differ; a still picture is its one frame."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bottega.datasets.photos.frames import best_frames
from bottega.datasets.photos.reading import read_photo
from bottega.errors import PhotoRefused


def scene(colour: str, *, blurred: bool = False) -> Image.Image:
    picture = Image.new("RGB", (120, 90), "white")
    draw = ImageDraw.Draw(picture)
    for at in range(0, 120, 12):
        draw.rectangle((at, 10, at + 5, 80), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(2)) if blurred else picture


def moving(frames: list[Image.Image], kind: str) -> bytes:
    file = BytesIO()
    options = {"lossless": True} if kind == "WEBP" else {}
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=80, loop=0, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_sharpest_frames_that_differ_are_taken(kind: str) -> None:
    frames = [scene("red", blurred=True), scene("red"), scene("red", blurred=True), scene("blue", blurred=True)]
    found = best_frames(moving([*frames, scene("blue")], kind))
    assert sorted(frame.number for frame in found) == [1, 4], "one red and one blue scene, each where it is sharp"
    assert found[0].photo.shape == (90, 120, 3)
    assert len(best_frames(moving([*frames, scene("blue")], kind), most=1)) == 1


def test_a_still_picture_is_its_one_frame() -> None:
    file = BytesIO()
    scene("green").save(file, "PNG")
    [frame] = best_frames(file.getvalue())
    assert frame.number == 0 and np.array_equal(frame.photo, read_photo(file.getvalue()))


def test_what_is_cut_short_has_the_frames_before_and_no_picture_is_refused() -> None:
    whole = moving([scene("red"), scene("blue"), scene("green")], "GIF")
    assert best_frames(whole[: len(whole) * 2 // 3])
    with pytest.raises(PhotoRefused):
        best_frames(b"no picture")
