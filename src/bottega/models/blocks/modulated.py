"""Residual blocks that can be told what is asked for: each channel is made stronger or weaker by it.

Source   Perez et al. 2018 (FiLM), https://arxiv.org/abs/1709.07871; no norms, and an end that begins with zeros: Zhang,
         Dauphin & Ma 2019, https://arxiv.org/abs/1901.09321.
Shapes   N pictures, C channels, W request.
"""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Block", "zeroed"]


def zeroed(layer: nn.Conv2d) -> nn.Conv2d:
    """The layer, which begins by adding nothing."""
    for weights in layer.parameters():
        nn.init.zeros_(weights)
    return layer


class Block(nn.Module):
    """A residual pair of convolutions without norms; with `request` > 0 modulated by what is asked for."""

    def __init__(self, channels: int, request: int = 0) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(channels, channels, 3, 1, 1), nn.Conv2d(channels, channels, 3, 1, 1)
        nn.init.normal_(self.first.weight, std=math.sqrt(2 / (9 * channels)))
        zeroed(self.second)
        self.modulate = nn.Linear(request, 2 * channels) if request else None
        if self.modulate is not None:
            nn.init.normal_(self.modulate.weight, std=0.3 / math.sqrt(request))
            nn.init.zeros_(self.modulate.bias)

    def forward(self, maps: Tensor, request: Tensor | None = None) -> Tensor:
        change = self.first(functional.leaky_relu(maps, 0.2))
        if self.modulate is not None and request is not None:
            scale, shift = self.modulate(request)[:, :, None, None].chunk(2, 1)
            change = change * (1 + scale) + shift
        changed: Tensor = maps + self.second(functional.leaky_relu(change, 0.2))
        return changed
