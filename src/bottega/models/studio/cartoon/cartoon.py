"""A photo as a cartoon: few flat colours and dark lines, by rule alone; nothing is learnt and nothing is made up.

Idea     Small differences are smoothed away without crossing edges, the colours left are brought to a few, each region
         of one colour gets a soft border, and where lightness falls off steeply a line is drawn. With a mask only the
         product is drawn so, and the rest of the photo stays as it is.
Source   Smoothing, quantising, lines: Winnemöller, Olsen & Gooch 2006, "Real-time video abstraction",
         https://doi.org/10.1145/1141911.1142018. Smoothing along rows and columns: Gastal & Oliveira 2011, "Domain
         transform", https://doi.org/10.1145/1964921.1964964, section 4.2. Lines: Winnemöller, Kyprianidis & Olsen 2012,
         https://doi.org/10.1016/j.cag.2012.03.004.
Differs  The few colours are those of the photo (means of clusters in Lab), not steps of lightness; specks of a colour
         go to what is round them.
Costs    Photos are drawn at 1200 px on the longer side at most; benchmarks/cartoon.md.
Shapes   H, W sides of the photo, K colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.color import lab2rgb, rgb2lab

from bottega.datasets.photos.reading import Photo
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["COLOURS_MAX", "COLOURS_MIN", "MOST_PX", "CartoonStyle", "cartoon"]

COLOURS_MIN, COLOURS_MAX = 2, 32
MOST_PX = 1200
"""Longer side of what is drawn."""
_SAMPLE = 6000
_TURNS, _ROUNDS = 3, 12
_LEAST_GAP = 6.0
"""Farther than this from every colour of the palette (CIE Lab), a pixel may ask for one of its own."""


@dataclass(frozen=True, slots=True)
class CartoonStyle:
    """How it is drawn."""

    colours: int = 10
    """Flat colours, `COLOURS_MIN` to `COLOURS_MAX`."""
    smooth: float = 1.0
    """How much is smoothed away, 0 to 3: reach and contrast of what goes grow with it."""
    lines: float = 1.0
    """How dark lines are, 0 (none) to 1."""


def cartoon(photo: Photo, style: CartoonStyle | None = None, *, mask: BoolArray | None = None) -> Photo:
    """The photo [H, W, 3], or what `mask` [H, W] says of it, as a cartoon; at most `MOST_PX` on the longer side."""
    style = style or CartoonStyle()
    assert COLOURS_MIN <= style.colours <= COLOURS_MAX
    assert 0 <= style.smooth <= 3 and 0 <= style.lines <= 1
    photo = _fitting(photo)
    inside = np.ones(photo.shape[:2], np.float32) if mask is None else _opacity(mask, photo)
    longer = max(photo.shape[:2])
    lab: FloatArray = rgb2lab(photo.astype(np.float32) / 255).astype(np.float32)
    plain = _smoothed(lab, reach=0.02 * longer * style.smooth, contrast=10.0 * style.smooth) if style.smooth else lab
    drawn = _flat(plain, style.colours, inside > 0.5, border=max(0.6, longer / 800))
    colours: FloatArray = lab2rgb(drawn).astype(np.float32) * 255
    if style.lines:
        ink = style.lines * _lines(plain[..., 0], max(0.7, longer / 600))
        colours = colours * (1 - 0.85 * ink[..., None])
    mixed = inside[..., None] * colours + (1 - inside[..., None]) * photo
    return np.rint(mixed).clip(0, 255).astype(np.uint8)


def _fitting(photo: Photo) -> Photo:
    height, width = photo.shape[:2]
    scale = MOST_PX / max(height, width)
    if scale >= 1:
        return photo
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BOX))


def _opacity(mask: BoolArray, photo: Photo) -> FloatArray:
    """The mask at the photo's size, its border a pixel soft."""
    size = photo.shape[1], photo.shape[0]
    found = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BILINEAR)
    return ndimage.gaussian_filter(np.asarray(found, np.float32) / np.float32(255), 0.7)


