"""What costs nothing: an outfit's cut-outs laid on the bare figure, each in the box that geometry's drawing has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.figure import NO_LABEL, figure
from bottega.models.studio.bodies.scene import LABELS
from bottega.models.studio.composer.outfits import WornOutfit
from bottega.models.studio.composer.unsure import FIRST_PIECE, HAIR, SKIN
from bottega.names import BoolArray

__all__ = ["pasted_flat"]


def pasted_flat(worn: WornOutfit) -> tuple[Photo, NDArray[np.uint8]]:
    """The picture [H, W, 3] and its layers [H, W], as the composer takes them."""
    drawn = worn.drawn
    size = worn.layers.shape[1], worn.layers.shape[0]
    bare = figure(worn.model.body, worn.model.appearance, worn.pose, size=size)
    photo = bare.photo.copy()
    layers = np.where(bare.labels == NO_LABEL, 0, SKIN).astype(np.uint8)
    layers[bare.labels == LABELS.index("hair")] = HAIR
    there, here = (np.array([(point.x, point.y) for point in one.key_points]) for one in (drawn, bare))
    scale = float(np.ptp(here[:, 1]) / np.ptp(there[:, 1]))
    move = here.mean(0) - scale * there.mean(0)
    for at, piece in enumerate(worn.pieces):
        mask = drawn.mask(at)
        if not mask.any():
            continue
        box = np.array(_box(mask), float).reshape(2, 2) * scale + move
        (left, top), (right, bottom) = np.rint(box).astype(int)
        cut = _box(piece.mask)
        part = np.s_[cut[1] : cut[3], cut[0] : cut[2]]
        wide, high = max(1, right - left), max(1, bottom - top)
        picture = Image.fromarray(piece.photo[part]).resize((wide, high), Image.Resampling.BICUBIC)
        cover = Image.fromarray(np.where(piece.mask[part], 255, 0).astype(np.uint8)).resize(
            (wide, high), Image.Resampling.BILINEAR
        )
        canvas = Image.fromarray(photo)
        canvas.paste(picture, (int(left), int(top)), cover)
        photo = np.array(canvas)
        marks = Image.new("L", size, 0)
        marks.paste(cover, (int(left), int(top)))
        layers[np.array(marks) > 127] = FIRST_PIECE + at
    return photo, layers


def _box(mask: BoolArray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
