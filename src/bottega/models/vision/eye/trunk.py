"""The trunk: one convolutional network that turns a product photo into numbers that every head reads.

Idea     A residual network from scratch; its last maps are pooled by a generalised mean into features for the heads,
         and projected to a unit vector for search. A second, cheap path keeps what residual stages wash out, the
         colours: a small function of each pixel, averaged where the trunk's own attention says the product is.
Source   Trunk, GeM pooling and one embedding for all verticals: Bell et al. 2020, "GrokNet: Unified Computer Vision
         Model Trunk and Embeddings For Commerce", sections 3 and 4. Generalised mean: Radenović, Tolias & Chum 2018,
         https://arxiv.org/abs/1711.02512, section 3.2. Blocks: He et al. 2018 "Bag of Tricks",
         https://arxiv.org/abs/1812.01187, section 4 (ResNet-D); gates: Hu et al. 2018,
         https://arxiv.org/abs/1709.01507.
Differs  A small network, made for pictures of 64 to 160 pixels on a CPU; the colour path is ours.
Costs    Milliseconds a photo: benchmarks/tags.md.
Shapes   N pictures, P pixels a side, F features, E embedding; pictures are float32 [N, 3, P, P] in 0..1, RGB.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.vision.eye.config import TrunkConfig

__all__ = ["Trunk"]


class _Gate(nn.Module):
    """Weighs channels by what the whole picture shows."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = max(8, channels // 8)
        self.squeeze = nn.Linear(channels, inner)
        self.excite = nn.Linear(inner, channels)

    def forward(self, maps: Tensor) -> Tensor:
        gate = torch.sigmoid(self.excite(torch.relu(self.squeeze(maps.mean((2, 3))))))
        return maps * gate[:, :, None, None].to(maps.dtype)


class _Block(nn.Module):
    def __init__(self, before: int, after: int, *, halve: bool, gated: bool, drop_path: float) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, 2 if halve else 1, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(after)
        self.second = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(after)
        nn.init.zeros_(self.second_norm.weight)
        self.gate: nn.Module = _Gate(after) if gated else nn.Identity()
        self.drop_path = drop_path
        self.shortcut: nn.Module = nn.Identity()
        if halve or before != after:
            pool: list[nn.Module] = [nn.AvgPool2d(2, ceil_mode=True)] if halve else []
            self.shortcut = nn.Sequential(*pool, nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after))

    def forward(self, maps: Tensor) -> Tensor:
        change = functional.relu(self.first_norm(self.first(maps)), inplace=True)
        change = self.gate(self.second_norm(self.second(change)))
        if self.training and self.drop_path:
            keep = (torch.rand(len(maps), 1, 1, 1, device=maps.device) >= self.drop_path).to(maps.dtype) / (
                1 - self.drop_path
            )
            change = change * keep
        return functional.relu(change + self.shortcut(maps), inplace=True)


class _GeneralisedMean(nn.Module):
    """The p-mean over all places of a map, p learnt; between the average (p = 1) and the maximum."""

    def __init__(self) -> None:
        super().__init__()
        self.power = nn.Parameter(torch.tensor(3.0))

    def forward(self, maps: Tensor) -> Tensor:
        power = self.power.clamp(1, 8)
        return maps.float().clamp(min=1e-4).pow(power).mean((2, 3)).pow(1 / power)


class Trunk(nn.Module):
    """Pictures in, features [N, F] for heads and unit vectors [N, E] for search out."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        self.config = config
        widths, total = config.widths, sum(config.blocks)
        self.stem = nn.Sequential(
            nn.Conv2d(3, widths[0], 3, 2, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True)
        )
        self.stages = nn.ModuleList()
        before, made = widths[0], 0
        for depth, (width, count) in enumerate(zip(widths, config.blocks, strict=True)):
            stage = []
            for block in range(count):
                chance = config.drop_path * made / max(total - 1, 1)
                stage.append(_Block(before, width, halve=block == 0 and depth > 0, gated=depth > 1, drop_path=chance))
                before, made = width, made + 1
            self.stages.append(nn.Sequential(*stage))
        self.pools = nn.ModuleList([_GeneralisedMean(), _GeneralisedMean()])
        self.n_features = widths[-2] + widths[-1] + config.colours
        if config.colours:
            self.pixel = nn.Sequential(nn.Conv2d(3, 48, 1), nn.ReLU(), nn.Conv2d(48, config.colours, 1), nn.ReLU())
            self.attention = nn.Conv2d(widths[-1], 1, 1)
        self.norm = nn.BatchNorm1d(self.n_features)
        self.dropout = nn.Dropout(config.dropout)
        self.embed = nn.Linear(self.n_features, config.embedding_size)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Features [N, F] and embeddings [N, E] of unit length, both float32."""
        pixels = (pictures - 0.5) / 0.25
        maps = self.stem(pixels.contiguous(memory_format=torch.channels_last))
        kept: list[Tensor] = []
        for stage in self.stages:
            maps = stage(maps)
            kept.append(maps)
        pooled = [self.pools[0](kept[-2]), self.pools[1](kept[-1])]
        if self.config.colours:
            pooled.append(self._colours(pixels, kept[-1]))
        features = self.norm(torch.cat(pooled, dim=1))
        return self.dropout(features), functional.normalize(self.embed(features).float(), dim=1)

    def _colours(self, pixels: Tensor, last: Tensor) -> Tensor:
        """Each pixel's features [N, colours], averaged by attention over a quarter of the picture's side."""
        small = functional.avg_pool2d(pixels, 4)
        attention = functional.interpolate(
            self.attention(last).float(), size=small.shape[2:], mode="bilinear", align_corners=False
        )
        weights = attention.flatten(1).softmax(1)
        return torch.einsum("nkp,np->nk", self.pixel(small).float().flatten(2), weights)
