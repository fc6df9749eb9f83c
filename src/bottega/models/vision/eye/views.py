"""Views: a photo as it might have been taken. Moved, turned, flipped, lit otherwise, or lying in a street scene.

Idea     One resampling does crop, scale, turn and flip; the product's own mask lets it be pasted on a street photo, so
         that the clean photo and the street view of one product are two views of the same thing ("exact product").
Source   Bell et al. 2020, "GrokNet", section 4.3 (augmentations, exact product match); random erasing: Zhong et al.
         2017, https://arxiv.org/abs/1708.04896.
Differs  No hue changes: colour is something to learn.
Shapes   N pictures, P pixels before, Q pixels after; uint8 RGBA [N, P, P, 4] in, float32 RGB [N, 3, Q, Q] in 0..1 out.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["draw_views", "shrink"]

_SCALE = (0.8, 1.3)
"""Size of the product in a view, of its size in the photo."""
_STREET_SCALE = (0.45, 0.95)
_TURN = math.radians(8)
_STREET_TURN = math.radians(25)
_LIGHT = 0.04
"""Change of brightness, contrast and saturation: small, because it changes colour names."""
_STREET_LIGHT = 0.2
_ERASE = 0.25
"""Share of the views with a patch erased."""


def shrink(pictures: Tensor, px: int) -> Tensor:
    """uint8 [N, P, P, C] to uint8 [N, px, px, C] by areas, some hundred at a time."""
    parts = []
    for start in range(0, len(pictures), 256):
        planes = pictures[start : start + 256].permute(0, 3, 1, 2).float()
        small = functional.interpolate(planes, size=(px, px), mode="bilinear", antialias=True, align_corners=False)
        parts.append(small.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1))
    return torch.cat(parts)


def _uniform(like: Tensor, low: float, high: float) -> Tensor:
    """A number for each picture of a batch, on its device."""
    return torch.empty(len(like), device=like.device).uniform_(low, high)


def _placed(pictures: Tensor, px: int, scale: tuple[float, float], turn: float, shift: float) -> Tensor:
    """Each picture scaled, turned, shifted and perhaps flipped, beyond its edge its edge."""
    n = len(pictures)
    size = torch.exp(_uniform(pictures, math.log(scale[0]), math.log(scale[1])))
    stretch = torch.exp(_uniform(pictures, -0.1, 0.1))
    angle = _uniform(pictures, -turn, turn)
    flip = torch.where(torch.rand(n, device=pictures.device) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    rows = torch.stack(
        [
            torch.stack([flip * cos * stretch, -sin * flip, _uniform(pictures, -shift, shift)], 1),
            torch.stack([sin * stretch, cos, _uniform(pictures, -shift, shift)], 1),
        ],
        1,
    )
    grid = functional.affine_grid(rows, [n, 4, px, px], align_corners=False)
    return functional.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _lit(pictures: Tensor, strength: float) -> Tensor:
    """Brightness, contrast and saturation changed by up to `strength`."""

    def factor() -> Tensor:
        return _uniform(pictures, 1 - strength, 1 + strength)[:, None, None, None]

    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * factor()
    middle = pictures.mean((1, 2, 3), keepdim=True)
    return ((middle + (pictures - middle) * factor()) * factor()).clamp(0, 1)


def _erased(pictures: Tensor, px: int) -> Tensor:
    """A patch of some of the pictures replaced by their mean colour."""
    n, device = len(pictures), pictures.device
    width, height = _uniform(pictures, 0.15, 0.45) * px, _uniform(pictures, 0.15, 0.45) * px
    left, top = torch.rand(n, device=device) * (px - width), torch.rand(n, device=device) * (px - height)
    place = torch.arange(px, device=device)[None].float()
    across = (place >= left[:, None]) & (place < (left + width)[:, None])
    down = (place >= top[:, None]) & (place < (top + height)[:, None])
    patch = (across[:, None, :] & down[:, :, None] & (torch.rand(n, device=device) < _ERASE)[:, None, None])[:, None]
    return torch.where(patch, pictures.mean((2, 3), keepdim=True), pictures)


def draw_views(pictures: Tensor, px: int, *, street: Tensor | None = None, on_street: Tensor | None = None) -> Tensor:
    """A view [N, 3, px, px] of each picture (uint8 [N, P, P, 4]); random, by torch's own generator.

    Where `on_street` [N] is true, the product is cut out and pasted on a piece of a street photo (`street`, uint8
    [M, P, P, 4]).
    """
    planes = pictures.permute(0, 3, 1, 2).float() / 255
    views = _lit(_placed(planes, px, _SCALE, _TURN, 0.12)[:, :3], _LIGHT)
    if street is not None and on_street is not None and bool(on_street.any()):
        pasted = _placed(planes[on_street], px, _STREET_SCALE, _STREET_TURN, 0.3)
        chosen = (
            street[torch.randint(len(street), (len(pasted),), device=street.device)].permute(0, 3, 1, 2).float() / 255
        )
        behind = _placed(chosen, px, (1.2, 3.0), _TURN, 0.5)
        alpha = pasted[:, 3:]
        views[on_street] = _lit(pasted[:, :3], _STREET_LIGHT) * alpha + behind[:, :3] * (1 - alpha)
    return _erased(views, px)
