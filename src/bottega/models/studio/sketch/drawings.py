"""Drawings as hands make them: lines wobble, parts of them are missing, strokes are thicker here and thinner there; and
lines of any size as the network knows them, as large in their square as the products learnt from.

Shapes   N drawings, P pixels a side; lines are 0..1 [N, 1, P, P], 1 where there is a line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage
from skimage.morphology import thin
from torch import Tensor
from torch.nn import functional

from bottega.names import BoolArray, FloatArray

__all__ = ["HandTremor", "framed", "hand_drawn", "thin_by_hand"]

_USUAL = (50, 39)
"""Height and width within which the median product of the photos learnt from lies, of 64."""


@dataclass(frozen=True, slots=True)
class HandTremor:
    """How far a hand is from the edges of a photo; each drawing gets a random share of it."""

    wobble: float = 0.035
    """Farthest that a place of a line moves, in widths of the drawing."""
    bends: int = 6
    """Places a side that move by themselves; between them the drawing follows."""
    missing: float = 0.3
    """Largest share of the drawing whose lines are left out."""
    thick: float = 0.25
    """Share of the drawings with strokes of two pixels or more."""


def hand_drawn(lines: Tensor, tremor: HandTremor, *, random: torch.Generator | None = None) -> Tensor:
    """The same drawings as if drawn by hand, each in another way."""
    n, _, px, _ = lines.shape
    device = lines.device

    def draw(*size: int) -> Tensor:
        return torch.rand(size, generator=random).to(device)

    bends = (draw(n, 2, tremor.bends, tremor.bends) * 2 - 1) * tremor.wobble * draw(n, 1, 1, 1)
    moves = functional.interpolate(bends, (px, px), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    place = (torch.arange(px, device=device) * 2 + 1) / px - 1
    grid = torch.stack(torch.meshgrid(place, place, indexing="xy"), -1)[None] + 2 * moves
    wide = functional.max_pool2d(lines, 3, 1, 1)
    thick = draw(n, 1, 1, 1) < tremor.thick
    # moved thin lines would fall between pixels: they are moved wide, and cut down again where they are faint
    moved = functional.grid_sample(torch.where(thick, wide, (lines + wide) / 2), grid, align_corners=False)
    found = ((moved - 0.45) * 4).clamp(0, 1)
    coarse = functional.interpolate(draw(n, 1, 9, 9), (px, px), mode="bilinear", align_corners=True)
    return found * (coarse > tremor.missing * draw(n, 1, 1, 1))


def thin_by_hand(drawings: BoolArray, *, seed: int) -> BoolArray:
    """Drawings [N, P, P] as if drawn by hand with a thin pen: what is judged by where its lines lie."""
    random = torch.Generator().manual_seed(seed)
    drawn = hand_drawn(torch.from_numpy(drawings[:, None].astype(np.float32)), HandTremor(thick=0.0), random=random)
    return np.asarray(drawn[:, 0].numpy() > 0.5)


def framed(lines: BoolArray, px: int) -> FloatArray:
    """Thin lines [h, w] in the middle of a square [px, px], 0..1, as large there as products usually are."""
    height, width = lines.shape
    zoom = min(_USUAL[0] / 64 * px / height, _USUAL[1] / 64 * px / width)
    found = np.zeros((px, px), np.bool_)
    places = []
    for at, side in zip(np.nonzero(lines), (height, width), strict=True):
        placed = (at + 0.5) * zoom + (px - side * zoom) / 2
        places.append(np.floor(placed).astype(np.int64).clip(0, px - 1))
    found[tuple(places)] = True
    if zoom > 1:  # lines would fall apart into dots
        found = ndimage.binary_closing(np.pad(found, 4), iterations=int(np.ceil(zoom)))[4:-4, 4:-4]
    return np.asarray(thin(found), np.float32)  # type: ignore[no-untyped-call]
