"""Views of street and shop photos, with their labels, for training the parser: turned, zoomed, recoloured, pasted.

Idea     A person is seen at many sizes and in many lights, mirrored, before a plain background (as shops show them) and
         pasted into another street. A product photo, whose outline is known for free, is pasted into streets too.
Source   Copy-paste: Ghiasi et al. 2021, https://arxiv.org/abs/2012.07177, section 3.
Shapes   N views, P, Q sides of the stored pictures, H, W of the views.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from bottega.datasets.photos.reading import Photo

__all__ = ["ANY_PART", "IGNORED", "Held", "PartsMaterial", "Views", "draw_views", "pack", "paste", "plain"]

ANY_PART = 254
"""A pixel of something, nobody knows of what."""
IGNORED = 255
"""A pixel that nobody knows anything of."""

Views = tuple[Tensor, Tensor]
"""Pictures [N, 3, H, W] in 0..1 and codes [N, H, W]."""


class Held(NamedTuple):
    """Photos and codes on the device where they are learnt from, taken there once."""

    pictures: Tensor
    """uint8 [N, P, Q, 3]"""
    codes: Tensor
    """uint8 [N, P, Q]"""


@dataclass(frozen=True, slots=True)
class PartsMaterial:
    """Photos of one size and their codes: of parts, `ANY_PART` or `IGNORED`."""

    pictures: NDArray[np.uint8]
    """[N, P, Q, 3]"""
    codes: NDArray[np.uint8]
    """[N, P, Q]"""

    def __len__(self) -> int:
        return len(self.pictures)

    def on(self, device: torch.device) -> Held:
        """The same on a device."""
        return Held(torch.from_numpy(self.pictures).to(device), torch.from_numpy(self.codes).to(device))


def pack(photos: Sequence[Photo], codes: Sequence[NDArray[np.uint8]], height: int, width: int) -> PartsMaterial:
    """Photos and their codes, each of its own size, fitted whole into height x width; what is left over is ignored."""
    pictures = np.zeros((len(photos), height, width, 3), np.uint8)
    packed = np.full((len(photos), height, width), IGNORED, np.uint8)
    for row, (photo, mask) in enumerate(zip(photos, codes, strict=True)):
        scale = min(height / mask.shape[0], width / mask.shape[1])
        h, w = (max(1, min(side, round(old * scale))) for side, old in zip((height, width), mask.shape, strict=True))
        top, left = (height - h) // 2, (width - w) // 2
        small = np.asarray(Image.fromarray(photo).resize((w, h), Image.Resampling.BOX))
        margins = ((top, height - h - top), (left, width - w - left))
        pictures[row] = np.pad(small, (*margins, (0, 0)), mode="edge")
        reduced = Image.fromarray(mask).resize((w, h), Image.Resampling.NEAREST)
        packed[row, top : top + h, left : left + w] = np.asarray(reduced)
    return PartsMaterial(pictures, packed)


def draw_views(
    held: Held, rows: NDArray[np.int64], size: tuple[int, int], zoom: tuple[float, float] = (0.75, 1.6)
) -> Views:
    """A view of `size` (H, W) of each row, drawn by torch's generator; at zoom 1 it is as high as the picture."""
    n, device = len(rows), held.pictures.device
    chosen = torch.from_numpy(rows).to(device)
    pictures = held.pictures[chosen].permute(0, 3, 1, 2).float() / 255
    codes = held.codes[chosen][:, None].float()
    tall, wide = held.pictures.shape[1:3]
    zooms = torch.exp(torch.empty(n, device=device).uniform_(math.log(zoom[0]), math.log(zoom[1])))
    squeeze = torch.empty(n, device=device).uniform_(0.9, 1.1)
    high, broad = 1 / zooms, squeeze * tall * size[1] / (zooms * wide * size[0])
    angle = torch.randn(n, device=device) * 0.07
    mirror = torch.where(torch.rand(n, device=device) < 0.5, -1.0, 1.0)
    shift = torch.empty(2, n, device=device).uniform_(-1, 1)
    down = shift[0] * ((1 - high).abs() + 0.05)
    across = shift[1] * ((1 - broad).abs() * 0.7 + 0.05)
    theta = torch.stack(
        [
            torch.stack([mirror * broad * angle.cos(), -high * angle.sin() * tall / wide, across], 1),
            torch.stack([mirror * broad * angle.sin() * wide / tall, high * angle.cos(), down], 1),
        ],
        1,
    )
    grid = functional.affine_grid(theta, [n, 3, *size], align_corners=False)
    seen = functional.grid_sample(pictures, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    told = functional.grid_sample(codes, grid, mode="nearest", padding_mode="reflection", align_corners=False)
    return _recoloured(seen), told[:, 0].round().to(torch.uint8)


def _recoloured(pictures: Tensor) -> Tensor:
    n, device = len(pictures), pictures.device
    light = torch.exp(torch.randn(n, 1, 1, 1, device=device) * 0.15 + torch.randn(n, 3, 1, 1, device=device) * 0.05)
    grey = pictures.mean(1, keepdim=True)
    few = torch.rand(n, device=device) < 0.05
    colourful = torch.where(few, 0.0, torch.empty(n, device=device).uniform_(0.6, 1.3))[:, None, None, None]
    pictures = (grey + (pictures - grey) * colourful) * light
    middle = pictures.mean((1, 2, 3), keepdim=True)
    contrast = torch.empty(n, 1, 1, 1, device=device).uniform_(0.75, 1.25)
    return ((pictures - middle) * contrast + middle).clamp(0, 1)


def plain(views: Views, chance: float) -> Views:
    """Some views with a plain background: mostly white, sometimes of any colour."""
    pictures, codes = views
    n, device = len(pictures), pictures.device
    mostly, white = torch.rand(n, 1, device=device) < 0.7, torch.empty(n, 1, device=device).uniform_(0.9, 1.0)
    paint = torch.where(mostly, white, torch.rand(n, 3, device=device))[:, :, None, None]
    chosen = ((torch.rand(n, device=device) < chance) & ~(codes == ANY_PART).flatten(1).any(1))[:, None, None, None]
    alpha = _soft((codes != 0) & (codes != IGNORED))
    return torch.where(chosen, alpha * pictures + (1 - alpha) * paint, pictures), codes


def paste(views: Views, under: Views, chance: float) -> Views:
    """Some views cut out and laid over others [N, ...]."""
    chosen = (torch.rand(len(views[0]), device=views[0].device) < chance)[:, None, None]
    inside = (views[1] != 0) & (views[1] != IGNORED)
    alpha = _soft(inside)
    pictures = torch.where(chosen[:, None], alpha * views[0] + (1 - alpha) * under[0], views[0])
    return pictures, torch.where(chosen & ~inside, under[1], views[1])


def _soft(inside: Tensor) -> Tensor:
    """Alpha [N, 1, H, W] of a mask [N, H, W]: its edge blurred by a pixel."""
    return functional.avg_pool2d(inside[:, None].float(), 3, 1, 1, count_include_pad=False)
