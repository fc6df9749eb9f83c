"""Letters in a row: found near the upper and lower edge before any ground, not in stripes and scattered pieces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.studio.rescue.in_need import Need, needs_of
from bottega.models.studio.rescue.letter_rows import letters_in_a_row


def wall(px: int = 320) -> Photo:
    """Soft patches of grey, as an unsharp street."""
    patches = np.random.default_rng(0).integers(60, 200, (8, 8, 3)).astype(np.uint8)
    return np.array(Image.fromarray(patches).resize((px, px), Image.Resampling.BICUBIC))


def written(photo: Photo, at: float, fill: str = "white", text: str = "SUMMER SALE") -> Photo:
    picture = Image.fromarray(photo)
    font = ImageFont.load_default(int(picture.width * 0.08))
    ImageDraw.Draw(picture).text((picture.width * 0.05, picture.height * at), text, fill=fill, font=font)
    return np.array(picture)


@pytest.mark.parametrize("px", [320, 900])
@pytest.mark.parametrize("at", [0.03, 0.88])
def test_a_line_near_an_edge_is_found(at: float, px: int) -> None:
    assert letters_in_a_row(wall(px)) < 3
    assert letters_in_a_row(written(wall(px), at)) >= 6


def test_what_is_in_the_middle_may_be_the_products_own() -> None:
    assert letters_in_a_row(written(wall(), 0.5)) < 3


def test_long_stripes_and_pieces_anywhere_are_no_letters() -> None:
    striped = wall()
    striped[10:60:8] = 255
    assert letters_in_a_row(striped) < 3
    strewn, rng = wall(), np.random.default_rng(1)
    for y, x in rng.integers(0, 300, (40, 2)):
        strewn[y : y + int(rng.integers(4, 16)), x : x + 4] = 0
    assert letters_in_a_row(strewn) < 6


def test_nothing_is_found_where_nothing_is() -> None:
    assert letters_in_a_row(np.full((40, 30, 3), 200, np.uint8)) == 0


@pytest.mark.real_data
def test_street_photos_are_seldom_called_written_on(real_data: Callable[[str], Path]) -> None:
    photos = [read_photo(path) for path in sorted((real_data("parsing") / "photos").glob("*.jpg"))[:60]]
    named = [Need.WRITING in needs_of(photo) for photo in photos]
    line = "SUMMER SALE 50% OFF"
    twice = [written(written(photo, 0.02, "black", line), 0.9, "black", line) for photo in photos[:30]]
    assert np.mean(named) <= 0.05
    assert np.mean([Need.WRITING in needs_of(photo) for photo in twice]) > 0.25
