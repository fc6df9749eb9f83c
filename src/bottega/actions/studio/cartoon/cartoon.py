"""Cartoon: photos that came in, given back as flat colours and lines. Nothing of them is kept."""

from __future__ import annotations

import time

from bottega.actions.studio.cartoon.shapes import CartoonAnswer, CartoonPhoto, CartoonRequest
from bottega.actions.studio.photos_read import photos_read
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.datasets.photos.files import refused
from bottega.datasets.photos.provenance import SourceType, altered, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.cartoon.cartoon import MOST_PX, CartoonStyle, cartoon
from bottega.models.vision.parts.product_mask import product_mask
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.shipped_models import PARTS, SHIPPED

__all__ = ["MOST_WORK_PX", "cartoon_here", "cartoon_photos"]

MOST_WORK_PX = 2_000_000
"""Pixels that are drawn for one answer: about two seconds of one core."""


def cartoon_photos(shop: OpenShop, request: CartoonRequest) -> CartoonAnswer:
    """A cartoon of each photo. Raises `PhotoRefused` when none can be drawn, or they are too much for one answer."""
    return _drawn(shop, request, MOST_WORK_PX, silent)


def cartoon_here(shop: OpenShop | None, request: CartoonRequest, *, progress: Progress = silent) -> CartoonAnswer:
    """The same for somebody who sits at this machine and sees the progress; no shop is needed."""
    return _drawn(shop, request, None, progress)


def _drawn(shop: OpenShop | None, request: CartoonRequest, most_px: int | None, progress: Progress) -> CartoonAnswer:
    started = time.perf_counter()
    style = CartoonStyle(request.colours, request.smooth, request.lines)
    read, refusals = photos_read(request.photos)
    if most_px is not None:
        _check_work(list(read.values()), most_px)
    answers = []
    for place, upload in enumerate(request.photos):
        try:
            if place in refusals:
                raise refusals[place]
            photo = read[place]
            found = cartoon(photo, style, mask=_product(shop, photo, upload.name) if request.product_only else None)
        except PhotoRefused as refusal:
            refusals[place] = refusal
            answers.append(CartoonPhoto(photo=upload.name, refused=str(refusal)))
            continue
        said = altered(source_type_of(upload.content), SourceType.ENHANCED)
        answers.append(
            CartoonPhoto(
                photo=upload.name,
                width=found.shape[1],
                height=found.shape[0],
                source_type=said,
                content=jpeg_of(found, said),
            )
        )
        progress("drawing cartoons", place + 1, len(request.photos))
    if len(refusals) == len(request.photos):
        raise next(iter(refusals.values()))
    return CartoonAnswer(photos=answers, took_ms=round((time.perf_counter() - started) * 1000, 3))


def _product(shop: OpenShop | None, photo: Photo, name: str) -> BoolArray:
    """The product's mask. Raises `PhotoRefused` where none is told from its background."""
    mask = product_mask(photo, parser=SHIPPED.get(PARTS) if shop is None else shop.models.parts())
    if mask.mean() < 0.999:
        return mask
    raise refused(
        name,
        "shows no product that could be told from its background",
        "Send a photo on a plain background, or leave product_only out.",
    )


def _check_work(photos: list[Photo], most_px: int) -> None:
    work = 0
    for photo in photos:
        height, width = photo.shape[:2]
        scale = min(1.0, MOST_PX / max(height, width))
        work += int(height * width * scale**2)
    if work > most_px:
        raise PhotoRefused(
            f"Together the photos are {work / 1e6:.1f} million pixels to draw.",
            allowed=f"One answer takes {most_px / 1e6:.0f} million; a photo is drawn at {MOST_PX} pixels at most.",
            next_step="Send fewer or smaller photos; `bottega cartoon` takes as long as it needs.",
        )
