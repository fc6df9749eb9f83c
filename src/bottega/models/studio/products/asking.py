"""What is asked of a generator as one vector.

Shapes   N pictures, W request, K channels; latents are [N, C, 8, 8].
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from bottega.datasets.photos.asked import AskedPictures
from bottega.names import FloatArray

__all__ = ["AskedCodes", "RequestNetwork", "codes_on", "lesson"]

AskedCodes = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
"""type, gender, usage, worn [N], Lab [N, 3]."""


def codes_on(asked: AskedPictures, device: torch.device) -> AskedCodes:
    """What is asked, on a device."""
    codes = (asked.type, asked.gender, asked.usage, asked.worn)
    there = [torch.from_numpy(np.asarray(one, np.int64)).to(device) for one in codes]
    return there[0], there[1], there[2], there[3], torch.from_numpy(np.asarray(asked.lab, np.float32)).to(device)


def lesson(
    maps: FloatArray, asked: AskedPictures, count: int, rng: np.random.Generator, device: torch.device
) -> tuple[Tensor, AskedCodes]:
    """`count` of the maps [N, C, 8, 8] with what is asked for by each, drawn with replacement, on a device."""
    rows = rng.integers(0, len(maps), count)
    return torch.from_numpy(maps[rows]).float().to(device), codes_on(asked.take(rows), device)


class RequestNetwork(nn.Module):
    """What is asked for as a vector [N, W]."""

    def __init__(self, sizes: Mapping[str, int], width: int) -> None:
        super().__init__()
        self.kind, self.gender, self.usage = (nn.Embedding(sizes[name], width) for name in ("type", "gender", "usage"))
        self.worn = nn.Embedding(2, width)
        self.colour = nn.Sequential(nn.Linear(3, width), nn.SiLU(), nn.Linear(width, width))
        for table in (self.kind, self.gender, self.usage, self.worn):
            nn.init.normal_(table.weight, std=0.5)

    def forward(self, asked: AskedCodes) -> Tensor:
        kind, gender, usage, worn, lab = asked
        scaled = (lab - lab.new_tensor([50.0, 0.0, 0.0])) / lab.new_tensor([25.0, 20.0, 20.0])
        total: Tensor = self.kind(kind) + self.gender(gender) + self.usage(usage) + self.worn(worn)
        colour: Tensor = self.colour(scaled)
        return total + colour
