"""Rescue: photos that came in, made better and given back. Nothing of them is kept."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import Protocol

import numpy as np
from PIL import Image

from bottega.actions.studio.photos_read import photos_read
from bottega.actions.studio.rescue.shapes import RescueAnswer, RescuedPhoto, RescueRequest, StepInfo, _Repair
from bottega.datasets.photos.provenance import SourceType, altered, marked, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.studio.rescue.repair import Repaired, Wanted, beside, repair, work_px
from bottega.models.studio.rescue.rescue import Rescue
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.product_mask import product_mask
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.shipped_models import PARTS, RESCUE, SHIPPED

__all__ = ["MOST_WORK_PX", "jpeg_of", "repaired", "rescue_here", "rescue_photos", "wanted_of"]

MOST_WORK_PX = 2_000_000
"""Pixels that the network looks at for one answer: some seconds of one core."""
_QUALITY = 93


def rescue_photos(shop: OpenShop, request: RescueRequest, *, progress: Progress = silent) -> RescueAnswer:
    """Make each photo better. Raises `PhotoRefused` when none can be read, or they are too much work for one answer."""
    return _rescued(shop.models, request, MOST_WORK_PX, progress)


def rescue_here(shop: OpenShop | None, request: RescueRequest, *, progress: Progress = silent) -> RescueAnswer:
    """The same for somebody who sits at this machine and sees the progress; no shop is needed."""
    return _rescued(_Shipped() if shop is None else shop.models, request, None, progress)


def _rescued(models: _Models, request: RescueRequest, most_px: int | None, progress: Progress) -> RescueAnswer:
    started = time.perf_counter()
    wanted = wanted_of(request)
    read, refusals = photos_read(request.photos)
    if not read:
        raise next(iter(refusals.values()))
    if most_px is not None:
        _check_work(read.values(), wanted, most_px)
    answers = []
    for place, upload in enumerate(request.photos):
        if place in refusals:
            answers.append(RescuedPhoto(photo=upload.name, refused=str(refusals[place])))
            continue
        found = repaired(models, read[place], wanted, progress=progress)
        found = replace(found, source_type=altered(source_type_of(upload.content), found.source_type))
        answers.append(_answer(upload.name, read[place], found, side_by_side=request.side_by_side))
        progress("rescuing photos", place + 1, len(request.photos))
    return RescueAnswer(
        photos=answers, version=models.rescue().version, took_ms=round((time.perf_counter() - started) * 1000, 3)
    )


class _Models(Protocol):
    def rescue(self) -> Rescue: ...

    def parts(self) -> Parts: ...


class _Shipped:
    def rescue(self) -> Rescue:
        found: Rescue = SHIPPED.get(RESCUE)
        return found

    def parts(self) -> Parts:
        found: Parts = SHIPPED.get(PARTS)
        return found


def repaired(models: _Models, photo: Photo, wanted: Wanted, *, progress: Progress = silent) -> Repaired:
    """One photo put right with these models."""

    def mask_of(found: Photo) -> BoolArray:
        return product_mask(found, parser=models.parts())

    def parts_of(found: Photo) -> FloatArray:
        return models.parts().parse([found])[0]

    return repair(photo, wanted, models.rescue, mask_of, parts_of, progress=progress)


def wanted_of(request: _Repair) -> Wanted:
    """What a request asks for."""
    return Wanted(
        enlarge=request.enlarge,
        way=request.way,
        light=request.light,
        level=request.level,
        clean=request.clean,
        background=request.background,
        shadow=request.shadow,
        preset=request.preset or "",
        scene=request.scene or "",
        ghost=request.ghost,
        garment=request.garment or "",
    )


def jpeg_of(photo: Photo, source_type: SourceType | None) -> bytes:
    """The picture as a file that says how it was made."""
    file = BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=_QUALITY, subsampling=0)
    content = file.getvalue()
    return content if source_type is None else marked(content, source_type)


def _answer(name: str, before: Photo, found: Repaired, *, side_by_side: bool) -> RescuedPhoto:
    height, width = found.photo.shape[:2]
    both = jpeg_of(np.ascontiguousarray(beside(before, found.photo)), found.source_type) if side_by_side else None
    return RescuedPhoto(
        photo=name,
        steps=[StepInfo(step=one.step, done=one.done, what=one.what) for one in found.steps],  # type: ignore[arg-type]
        width=width,
        height=height,
        source_type=found.source_type,
        content=jpeg_of(found.photo, found.source_type),
        side_by_side=both,
    )


def _check_work(photos: Iterable[Photo], wanted: Wanted, most_px: int) -> None:
    work = sum(work_px(int(photo.shape[1]), int(photo.shape[0]), wanted) for photo in photos)
    if work > most_px:
        raise PhotoRefused(
            f"Together the photos are {work / 1e6:.1f} million pixels of work for the network.",
            allowed=f"One answer takes {most_px / 1e6:.0f} million: a photo counts once where it is cleaned or "
            "enlarged by the mean way, twice by the likely way.",
            next_step="Send fewer or smaller photos, ask for enlarge=1, or have the whole catalogue done by the job "
            "rescue_catalogue; `bottega rescue` takes as long as it needs.",
        )
