"""The person in a photo: the parser says which part is where, the key-point network where the joints are under it.

Costs    A photo is looked at no larger than `LOOK_PX`: neither sees more in a larger one, and a large one costs memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo

if TYPE_CHECKING:
    from bottega.models.studio.key_points.fit import FittedBody
    from bottega.models.studio.key_points.key_points import KeyPointReader, SomebodySeen

__all__ = ["LOOK_PX", "PersonSeen", "person_seen"]

LOOK_PX = 768


@dataclass(frozen=True, slots=True, eq=False)
class PersonSeen:
    """A person, in pixels of the photo [H, W, 3] that was given."""

    somebody: SomebodySeen
    """Key points and outline."""
    labels: LabelMap
    """[H, W], the parser's parts."""

    def fitted(self, bodies: tuple[str, ...] | None = None) -> FittedBody:
        """A body that stands as the person does, with the photo's camera. Raises `PhotoRefused`."""
        from bottega.models.studio.key_points.fit import fit_body

        return fit_body(self.somebody, bodies=bodies)


def person_seen(photo: Photo, parse: Callable[[Photo], LabelMap], reader: KeyPointReader) -> PersonSeen:
    """The person of a photo; a shop's `models.parse` and `models.key_points()` are meant.

    Raises `PhotoRefused` where no person is found.
    """
    height, width = photo.shape[:2]
    scale = min(1.0, LOOK_PX / max(height, width))
    small = photo
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BOX))
    labels = np.asarray(parse(small), np.uint8)
    somebody = reader.read(labels)
    if labels.shape == (height, width):
        return PersonSeen(somebody, labels)
    whole = np.asarray(Image.fromarray(labels).resize((width, height), Image.Resampling.NEAREST))
    return PersonSeen(somebody.enlarged((height, width)), whole)
