"""What is worn on the head, on a shopper's own photo: glasses, hats, earrings, lipstick; by the product's words.

The face is looked for anew in every photo, and nothing of it is kept: not the photo, not where its points are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bottega.actions.studio.people.hair import chances_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import dominant_colours, foreground, is_plain
from bottega.models.blocks.cutout import cut_out
from bottega.models.studio.face_things.earrings import wear_earrings
from bottega.models.studio.face_things.finder import FaceFinder, the_face
from bottega.models.studio.face_things.glasses import wear_glasses
from bottega.models.studio.face_things.glasses_front import GlassesFront, front_of_glasses
from bottega.models.studio.face_things.hats import wear_hat
from bottega.models.studio.face_things.lips import colour_lips
from bottega.models.studio.face_things.points import Face
from bottega.models.vision.parts.parser import Parts
from bottega.names import FloatArray

__all__ = ["OnFace", "front_on_photo", "lip_colour_of", "wear_on_face"]

_CHROMA = 12.0
"""Chroma (CIE Lab) from which a part of a product's photo may be the colour of a lipstick."""


@dataclass(frozen=True, slots=True)
class OnFace:
    """A photo with something on the face."""

    photo: Photo
    """[H, W, 3]"""
    face: Face
    covers: float
    """Share of the photo that changed."""
    notes: tuple[str, ...]


def wear_on_face(photo: Photo, product: Photo, cut: str, *, finder: FaceFinder, parser: Callable[[], Parts]) -> OnFace:
    """A product, from its photo [h, w, 3], worn as `cut` on the one face of a photo [H, W, 3].

    Raises `PhotoRefused` where no face is found well enough, several are, it is turned away or too small, where the
    product cannot be told from its photo, or where what it is worn on is covered.
    """
    face = the_face(finder.faces(photo), photo.shape)
    notes: list[str] = []
    if cut == "lipstick":
        found = colour_lips(photo, face, lip_colour_of(product))
        notes.append("The colour is the product photo's; on lips it depends on light and on how much is put on.")
    elif cut == "glasses":
        front = front_on_photo(product)
        found = wear_glasses(photo, face, front, hair=_hair(photo, parser))
        notes.append("Width: as wide as the head, since a photo does not tell how large glasses are.")
    elif cut == "hat":
        found = wear_hat(photo, face, _cut_out(product))
        notes.append("Hair that stands out over the hat stays where it is.")
    else:
        found = wear_earrings(photo, face, _cut_out(product), hair=_hair(photo, parser))
        notes.append(
            "How large the earrings are, a photo does not tell: they hang about half as high as the eyes are apart."
        )
    return OnFace(found, face, float((found != photo).any(2).mean()), tuple(notes))


def front_on_photo(product: Photo) -> GlassesFront:
    """The front of the glasses on a product's photo; raises `PhotoRefused`."""
    return front_of_glasses(product, _mask(product))


def lip_colour_of(product: Photo) -> tuple[float, float, float]:
    """The colour (CIE Lab) of a lipstick on its product photo: of its larger colours the reddest.

    Raises `PhotoRefused` where no colour of lips is seen.
    """
    found = [colour for colour in dominant_colours(product, mask=_mask(product)) if colour.share >= 0.04]

    def redness(lab: tuple[float, float, float]) -> float:
        light, red, yellow = lab
        return red - 0.35 * abs(yellow) - 0.3 * max(0.0, abs(light - 45) - 25)

    warm = [colour.lab for colour in found if np.hypot(*colour.lab[1:]) >= _CHROMA and colour.lab[1] > 4]
    if not warm:
        raise PhotoRefused(
            f"No colour of lips is seen on the product photo ({', '.join(colour.name for colour in found) or 'none'}).",
            allowed="A photo that shows the colour itself, or a colour by name.",
            next_step='Name the colour instead, as in lips="dark red".',
        )
    return max(warm, key=redness)


def _mask(product: Photo) -> np.ndarray:
    if not is_plain(product):
        raise PhotoRefused(
            "The product's photo has no plain background.",
            allowed="What is worn on a head is cut out of photos before a plain background.",
            next_step="Choose another photo of the product, or have it made better first (bottega rescue).",
        )
    return foreground(product)


def _cut_out(product: Photo) -> np.ndarray:
    return cut_out(product, _mask(product))


def _hair(photo: Photo, parser: Callable[[], Parts]) -> FloatArray:
    return chances_of(photo, parser())[0]