def _smoothed(lab: FloatArray, *, reach: float, contrast: float) -> FloatArray:
    """Lab [H, W, 3] smoothed as far as `reach` pixels, hardly across differences of more than `contrast`."""
    guide = ndimage.gaussian_filter(lab, (1, 1, 0))  # grain is no edge
    steps = [np.abs(np.diff(guide, axis=axis, prepend=guide.take([0], axis))).sum(2) for axis in (0, 1)]
    ways = [1 + reach / contrast * step for step in steps]
    found = lab
    for turn in range(_TURNS):
        sigma = reach * np.sqrt(3) * 2 ** (_TURNS - turn - 1) / np.sqrt(4**_TURNS - 1)
        fall = np.exp(-np.sqrt(2) / max(sigma, 1e-3))
        found = _along(found, fall ** ways[1])
        found = _along(found.swapaxes(0, 1), (fall ** ways[0]).T).swapaxes(0, 1)
    return found


def _along(values: FloatArray, keep: FloatArray) -> FloatArray:
    """Each row [H, W, 3] smoothed both ways: a pixel takes the share `keep` [H, W] of the one before it."""
    across = np.ascontiguousarray(values.swapaxes(0, 1), dtype=np.float32)  # a step of the loop is one block of memory
    share = np.ascontiguousarray(keep.T, dtype=np.float32)[..., None]
    for place in range(1, len(across)):
        across[place] += share[place] * (across[place - 1] - across[place])
    for place in range(len(across) - 2, -1, -1):
        across[place] += share[place + 1] * (across[place + 1] - across[place])
    return across.swapaxes(0, 1)


def _flat(lab: FloatArray, count: int, inside: BoolArray, *, border: float) -> FloatArray:
    """Lab [H, W, 3] in at most `count` colours, found where `inside`; a mixture only within `border` pixels."""
    pixels = lab[inside] if inside.any() else lab.reshape(-1, 3)
    palette = _palette(pixels[:: max(1, len(pixels) // _SAMPLE)], count)
    nearest = _nearest(lab, palette)
    soft = np.stack([ndimage.gaussian_filter((nearest == k).astype(np.float32), border) for k in range(len(palette))])
    soft = soft**4 + 1e-12  # far from a border one colour stands alone; at it two mix, as on an antialiased edge
    return np.asarray(np.einsum("khw,kc->hwc", soft / soft.sum(0), palette), np.float32)


def _palette(pixels: FloatArray, count: int) -> FloatArray:
    """At most `count` colours [K, 3] of pixels [P, 3]: the first is their mean, each next one the worst served."""
    seeds = [pixels.mean(0)]
    gaps = np.linalg.norm(pixels - seeds[0], axis=1)
    while len(seeds) < count and gaps.max() > _LEAST_GAP:
        seeds.append(pixels[int(gaps.argmax())])
        gaps = np.minimum(gaps, np.linalg.norm(pixels - seeds[-1], axis=1))
    palette = np.stack(seeds)
    for _ in range(_ROUNDS):
        owners = _nearest(pixels, palette)
        counts = np.bincount(owners, minlength=len(palette))
        sums = np.stack([np.bincount(owners, pixels[:, k], len(palette)) for k in range(3)], axis=1)
        palette = (sums[counts > 0] / counts[counts > 0, None]).astype(np.float32)
    return palette


def _nearest(lab: FloatArray, palette: FloatArray) -> IntArray:
    """The nearest of the palette's colours [K, 3] for each of lab [..., 3]."""
    distances = np.square(palette).sum(1) - 2 * (lab @ palette.T)
    return np.asarray(distances.argmin(-1), np.int32)


def _lines(lightness: FloatArray, width: float) -> FloatArray:
    """How dark the line is at each pixel [H, W], 0 to 1: where it is darker than a little farther round it."""
    near, far = ndimage.gaussian_filter(lightness, width), ndimage.gaussian_filter(lightness, 1.6 * width)
    ink: FloatArray = (1 - np.exp(-np.maximum(far - near - 0.35, 0) / 0.8)).astype(np.float32)
    labels, found = ndimage.label(ink > 0.3, np.ones((3, 3)))
    sizes = ndimage.sum_labels(ink > 0.3, labels, np.arange(found + 1))
    kept = ndimage.binary_dilation((sizes >= (8 * width) ** 1.3)[labels] & (labels > 0), iterations=1)
    return ink * kept
