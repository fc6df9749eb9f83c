"""Restage: a merchant's own product video with another ground, colour or crop, kept in the shop's folder `videos/`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from bottega.actions.studio.video.shapes import RestageAnswer, RestageRequest
from bottega.datasets.photos.provenance import SourceType
from bottega.datasets.photos.reading import Photo
from bottega.errors import RequestInvalid, VideoRefused
from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.colour_words import lab_of_word
from bottega.models.studio.refused import refuse_race
from bottega.models.studio.video.clip import Clip, as_webp
from bottega.models.studio.video.files import as_mp4, ffmpeg, read_video
from bottega.models.studio.video.staged import Staging, stage
from bottega.models.vision.parts.product_mask import product_mask
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.video_files import put_video
from bottega.shop.trained.shipped_models import PARTS, SHIPPED

__all__ = ["refuse_restage", "restage", "restaged"]

_HEX = re.compile(r"#([0-9a-fA-F]{6})")


def refuse_restage(request: RestageRequest) -> None:
    """Raise what `restage` would raise for these values before it has read a frame."""
    for name in (request.background, request.colour):
        if name is not None:
            _lab(name)
    ffmpeg()
    if request.background is None and request.colour is None and request.crop is None:
        raise RequestInvalid(
            "Nothing was asked to become otherwise.",
            allowed="A video gets another background, colour or crop.",
            next_step="Name at least one of them.",
        )


def restage(shop: OpenShop, request: RestageRequest, *, progress: Progress = silent) -> RestageAnswer:
    """Stage a video anew and keep it. Raises `VideoRefused`, and `RequestInvalid` for an unknown colour."""
    parts = shop.models.parts()
    clip, flickers = restaged(request, lambda frame: product_mask(frame, parser=parts), progress=progress)
    return RestageAnswer(
        name=put_video(shop.folder, clip.content, clip.media_type),
        media_type=clip.media_type,
        width=clip.width,
        height=clip.height,
        frames=clip.frames,
        seconds=clip.seconds,
        size_bytes=len(clip.content),
        flicker_before=round(flickers[0], 4),
        flicker_after=round(flickers[1], 4),
        source_type=SourceType.COMPOSED,
    )


def restaged(
    request: RestageRequest,
    mask_of: Callable[[Photo], BoolArray] | None = None,
    *,
    progress: Progress = silent,
) -> tuple[Clip, tuple[float, float]]:
    """The video anew, and its flicker before and after; `mask_of` is by default that of the shipped parser."""
    refuse_restage(request)
    source = Path(request.source)
    video = read_video(source)
    staging = Staging(
        None if request.background is None else _rgb(request.background),
        None if request.colour is None else _lab(request.colour),
        request.crop,
        request.steady,
    )
    found = stage(video.frames, video.fps, staging, mask_of or _product, progress=progress)
    if found is None:
        raise VideoRefused(
            f"{source.name} shows no product that could be told from its background.",
            allowed="A product on a plain ground, or clothes that somebody wears.",
            next_step="Film it on a plain ground.",
        )
    if request.webp:
        clip = as_webp(found.frames, video.fps, most_bytes=1000 * request.most_kb, progress=progress)
    else:
        clip = as_mp4(found.frames, video.fps)
    return clip, found.flicker


def _product(frame: Photo) -> BoolArray:
    return product_mask(frame, parser=SHIPPED.get(PARTS))


def _lab(name: str) -> tuple[float, float, float]:
    """A colour as CIE Lab. Raises `EditRefused`, `RequestInvalid`."""
    refuse_race(name)
    if code := _HEX.fullmatch(name):
        rgb = np.array([[[int(code[1][at : at + 2], 16) for at in (0, 2, 4)]]]) / 255
        lightness, a, b = rgb2lab(rgb)[0, 0].tolist()
        return lightness, a, b
    if (found := lab_of_word(name, tuple(LANGUAGES))) is None:
        raise RequestInvalid(
            f"{name[:80]!r} is no colour that is known.",
            allowed="A colour is a word, as in navy or light blue, or #rrggbb.",
            next_step="Choose another.",
        )
    return found


def _rgb(name: str) -> tuple[int, int, int]:
    red, green, blue = np.rint(lab2rgb(np.array([[_lab(name)]]))[0, 0] * 255).astype(int).tolist()
    return red, green, blue
