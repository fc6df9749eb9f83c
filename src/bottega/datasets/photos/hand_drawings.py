"""Drawings that somebody made: the lines of a scan, a photo of paper, chalk on black, or what a drawing program wrote.

Idea     Paper is never lit evenly, so its lightness is a smooth surface fitted through most of the picture; what is far
         from it on either side is a mark. Marks say where on the page the drawing lies, are found again there at a size
         of their own, and are thinned to lines of one pixel. Dust, and the shadow that a scanner leaves along the edge
         of a page, are left out.
Source   The bar between paper and marks: Otsu 1979, https://doi.org/10.1109/TSMC.1979.4310076.
Serves   One drawing of lines on plain ground. The rules of ruled paper are lines as well.
Shapes   H, W height and width of a picture; h, w those of the drawing on it, the longer one about 256.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.filters import threshold_otsu
from skimage.morphology import thin

from bottega.datasets.photos.files import decode, open_picture, refused
from bottega.datasets.photos.reading import Photo, photo_of
from bottega.errors import PhotoRefused
from bottega.names import BoolArray, FloatArray

__all__ = ["read_drawing"]

_MOST_PX, _PAGE_PX, _DRAWING_PX = 2048, 512, 256
"""Longer sides: of the largest picture, of the page on which the drawing is looked for, of what lines are found in."""
_FAINT = 0.12
"""Difference from the paper, of white from black, which a line reaches somewhere at least."""
_RIM = 0.03
"""Share of a page along its edges in which nothing is drawn."""
_SMALL = 0.1
"""Marks of less than this share of the largest say nothing of where the drawing lies."""
_SPECK = 0.04
"""Share of the page's longer side that the longest line of a drawing reaches at least."""
_DUST = 0.025
"""Marks of less than this share of the largest are dust."""
_TINTED, _FILLED = 0.08, 0.4
"""Difference from the paper of what is not blank; share of a drawing that is not blank at most."""
_LONGEST = 24.0
"""Length of all its lines at most, in longer sides of the drawing. Of drawings made of photos 99 in 100 have 11."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32) / np.float32(255)


def read_drawing(content: bytes, *, name: str = "") -> BoolArray:
    """Lines of one pixel [h, w], cut to where they lie, of the drawing in a picture file.

    Raises `PhotoRefused` for what is no picture or beyond the limits of files.py, for one without lines, and for what
    is no drawing of lines.
    """
    for light in _lights(content, name):
        page = _sized(light, _PAGE_PX)
        paper = _Paper.of(page)
        found = _drawn(_marks(page, paper.seen(page.shape)), rim=_RIM, least=_SPECK)
        if found is not None:
            break
    else:
        raise refused(
            name, "has no lines", "Draw the outline of one product, as large as the page, dark on light ground."
        )
    top, bottom, left, right = _box(found)
    edge = 0.04 * max(bottom - top, right - left)
    shares = [
        (max(0.0, (begin - edge) / side), min(1.0, (end + edge) / side))
        for begin, end, side in zip((top, left), (bottom, right), found.shape, strict=True)
    ]
    rows, columns = (
        slice(int(begin * side), int(np.ceil(end * side)))
        for (begin, end), side in zip(shares, light.shape, strict=True)
    )
    near = _sized(light[rows, columns], _DRAWING_PX)
    ground = paper.seen(near.shape, *shares)
    marks = _drawn(_marks(near, ground))
    if marks is None:
        raise _no_drawing(name, "is no drawing of lines")
    top, bottom, left, right = _box(marks)
    marks = marks[top:bottom, left:right]
    if float((np.abs(near - ground) > _TINTED)[top:bottom, left:right].mean()) > _FILLED:
        raise _no_drawing(name, "is a filled picture and no drawing of lines")
    lines: BoolArray = thin(np.pad(marks, 1))[1:-1, 1:-1]  # type: ignore[no-untyped-call]
    if float(lines.sum()) > _LONGEST * max(lines.shape):
        raise _no_drawing(name, "has more lines than a drawing of one product")
    return lines


@dataclass(frozen=True, slots=True)
class _Paper:
    """How light the paper is: a surface of second order through most of a page."""

    weights: FloatArray

    @classmethod
    def of(cls, page: FloatArray) -> _Paper:
        """Fit it to a page [H, W], again and again to what lies near it."""
        step = max(1, max(page.shape) // 64)
        coarse = page[::step, ::step]
        ends = (((side - 1) // step * step + 0.5) / side for side in page.shape)
        terms = cls._terms(coarse.shape, *((0.5 / side, end) for side, end in zip(page.shape, ends, strict=True)))
        values = coarse.ravel()
        surface, weights = np.full(values.shape, np.median(values), np.float32), np.zeros(6, np.float32)
        for _ in range(5):
            apart = np.abs(values - surface)
            near = apart <= max(0.04, 2.5 * float(np.median(apart)))
            weights = np.linalg.lstsq(terms[near], values[near], rcond=None)[0].astype(np.float32)
            surface = terms @ weights
        return cls(weights)

    def seen(self, shape: tuple[int, ...], *shares: tuple[float, float]) -> FloatArray:
        """Its lightness [H, W], of the whole page or between these shares of its height and width."""
        rows, columns = shares or ((0.0, 1.0), (0.0, 1.0))
        return np.asarray(self._terms(shape, rows, columns) @ self.weights, np.float32).reshape(shape)

    @staticmethod
    def _terms(shape: tuple[int, ...], rows: tuple[float, float], columns: tuple[float, float]) -> FloatArray:
        places = (np.linspace(*ends, side) for ends, side in zip((rows, columns), shape, strict=True))
        down, right = np.meshgrid(*places, indexing="ij")
        terms = np.stack([np.ones_like(down), down, right, down * right, down**2, right**2], axis=-1)
        return np.asarray(terms.reshape(-1, 6), np.float32)


def _no_drawing(name: str, seen: str) -> PhotoRefused:
    return refused(name, seen, "Send the lines of one product alone; with a photo, search by photo.")


def _lights(content: bytes, name: str) -> Iterator[FloatArray]:
    """The picture as lightness 0..1 [H, W], in the ways in which its lines may show."""
    with open_picture(content, name) as picture:
        frame = decode(picture, name)
        photo = _at_most(Image.fromarray(photo_of(frame, name)))
        yield _luma(photo)
        yield np.asarray(photo.min(2), np.float32) / np.float32(255)  # yellow on white
        if frame.has_transparency_data:  # white on nothing at all
            drawn = frame.convert("RGBA")
            black = Image.alpha_composite(Image.new("RGBA", drawn.size, "black"), drawn)
            yield _luma(_at_most(black.convert("RGB")))


def _at_most(picture: Image.Image) -> Photo:
    """The picture, no larger than lines need."""
    scale = min(1.0, _MOST_PX / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return np.asarray(picture if scale == 1 else picture.resize((width, height), Image.Resampling.BOX))


def _luma(photo: Photo) -> FloatArray:
    return np.asarray(photo.astype(np.float32) @ _LUMA, np.float32)


def _sized(light: FloatArray, px: int) -> FloatArray:
    """The same with its longer side so many pixels."""
    height, width = light.shape
    scale = px / max(height, width)
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    size = max(4, round(width * scale)), max(4, round(height * scale))
    return np.asarray(Image.fromarray(light).resize(size, way), np.float32)


def _marks(light: FloatArray, paper: FloatArray) -> BoolArray:
    """What is no paper [H, W]."""
    away = np.abs(light - paper)
    if float(away.max()) < _FAINT:
        return np.zeros(light.shape, np.bool_)
    bar: float = threshold_otsu(away)  # type: ignore[no-untyped-call]
    return np.asarray(away > max(_FAINT / 2, bar), np.bool_)


def _drawn(marks: BoolArray, *, rim: float = 0.0, least: float = 0.0) -> BoolArray | None:
    """The marks without dust, and without what lies along the edges; None where nothing is left that is a line."""
    labels, count = ndimage.label(marks, np.ones((3, 3)))
    if not count:
        return None
    boxes = np.array([(r.start, r.stop, c.start, c.stop) for r, c in ndimage.find_objects(labels)])
    height, width = marks.shape
    edge = rim * max(height, width)
    kept = (boxes[:, 1] > edge) & (boxes[:, 0] < height - edge) & (boxes[:, 3] > edge) & (boxes[:, 2] < width - edge)
    sizes = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2])
    if not (kept & (sizes >= least * max(height, width))).any():
        return None
    large = boxes[kept & (sizes >= _SMALL * sizes[kept].max())]
    top, bottom, left, right = large[:, 0].min(), large[:, 1].max(), large[:, 2].min(), large[:, 3].max()
    kept &= (boxes[:, 0] >= top) & (boxes[:, 1] <= bottom) & (boxes[:, 2] >= left) & (boxes[:, 3] <= right)
    kept &= sizes >= _DUST * sizes[kept].max()
    return np.concatenate([[False], kept])[labels]


def _box(marks: BoolArray) -> tuple[int, int, int, int]:
    """Rows and columns from and to which there are marks."""
    rows, columns = np.flatnonzero(marks.any(1)), np.flatnonzero(marks.any(0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
