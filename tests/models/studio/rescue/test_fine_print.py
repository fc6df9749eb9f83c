"""Letters are found where they were planted, and a plain photo has none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.rescue.fine_print import fine_print, print_places


def labelled(size: int, light: bool) -> tuple[Photo, tuple[int, int, int, int]]:
    ground, ink = ((40, 60, 90), (240, 240, 240)) if light else ((220, 210, 200), (30, 30, 30))
    picture = Image.new("RGB", (200, 200), ground)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    draw.text((40, 80), "BOTTEGA 1984", fill=ink, font=font)
    left, top, right, bottom = draw.textbbox((40, 80), "BOTTEGA 1984", font=font)
    return np.array(picture), (int(left), int(top), int(right), int(bottom))


@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("size", [9, 12, 16, 22])
def test_a_line_of_letters_is_found_whole(size: int, light: bool) -> None:
    photo, (left, top, right, bottom) = labelled(size, light)
    found = fine_print(photo)
    assert found[top:bottom, left:right].mean() > 0.95
    assert found[:40].max() == 0 and found[150:].max() == 0


def test_shading_and_a_hem_are_no_print() -> None:
    shade = np.linspace(60, 200, 200).astype(np.uint8)
    photo = np.repeat(np.repeat(shade[None, :, None], 200, 0), 3, 2)
    photo[120:123] = 20
    assert not print_places(photo).any()
    assert fine_print(photo).max() == 0
