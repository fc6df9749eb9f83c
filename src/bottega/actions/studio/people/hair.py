"""Hair: a shopper's own photo with their hair in another colour. The photo is looked at, answered, and not kept."""

from __future__ import annotations

import time

import numpy as np
from PIL import Image
from skimage.color import lab2rgb

from bottega.actions.studio.people.hair_shapes import HairAnswer, HairRequest, HairTone
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.provenance import SourceType, altered, source_type_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.blocks.colours import name_of
from bottega.models.studio.people.hair import find_hair, recolour_hair
from bottega.models.studio.people.hair_colours import hair_colour
from bottega.models.vision.parts.parser import Parts
from bottega.names import FloatArray
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.shipped_models import PARTS as PARTS_MODEL
from bottega.shop.trained.shipped_models import SHIPPED

__all__ = ["MOST_PX", "chances_of", "colour_hair", "colour_hair_here"]

MOST_PX = 2048
"""Longer side of what is answered."""
_LOOK_PX = 640
"""Longer side at which the parser looks; its answer is brought back to the photo's size."""


def colour_hair(shop: OpenShop, request: HairRequest) -> HairAnswer:
    """Colour the hair of the one person on a photo.

    Raises `EditRefused` and `RequestInvalid` for the colour, `PhotoRefused` for a photo that cannot be read, that shows
    no hair for sure, or several people.
    """
    return _coloured(shop.models.parts(), request)


def colour_hair_here(shop: OpenShop | None, request: HairRequest) -> HairAnswer:
    """The same for somebody who sits at this machine; no shop is needed."""
    return _coloured(SHIPPED.get(PARTS_MODEL) if shop is None else shop.models.parts(), request)


def chances_of(photo: Photo, parser: Parts) -> tuple[FloatArray, FloatArray]:
    """Chances of hair and of skin [H, W] of a photo [H, W, 3]."""
    height, width = photo.shape[:2]
    small = _at_most(photo, _LOOK_PX)
    chances = parser.parse([small])[0]
    hair, skin = (np.ascontiguousarray(chances[..., PARTS.index(name)], np.float32) for name in ("hair", "skin"))
    if small is photo:
        return hair, skin
    way = Image.Resampling.BILINEAR
    grown = (np.asarray(Image.fromarray(one).resize((width, height), way), np.float32) for one in (hair, skin))
    return next(grown), next(grown)


def _coloured(parser: Parts, request: HairRequest) -> HairAnswer:
    started = time.perf_counter()
    name, lab = hair_colour(request.to)
    photo = _at_most(read_photo(request.photo.content, name=request.photo.name), MOST_PX)
    hair = find_hair(photo, *chances_of(photo, parser))
    found = recolour_hair(photo, hair, lab)
    said = altered(source_type_of(request.photo.content), SourceType.PARTLY_GENERATED)
    height, width = found.shape[:2]
    return HairAnswer(
        photo=request.photo.name,
        width=width,
        height=height,
        was=HairTone(name=name_of(np.array(hair.lab, np.float32)), rgb=_rgb(hair.lab)),
        to=HairTone(name=name, rgb=_rgb(lab)),
        covers=round(float(hair.alpha.mean()), 4),
        source_type=str(said),
        content=jpeg_of(found, said),
        version=parser.version,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _at_most(photo: Photo, px: int) -> Photo:
    """The photo, its longer side at most so long."""
    height, width = photo.shape[:2]
    if max(height, width) <= px:
        return photo
    scale = px / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.array(Image.fromarray(photo).resize(size, Image.Resampling.BOX))


def _rgb(lab: tuple[float, float, float]) -> str:
    red, green, blue = (int(value) for value in np.rint(lab2rgb(np.array(lab, np.float64)[None])[0].clip(0, 1) * 255))
    return f"#{red:02x}{green:02x}{blue:02x}"
