"""Another colour: reached, with light and prints as they were, on drawn cloth whose every part is known."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import lab2rgb

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import ciede2000, to_lab
from bottega.models.studio.recolour.gamut import shown
from bottega.models.studio.recolour.main_colour import inside, main_colour_of
from bottega.models.studio.recolour.recolour import Lab, hex_of, light_kept, recolour
from bottega.names import BoolArray

PX = 120
COLOURS: dict[str, Lab] = {"red": (45, 58, 34), "navy": (20, 3, -14), "grey": (60, 0, 0), "yellow": (84, 2, 60)}


def cloth(lab: Lab, *, fold: float = 10.0, print_lab: Lab | None = None) -> tuple[Photo, BoolArray, BoolArray]:
    """A folded cloth on white, with a bar of another colour on it; the photo, its outline, and where the bar is."""
    rows, columns = np.indices((PX, PX))
    light = 1 + fold / 100 * np.sin(columns / 6.0) * np.cos(rows / 17.0)
    mask = (rows > 15) & (rows < 105) & (columns > 20) & (columns < 100)
    bar = (rows > 50) & (rows < 64) & (columns > 35) & (columns < 85)
    pixels = np.empty((PX, PX, 3))
    for where, colour in ((~mask, (100.0, 0.0, 0.0)), (mask, lab), (bar, print_lab or lab)):
        tone = np.stack([(colour[0] + 16) * light - 16, colour[1] * light, colour[2] * light], 2)
        pixels[where] = tone[where] if colour[0] < 100 else (100, 0, 0)
    return np.asarray(np.rint(lab2rgb(pixels) * 255), np.uint8), mask, bar & mask


@pytest.mark.parametrize("source", COLOURS)
@pytest.mark.parametrize("to", COLOURS)
def test_the_colour_is_reached_and_the_light_stays(source: str, to: str) -> None:
    photo, mask, _ = cloth(COLOURS[source])
    found = recolour(photo, mask, COLOURS[to])
    middle = np.median(to_lab(found.photo)[mask], axis=0)
    assert ciede2000(middle, np.array(COLOURS[to], np.float32)) < 3 and found.off < 3
    alike = abs(COLOURS[source][0] - COLOURS[to][0]) <= 15
    assert found.light_kept > (0.97 if alike else 0.93) and found.share > 0.95
    np.testing.assert_array_equal(found.photo[:10], photo[:10])


@pytest.mark.parametrize(
    ("lab", "bar"),
    [((45, 58, 34), (95, 0, 0)), ((14, 0, 0), (95, 0, 0)), ((95, 0, 0), (14, 0, 0)), ((20, 3, -14), (84, 2, 60))],
)
def test_prints_of_another_colour_stay(lab: Lab, bar: Lab) -> None:
    photo, mask, where = cloth(lab, print_lab=bar)
    found = recolour(photo, mask, (46, -52, 50))
    inner = where.copy()
    inner[:, 1:-1] &= where[:, :-2] & where[:, 2:]
    inner[2:-2] &= where[:-4] & where[4:]
    change = np.abs(found.photo.astype(int) - photo)[inner]
    assert np.median(change) <= 2 and found.off < 6 and 0.8 < found.share < 0.95


def test_shade_is_no_print() -> None:
    """Deep folds differ from the light as much as a print does, but not within two pixels."""
    photo, mask, _ = cloth((80, 0, 0), fold=45)
    lab = to_lab(photo)
    assert np.ptp(lab[mask][:, 0]) > 50
    assert main_colour_of(lab, mask).share > 0.95


def test_white_to_black_keeps_fainter_folds_and_back_stronger_ones() -> None:
    white, mask, _ = cloth((92, 0, 2), fold=6)
    black = recolour(white, mask, (14, 0, 0))
    back = recolour(black.photo, mask, (92, 0, 2))
    contrast = [to_lab(photo)[inside(mask)][:, 0].std() for photo in (white, black.photo, back.photo)]
    assert contrast[1] < 0.7 * contrast[0] and contrast[2] > contrast[1]
    assert black.light_kept > 0.9 and black.photo[mask].min() > 0 and black.photo[mask].max() < 100, "no pale rim"


def test_a_colour_that_no_screen_shows_loses_chroma_and_no_lightness() -> None:
    asked = np.array([[50.0, 120.0, -90.0], [90.0, 40.0, 40.0], [50.0, 10.0, 10.0]], np.float32)
    got = to_lab(shown(asked))
    np.testing.assert_allclose(got[:, 0], asked[:, 0], atol=1.0)
    assert np.hypot(*got[0, 1:]) < np.hypot(*asked[0, 1:]) and hex_of((53.24, 80.09, 67.2)) == "#ff0000"
    np.testing.assert_allclose(got[2], asked[2], atol=1.0)
    np.testing.assert_allclose(np.arctan2(*got[:2, :0:-1].T), np.arctan2(*asked[:2, :0:-1].T), atol=0.05)


def test_small_and_busy_things_get_an_answer() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3)).astype(np.uint8)
    mask = np.zeros((40, 40), bool)
    mask[20, 20] = True
    assert recolour(noise, mask, (50, 0, 0)).photo.shape == noise.shape
    busy = recolour(noise, np.ones((40, 40), bool), (45, 58, 34))
    assert busy.share < 0.6


def test_light_of_a_flat_thing_cannot_be_compared() -> None:
    flat = np.full((20, 20, 3), 90, np.uint8)
    assert np.isnan(light_kept(flat, flat, np.ones((20, 20), bool)))
