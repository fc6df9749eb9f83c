"""Squares of photos of any shape, padded with the colour of their border."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.photos.reading import border, read_photo, square

BLUE = (0, 0, 255)


def test_a_square_is_padded_with_the_colour_of_the_border() -> None:
    photo = np.full((40, 20, 3), (250, 240, 230), np.uint8)
    photo[10:30, 5:15] = BLUE
    small = square(photo, 20)
    assert small.shape == (20, 20, 3) and small[0, 0].tolist() == small[19, 19].tolist() == [250, 240, 230]
    assert small[10, 10].tolist() == [*BLUE]
    assert (small.reshape(-1, 3) == BLUE).all(axis=1).sum() == 10 * 4  # 20 x 10 at half size, less edges cut by halves
    assert len(border(photo)) == 2 * (40 + 20)


@pytest.mark.parametrize("shape", [(128, 128), (1, 300), (300, 7), (8, 8), (129, 128)])
def test_a_square_of_any_photo(shape: tuple[int, int]) -> None:
    photo = np.full((*shape, 3), 77, np.uint8)
    assert (square(photo, 128) == 77).all() and square(photo, 128).shape == (128, 128, 3)


def test_a_real_photo(real_data: Callable[[str], Path]) -> None:
    photo = read_photo(next(iter(sorted(real_data("fashion/images").iterdir()))))
    assert photo.shape == (224, 224, 3) and photo.min() < 100
    assert np.median(border(photo)) >= 250, "its background is white"
    assert abs(float(square(photo, 56).mean()) - float(photo.mean())) < 0.5, "areas keep the mean"
