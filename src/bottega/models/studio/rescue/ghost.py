"""Ghost mannequin: a garment alone, out of a photo of somebody who wears it, with its neck filled from its own inside.

Idea     The parser says which pixels are the garment; everything of the body goes. Where the neck was one would see the
         inside of the back: the hollow between the two points of the collar is closed by a curve like the back's, and
         filled with the garment's own colour there, darker the deeper. Nothing else is made up: what an arm, hair or a
         bag hides stays hidden, so where they hide more than a little the photo is refused.
Serves   One garment, whole in the photo, seen from the front. Of open coats, folded arms and cropped photos it says why
         it refuses.
Costs    The parser, and some filters.
Shapes   H, W sides of the photo; P parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground, is_plain, to_lab
from bottega.models.blocks.cutout import cut_out
from bottega.models.studio.rescue.on_white import CutOut
from bottega.names import BoolArray, FloatArray

__all__ = ["GARMENTS", "Ghost", "ghost_of"]

GARMENTS = {"upper": ("upper", "outer", "one_piece"), "lower": ("lower",)}
"""What can stand alone, and the parser's parts that it is of: which of the first three it is, makes no outline."""
_LEAST_SHARE = 0.05
"""Of the photo that is garment."""
_LEAST_SURE = 0.8
"""Mean chance of the garment within its own outline."""
_LEAST_WHOLE = 0.94
"""Share of the garment that its largest piece has; below, something lies across it."""
_MOST_HIDDEN = 0.05
"""Share of the garment's filled outline that something else covers, its neck left out."""
_MOST_SKIN = 0.01
"""Share of the garment's outline that has the colour of skin, or is skin as the parser sees it."""
_MOST_EDGE = 0.02
"""Share of a side of the photo that the garment may touch."""
_SURE_NOTHING = 0.95
"""Chance from which the parser's word for background counts against a plain background's own."""
_SURE_SKIN = 0.6
"""Chance from which a pixel tells what this photo's skin looks like."""
_SOMEBODY = 0.003
"""Share of skin and hair of a photo with somebody on it."""
_OVER = {
    "skin": "an arm or a hand",
    "hair": "hair",
    "bag": "a bag",
    "lower": "another garment",
    "upper": "another garment",
}
_SAG = 0.3
"""How deep the back's collar hangs, of the front's."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """The garment cut out, or why not."""

    cut: CutOut | None
    part: str
    refused: str = ""


def ghost_of(photo: Photo, chances: FloatArray, part: str | None = None) -> Ghost:
    """The garment of a photo, of the parser's chances [H, W, P]. `part`: one of `GARMENTS`; the largest where None."""
    known = _on_plain(photo, chances) if is_plain(photo) else chances
    worn = {name: known[..., [PARTS.index(one) for one in ones]].sum(2) for name, ones in GARMENTS.items()}
    other = {name: known[..., PARTS.index(name)] for name in PARTS if not any(name in of for of in GARMENTS.values())}
    other["skin"], alike = _skin(photo, other["skin"], known)
    worn = {name: np.where(alike, 0, chance) for name, chance in worn.items()}
    names = [*worn, *other]
    labels = np.stack([*worn.values(), *other.values()]).argmax(0)
    sizes = {name: float((labels == names.index(name)).mean()) for name in worn}
    part = part or max(sizes, key=lambda name: sizes[name])
    if sizes[part] < _LEAST_SHARE:
        return Ghost(None, part, f"no garment that could stand alone is seen ({sizes[part]:.0%} of the photo is one)")
    if not (np.isin(labels, [names.index("skin"), names.index("hair")]).mean() > _SOMEBODY):
        return Ghost(None, part, "nobody wears it")
    if (known[..., PARTS.index("skin")] > _SURE_SKIN).mean() < _SOMEBODY:
        return Ghost(None, part, "too little skin is surely seen to tell the body by")
    pieces, _ = ndimage.label(labels == names.index(part))
    areas = np.bincount(pieces.ravel())[1:]
    mask: BoolArray = pieces == 1 + int(areas.argmax())
    if areas.max() < _LEAST_WHOLE * areas.sum():
        return Ghost(None, part, f"it is seen in pieces (the largest is {areas.max() / areas.sum():.0%} of it)")
    sure = float(worn[part][mask].mean())
    if sure < _LEAST_SURE:
        return Ghost(None, part, f"its outline is not sure ({sure:.2f}, and it takes {_LEAST_SURE})")
    mask = _smooth(ndimage.binary_fill_holes(mask))
    edges = {"top": mask[0], "left": mask[:, 0], "right": mask[:, -1], "bottom": mask[-1]}
    cut_off = [name for name, edge in edges.items() if edge.mean() > _MOST_EDGE]
    if cut_off:
        return Ghost(None, part, f"the photo cuts it off ({', '.join(cut_off)})")
    hollow, throat = _hollow(mask) if part == "upper" else (np.zeros_like(mask), np.zeros_like(mask))
    hidden = _between(mask) & ~mask & ~throat & (labels != names.index("background"))
    if hidden.sum() > _MOST_HIDDEN * mask.sum():
        over = _OVER.get(names[int(np.bincount(labels[hidden]).argmax())], "something else")
        return Ghost(None, part, f"{over} lies over {hidden.sum() / mask.sum():.0%} of it")
    left = float((np.where(alike, 1.0, known[..., PARTS.index("skin")]) > 0.5)[mask].mean())
    if left > _MOST_SKIN:
        return Ghost(None, part, f"skin cannot be told from it ({left:.1%} of its outline)")
    cut = cut_out(photo, mask)
    return Ghost(_filled(cut, mask, hollow) if hollow.any() else cut, part)


