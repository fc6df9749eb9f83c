"""What picture files have against them: lost, too small, in need of rescue, turned, of another thing than is listed, or
the same one on several products.

Costs    Some 25 ms a picture of a few hundred pixels and two looks of the eye: a check looks at a sample of many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.reading import Photo, square
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import is_plain
from bottega.models.studio.rescue.in_need import Need, needs_of
from bottega.models.vision.duplicates import WITHIN_BITS, picture_hash, same_picture
from bottega.progress import Progress, silent
from bottega.shop.listings.eye_faults import eye_faults
from bottega.shop.trained.shipped_models import SHIPPED, UPRIGHT
from bottega.sources.findings import CheckFinding

if TYPE_CHECKING:
    from bottega.models.vision.eye.eye import Eye

__all__ = ["OfPicture", "picture_findings"]

_TINY_PX, _SMALL_PX = 100, 250
_BLANK = 2.0
"""Standard deviation of a picture, 0 to 255, below which nothing is to be seen on it."""
_RULES = {
    Need.BLURRED: "image_blurred",
    Need.DARK: "image_dark",
    Need.WRITING: "image_writing",
    Need.WATERMARK: "image_watermark",
}
_AT_ONCE = 64
_BANDS = WITHIN_BITS + 1
"""Hashes that differ in at most `WITHIN_BITS` bits agree in one of so many parts."""


class OfPicture(NamedTuple):
    """A picture file and a product that shows it."""

    image: str
    place: str
    product_id: str
    group_id: str | None
    category: tuple[str, ...] = ()
    """What the listing says that it shows, as a path."""


def picture_findings(
    folder: Path,
    pictures: Sequence[OfPicture],
    *,
    lost: str,
    broken: str,
    eye: Callable[[], Eye | None],
    progress: Progress = silent,
) -> Iterator[CheckFinding]:
    """What files in a folder have against them. `lost` and `broken`: the rules for those that cannot be looked at;
    `eye` is asked for where there is a photo to look at."""
    looked = _Looked(eye)
    hashes: dict[int, list[OfPicture]] = {}
    for done, one in enumerate(pictures):
        if done % 100 == 0:
            progress("looking at pictures", done, len(pictures))
        try:
            photo = read_inside(folder, one.image)
        except PhotoRefused as refusal:
            rule = lost if "no file" in refusal.seen else broken
            yield CheckFinding(rule, one.place, "images", refusal.seen)
            continue
        side = min(photo.shape[:2])
        if side < _SMALL_PX:
            size = f"{one.image} ({photo.shape[1]} x {photo.shape[0]} px)"
            yield CheckFinding("image_tiny" if side < _TINY_PX else "image_small", one.place, "images", size)
        if float(photo.std(axis=(0, 1)).max()) < _BLANK:
            yield CheckFinding("image_blank", one.place, "images", one.image)
        else:
            hashes.setdefault(picture_hash(photo), []).append(one)
            for need in needs_of(photo):
                yield CheckFinding(_RULES[need], one.place, "images", one.image)
            yield from looked.at(photo, one)
    yield from looked.rest()
    progress("looking at pictures", len(pictures), len(pictures))
    yield from _copied(folder, hashes)


class _Looked:
    """Photos on their way to the eye, which looks at many at once."""

    def __init__(self, eye: Callable[[], Eye | None]) -> None:
        self._eye = eye
        self._waiting: list[tuple[OfPicture, NDArray[np.uint8], bool]] = []

    def at(self, photo: Photo, one: OfPicture) -> Iterator[CheckFinding]:
        """What there is to say by now; perhaps of photos that came before."""
        eye = self._eye()
        if eye is not None:
            self._waiting.append((one, square(photo, eye.config.image_px), is_plain(photo)))
            if len(self._waiting) >= _AT_ONCE:
                yield from self.rest()

    def rest(self) -> Iterator[CheckFinding]:
        """Of all that wait."""
        eye = self._eye() if self._waiting else None
        if eye is None:
            return
        ones, squares, plain = zip(*self._waiting, strict=True)
        found = eye_faults(np.stack(squares), plain, [one.category for one in ones], eye, SHIPPED.get(UPRIGHT))
        for one, turned, another in zip(ones, found.turned, found.another, strict=True):
            if turned:
                yield CheckFinding("image_turned", one.place, "images", one.image)
            if another:
                seen = f"{one.image}, for a product of {' > '.join(one.category)}"
                yield CheckFinding("image_other_product", one.place, "images", seen)
        self._waiting.clear()


def _copied(folder: Path, hashes: dict[int, list[OfPicture]]) -> Iterator[CheckFinding]:
    """Sets of products that show one picture under different names; `picture_shared` has those of one name."""
    parts: dict[tuple[int, int], int] = {}
    first_of: dict[int, int] = {}
    for one in hashes:
        near = [parts.setdefault((band, _part(one, band)), one) for band in range(_BANDS)]
        best = min(near, key=lambda other: (one ^ other).bit_count())
        first_of[one] = first_of.get(best, best) if (one ^ best).bit_count() <= WITHIN_BITS else one
    sets: dict[int, list[OfPicture]] = {}
    for one, first in first_of.items():
        sets.setdefault(first, []).extend(hashes[one])
    for several in sets.values():
        groups = {one.group_id or one.product_id: one for one in several}
        shown = list(groups.values())
        if len(shown) < 2 or len({one.image for one in shown}) < 2:
            continue
        shows = read_inside(folder, shown[0].image)
        same = [one for one in shown[1:] if one.image == shown[0].image or _same(folder, shows, one.image)]
        if same and any(one.image != shown[0].image for one in same):
            names = ", ".join(one.product_id for one in (shown[0], *same[:4]))
            more = f" and {len(same) - 4} more" if len(same) > 4 else ""
            yield CheckFinding("image_copied", shown[0].place, "images", f"{len(same) + 1} products: {names}{more}")


def _same(folder: Path, first: np.ndarray, image: str) -> bool:
    return same_picture(first, read_inside(folder, image))


def _part(number: int, band: int) -> int:
    """Every fifth bit of 64."""
    return sum((number >> bit & 1) << place for place, bit in enumerate(range(band, 64, _BANDS)))
