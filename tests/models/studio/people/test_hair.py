"""Hair takes the colour asked for and keeps its light; nothing else of the photo moves; what is not sure is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from skimage.color import deltaE_ciede2000, rgb2lab

from bottega.datasets.photos.reading import Photo
from bottega.errors import EditRefused, PhotoRefused, RequestInvalid
from bottega.models.studio.people.hair import find_hair, recolour_hair
from bottega.models.studio.people.hair_colours import NATURAL, hair_colour
from bottega.names import BoolArray, FloatArray

SKIN, GROUND = (205, 160, 135), (150, 170, 190)


def head(hair: tuple[int, int, int], *, at: int = 80, width: int = 160) -> tuple[Photo, BoolArray, BoolArray]:
    """A face under a cap of hair with strands of light and shade, and which pixels are hair and skin."""
    rows, columns = np.mgrid[:160, :width]
    photo = np.empty((160, width, 3), np.uint8)
    photo[:] = GROUND
    face = ((rows - 90) / 42) ** 2 + ((columns - at) / 30) ** 2 < 1
    cap = (((rows - 70) / 50) ** 2 + ((columns - at) / 42) ** 2 < 1) & (rows < 120) & ~face
    strands = 1 + 0.25 * np.sin(columns / 3.0) + 0.1 * np.cos(rows / 5.0)
    photo[face] = SKIN
    photo[cap] = (np.array(hair) * strands[..., None]).clip(0, 255).astype(np.uint8)[cap]
    return photo, cap, face


def chances(mask: BoolArray) -> FloatArray:
    return np.where(mask, 0.95, 0.02).astype(np.float32)


@pytest.mark.parametrize("hair", [(35, 25, 20), (150, 115, 75), (175, 175, 178)], ids=["dark", "blond", "grey"])
@pytest.mark.parametrize("name", ["black", "auburn", "blond", "platinum"])
def test_the_colour_is_the_one_asked_for_and_light_stays(hair: tuple[int, int, int], name: str) -> None:
    photo, cap, face = head(hair)
    after = recolour_hair(photo, find_hair(photo, chances(cap), chances(face)), NATURAL[name])
    changed = cap & (photo != after).any(2)
    inner = ndimage.binary_erosion(cap, iterations=2) & changed
    before_lab, after_lab = rgb2lab(photo)[inner], rgb2lab(after)[inner]
    gap = deltaE_ciede2000(np.median(after_lab, axis=0), np.array(NATURAL[name]))  # type: ignore[no-untyped-call]
    assert gap < 4
    assert np.corrcoef(before_lab[:, 0], after_lab[:, 0])[0, 1] > 0.9
    assert changed.sum() > 0.8 * cap.sum()
    assert (photo[face] == after[face]).all(), "no pixel of the face moves"
    assert (photo[:10] == after[:10]).all() and (photo[130:] == after[130:]).all()


def test_the_edge_is_soft_and_leaves_no_rim_of_the_old_colour() -> None:
    photo, cap, face = head((35, 25, 20))
    mixed: FloatArray = photo.astype(np.float32)
    for _ in range(2):  # what a lens does: the edge becomes a mixture
        mixed = np.asarray((mixed + np.roll(mixed, 1, 1) + np.roll(mixed, -1, 1)) / 3, np.float32)
    blurred = np.asarray(np.where(face[..., None], photo, mixed), np.uint8)
    found = find_hair(blurred, chances(cap), chances(face))
    assert ((found.alpha > 0.1) & (found.alpha < 0.9)).any()
    after = recolour_hair(blurred, found, NATURAL["light blond"])
    rim = rgb2lab(after)[60, 30:60, 0]
    assert rim.min() > 45, "between light ground and light hair nothing dark is left"


def test_a_large_photo_is_coloured_as_a_small_one() -> None:
    small, cap, face = head((35, 25, 20))
    larger = [np.kron(one, np.ones((8, 8, *([1] * (one.ndim - 2))), one.dtype)) for one in (small, cap, face)]
    photo, cap, face = larger[0], larger[1].astype(bool), larger[2].astype(bool)
    after = recolour_hair(photo, find_hair(photo, chances(cap), chances(face)), NATURAL["blond"])
    inner = ndimage.binary_erosion(cap, iterations=8)
    gap = deltaE_ciede2000(np.median(rgb2lab(after)[inner], axis=0), np.array(NATURAL["blond"]))  # type: ignore[no-untyped-call]
    assert gap < 4 and (photo[face] == after[face]).all() and (photo[:80] == after[:80]).all()


def test_no_hair_and_two_heads_are_refused() -> None:
    photo, cap, face = head((35, 25, 20))
    with pytest.raises(PhotoRefused, match="No hair is sure"):
        find_hair(photo, np.zeros(cap.shape, np.float32), chances(face))
    with pytest.raises(PhotoRefused, match="No hair is sure"):
        find_hair(photo, np.where(cap, 0.6, 0.1).astype(np.float32), chances(face))
    left, right = head((35, 25, 20), width=320), head((120, 80, 60), at=240, width=320)
    two = np.where(right[1][..., None] | right[2][..., None], right[0], left[0])
    with pytest.raises(PhotoRefused, match="2 people"):
        find_hair(two, chances(left[1] | right[1]), chances(left[2] | right[2]))


def test_colours_have_names_in_five_languages() -> None:
    for said in ("dark blond", "Dunkelblond", "blond foncé", "rubio oscuro", "biondo scuro"):
        assert hair_colour(said)[0] == "dark blond", said
    assert hair_colour("schwarz") == hair_colour("nero") == hair_colour("black hair") == ("black", NATURAL["black"])
    assert hair_colour("#7B3F00")[0] == "#7b3f00" and 30 < hair_colour("7b3f00")[1][0] < 40
    assert hair_colour("pink")[1][1] > 20 and hair_colour("#ffffff")[1][0] == 92
    with pytest.raises(RequestInvalid, match="no colour that is known"):
        hair_colour("plaid")
    with pytest.raises(EditRefused):
        hair_colour("make her asian")
