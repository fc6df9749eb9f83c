"""Cloth from photos: a drawn piece hangs on the body, covers what it covered, and comes back in the pose it lay in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS as PARTS_OF_PHOTOS
from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.body import PARTS, body
from bottega.models.studio.bodies.skinning import follow
from bottega.models.studio.garments.cloth import LAYERS
from bottega.models.studio.garments.made import Tailored, tailored
from bottega.names import BoolArray

PIECES = {
    "top": [
        *[(70, 30), (130, 30), (188, 70), (170, 102), (148, 88)],
        *[(148, 190), (52, 190), (52, 88), (30, 102), (12, 70)],
    ],
    "trousers": [(60, 10), (140, 10), (150, 190), (112, 190), (101, 70), (99, 70), (88, 190), (50, 190)],
    "skirt": [(70, 30), (130, 30), (170, 170), (30, 170)],
    "dress": [
        *[(75, 12), (84, 12), (88, 30), (112, 30), (116, 12), (125, 12), (134, 55), (128, 90)],
        *[(160, 190), (40, 190), (72, 90), (66, 55)],
    ],
}


def drawn(cut: str) -> tuple[NDArray[np.uint8], BoolArray]:
    mask = Image.new("1", (200, 200))
    ImageDraw.Draw(mask).polygon(PIECES[cut], fill=1)
    covered = np.asarray(mask)
    photo = np.full((200, 200, 3), 255, np.uint8)
    photo[covered] = (30, 90, 160)
    return photo, covered


def tailored_piece(cut: str, body_name: str = "woman_24") -> Tailored:
    photo, mask = drawn(cut)
    return tailored(photo, mask, cut, body_name)


@pytest.mark.parametrize("cut", list(PIECES))
@pytest.mark.parametrize("body_name", ["woman_24", "man_40_full", "boy_8"])
def test_a_piece_is_whole_cloth(cut: str, body_name: str) -> None:
    cloth = tailored_piece(cut, body_name).cloth
    assert cloth.cut == cut and cloth.layer == LAYERS[cut]
    count = len(cloth.vertices)
    assert cloth.faces.min() == 0 and cloth.faces.max() == count - 1
    assert cloth.vertices.shape == (count, 3) and np.isfinite(cloth.vertices).all()
    assert np.allclose(cloth.weights.sum(1), 1, atol=1e-5)
    assert cloth.bones.max() < len(body(body_name).bones)
    assert (cloth.places >= 0).all() and (cloth.places <= 1).all()
    assert set(np.unique(cloth.guessed)) == {0.0, 1.0}
    tall = body(body_name).build.height_cm / 100
    assert cloth.vertices[:, 2].min() > -0.05 and cloth.vertices[:, 2].max() < tall


@pytest.mark.parametrize("cut", list(PIECES))
def test_no_skin_of_what_it_covers_lies_before_it_in_its_pose(cut: str) -> None:
    made = tailored_piece(cut)
    person = made.fitting
    there = follow(made.cloth.vertices, made.cloth.bones, made.cloth.weights, person.body.heads, person.stance)
    parts = {
        "top": ("chest",),
        "dress": ("chest", "waist"),
        "trousers": ("hips",),
        "skirt": ("left_thigh", "right_thigh", "hips"),
    }[cut]
    skin = person.vertices[np.isin(person.body.vertex_parts, [PARTS.index(part) for part in parts])]
    low, high = np.quantile(there[:, 2], (0.02, 0.9))
    skin = skin[(skin[:, 2] > low + 0.05) & (skin[:, 2] < high - 0.12)]
    assert len(skin) > 50
    ahead = 0
    for x, y, z in skin:
        near = np.hypot(there[:, 0] - x, there[:, 2] - z) < 0.02
        ahead += bool(near.any() and there[near, 1].min() > y)
    assert ahead < 0.02 * len(skin)


def test_colours_are_the_photos_own() -> None:
    made = tailored_piece("top")
    width = made.mask.shape[1]
    front = made.cloth.picture[:, :width]
    inside = made.mask & np.pad(made.mask, 3)[6:, 3:-3] & np.pad(made.mask, 3)[:-6, 3:-3]
    assert (front[inside][:, :3] == (30, 90, 160)).all()
    assert (made.cloth.picture[..., :3].reshape(-1, 3).max(0) < 200).all(), "no background at the edges"


def test_a_rim_gives_back_the_grounds_colour() -> None:
    photo, mask = drawn("skirt")
    photo = photo.copy()
    rim = mask & ~ndimage.binary_erosion(mask, iterations=2)
    photo[rim] = (0.65 * photo[rim] + 0.35 * 255).astype(np.uint8)  # as a photo that was made smaller has it
    front = tailored(photo, mask, "skirt", "woman_24").cloth.picture[:, :, :3]
    assert np.abs(front.astype(int) - (30, 90, 160)).max() < 12


def test_a_trim_of_another_colour_stays() -> None:
    photo, mask = drawn("skirt")
    photo = photo.copy()
    trim = mask & ~ndimage.binary_erosion(mask, iterations=4)
    photo[trim] = (160, 40, 60)
    cloth = tailored(photo, mask, "skirt", "woman_24").cloth.picture[:, :, :3]
    assert (np.abs(cloth.astype(int) - (160, 40, 60)).max(-1) < 12).mean() > 0.05


@pytest.mark.parametrize("cut", ["skirt", "dress"])
def test_a_short_one_covers_what_it_must(cut: str) -> None:
    photo, whole = drawn(cut)
    mask = whole & (np.arange(200) < {"skirt": 60, "dress": 110}[cut])[:, None]
    cloth = tailored(photo, mask, cut, "woman_24").cloth
    hips = body("woman_24").vertices[body("woman_24").vertex_parts == PARTS.index("hips")]
    crotch = hips[np.abs(hips[:, 0]) < 0.02, 2].min()
    assert cloth.vertices[:, 2].min() < crotch - 0.05


def test_what_is_no_such_piece_is_refused() -> None:
    photo = np.full((200, 200, 3), 255, np.uint8)
    ring = np.hypot(*(np.indices((200, 200)) - 100))
    mask = (ring > 60) & (ring < 70)
    with pytest.raises(RequestInvalid, match="has not the shape of one"):
        tailored(photo, mask, "top", "woman_24")
    with pytest.raises(RequestInvalid, match="pixels of the photo"):
        tailored(photo, ring < 5, "top", "woman_24")
    with pytest.raises(RequestInvalid, match="No cut is called"):
        tailored(photo, mask, "cape", "woman_24")


def test_the_same_photo_gives_the_same_cloth() -> None:
    one, other = tailored_piece("dress").cloth, tailored_piece("dress").cloth
    assert (one.vertices == other.vertices).all() and (one.picture == other.picture).all()


def test_a_print_is_in_front_alone() -> None:
    photo, mask = drawn("top")
    photo[90:130, 80:120] = (250, 220, 40)
    made_piece = tailored(photo, mask, "top", "woman_24")
    width = made_piece.mask.shape[1]
    yellow = (made_piece.cloth.picture[..., 0] > 150) & (made_piece.cloth.picture[..., 2] < 120)
    assert yellow[:, :width].sum() > 1000
    assert not yellow[:, width:].any()


def test_what_an_arm_hides_is_filled_and_said_or_refused() -> None:
    photo, mask = drawn("top")
    labels = np.where(mask, PARTS_OF_PHOTOS.index("upper"), 0).astype(np.uint8)
    labels[5:29, 85:115] = PARTS_OF_PHOTOS.index("hair")

    def with_arm(reach: int) -> Tailored:
        arm = np.zeros_like(mask)
        arm[120 : 120 + reach, 52:130] = True
        own = np.where(arm, PARTS_OF_PHOTOS.index("skin"), labels).astype(np.uint8)
        shown = photo.copy()
        shown[arm] = (220, 170, 140)
        return tailored(shown, mask & ~arm, "top", "woman_24", labels=own)

    hidden = with_arm(12).cloth
    front = hidden.places[:, 0] < 0.5
    assert 0 < (hidden.guessed[front] == 1).sum() < 0.3 * front.sum()
    assert (hidden.picture[..., 0] < 200).all(), "no skin on it"
    with pytest.raises(RequestInvalid, match=r"hides|has not the shape"):
        with_arm(62)
