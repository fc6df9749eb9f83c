"""The composer's network: from a picture and its layers to shading of cloth and to colours at edges.

Source   U-Net: Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597; pixels folded into channels: Shi et al. 2016,
         https://arxiv.org/abs/1609.05158.
Differs  It says what is to change, and nothing begins to change: its last layer begins with zeros. One channel of
         noise lets it choose among folds that are all likely.
Shapes   N pictures, H, W height and width, multiples of `STRIDE`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.modulated import zeroed

__all__ = ["STRIDE", "ComposerNetwork", "ComposerShape"]

STRIDE = 16
_TOLD = 9
"""Colours 3, background, skin, hair and cloth 4, edges 1, noise 1."""


@dataclass(frozen=True, slots=True)
class ComposerShape:
    """Sizes of the network."""

    widths: tuple[int, ...] = (40, 64, 96, 96)
    """Channels at a half of the side, a quarter, and so on."""


class _Pair(nn.Module):
    """Two convolutions with norms of groups."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(before, after, 3, 1, 1), nn.Conv2d(after, after, 3, 1, 1)
        self.norm = nn.GroupNorm(8, after)

    def forward(self, maps: Tensor) -> Tensor:
        maps = functional.leaky_relu(self.norm(self.first(maps)), 0.2)
        found: Tensor = functional.leaky_relu(self.second(maps), 0.2)
        return found


class ComposerNetwork(nn.Module):
    """Pictures [N, 3, H, W], `kinds` [N, 4, H, W], `edge` and `noise` [N, 1, H, W] to shade [N, 1] and colours."""

    def __init__(self, shape: ComposerShape) -> None:
        super().__init__()
        self.shape = shape
        widths = shape.widths
        widths_before = (_TOLD * 4, *widths[:-1])
        self.down = nn.ModuleList(_Pair(before, after) for before, after in zip(widths_before, widths, strict=True))
        self.up = nn.ModuleList(
            _Pair(below + beside, beside) for below, beside in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.shade = zeroed(nn.Conv2d(widths[0], 1, 3, 1, 1))
        self.colours = zeroed(nn.Conv2d(widths[0], 12, 3, 1, 1))

    def forward(self, pictures: Tensor, kinds: Tensor, edge: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        told = torch.cat([2 * pictures - 1, kinds, edge, noise], 1)
        maps = functional.pixel_unshuffle(told, 2).contiguous(memory_format=torch.channels_last)
        kept: list[Tensor] = []
        for down in self.down:
            maps = down(functional.avg_pool2d(maps, 2) if kept else maps)
            kept.append(maps)
        for up, beside in zip(self.up, kept[-2::-1], strict=True):
            maps = up(torch.cat([functional.interpolate(maps, scale_factor=2, mode="nearest"), beside], 1))
        shade = functional.interpolate(self.shade(maps), scale_factor=2, mode="bilinear", align_corners=False)
        return shade.float(), functional.pixel_shuffle(self.colours(maps), 2).float()
