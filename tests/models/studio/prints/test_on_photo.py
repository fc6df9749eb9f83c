"""A picture on the garment of a photo: where it lies, that folds stay, and that nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from bottega.models.studio.prints.on_photo import chest, on_photo
from bottega.models.studio.prints.print_on import Placement
from bottega.models.studio.prints.printed import PRINTED

SHIRT = PRINTED["t_shirt"]


def worn(level: float) -> tuple[np.ndarray, np.ndarray]:
    """A shirt with sleeves and folds, as bright as `level` in the light, before a grey wall."""
    rows, columns = np.mgrid[0:400, 0:320]
    torso = (rows > 60) & (rows < 380) & (abs(columns - 160) < 90)
    sleeves = (rows > 60) & (rows < 160) & (abs(columns - 160) < 140)
    neck = (rows < 90) & (abs(columns - 160) < 30)
    mask = (torso | sleeves) & ~neck
    folds = 0.72 + 0.28 * np.sin(columns / 9 + rows / 23)
    photo = np.where(mask, 255 * level * folds, 120)[..., None].repeat(3, 2)
    return photo.astype(np.uint8), mask


def grey(value: int) -> Image.Image:
    return Image.new("RGB", (300, 380), (value, value, value))


@pytest.mark.parametrize("level", [0.95, 0.3])
def test_folds_stay_under_the_print(level: float) -> None:
    photo, mask = worn(level)
    shown = on_photo(photo, mask, grey(150), SHIRT, Placement())
    assert shown is not None
    left, top, right, bottom = chest(mask, SHIRT) or (0, 0, 0, 0)
    inner = np.s_[top + 8 : bottom - 8, left + 8 : right - 8, 1]
    alike = np.corrcoef(photo[inner].ravel().astype(float), shown[inner].ravel().astype(float))[0, 1]
    assert alike > 0.95 and abs(int(shown[inner].mean()) - int(photo[inner].mean())) > 15


def test_nothing_outside_of_the_garment_changes() -> None:
    photo, mask = worn(0.9)
    shown = on_photo(photo, mask, grey(0), SHIRT, Placement(scale=6))
    assert shown is not None and (shown[~mask] == photo[~mask]).all() and (shown[mask] != photo[mask]).any()


def test_white_ink_on_pale_cloth_is_the_cloth_and_covers_dark_cloth() -> None:
    photo, mask = worn(0.95)
    pale = on_photo(photo, mask, grey(255), SHIRT, Placement())
    assert pale is not None and np.abs(pale.astype(int) - photo).max() <= 1
    photo, mask = worn(0.2)
    dark = on_photo(photo, mask, grey(255), SHIRT, Placement())
    assert dark is not None and dark[200, 160].mean() > 2 * photo[200, 160].mean()


def test_a_print_lies_on_the_chest_below_the_neck() -> None:
    _, mask = worn(0.9)
    left, top, right, bottom = chest(mask, SHIRT) or (0, 0, 0, 0)
    assert abs((left + right) / 2 - 160) < 4 and 90 < top < 130 and bottom < 380
    assert (bottom - top) / (right - left) == pytest.approx(380 / 300, rel=0.03)


def test_where_no_garment_is_seen_nothing_is_shown() -> None:
    photo, mask = worn(0.9)
    assert on_photo(photo, np.zeros_like(mask), grey(0), SHIRT, Placement()) is None
    holes = mask & (np.indices(mask.shape).sum(0) % 3 > 0)
    assert chest(holes, SHIRT) is None, "a poor mask"
    mask[:, :150] = mask[:, 170:] = False
    assert chest(mask, SHIRT) is None
