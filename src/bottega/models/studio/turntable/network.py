"""The networks: one tells shape from a photo, one mends what a camera sees that went around.

Source   Depth by a U-Net with its own doubt: Kendall & Gal 2017, https://arxiv.org/abs/1703.04977; appearance flow:
         Zhou et al. 2016, https://arxiv.org/abs/1605.03557: a pixel of a new view is a place on the old one.
Differs  The flow is not told from the photo alone: it begins at the place where the relief has it, and what is added
         are a small shift, a second place for what was hidden, and a plain colour where no place fits. Being places,
         they are found at 64 pixels and drawn at any size.
Shapes   N things, P pixels a side, a multiple of 8.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.modulated import Block

__all__ = ["MendedView", "NetworkShape", "ReliefNetwork", "ToldShape", "ViewNetwork"]

VIEW_MAPS = 15
"""Planes that the second network sees."""


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """Sizes of a network."""

    widths: tuple[int, int, int] = (32, 64, 96)
    """Channels at a half, a quarter and an eighth of the size."""
    kinds: int = 10
    """Kinds of things that it tells apart."""


@dataclass(frozen=True, slots=True)
class ToldShape:
    """What is told of photos."""

    depths: Tensor
    """[N, 2, P, P]: front and back, in shares of the frame."""
    doubts: Tensor
    """[N, 2, P, P]: natural logarithm of how far off each is likely to be."""
    pitch: Tensor
    """[N], degrees."""
    kinds: Tensor
    """[N, kinds], logits."""


@dataclass(frozen=True, slots=True)
class MendedView:
    """What is to be done to a turned view."""

    shift: Tensor
    """[N, 2, P, P], to add to the places, in shares of the frame."""
    hidden: Tensor
    """[N, 2, P, P], a second place for each pixel."""
    shares: Tensor
    """[N, 3, P, P], of the first place, the second, and the plain colour; they sum to 1."""
    colour: Tensor
    """[N, 3, P, P]"""
    light: Tensor
    """[N, 1, P, P], how many times as bright what comes from the places is."""
    alpha: Tensor
    """[N, 1, P, P], logits."""
    doubt: Tensor
    """[N, 1, P, P]: natural logarithm of how far off the colour is likely to be."""

    def float(self) -> MendedView:
        """The same in 32 bits."""
        return MendedView(**{one.name: getattr(self, one.name).float() for one in fields(self)})


class _Hourglass(nn.Module):
    """Down to an eighth of the size and up again, with what the whole shows told everywhere."""

    def __init__(self, planes: int, out: int, widths: tuple[int, int, int]) -> None:
        super().__init__()
        half, quarter, eighth = widths
        self.see = nn.Conv2d(4 * planes, half, 3, 1, 1)
        self.seen_half = Block(half)
        self.to_quarter = nn.Conv2d(half, quarter, 4, 2, 1)
        self.seen_quarter = Block(quarter)
        self.to_eighth = nn.Conv2d(quarter, eighth, 4, 2, 1)
        self.whole = nn.ModuleList([Block(eighth) for _ in range(3)])
        self.wide = nn.Linear(eighth, eighth)
        self.from_eighth = nn.Conv2d(eighth + quarter, quarter, 3, 1, 1)
        self.drawn_quarter = Block(quarter)
        self.from_quarter = nn.Conv2d(quarter + half, half, 3, 1, 1)
        self.drawn_half = Block(half)
        self.leave = nn.Conv2d(half, 4 * out, 3, 1, 1)

    def forward(self, planes: Tensor) -> tuple[Tensor, Tensor]:
        """Maps [N, out, P, P] and a row [N, eighth] about the whole."""
        maps = functional.pixel_unshuffle(planes, 2).contiguous(memory_format=torch.channels_last)
        half = self.seen_half(self.see(maps))
        quarter = self.seen_quarter(self.to_quarter(functional.leaky_relu(half, 0.2)))
        found = self.to_eighth(functional.leaky_relu(quarter, 0.2))
        found = self.whole[0](found)
        found = found + self.wide(found.mean((2, 3)))[:, :, None, None]
        for block in self.whole[1:]:
            found = block(found)
        row = found.mean((2, 3))
        found = self.drawn_quarter(self.from_eighth(torch.cat([_twice(found), quarter], 1)))
        found = self.drawn_half(self.from_quarter(torch.cat([_twice(found), half], 1)))
        return functional.pixel_shuffle(self.leave(functional.leaky_relu(found, 0.2)), 2), row


class ReliefNetwork(nn.Module):
    """Photos to depths."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.body = _Hourglass(6, 4, shape.widths)
        self.about = nn.Sequential(nn.Linear(shape.widths[2], 64), nn.SiLU(), nn.Linear(64, 1 + shape.kinds))

    def forward(self, pictures: Tensor, alphas: Tensor) -> ToldShape:
        """`pictures` [N, 3, P, P], 0 to 1; `alphas` [N, 1, P, P]."""
        across = torch.linspace(-1, 1, pictures.shape[-1], device=pictures.device)
        grid = torch.stack(torch.meshgrid(across, across, indexing="ij"))[None].expand(len(pictures), -1, -1, -1)
        maps, row = self.body(torch.cat([(pictures - 0.5) * alphas * 2, alphas * 2 - 1, grid], 1))
        front = maps[:, :1] * 0.2
        back = front + functional.softplus(maps[:, 1:2]) * 0.3
        about = self.about(row)
        return ToldShape(torch.cat([front, back], 1), maps[:, 2:].clamp(-2, 3) - 4, about[:, 0] * 10 + 12, about[:, 1:])


class ViewNetwork(nn.Module):
    """TurnedView views to what mends them."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.body = _Hourglass(VIEW_MAPS, 13, shape.widths)

    def forward(self, planes: Tensor) -> MendedView:
        """`planes` as `turning.view_planes` makes them."""
        maps, _ = self.body(planes)
        cover = planes[:, 3:4]  # warped colours lie before it
        shares = torch.cat([maps[:, 4:5] + 2, maps[:, 5:6] - 1, maps[:, 6:7] - 1], 1)
        across = (torch.arange(planes.shape[-1], device=planes.device) + 0.5) / planes.shape[-1]
        y, x = torch.meshgrid(across, across, indexing="ij")
        hidden = torch.stack([x, y])[None] + maps[:, 2:4] * 0.2
        return MendedView(
            shift=maps[:, 0:2] * 0.05,
            hidden=hidden,
            shares=shares.softmax(1),
            colour=maps[:, 7:10] * 0.3 + 0.5,
            light=(maps[:, 10:11] * 0.3).clamp(-0.7, 0.7).exp(),
            alpha=maps[:, 11:12] + cover * 4 - 2,
            doubt=maps[:, 12:13].clamp(-3, 3) - 2.5,
        )


def _twice(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2, mode="nearest")
