"""Ghost mannequin: the body goes, the neck is closed from the inside; where the outline is not sure it is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.datasets.photos.masks import PARTS
from bottega.models.studio.rescue.ghost import ghost_of

SKIN, SHIRT, HAIR = (224, 172, 140), (40, 70, 160), (50, 30, 20)
PX = 240


def worn(*, arm: bool = False, low: bool = False, strap: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Somebody in a shirt before grey, and the codes of the parts."""
    photo, codes = Image.new("RGB", (PX, PX), (150, 152, 155)), Image.new("L", (PX, PX), 0)

    def both(kind: str, shape: object, colour: tuple[int, int, int], part: str) -> None:
        getattr(ImageDraw.Draw(photo), kind)(shape, fill=colour)
        getattr(ImageDraw.Draw(codes), kind)(shape, fill=PARTS.index(part))

    both("polygon", [(70, 70), (40, 150), (52, 156), (88, 100)], SKIN, "skin")
    both("polygon", [(170, 70), (200, 150), (188, 156), (152, 100)], SKIN, "skin")
    bottom = PX if low else 200
    both(
        "polygon",
        [
            (70, 66),
            (100, 58),
            (140, 58),
            (170, 66),
            (182, 108),
            (164, 114),
            (162, bottom),
            (78, bottom),
            (76, 114),
            (58, 108),
        ],
        SHIRT,
        "upper",
    )
    both("ellipse", (98, 38, 142, 82), SKIN, "skin")
    both("ellipse", (96, 8, 144, 64), SKIN, "skin")
    both("ellipse", (92, 2, 148, 44), HAIR, "hair")
    if arm:
        both("polygon", [(40, 150), (150, 120), (154, 138), (52, 166)], SKIN, "skin")
    if strap:
        both("polygon", [(84, 62), (100, 60), (162, 180), (150, 192)], (30, 30, 30), "bag")
    return np.asarray(photo), np.asarray(codes)


def chances(codes: np.ndarray, sure: float = 0.96) -> np.ndarray:
    rest = (1 - sure) / (len(PARTS) - 1)
    return np.where(codes[..., None] == np.arange(len(PARTS)), sure, rest).astype(np.float32)


def test_the_body_goes_and_the_shirt_stays() -> None:
    photo, codes = worn()
    ghost = ghost_of(photo, chances(codes))
    assert ghost.part == "upper" and not ghost.refused and ghost.cut is not None
    opaque = ghost.cut[..., 3] > 127
    assert not opaque[:36].any(), "no head"
    assert not opaque[130:150, 36:56].any(), "no arm"
    shirt = codes == PARTS.index("upper")
    assert (opaque & shirt).sum() > 0.98 * shirt.sum()
    assert np.abs(ghost.cut[150, 120, :3].astype(int) - SHIRT).max() < 6


def test_the_neck_is_filled_with_the_inside_of_the_garment() -> None:
    photo, codes = worn()
    cut = ghost_of(photo, chances(codes)).cut
    assert cut is not None
    neck = cut[72:80, 112:128]
    assert (neck[..., 3] > 200).all(), "no hole where the throat was"
    inner = neck[..., :3].reshape(-1, 3).mean(0)
    assert (inner < SHIRT).all() and (inner > 0.35 * np.array(SHIRT)).all(), "its own colour, in shade"
    assert not (cut[50:56, 112:128, 3] > 60).any(), "and no neck above the collar"


@pytest.mark.parametrize(
    ("how", "sure", "said"),
    [
        ({"arm": True}, 0.96, "lies over|in pieces"),
        ({"low": True}, 0.96, "cuts it off"),
        ({"strap": True}, 0.96, "lies over|in pieces"),
        ({}, 0.6, "is not sure"),
    ],
)
def test_what_is_not_sure_is_refused(how: dict[str, bool], sure: float, said: str) -> None:
    photo, codes = worn(**how)
    ghost = ghost_of(photo, chances(codes, sure))
    assert ghost.cut is None and re.search(said, ghost.refused), ghost.refused


def test_nobody_and_nothing_are_refused() -> None:
    photo, codes = worn()
    flat = np.where(codes == PARTS.index("upper"), codes, 0)
    assert ghost_of(photo, chances(flat)).refused == "nobody wears it"
    assert "no garment" in ghost_of(photo, chances(np.zeros_like(codes))).refused
    assert "no garment" in ghost_of(photo, chances(codes), "lower").refused
