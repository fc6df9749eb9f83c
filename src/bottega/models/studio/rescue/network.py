"""The network of photo rescue: convolutions at the small size, and a last layer that draws the large picture.

Source   SRVGGNetCompact of Wang et al. 2021, "Real-ESRGAN", https://arxiv.org/abs/2107.10833; sub-pixel layers: Shi et
         al. 2016, https://arxiv.org/abs/1609.05158, section 3.2.
Differs  Two and four times larger share all but the last layer; what is learnt is added to the bicubic enlargement.
Costs    About 190,000 products for each pixel of the small picture.
Shapes   N pictures, h, w sides of the small one, F the factor; colours 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["FACTORS", "RescueNetwork", "RescueShape"]

FACTORS = (2, 4)
"""How many times larger a picture can become."""


@dataclass(frozen=True, slots=True)
class RescueShape:
    """Sizes of the network."""

    channels: int = 48
    """Of every layer."""
    layers: int = 8
    """Between the first and the last one; each sees one pixel further."""


class RescueNetwork(nn.Module):
    """Pictures [N, 3, h, w] to pictures [N, 3, F*h, F*w]."""

    def __init__(self, shape: RescueShape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.channels
        layers: list[nn.Module] = [nn.Conv2d(3, width, 3, 1, 1), nn.PReLU(width)]
        for _ in range(shape.layers):
            layers += [nn.Conv2d(width, width, 3, 1, 1), nn.PReLU(width)]
        self.body = nn.Sequential(*layers)
        self.twice = nn.Conv2d(width, 3 * 2 * 2, 3, 1, 1)
        self.fourfold = nn.Conv2d(width, 3 * 4 * 4, 3, 1, 1)
        for layer in layers:
            if isinstance(layer, nn.Conv2d):  # the usual beginning would let so many layers fall silent
                nn.init.kaiming_normal_(layer.weight, a=0.25)
        for head in (self.twice, self.fourfold):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias if head.bias is not None else torch.empty(0))

    def forward(self, small: Tensor, factor: int) -> Tensor:
        """`factor` is one of `FACTORS`."""
        maps = self.body((small - 0.5).contiguous(memory_format=torch.channels_last))
        drawn = self.twice(maps) if factor == 2 else self.fourfold(maps)
        plain = functional.interpolate(small, scale_factor=factor, mode="bicubic", align_corners=False)
        return plain + functional.pixel_shuffle(drawn.float(), factor)
