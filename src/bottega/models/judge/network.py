"""The judge's network: plain convolutions in steps of two, nothing that the eye or a generator is made of.

Idea     Four times a convolution that halves the picture and one that does not, without shortcuts, gates or attention;
         means and highest values of the last maps become the features that every head reads. What a picture shows is
         told by a few of its places, how it is drawn by all of them: hence both.
Differs  From the eye (residual blocks, gates, generalised means) on purpose: what fools the one need not fool the
         other.
Shapes   N pictures, P pixels a side (a multiple of 16), F features, C classes of a head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bottega.models.blocks.device import full_precision

__all__ = ["JudgeNetwork", "JudgeShape"]


@dataclass(frozen=True, slots=True)
class JudgeShape:
    """Sizes of the network."""

    widths: tuple[int, ...] = (32, 64, 128, 256)
    """Channels after each halving."""
    features: int = 192
    """Numbers that the heads read."""


class JudgeNetwork(nn.Module):
    """Pictures [N, 3, P, P] in 0..1 to logits by head, each [N, C], and features [N, F]."""

    def __init__(self, shape: JudgeShape, heads: Mapping[str, int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for after in shape.widths:
            layers += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.GELU()]
            layers += [nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after), nn.GELU()]
            before = after
        self.body = nn.Sequential(*layers)
        self.gather = nn.Sequential(nn.Linear(2 * before, shape.features), nn.BatchNorm1d(shape.features), nn.GELU())
        self.heads = nn.ModuleDict({f"{name}_head": nn.Linear(shape.features, size) for name, size in heads.items()})

    def forward(self, pictures: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        maps = self.body((4 * pictures - 2).contiguous(memory_format=torch.channels_last))
        with full_precision(maps.device):
            maps = maps.float()
            found = self.gather(torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1))
            logits = {name.removesuffix("_head"): head(found) for name, head in self.heads.items()}
        return logits, found
