"""The network that draws a product between the lines of a drawing, told its type and its colour where they are known.

Source   Isola et al. 2017 (pix2pix), https://arxiv.org/abs/1611.07004, section 3.2: a network that hands what it sees
         at each size to where it draws at that size.
Differs  Four pixels of a drawing are one place from the first layer on, and the last layer draws them apart again: no
         layer works at the full size. Blocks are modulated by the request. One answer to one drawing: no noise.
Shapes   N drawings, P pixels a side (a multiple of 16), W request; lines 0..1 [N, 1, P, P], pictures -1..1
         [N, 3, P, P].
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.modulated import Block

__all__ = ["SketchAsked", "SketchNetwork", "SketchShape"]


@dataclass(frozen=True, slots=True)
class SketchShape:
    """Sizes of the network."""

    types: int = 1
    """How many types can be asked for; code 0 stands for any."""
    widths: tuple[int, int, int] = (32, 64, 96)
    """Channels at a half, a quarter and an eighth of the size."""
    request: int = 64
    """Numbers that say what is asked for."""


@dataclass(frozen=True, slots=True)
class SketchAsked:
    """Code of the type [N], 0 for any; CIE Lab of the colour [N, 3]; whether a colour is asked for [N], 0 or 1."""

    type: Tensor
    lab: Tensor
    coloured: Tensor


class SketchNetwork(nn.Module):
    """Lines and a request to pictures."""

    def __init__(self, shape: SketchShape) -> None:
        super().__init__()
        self.shape = shape
        half, quarter, eighth = shape.widths
        told = shape.request
        self.kind = nn.Embedding(shape.types + 1, told)
        self.colour = nn.Sequential(nn.Linear(4, told), nn.SiLU(), nn.Linear(told, told))
        nn.init.normal_(self.kind.weight, std=0.5)
        self.see = nn.Conv2d(4, half, 5, 1, 2)
        self.seen_half = Block(half, told)
        self.to_quarter = nn.Conv2d(half, quarter, 4, 2, 1)
        self.seen_quarter = Block(quarter, told)
        self.to_eighth = nn.Conv2d(quarter, eighth, 4, 2, 1)
        self.whole = nn.ModuleList([Block(eighth, told) for _ in range(2)])
        self.wide = nn.Linear(eighth, eighth)
        self.from_eighth = nn.Conv2d(eighth + quarter, quarter, 3, 1, 1)
        self.drawn_quarter = Block(quarter, told)
        self.from_quarter = nn.Conv2d(quarter + half, half, 3, 1, 1)
        self.drawn_half = nn.ModuleList([Block(half, told) for _ in range(2)])
        self.leave = nn.Conv2d(half, 12, 3, 1, 1)

    def forward(self, lines: Tensor, request: SketchAsked) -> Tensor:
        scaled = (request.lab - request.lab.new_tensor([50.0, 0.0, 0.0])) / request.lab.new_tensor([25.0, 20.0, 20.0])
        known = request.coloured[:, None].float()
        told: Tensor = self.kind(request.type) + self.colour(torch.cat([scaled * known, known], 1))
        maps = functional.pixel_unshuffle(lines - 0.5, 2).contiguous(memory_format=torch.channels_last)
        half = self.seen_half(self.see(maps), told)
        quarter = self.seen_quarter(self.to_quarter(functional.leaky_relu(half, 0.2)), told)
        found = self.to_eighth(functional.leaky_relu(quarter, 0.2))
        found = self.whole[0](found, told)
        found = found + self.wide(found.mean((2, 3)))[:, :, None, None]  # what kind of thing it is, told everywhere
        found = self.whole[1](found, told)
        found = self.drawn_quarter(self.from_eighth(torch.cat([_twice(found), quarter], 1)), told)
        found = self.from_quarter(torch.cat([_twice(found), half], 1))
        for block in self.drawn_half:
            found = block(found, told)
        return functional.pixel_shuffle(self.leave(functional.leaky_relu(found, 0.2)).float(), 2)


def _twice(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2, mode="nearest")
