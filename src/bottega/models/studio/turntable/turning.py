"""Turning: what a relief and a photo show from another side, mended by the second network.

Idea     The relief says for every pixel of the new view where on the photo to look. The network moves these places a
         little, gives a second place for what the photo does not show, and a plain colour where no place fits.
Shapes   N views, P pixels a side; pictures 0..1; places are shares of the frame.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from torch import Tensor
from torch.nn import functional

from bottega.models.studio.turntable.network import MendedView
from bottega.models.studio.turntable.relief import FRONT, TurnedView
from bottega.names import FloatArray

__all__ = ["bled", "composed", "looked_up", "turned_planes", "view_planes"]

ValueT = TypeVar("ValueT", bound=np.generic)


def bled(picture: NDArray[ValueT], inside: NDArray[np.bool_]) -> NDArray[ValueT]:
    """A picture [H, W, 3] whose colours inside go on outside: each pixel there takes the nearest one inside."""
    if not inside.any() or inside.all():
        return picture
    _, (rows, columns) = distance_transform_edt(~inside, return_indices=True)
    return np.ascontiguousarray(picture[rows, columns])


def turned_planes(view: TurnedView) -> FloatArray:
    """What the second network is told of a turned view [6, P, P]."""
    cover = view.layer >= 0
    return np.stack(
        [view.places[..., 0], view.places[..., 1], cover, view.layer == FRONT, view.facing, view.depth]
    ).astype(np.float32)


def view_planes(told: Tensor, source: Tensor, alpha: Tensor, around: Tensor) -> Tensor:
    """What the second network sees [N, 15, P, P].

    `told` [N, 6, P, P] from `turned_planes`, `source` [N, 3, P, P] bled, `alpha` [N, 1, P, P], `around` [N] degrees.
    """
    px = told.shape[-1]
    at = (torch.arange(px, device=told.device) + 0.5) / px
    y, x = torch.meshgrid(at, at, indexing="ij")
    cover = told[:, 2:3]
    moved = (told[:, :2] - torch.stack([x, y])[None]) * cover
    sine = torch.sin(torch.deg2rad(around))[:, None, None, None].expand(-1, 1, px, px)
    warped = (looked_up(source, told[:, :2]) - 0.5) * cover
    return torch.cat([warped, told[:, 2:6], moved * 4, (source - 0.5) * alpha, alpha * 2 - 1, sine, sine.abs()], 1)


def looked_up(picture: Tensor, places: Tensor) -> Tensor:
    """Colours [N, C, P, P] of `picture` [N, C, H, W] at `places` [N, 2, P, P]."""
    grid = (places * 2 - 1).permute(0, 2, 3, 1)
    return functional.grid_sample(picture, grid, mode="bilinear", padding_mode="border", align_corners=False)


def composed(mended: MendedView, told: Tensor, source: Tensor) -> Tensor:
    """The picture [N, 3, P, P]; `told` as for `view_planes`, all maps of one size, `source` of any."""
    first = looked_up(source, told[:, :2] + mended.shift) * mended.light
    second = looked_up(source, mended.hidden) * mended.light
    shares = mended.shares
    return first * shares[:, :1] + second * shares[:, 1:2] + mended.colour * shares[:, 2:]
