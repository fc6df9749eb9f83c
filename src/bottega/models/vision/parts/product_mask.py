"""What of a photo is product: the free mask of a plain background, else what the parser does not call background."""

from __future__ import annotations

import numpy as np

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.vision.parts.parser import Parts
from bottega.names import BoolArray

__all__ = ["product_mask"]


def product_mask(photo: Photo, *, parser: Parts | None = None) -> BoolArray:
    """What is not background [H, W]: the free mask of a plain one, else what the parser (by default the shipped) says.

    Where the parser finds nothing, all of the photo is product.
    """
    if is_plain(photo):
        return foreground(photo)
    found = (parser or Parts.shipped()).parse_labels([photo])[0] != 0
    return found if found.any() else np.ones_like(found)
