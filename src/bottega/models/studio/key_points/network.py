"""The network: from planes of parts to a map of chances for each key point, and to how sure each is.

Source   Heat maps: Tompson et al. 2014, https://arxiv.org/abs/1406.2984; the mean place of a map as its answer: Sun
         et al. 2018, https://arxiv.org/abs/1711.08229. Stacking what is seen at each size: Newell et al. 2016,
         https://arxiv.org/abs/1603.06937.
Differs  It sees a parser's labels and no colours, so drawn people teach it all. A quarter of the size is fine enough:
         the place within a cell follows from its neighbours. How sure a point is, is learnt: from what lies where the
         map points, whether the truth was near.
Shapes   N people, C planes, H, W height and width (`SIZE`), h, w a quarter of them, P points (16), F features.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.studio.key_points.seen import PLANES

__all__ = ["KeyPointNetwork", "KeyPointShape", "places_of"]

CELL = 4
"""Pixels of the network's picture in a cell of its maps."""


@dataclass(frozen=True, slots=True)
class KeyPointShape:
    """Sizes of the network."""

    widths: tuple[int, int, int, int] = (32, 64, 96, 104)
    """Channels at a half, a quarter, an eighth and a sixteenth of the size."""
    points: int = 16


def _conv(before: int, after: int, *, stride: int = 1, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, size, stride, size // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, maps: Tensor) -> Tensor:
        return functional.relu(maps + self.second(self.first(maps)))


class KeyPointNetwork(nn.Module):
    """Planes [N, C, H, W] to logits of places [N, P, h, w], and three logits a point [N, P, 3].

    The three: within the photo, seen, and nearer to the truth than a twentieth of the person's height.
    """

    def __init__(self, shape: KeyPointShape) -> None:
        super().__init__()
        self.shape = shape
        half, quarter, eighth, deep = shape.widths
        self.see = _conv(4 * PLANES, half)
        self.to_quarter = nn.Sequential(_conv(half, quarter, stride=2), _Block(quarter))
        self.to_eighth = nn.Sequential(_conv(quarter, eighth, stride=2), _Block(eighth))
        self.to_deep = nn.Sequential(_conv(eighth, deep, stride=2), _Block(deep))
        self.place = nn.Parameter(torch.zeros(1, deep, 8, 6))
        self.norm = nn.LayerNorm(deep)
        self.hear = nn.MultiheadAttention(deep, 4, batch_first=True)
        self.whole = _Block(deep)
        self.from_deep = _conv(deep + eighth, eighth)
        self.back_eighth = _Block(eighth)
        self.from_eighth = _conv(eighth + quarter, quarter)
        self.back_quarter = nn.Sequential(_Block(quarter), _Block(quarter))
        self.heat = nn.Conv2d(quarter, shape.points, 1)
        self.kind = nn.Embedding(shape.points, 24)
        self.sure = nn.Sequential(nn.Linear(quarter + 24 + 4 + deep, 96), nn.ReLU(inplace=True), nn.Linear(96, 3))

    def forward(self, planes: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.see(functional.pixel_unshuffle(planes, 2).contiguous(memory_format=torch.channels_last))
        quarter = self.to_quarter(maps)
        eighth = self.to_eighth(quarter)
        deep = self.to_deep(eighth)
        told = self.norm((deep + self.place).flatten(2).transpose(1, 2))
        heard = self.hear(told, told, told, need_weights=False)[0].transpose(1, 2).reshape(deep.shape)
        deep = self.whole(deep + heard)
        found = self.back_eighth(self.from_deep(torch.cat([_twice(deep), eighth], 1)))
        found = self.back_quarter(self.from_eighth(torch.cat([_twice(found), quarter], 1)))
        heat = self.heat(found).float()
        chances = heat.flatten(2).softmax(2)
        there = torch.einsum("nps,nfs->npf", chances.detach(), found.float().flatten(2))
        n, points = heat.shape[:2]
        spread = torch.stack([chances.amax(2), (chances * (chances + 1e-9).log()).sum(2)], 2).detach()
        sure = self.sure(
            torch.cat(
                [
                    there,
                    self.kind.weight[None].expand(n, -1, -1).float(),
                    spread,
                    places_of(heat).detach(),
                    deep.float().mean((2, 3))[:, None].expand(-1, points, -1),
                ],
                2,
            )
        )
        return heat, sure.float()


def places_of(heat: Tensor, *, near: int | None = None) -> Tensor:
    """Mean places [N, P, 2] of maps of logits, x and y as shares of width and height.

    `near`: only cells so few steps from the likeliest one count, so that two chances do not meet half way.
    """
    height, width = heat.shape[2:]
    chances = heat.flatten(2).softmax(2)
    y = ((torch.arange(height) + 0.5) / height).to(heat).repeat_interleave(width)
    x = ((torch.arange(width) + 0.5) / width).to(heat).repeat(height)
    if near is not None:
        best = chances.argmax(2)
        rows, columns = best // width, best % width
        row, column = torch.arange(height).repeat_interleave(width), torch.arange(width).repeat(height)
        kept = (row[None, None] - rows[..., None]).abs().maximum(
            (column[None, None] - columns[..., None]).abs()
        ) <= near
        chances = chances * kept
        chances = chances / chances.sum(2, keepdim=True)
    return torch.stack([chances @ x, chances @ y], 2)


def _twice(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2, mode="nearest")
