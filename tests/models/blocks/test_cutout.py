"""Cut-outs: alpha is the share of the product in each pixel, the old background's colour is gone from its edge."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.blocks.colours import foreground
from bottega.models.blocks.cutout import alpha_of, cut_out

FOUR = 4


def disc(product: tuple[int, int, int], ground: tuple[int, int, int], px: int = 96) -> tuple[Photo, np.ndarray]:
    """A disc drawn four times as large and reduced, and the share of the disc in each pixel."""
    y, x = np.mgrid[0 : px * FOUR, 0 : px * FOUR] / FOUR
    inside = (np.hypot(x - px / 2, y - px / 2) < px / 3).astype(np.float64)
    share = inside.reshape(px, FOUR, px, FOUR).mean((1, 3))
    mixed = share[..., None] * np.array(product) + (1 - share[..., None]) * np.array(ground)
    return np.rint(mixed).astype(np.uint8), share


@pytest.mark.parametrize("ground", [(255, 255, 255), (40, 90, 60)])
def test_alpha_is_the_share_of_the_product(ground: tuple[int, int, int]) -> None:
    photo, share = disc((150, 30, 60), ground)
    cut = cut_out(photo, foreground(photo))
    assert cut.shape == (96, 96, 4)
    assert cut.dtype == np.uint8
    error = np.abs(cut[..., 3] / 255 - share)
    edge = (share > 0) & (share < 1)
    assert error[edge].mean() < 0.05
    assert error[~edge].max() < 0.1


def test_the_edge_keeps_no_colour_of_the_background() -> None:
    photo, share = disc((150, 30, 60), (255, 255, 255))
    cut = cut_out(photo, foreground(photo)).astype(np.float64)
    seen = (share > 0.3) & (share < 1)
    assert np.abs(photo[seen].astype(float) - (150, 30, 60)).mean() > 40
    assert np.abs(cut[seen][:, :3] - (150, 30, 60)).mean() < 12


def test_what_is_transparent_is_black_and_what_is_inside_is_untouched() -> None:
    photo, share = disc((150, 30, 60), (255, 255, 255))
    cut = cut_out(photo, foreground(photo))
    assert not cut[cut[..., 3] == 0].any()
    deep = ndimage.binary_erosion(share == 1, iterations=4)
    np.testing.assert_array_equal(cut[deep][:, :3], photo[deep])


def test_a_mask_of_ones_own_is_obeyed() -> None:
    photo, _ = disc((150, 30, 60), (255, 255, 255))
    mask = np.zeros((96, 96), bool)
    mask[30:60, 30:60] = True
    assert (cut_out(photo, mask)[..., 3] > 0).sum() < 36 * 36


@pytest.mark.parametrize("full", [True, False])
def test_a_mask_of_all_or_nothing_has_no_edge(full: bool) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (20, 30, 3)).astype(np.uint8)
    alpha, _ = alpha_of(photo, np.full((20, 30), full))
    assert (alpha == float(full)).all()


@pytest.mark.real_data
def test_real_products_lose_their_white_fringe(real_data: Callable[[str], Path]) -> None:
    folder = real_data("fashion")
    dark = {"Black", "Navy Blue", "Brown"}
    with (folder / "styles.csv").open(newline="", encoding="utf-8") as file:
        ids = [row["id"] for row in csv.DictReader(file) if row["baseColour"] in dark and row["subCategory"] == "Bags"]
    photos = [read_photo(path) for name in ids if (path := folder / "images" / f"{name}.jpg").exists()][:6]
    for photo in photos:
        cut = cut_out(photo, foreground(photo))
        alpha = cut[..., 3:] / 255
        on_white = cut[..., :3] * alpha + 255 * (1 - alpha)
        rim = (cut[..., 3] > 128) & ~ndimage.binary_erosion(cut[..., 3] > 128, iterations=2)
        assert np.abs(on_white - photo).mean() < 4  # put back on white it is the same photo
        assert cut[rim][:, :3].mean() < photo[rim].mean() - 5
