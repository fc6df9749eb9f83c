"""Drawings of hands become the same thin lines, however they reached a file; what is no drawing is refused."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter
from tests.models.studio.sketch.drawn import page, png, sheet

from bottega.datasets.photos.hand_drawings import read_drawing
from bottega.errors import PhotoRefused


def scanned() -> bytes:
    """A page lit from one corner, with the grain of paper, dust beside and within the lines, a dark edge, as a JPEG."""
    rng = np.random.default_rng(0)
    light = np.asarray(page(size=600), np.float64)
    light = light * np.linspace(0.6, 1, 600)[None, :, None] * np.linspace(1, 0.85, 600)[:, None, None]
    light += rng.normal(0, 5, light.shape)
    light[:, :9] = 60
    for row, column in rng.integers(0, 597, (30, 2)):
        light[row : row + 3, column : column + 3] = 40
    soft = Image.fromarray(light.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    file = BytesIO()
    soft.save(file, "JPEG", quality=80)
    return file.getvalue()


DRAWINGS = {
    "pen": sheet(),
    "hairline": sheet(width=2, size=1500),
    "marker": sheet(width=16),
    "pencil": sheet(ink="#888888", ground="#eeeeee", width=3),
    "chalk": sheet(ink="white", ground="#202020"),
    "yellow pen": sheet(ink="#ffee00"),
    "on nothing": sheet(mode="RGBA", ink=(0, 0, 0, 255), ground=(0, 0, 0, 0)),
    "white on nothing": sheet(mode="RGBA", ink=(255, 255, 255, 255), ground=(0, 0, 0, 0)),
    "grey file": sheet(mode="L", ink=0, ground=255),
    "sixteen bits": png(Image.fromarray(np.asarray(page(mode="L", ink=0, ground=255), np.uint16) * 257)),
    "small": sheet(size=64, width=1),
    "in a corner": sheet(size=2600, width=6, box=(0.85, 0.86, 0.95, 0.94)),
    "scan": scanned(),
}


@pytest.mark.parametrize("kind", DRAWINGS)
def test_every_drawing_of_a_box_is_the_same_thin_box(kind: str) -> None:
    lines = read_drawing(DRAWINGS[kind], name=kind)
    height, width = lines.shape
    assert 215 <= width <= 256 and height / width == pytest.approx(0.8, abs=0.05)
    middle = lines[height // 3 : -height // 3, width // 3 : -width // 3]
    assert not middle.any(), "nothing within"
    across = lines[height // 3 : -height // 3]
    assert (across.sum(1) <= 4).all() and across.any(1).mean() > 0.99, "two thin sides without a gap"
    assert lines[:, width // 3 : -width // 3].any(0).all()


def test_a_photo_turned_by_its_camera_is_read_upright() -> None:
    turned = page(box=(0.3, 0.25, 0.7, 0.75)).rotate(90, expand=True)
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    turned.save(file, "JPEG", exif=exif)
    height, width = read_drawing(file.getvalue()).shape
    assert height > width


def filled() -> bytes:
    pixels = np.full((300, 300, 3), 255, np.uint8)
    pixels[60:250, 80:220] = (20, 30, 90)
    return png(pixels)


def dust() -> bytes:
    pixels = np.full((300, 300, 3), 255, np.uint8)
    pixels[40:44, 50:54] = pixels[200:203, 240:243] = 0
    return png(pixels)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"GIF87a no picture", "damaged|no picture"),
        (b"", "is empty"),
        (png(np.zeros((1, 1, 3), np.uint8)), "1 x 1 pixels"),
        (png(Image.new("1", (10_000, 10_000), 1)), "100.0 million pixels"),
        (png(np.full((200, 200, 3), 255, np.uint8)), "has no lines"),
        (png(np.zeros((200, 200, 3), np.uint8)), "has no lines"),
        (png(Image.new("RGBA", (200, 200), (0, 0, 0, 0))), "has no lines"),
        (png(np.full((8, 4000, 3), 255, np.uint8)), "has no lines"),
        (dust(), "has no lines"),
        (filled(), "is a filled picture"),
        (png(np.random.default_rng(0).integers(0, 255, (600, 600, 3)).astype(np.uint8)), "more lines|filled picture"),
    ],
    ids=["text", "empty", "1x1", "100 MP", "white", "black", "clear", "strip", "dust", "filled", "noise"],
)
def test_what_is_no_drawing_is_refused(content: bytes, seen: str) -> None:
    with pytest.raises(PhotoRefused, match=seen) as refusal:
        read_drawing(content, name="mine.png")
    assert str(refusal.value).startswith("mine.png") and refusal.value.next_step


def test_photos_of_products_are_mostly_seen_as_such(real_data: object) -> None:
    photos = sorted(real_data("fashion/images").glob("*.jpg"))[::700]  # type: ignore[operator]
    taken = 0
    for path in photos:
        try:
            read_drawing(path.read_bytes())
        except PhotoRefused:
            continue
        taken += 1
    assert len(photos) > 8 and taken <= 0.3 * len(photos)
