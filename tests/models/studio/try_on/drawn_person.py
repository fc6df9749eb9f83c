"""A drawn person: a label map, and a photo whose clothes have a pattern, so that bending shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray

__all__ = ["COLOURS", "SIZE", "drawn_person", "patterned", "photo_of", "piece_of"]

SIZE = (200, 320)
"""Width and height."""
COLOURS = {
    "background": (150, 160, 170), "skin": (205, 150, 120), "hair": (60, 40, 30), "upper": (60, 90, 170),
    "outer": (90, 80, 60), "lower": (70, 70, 80), "one_piece": (160, 60, 90), "shoes": (30, 30, 30),
    "bag": (120, 60, 30),
}  # fmt: skip


def drawn_person(
    *,
    wears: tuple[str, str] = ("upper", "lower"),
    behind: bool = False,
    hem: int = 268,
    shift: int = 0,
    across: bool = False,
) -> NDArray[np.uint8]:
    """Labels [H, W]: head, a top with long sleeves, hands, something on the legs down to row `hem`, feet."""
    picture = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(picture)
    code = {name: PARTS.index(name) for name in PARTS}
    x = 100 + shift
    pen.rectangle((x - 7, 48, x + 7, 66), fill=code["skin"])
    for side in (-1, 1):
        pen.polygon([(x + side * 3, 150), (x + side * 28, 150), (x + side * 20, 280), (x + side * 7, 280)],
                    fill=code["skin"])  # fmt: skip
        pen.polygon([(x + side * 3, 148), (x + side * 30, 148), (x + side * 23, hem), (x + side * 5, hem)],
                    fill=code[wears[1]])  # fmt: skip
        pen.rectangle(sorted_box(x + side * 4, 276, x + side * 24, 290), fill=code["shoes"])
        pen.polygon([(x + side * 24, 64), (x + side * 34, 70), (x + side * 46, 150), (x + side * 36, 152)],
                    fill=code[wears[0]])  # fmt: skip
        pen.ellipse(sorted_box(x + side * 35, 150, x + side * 47, 168), fill=code["skin"])
    pen.polygon([(x - 30, 64), (x - 9, 58), (x, 66), (x + 9, 58), (x + 30, 64), (x + 27, 156), (x - 27, 156)],
                fill=code[wears[0]])  # fmt: skip
    if wears[0] == "one_piece":
        pen.polygon([(x - 27, 150), (x + 27, 150), (x + 34, 215), (x - 34, 215)], fill=code["one_piece"])
    pen.ellipse((x - 15, 14, x + 15, 54), fill=code["skin"])
    pen.pieslice((x - 17, 10, x + 17, 54), 180, 360, fill=code["hair"])
    if behind:
        pen.ellipse((x - 16, 12, x + 16, 56), fill=code["hair"])
    if across:
        pen.rectangle((x - 40, 92, x + 40, 128), fill=code["skin"])
    return np.asarray(picture, np.uint8).copy()


def sorted_box(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    """A box whose corners are in order."""
    return min(left, right), top, max(left, right), bottom


def patterned(shape: tuple[int, int], colour: tuple[int, int, int], *, step: int = 9) -> Photo:
    """Blots of a colour and of lighter ones [H, W, 3]."""
    rng = np.random.default_rng(3)
    height, width = shape
    coarse = rng.uniform(0.55, 1.35, (height // step + 2, width // step + 2))
    blots = np.asarray(Image.fromarray(coarse.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC))
    return np.asarray((np.array(colour) * blots[..., None]).clip(0, 255), np.uint8)


def photo_of(labels: NDArray[np.uint8]) -> Photo:
    """The photo [H, W, 3] of a label map: each part in its colour, with blots."""
    photo = np.zeros((*labels.shape, 3), np.uint8)
    for name, colour in COLOURS.items():
        plain = np.broadcast_to(np.array(colour, np.uint8), photo.shape)
        pattern = plain if name in {"skin", "hair"} else patterned(labels.shape, colour)
        photo = np.where((labels == PARTS.index(name))[..., None], pattern, photo)
    return np.ascontiguousarray(photo, dtype=np.uint8)


def piece_of(kind: str, size: int = 160) -> tuple[Photo, BoolArray]:
    """A flat piece on white: long (sleeves), crop, trousers, shorts, dress, midi and mini (skirts)."""
    picture = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(picture)
    s = size / 160
    shapes = {
        "long": [[(52, 20), (70, 16), (80, 24), (90, 16), (108, 20), (138, 120), (124, 124), (108, 66), (108, 130),
                  (52, 130), (52, 66), (36, 124), (22, 120)]],
        "crop": [[(52, 20), (70, 16), (80, 24), (90, 16), (108, 20), (138, 118), (124, 122), (110, 66), (108, 72),
                  (52, 72), (50, 66), (36, 122), (22, 118)]],
        "trousers": [[(55, 8), (105, 8), (112, 150), (90, 150), (80, 40), (70, 150), (48, 150)]],
        "shorts": [[(50, 40), (110, 40), (118, 95), (84, 95), (80, 66), (76, 95), (42, 95)]],
        "dress": [[(62, 10), (74, 8), (80, 13), (86, 8), (98, 10), (116, 60), (108, 63), (98, 34), (98, 60), (112, 140),
                   (48, 140), (62, 60), (62, 34), (52, 63), (44, 60)]],
        "midi": [[(52, 10), (108, 10), (120, 120), (40, 120)]],
        "mini": [[(40, 40), (120, 40), (128, 88), (32, 88)]],
    }  # fmt: skip
    for shape in shapes[kind]:
        pen.polygon([(x * s, y * s) for x, y in shape], fill=1)
    mask = np.asarray(picture, bool)
    photo = np.where(mask[..., None], patterned(mask.shape, (190, 60, 40)), 255).astype(np.uint8)
    return photo, mask
