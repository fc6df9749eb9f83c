"""Earrings at the lobes of a face: one cut-out or a pair, hanging straight down.

Idea     A photo of a pair falls into two pieces, a photo of one is mirrored for the other ear. How large they are a
         photo does not tell: they hang about half as high as the eyes are apart.
Serves   Ears that are seen: one that hair lies over gets none, and where both are covered the answer is no.
Shapes   H, W of the photo; h, w of the cut-out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.face_things.hats import pieces_of
from bottega.models.studio.face_things.laid import laid_on
from bottega.models.studio.face_things.points import POINTS, Face
from bottega.names import FloatArray

__all__ = ["wear_earrings"]

_TALL = 0.55
"""Height of an earring in distances between the eyes."""
_WIDE = 0.42
"""The most that it is wide."""
_COVERED = 0.5
"""Chance of hair at a lobe from which it is covered."""
_AWAY = 22.0
"""Degrees of a turned head from which the farther ear is not seen."""


def wear_earrings(photo: Photo, face: Face, pair: NDArray[np.uint8], *, hair: FloatArray | None = None) -> Photo:
    """The photo [H, W, 3] with earrings, RGBA [h, w, 4], at the ears that are seen. `hair` [H, W]: chances of hair.

    Raises `PhotoRefused` where no ear is seen, or no earring on the product photo.
    """
    boxes = pieces_of(pair[..., 3] > 127)[:2]
    if not boxes:
        raise PhotoRefused(
            "No earring is told from the background of the product photo.",
            allowed="One earring or a pair before a plain background.",
            next_step="Choose another photo of the product.",
        )
    boxes.sort(key=lambda box: box[1].start)
    found, worn = photo, 0
    for name, side, box in (("left_lobe", 1, boxes[0]), ("right_lobe", -1, boxes[-1])):
        lobe = face.points[POINTS.index(name)]
        column, row = int(lobe[0]), int(lobe[1])
        inside = 0 <= column < photo.shape[1] and 0 <= row < photo.shape[0]
        away = face.yaw * side < -_AWAY
        if not inside or away or (hair is not None and hair[row, column] >= _COVERED):
            continue
        piece = pair[box]
        if len(boxes) == 1 and side < 0:
            piece = piece[:, ::-1]
        height, wide = piece.shape[:2]
        scale = min(_TALL * face.between_eyes / height, _WIDE * face.between_eyes / wide)
        found = laid_on(found, np.ascontiguousarray(piece), anchor=(wide / 2, 0), at=(float(lobe[0]), float(lobe[1])),
                        scale=scale, roll=0.0, shadow=0.15)  # fmt: skip
        worn += 1
    if not worn:
        raise PhotoRefused(
            "No ear is seen on the photo.",
            allowed="Earrings are tried on where at least one ear is free of hair and turned to the camera.",
            next_step="Take a photo with the hair behind the ears.",
        )
    return found
