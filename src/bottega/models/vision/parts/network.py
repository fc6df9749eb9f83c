"""The parser's network: a small U-Net, and a second look that hears what whole regions look like.

Idea     A first pass gives each pixel a chance for each part. Its connected regions are taken as instances: the mean of
         their chances and features, their size and place are projected onto every pixel they cover, and a refining
         head reads them beside the pixel's own features. A sleeve then hears what the rest of its jacket looks like.
Source   U-Net: Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597, section 2. Projection: Fu, Berg & Berg 2019,
         "IMP: Instance Mask Projection for High Accuracy Semantic Segmentation of Things",
         https://arxiv.org/abs/1906.06597, section 3.
Differs  IMP projects the masks and scores of a Mask R-CNN; here there are no boxes to learn from, so regions are the
         connected components of the first pass. The way down is the eye's trunk, so that it need not be learnt from a
         few hundred photos. The deepest maps also attend to one another: a whole person is in view.
Costs    About a fifth of the time of a pass is projection (benchmarks/parts.md).
Shapes   N photos, H, W height and width (multiples of `STRIDE`), h, w half of them, F features, C parts, R regions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from skimage.measure import label as connected
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.device import full_precision
from bottega.models.vision.eye.config import TrunkConfig
from bottega.models.vision.eye.trunk import Trunk

__all__ = ["STRIDE", "PartsNetwork", "PartsShape", "connected_regions", "project"]

STRIDE = 16
"""Pictures have sides that are multiples of this."""
_PLACE = 5
"""Numbers of a region's size and place."""


@dataclass(frozen=True, slots=True)
class PartsShape:
    """Sizes of the network."""

    widths: tuple[int, ...] = (32, 64, 128)
    """Channels of the trunk's stages (the eye's first three), at a half, a quarter and an eighth of the side."""
    blocks: tuple[int, ...] = (1, 2, 3)
    """Residual blocks of these stages."""
    deepest: int = 96
    """Channels at a sixteenth, where places hear one another."""
    heads: int = 4
    """Attention heads among them."""
    upward: tuple[int, ...] = (32, 48, 64)
    """Channels of the way back, at a half, a quarter and an eighth."""
    projection: bool = True
    """Whether the refining head hears the regions."""


def _conv(before: int, after: int, *, stride: int = 1, size: int = 3) -> nn.Sequential:
    conv = nn.Conv2d(before, after, size, stride, size // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(after), nn.ReLU(inplace=True))


class _Block(nn.Module):
    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.first = _conv(before, width, stride=stride)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))
        same = before == width and stride == 1
        self.short: nn.Module = nn.Identity() if same else nn.Conv2d(before, width, 1, stride)

    def forward(self, maps: Tensor) -> Tensor:
        added: Tensor = functional.relu(self.short(maps) + self.second(self.first(maps)))
        return added


