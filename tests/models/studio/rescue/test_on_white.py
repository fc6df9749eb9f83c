"""White grounds are white, shadows lie where the product stands, and presets are filled as they say."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground
from bottega.models.blocks.cutout import cut_out
from bottega.models.studio.rescue.on_white import cut_sides, framed, on_white, zoom_of
from bottega.models.studio.rescue.presets import PRESETS, Preset
from bottega.names import BoolArray


def vase(ground: tuple[int, int, int] = (180, 185, 190), *, to_bottom: bool = False) -> tuple[Photo, BoolArray]:
    """A dark vase on a grey ground with noise, and where it is."""
    mask = Image.new("1", (160, 200))
    draw = ImageDraw.Draw(mask)
    draw.ellipse((45, 40, 115, 150), fill=1)
    draw.rectangle((60, 140, 100, 199 if to_bottom else 170), fill=1)
    there = np.array(mask)
    noise = np.random.default_rng(0).normal(0, 3, (200, 160, 3))
    photo = np.where(there[..., None], (90, 40, 50), ground) + noise
    return photo.clip(0, 255).astype(np.uint8), there


@pytest.mark.parametrize("ground", [(180, 185, 190), (210, 200, 170), (120, 130, 140)])
def test_the_ground_of_a_grey_photo_becomes_white(ground: tuple[int, int, int]) -> None:
    photo, there = vase(ground)
    found = on_white(cut_out(photo, foreground(photo)))
    beyond = ~np.array(Image.fromarray(there).resize((160, 200)).convert("L")).astype(bool)
    beyond[1:-1, 1:-1] &= ~(there[:-2, 1:-1] | there[2:, 1:-1] | there[1:-1, :-2] | there[1:-1, 2:])
    assert (found[beyond].min(axis=1) >= 250).mean() > 0.99
    assert np.abs(found[there].astype(int) - photo[there]).mean() < 6, "the product keeps its colours"


def test_a_shadow_lies_under_what_stands_and_nowhere_else() -> None:
    photo, there = vase()
    cut = cut_out(photo, there)
    bare, shaded = on_white(cut), on_white(cut, shadow=True)
    darker = (bare.astype(int) - shaded).max(axis=2)
    assert darker[171:174, 75:85].min() > 10 and darker[:150].max() == 0 and darker[:, :30].max() <= 1


def test_what_the_photo_cuts_off_throws_no_shadow() -> None:
    photo, there = vase(to_bottom=True)
    cut = cut_out(photo, there)
    assert cut_sides(cut) == {"bottom"}
    np.testing.assert_array_equal(on_white(cut), on_white(cut, shadow=True))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_is_filled_as_it_says(name: str) -> None:
    photo, there = vase()
    preset = PRESETS[name]
    found = framed(cut_out(photo, there), preset)
    assert found.shape == (preset.height, preset.width, 3)
    seen = found.min(axis=2) < 200
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    fill = max((rows[-1] - rows[0] + 1) / preset.height, (columns[-1] - columns[0] + 1) / preset.width)
    assert fill == pytest.approx(preset.fill, abs=0.02)
    assert abs((rows[0] + rows[-1]) / 2 - preset.height / 2) < 0.02 * preset.height
    assert found[0].min() == found[-1].min() == 255


def test_a_product_that_is_cut_off_stays_flush_with_that_side() -> None:
    photo, there = vase(to_bottom=True)
    found = framed(cut_out(photo, there), Preset(300, 300))
    assert found[-1].min() < 200 and found[0].min() == 255
    assert zoom_of(cut_out(photo, there), Preset(300, 300)) == pytest.approx(0.85 * 300 / 160, rel=0.02)
