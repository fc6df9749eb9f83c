"""Frames as one file: an animated WebP that goes round for ever, as small as asked, and says how it was made.

Source   WebP and its animation: RFC 9649, sections 2.7 and 2.7.1.
Shapes   Frames uint8 [H, W, 3].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from PIL import Image

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo
from bottega.progress import Progress, silent

__all__ = ["LEAST_BYTES", "Clip", "as_webp"]

LEAST_BYTES = 20_000
"""Smaller than this nobody may ask for."""
_QUALITIES = (82, 68, 52, 36, 22)
_SMALLER = 0.75
_LEAST_SIDE_PX = 48


@dataclass(frozen=True, slots=True)
class Clip:
    """A file, and what is in it."""

    content: bytes
    media_type: str
    width: int
    height: int
    frames: int
    seconds: float


def as_webp(
    frames: Sequence[Photo],
    fps: float,
    *,
    most_bytes: int,
    source_type: SourceType = SourceType.COMPOSED,
    progress: Progress = silent,
) -> Clip:
    """The frames as an animated WebP of at most `most_bytes`: less fine first, then smaller.

    The size needed at one quality tells which to try next, so that few tries are made.
    """
    assert frames and most_bytes >= LEAST_BYTES
    pictures, place, tries = [Image.fromarray(frame) for frame in frames], 0, 0
    while True:
        content = _encoded(pictures, fps, _QUALITIES[place], source_type)
        tries += 1
        progress("writing the clip", tries)
        width, height = pictures[0].size
        if len(content) <= most_bytes or min(width, height) * _SMALLER < _LEAST_SIDE_PX:
            return Clip(content, "image/webp", width, height, len(frames), round(len(frames) / fps, 3))
        over = len(content) / most_bytes
        if place < len(_QUALITIES) - 1 and over < 3:
            place = min(len(_QUALITIES) - 1, place + (1 if over < 1.3 else 2))
        else:
            shrink = min(_SMALLER, max(0.4, over**-0.5))
            size = max(_LEAST_SIDE_PX, round(width * shrink)), max(_LEAST_SIDE_PX, round(height * shrink))
            pictures, place = [picture.resize(size, Image.Resampling.BOX) for picture in pictures], 1


def _encoded(pictures: Sequence[Image.Image], fps: float, quality: int, source_type: SourceType) -> bytes:
    file = BytesIO()
    ends = [round(1000 * k / fps) for k in range(len(pictures) + 1)]  # whole milliseconds that do not drift
    spans = [after - before for before, after in pairwise(ends)]
    pictures[0].save(
        file,
        "WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=spans,
        loop=0,
        quality=quality,
        method=3,
        xmp=packet_of(source_type),
    )
    return file.getvalue()
