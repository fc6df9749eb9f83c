"""Pictures as tensors and back, how far two are apart, and a critic of patches: for networks that draw pixels.

Source   The critic of patches: Isola et al. 2017, https://arxiv.org/abs/1611.07004, section 3.2.2.
Shapes   N pictures, P pixels a side.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["PatchCritic", "as_photos", "as_planes", "differences"]


def as_planes(photos: NDArray[np.uint8]) -> Tensor:
    """uint8 [N, P, P, 3] as -1..1 [N, 3, P, P]."""
    return torch.from_numpy(np.ascontiguousarray(photos)).permute(0, 3, 1, 2).float() / 127.5 - 1


def as_photos(planes: Tensor) -> NDArray[np.uint8]:
    """The way back."""
    return ((planes.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def differences(made: Tensor, real: Tensor, edges: float) -> Tensor:
    """Absolute differences of pixels and of their edges, at three sizes."""
    total = made.new_zeros(())
    for halved in range(3):
        if halved:
            made, real = functional.avg_pool2d(made, 2), functional.avg_pool2d(real, 2)
        total = total + (made - real).abs().mean()
        for axis in (2, 3):
            total = total + edges * (made.diff(dim=axis) - real.diff(dim=axis)).abs().mean()
    return total / 3


class PatchCritic(nn.Module):
    """How real each of 8 x 8 patches of a picture is [N, 8, 8]; every patch sees 22 px."""

    def __init__(self, width: int = 32, channels: int = 3) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 4 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4 * width, 1, 1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.layers(pictures.contiguous(memory_format=torch.channels_last))[:, 0].float()
        return found
