"""A dressed figure as the composer takes it: which layer each pixel shows, and the picture composed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.models.studio.bodies.figure import NO_LABEL
from bottega.models.studio.bodies.scene import LABELS
from bottega.models.studio.composer.composer import Composer
from bottega.models.studio.composer.unsure import FIRST_PIECE, HAIR, SKIN
from bottega.models.studio.dressed.dressed import Dressed

__all__ = ["composed", "layers_in"]


def layers_in(found: Dressed) -> NDArray[np.uint8]:
    """The layers of a dressed picture [H, W]: background, skin (all else of the figure), hair, and each piece."""
    layers = np.where(found.labels == NO_LABEL, 0, SKIN).astype(np.uint8)
    layers[found.labels == LABELS.index("hair")] = HAIR
    worn = found.piece >= 0
    layers[worn] = FIRST_PIECE + found.piece[worn]
    return layers


def composed(found: Dressed, composer: Composer) -> Photo:
    """The picture [H, W, 3] of a dressed figure as the composer leaves it."""
    return composer.compose(found.photo, layers_in(found))
