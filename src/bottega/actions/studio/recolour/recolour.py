"""Recolour: the same product in another colour, from photos that came in. Nothing of them is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from bottega.actions.studio.asked_colour import asked_colour
from bottega.actions.studio.photos_read import photos_read
from bottega.actions.studio.product_seen import product_seen
from bottega.actions.studio.recolour.shapes import LabColour, RecolourAnswer, RecolouredPhoto, RecolourRequest
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.provenance import altered, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused, ProductUnknown, RequestInvalid
from bottega.models.blocks.colours import to_lab
from bottega.models.studio.recolour.main_colour import main_colour_of
from bottega.models.studio.recolour.recolour import GOOD, Lab, Recoloured, hex_of, recolour
from bottega.models.studio.rescue.repair import beside
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from bottega.shop.trained.shipped_models import PARTS, SHIPPED

__all__ = ["LITTLE", "MOST_PX", "notes_of", "product_colour", "recolour_here", "recolour_photos"]

MOST_PX = 4_000_000
"""Pixels of the photos of one answer: a few seconds of one core."""
LITTLE = 0.35
"""Of a product, below which the main colour is not what it is seen by."""
_FAINT = 30.0
"""A way in lightness on which folds become fainter or stronger."""

Parse = Callable[[Photo], LabelMap]


def recolour_photos(shop: OpenShop, request: RecolourRequest, *, progress: Progress = silent) -> RecolourAnswer:
    """Each product in the colour asked for.

    Raises `PhotoRefused` when none can be done, or they are too many pixels for one answer; `RequestInvalid` for an
    unknown colour, `ProductUnknown`.
    """
    return _recoloured(request, shop, MOST_PX, progress)


def recolour_here(shop: OpenShop | None, request: RecolourRequest, *, progress: Progress = silent) -> RecolourAnswer:
    """The same for somebody who sits at this machine; no shop is needed, but for `like`."""
    return _recoloured(request, shop, None, progress)


def product_colour(shop: OpenShop, product_id: str) -> Lab:
    """The main colour on a product's photo. Raises `ProductUnknown`, `RequestInvalid`, `PhotoRefused`."""
    product = shop.store.products.get([product_id]).get(product_id)
    if product is None:
        raise ProductUnknown.named(product_id)
    picture = main_picture(product)
    if picture is None:
        raise RequestInvalid(
            f"The product {product_id!r} has no photo in the shop's folder.",
            allowed="A colour is taken from a product with a photo.",
            next_step="Name another product, or say the colour.",
        )
    photo = read_inside(shop.folder.images, picture)
    _, mask = product_seen(photo, shop.models.parse)
    return main_colour_of(to_lab(photo), mask).lab


def notes_of(found: Recoloured, to: Lab) -> list[str]:
    """What to look at before a recoloured photo is shown."""
    notes = []
    if found.off > GOOD:
        notes.append(
            f"It is {found.off:.0f} from the colour asked for (CIEDE2000); up to {GOOD:.0f} counts as the same."
        )
    if found.share < LITTLE:
        notes.append(f"Its main colour covers {found.share:.0%} of the product; the other colours stayed as they were.")
    if to[0] - found.before[0] > _FAINT:
        notes.append("It became much paler: folds and grain of the dark cloth stand out more.")
    if found.before[0] - to[0] > _FAINT:
        notes.append("It became much darker: folds are fainter, as they are on dark cloth.")
    return notes


def _recoloured(
    request: RecolourRequest, shop: OpenShop | None, most_px: int | None, progress: Progress
) -> RecolourAnswer:
    started = time.perf_counter()
    to = _asked(request, shop)
    parse = shop.models.parse if shop is not None else _shipped_parse
    read, refusals = photos_read(request.photos)
    if most_px is not None:
        _check_size(list(read.values()), most_px)
    answers = []
    for place, upload in enumerate(request.photos):
        try:
            if place in refusals:
                raise refusals[place]
            answers.append(_answer(upload, read[place], to, request, parse))
        except PhotoRefused as refusal:
            refusals[place] = refusal
            answers.append(RecolouredPhoto(photo=upload.name, refused=str(refusal)))
        progress("recolouring photos", place + 1, len(request.photos))
    if len(refusals) == len(request.photos):
        raise next(iter(refusals.values()))
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return RecolourAnswer(asked=_seen(to), photos=answers, took_ms=took_ms)


def _asked(request: RecolourRequest, shop: OpenShop | None) -> Lab:
    if request.like is None:
        return asked_colour(request.to)
    if request.to or shop is None:
        raise RequestInvalid(
            "Field like stands beside to." if request.to else "Field like names a product, and there is no shop here.",
            allowed="It takes a colour (to), or a product of the shop that has it (like).",
            next_step="Give one of them, and the shop's folder with like.",
        )
    return product_colour(shop, request.like)


def _answer(upload: Upload, photo: Photo, to: Lab, request: RecolourRequest, parse: Parse) -> RecolouredPhoto:
    part, mask = product_seen(photo, parse, request.part)
    found = recolour(photo, mask, to)
    said = altered(source_type_of(upload.content), found.source_type)
    both = np.ascontiguousarray(beside(photo, found.photo)) if request.side_by_side else None
    return RecolouredPhoto(
        photo=upload.name,
        part=part,
        before=_seen(found.before),
        after=_seen(found.after),
        off=round(found.off, 2),
        light_kept=None if math.isnan(found.light_kept) else round(found.light_kept, 4),
        share=round(found.share, 4),
        notes=notes_of(found, to),
        source_type=said,
        content=jpeg_of(found.photo, said),
        side_by_side=None if both is None else jpeg_of(both, said),
    )


def _seen(lab: Lab) -> LabColour:
    return LabColour(hex=hex_of(lab), lab=(round(lab[0], 2), round(lab[1], 2), round(lab[2], 2)))


def _shipped_parse(photo: Photo) -> LabelMap:
    labels: LabelMap = SHIPPED.get(PARTS).parse_labels([photo])[0]
    return labels


def _check_size(photos: list[Photo], most_px: int) -> None:
    pixels = sum(photo.shape[0] * photo.shape[1] for photo in photos)
    if pixels > most_px:
        raise PhotoRefused(
            f"Together the photos have {pixels / 1e6:.1f} million pixels.",
            allowed=f"One answer takes {most_px / 1e6:.0f} million.",
            next_step="Send fewer or smaller photos; `bottega recolour` takes as long as it needs.",
        )
