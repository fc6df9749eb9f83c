"""Recolour: the same product in another colour, with its folds, seams, prints and buckles as they were.

Idea     The main colour (main_colour.py) gives way to the one asked for, and its light stays. What light does to cloth
         scales L + 16 and chroma alike; so how much lighter a pixel is than the main colour is carried over to the new
         one, chroma follows, and what is left of the pixel's own chroma (melange, a sheen) is added half. Between pale
         and dark the contrast of light changes by a power of what physics says, and a shoulder keeps what is brighter
         below white: from white to black folds become fainter, from black to white stronger. Prints of other colours
         stay. The outline is a mixture of product and background (blocks/cutout.py), whose product alone changes.
Source   CIE 15:2004, section 8 (Lab). Colour transfer by means: Reinhard et al. 2001,
         https://doi.org/10.1109/38.946629, which is the trivial way beside it.
Differs  The colour is asked for, not taken from a picture's mean; only the main colour moves; what cannot be shown
         loses chroma and no lightness (gamut.py). Nothing is learnt: `_POWER` was chosen on half of the product lines
         (benchmarks/recolour.md).
Serves   Products lying or worn, whose mask is handed in as an array.
Costs    benchmarks/recolour.md.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.photos.provenance import SourceType
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import ciede2000, to_lab
from bottega.models.blocks.cutout import alpha_of
from bottega.models.studio.recolour.gamut import shown
from bottega.models.studio.recolour.main_colour import MainColour, inside, main_colour_of, mean_of
from bottega.names import BoolArray, FloatArray

__all__ = ["GOOD", "Lab", "Recoloured", "hex_of", "light_kept", "recolour"]

Lab = tuple[float, float, float]

GOOD = 8.0
"""Difference (CIEDE2000) from the colour asked for up to which the answer counts as that colour."""
_POWER = 0.6
"""How much of the physical change of contrast is carried over: 1 all, 0 none."""
_OWN_CHROMA = 0.5
"""How much of a pixel's own chroma, beside the main colour's, stays."""
_WHITEST, _BLACKEST = 100.0, 1.0
_PALEST, _DARKEST = 93.0, 9.0
"""Lightness of white and of black cloth on photos: whiter or blacker than that, folds would have no room."""
_ALIKE = 12.0
"""Distance in Lab to the background at which a product's outline is known by its colour."""
_AIR = 0.06
"""Round the product, what is looked at: a share of the photo's longer side, for its outline."""


@dataclass(frozen=True, slots=True)
class Recoloured:
    """A photo in another colour, and what became of it."""

    photo: Photo
    before: Lab
    """The main colour of the photo that came."""
    after: Lab
    """The mean of the same pixels now."""
    off: float
    """How far that is from the colour asked for, CIEDE2000."""
    light_kept: float
    """Correlation of lightness before and after over the product, -1 to 1; NaN where one of them is flat."""
    share: float
    """Of the product, what was recoloured."""
    source_type: SourceType = SourceType.COMPOSED
    """What the file has to say: a photo with a part that was drawn, by no trained model."""


def recolour(photo: Photo, mask: BoolArray, to: Lab) -> Recoloured:
    """The product under `mask` [H, W], which may not be empty, in the Lab colour `to`."""
    box = _box(mask)
    part, covered = photo[box], mask[box]
    alpha, product = alpha_of(part, covered)
    alpha, lab = _outlined(alpha, to_lab(product), to_lab(part), covered)
    main = main_colour_of(lab, covered)
    new = relit(lab, main, np.array([np.clip(to[0], _DARKEST, _PALEST), to[1], to[2]], np.float32))
    change = shown(new).astype(np.float32) - shown(lab)
    made = photo.copy()
    made[box] = np.rint(part + alpha[..., None] * change).clip(0, 255).astype(np.uint8)
    seen = inside(covered)
    after = mean_of(to_lab(made[box])[seen], main.weight[seen])
    off = float(ciede2000(np.array(after, np.float32), np.array(to, np.float32)))
    return Recoloured(made, main.lab, after, off, light_kept(photo[box], made[box], covered), main.share)


def relit(lab: FloatArray, main: MainColour, to: FloatArray) -> FloatArray:
    """Lab [H, W, 3] of pixels whose main colour has become `to` [3] under the same light."""
    was = np.array(main.lab, np.float32)
    contrast = ((to[0] + 16) / (was[0] + 16)) ** _POWER
    light = to[0] + contrast * (lab[..., 0] - was[0])
    above = _WHITEST - to[0] + 1e-3
    light = np.where(light > to[0], to[0] + above * np.tanh((light - to[0]) / above), light).clip(_BLACKEST)
    own = lab[..., 1:] - was[1:] * ((lab[..., 0] + 16) / (was[0] + 16))[..., None]
    chroma = to[1:] * ((light + 16) / (to[0] + 16))[..., None] + _OWN_CHROMA * own
    new = np.concatenate([light[..., None], chroma], axis=2)
    return np.asarray(lab + main.weight[..., None] * (new - lab), np.float32)


def light_kept(before: Photo, after: Photo, mask: BoolArray) -> float:
    """Correlation of lightness before and after inside the mask's rim; NaN where one of them is flat."""
    inner = inside(mask)
    one, two = to_lab(before)[inner][:, 0], to_lab(after)[inner][:, 0]
    if min(float(one.std()), float(two.std())) < 1e-3:
        return float("nan")
    return float(np.corrcoef(one, two)[0, 1])


def hex_of(lab: Lab) -> str:
    """A Lab colour as in "#1f2a44"; one that cannot be shown with less chroma.

    >>> hex_of((0, 0, 0)), hex_of((100, 0, 0))
    ('#000000', '#ffffff')
    """
    red, green, blue = shown(np.array([lab], np.float32))[0]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _outlined(alpha: FloatArray, lab: FloatArray, photo: FloatArray, mask: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Opacity [H, W] and the product's Lab; where it is like the background, as white on white, the mask tells."""
    if mask.all():
        return alpha, lab
    behind = np.median(photo[~mask], axis=0)
    alike = np.exp(-np.square(np.linalg.norm(lab - behind, axis=2) / _ALIKE))
    opaque = alpha + alike * (np.maximum(alpha, mask) - alpha)
    return np.asarray(opaque, np.float32), np.asarray(lab + alike[..., None] * (photo - lab), np.float32)


def _box(mask: BoolArray) -> tuple[slice, slice]:
    air = max(8, round(_AIR * max(mask.shape)))
    found = []
    for axis in (1, 0):
        at = np.flatnonzero(mask.any(axis))
        found.append(slice(max(0, int(at[0]) - air), int(at[-1]) + 1 + air))
    return found[0], found[1]