class _Attend(nn.Module):
    """Each place of the deepest maps hears all others."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.feed = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, maps: Tensor) -> Tensor:
        places: Tensor = maps.flatten(2).transpose(1, 2)
        normed = self.norm(places)
        places = places + self.attention(normed, normed, normed, need_weights=False)[0]
        places = places + self.feed(places)
        return places.transpose(1, 2).reshape(maps.shape).contiguous(memory_format=torch.channels_last)


def connected_regions(codes: np.ndarray) -> tuple[np.ndarray, int]:
    """Connected regions of equal code of maps [N, h, w]: their numbers [N, h, w], counted on over all maps, and R."""
    numbers, count = np.empty(codes.shape, np.int64), 0
    for row, plane in enumerate(codes):
        found, many = connected(plane, background=-1, connectivity=1, return_num=True)  # type: ignore[no-untyped-call]
        numbers[row] = found + (count - 1)
        count += many
    return numbers, count


def project(values: Tensor, regions: Tensor, count: int) -> Tensor:
    """The mean of `values` [N, F, h, w] over each of `count` regions, at every pixel of it, with the region's place.

    `regions` [N, h, w] are numbers. Returns [N, F + 5, h, w]: means, share of the picture, centre and spread.
    """
    n, _, height, width = values.shape
    device = values.device
    down = torch.linspace(-1, 1, height, device=device)[:, None].expand(height, width)
    across = torch.linspace(-1, 1, width, device=device)[None].expand(height, width)
    place = torch.stack([torch.ones(height, width, device=device), down, across, down**2, across**2]).expand(
        n, -1, -1, -1
    )
    flat = torch.cat([values, place.to(values.dtype)], 1).permute(0, 2, 3, 1).flatten(0, 2)
    sums = flat.new_zeros(count, flat.shape[1]).index_add(0, regions.flatten(), flat)
    area = sums[:, -_PLACE].clamp(min=1)
    means = sums / area[:, None]
    centre, square = means[:, -4:-2], means[:, -2:]
    share = (area / (height * width)).sqrt()[:, None]
    told = torch.cat([means[:, :-_PLACE], share, centre, (square - centre**2).clamp(min=1e-6).sqrt()], 1)
    return told[regions.flatten()].view(n, height, width, -1).permute(0, 3, 1, 2)


class PartsNetwork(nn.Module):
    """Pictures [N, 3, H, W] in 0..1 to logits [N, C, H, W] of the first pass and of the refined one."""

    def __init__(self, shape: PartsShape, n_parts: int) -> None:
        super().__init__()
        self.shape = shape
        trunk = Trunk(TrunkConfig(widths=shape.widths, blocks=shape.blocks, colours=0))
        self.stem, self.stages = trunk.stem, trunk.stages
        self.deepest = _Block(shape.widths[-1], shape.deepest, 2)
        self.attend = _Attend(shape.deepest, shape.heads)
        below = (*shape.upward[1:], shape.deepest)
        self.side = nn.ModuleList(_conv(deep, width, size=1) for deep, width in zip(below, shape.upward, strict=True))
        self.up = nn.ModuleList(
            _conv(beside + width, width) for beside, width in zip(shape.widths, shape.upward, strict=True)
        )
        features = shape.upward[0]
        self.first = nn.Conv2d(features, n_parts, 1)
        if shape.projection:
            self.hear = nn.Conv2d(n_parts + features + _PLACE, features, 1)
        self.refine = nn.Sequential(
            _conv(features + n_parts + (features if shape.projection else 0), features),
            _conv(features, features),
            nn.Conv2d(features, n_parts, 1),
        )

    def start_from(self, eye: nn.Module) -> None:
        """Take the stem and the stages of an `EyeNetwork` whose first stages have these sizes."""
        state = {name.removeprefix("trunk."): value for name, value in eye.state_dict().items()}
        for name, value in self.state_dict().items():
            if name.startswith(("stem.", "stages.")):
                value.copy_(state[name])

    def trunk_parameters(self) -> list[nn.Parameter]:
        """Parameters of the stem and the stages."""
        return [*self.stem.parameters(), *self.stages.parameters()]

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.stem(((pictures - 0.5) / 0.25).contiguous(memory_format=torch.channels_last))
        kept: list[Tensor] = []
        for stage in self.stages:
            maps = stage(maps)
            kept.append(maps)
        maps = self.attend(self.deepest(maps))
        for side, up, beside in zip(reversed(self.side), reversed(self.up), reversed(kept), strict=True):
            larger = functional.interpolate(side(maps), size=beside.shape[2:], mode="bilinear", align_corners=False)
            maps = up(torch.cat([beside, larger], 1))
        first = self.first(maps).float()
        refined = first + self.refine(self._told(maps, first)).float()
        size = pictures.shape[2:]
        return _enlarged(first, size), _enlarged(refined, size)

    def _told(self, maps: Tensor, first: Tensor) -> Tensor:
        """Features, chances, and what the regions say [N, 2F + C, h, w]."""
        chances = first.detach().softmax(1)
        told = [maps, chances.to(maps.dtype)]
        if self.shape.projection:
            regions, count = connected_regions(chances.argmax(1).cpu().numpy())
            with full_precision(maps.device):
                heard = project(torch.cat([chances, maps.float()], 1), torch.from_numpy(regions).to(maps.device), count)
            told.append(functional.relu(self.hear(heard)).to(maps.dtype))
        return torch.cat(told, 1).contiguous(memory_format=torch.channels_last)


def _enlarged(logits: Tensor, size: torch.Size) -> Tensor:
    return functional.interpolate(logits, size=size, mode="bilinear", align_corners=False)