def _skin(photo: Photo, chance: FloatArray, known: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The chance of skin, 1 where a pixel has the colour of what is surely skin in this photo; and where that is so."""
    sure = chance > _SURE_SKIN
    if sure.mean() < _SOMEBODY / 3:
        return chance, np.zeros(sure.shape, np.bool_)
    lab = to_lab(photo)
    seen = lab[sure]
    middle = np.median(seen, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(seen - middle), axis=0), (5.0, 2.0, 2.5))
    alike = np.square((lab - middle) / (3 * spread)).sum(2) < 1
    alike &= known[..., PARTS.index("background")] < 0.5
    alike = ndimage.binary_opening(alike, iterations=1)
    return np.where(alike, np.float32(1), chance), alike


def _on_plain(photo: Photo, chances: FloatArray) -> FloatArray:
    """The chances where a plain background says what is none of the body and what is surely no background."""
    there, nothing = foreground(photo), PARTS.index("background")
    found = chances.copy()
    found[..., nothing] = np.where(there, np.where(chances[..., nothing] > _SURE_NOTHING, 1, 0), 1)
    found[~there, :nothing] = 0
    found[~there, nothing + 1 :] = 0
    return np.asarray(found / np.maximum(found.sum(2, keepdims=True), 1e-6), np.float32)


def _between(mask: BoolArray) -> BoolArray:
    """Where the garment is on both sides, across or down: what is there and no garment lies over it [H, W]."""
    found = np.zeros_like(mask)
    for axis in (0, 1):
        before = np.maximum.accumulate(mask, axis)
        after = np.flip(np.maximum.accumulate(np.flip(mask, axis), axis), axis)
        found |= before & after
    return found


def _smooth(mask: BoolArray) -> BoolArray:
    """Without the steps of the parser's grid."""
    sigma = max(1.0, 0.003 * max(mask.shape))
    return np.asarray(ndimage.gaussian_filter(mask.astype(np.float32), sigma) > 0.5)


def _hollow(mask: BoolArray) -> tuple[BoolArray, BoolArray]:
    """The hollow of the neck: what lies between the two highest points beside the middle, down to the garment, below a
    curve that is the back's collar; and all that lies between the points. Nothing where there is no hollow, as of a
    dress without straps."""
    found, throat = np.zeros_like(mask), np.zeros_like(mask)
    there = np.flatnonzero(mask.any(0))
    top = np.where(mask.any(0), mask.argmax(0), mask.shape[0]).astype(float)
    rows = np.flatnonzero(mask.any(1))
    tall, wide = rows[-1] - rows[0] + 1, there[-1] - there[0] + 1
    weight = mask[rows[0] : rows[0] + max(2, tall // 4)].sum(0)
    middle = int(np.average(np.arange(mask.shape[1]), weights=weight + 1e-9))
    reach = max(3, round(0.3 * wide))
    left, right = np.arange(max(0, middle - reach), middle), np.arange(middle + 1, min(mask.shape[1], middle + reach))
    if len(left) < 3 or len(right) < 3:
        return found, throat
    one, two = int(left[top[left].argmin()]), int(right[top[right].argmin()])
    if two - one < 0.08 * wide or two - one > 0.6 * wide:
        return found, throat
    columns = np.arange(one, two + 1)
    chord = np.interp(columns, [one, two], [top[one], top[two]])
    depth = float((top[columns] - chord).max())
    if depth < 0.02 * tall or depth > 0.45 * tall:
        return found, throat
    share = (columns - (one + two) / 2) / ((two - one) / 2)
    back = chord + _SAG * min(depth, 0.5 * (two - one)) * (1 - share**2)
    for column, first in zip(columns.tolist(), back.tolist(), strict=True):
        found[round(first) : int(top[column]), column] = True
        throat[: int(top[column]), column] = True
    return found & ~mask, throat & ~mask


def _filled(cut: CutOut, mask: BoolArray, hollow: BoolArray) -> CutOut:
    """The garment with the inside of its back in the hollow of the neck."""
    tall = max(1.0, float(np.ptp(np.flatnonzero(hollow.any(1)))))
    rim = ndimage.binary_dilation(hollow, iterations=max(3, round(0.5 * tall))) & ndimage.binary_erosion(
        mask, iterations=2
    )
    colour = np.median(cut[rim][:, :3], axis=0) if rim.any() else np.median(cut[mask][:, :3], axis=0)
    depth = np.zeros(mask.shape, np.float32)
    first = np.where(hollow.any(0), hollow.argmax(0), 0)
    rows = np.arange(mask.shape[0])[:, None]
    depth = np.clip((rows - first[None]) / tall, 0, 1).astype(np.float32)
    band = np.exp(-(((rows - first[None]) / max(1.5, 0.07 * tall)) ** 2))  # the collar's own edge catches light
    shade = 0.74 - 0.26 * depth + 0.14 * band
    soft = ndimage.gaussian_filter((hollow | mask).astype(np.float32), 0.8)
    under = np.where(ndimage.binary_dilation(hollow, iterations=2), soft, 0.0).astype(np.float32)
    alpha = cut[..., 3].astype(np.float32) / 255
    inner = colour[None, None] * shade[..., None]
    total = alpha + under * (1 - alpha)
    mixed = (alpha[..., None] * cut[..., :3] + (under * (1 - alpha))[..., None] * inner) / np.maximum(total, 1e-3)[
        ..., None
    ]
    found = np.concatenate([np.rint(mixed.clip(0, 255)), np.rint(255 * total)[..., None]], axis=2)
    return np.asarray(found.astype(np.uint8))
