"""Slips: what a parser gets wrong on photos, done to drawn maps before anything is learnt from them.

Idea     Edges waver, a whole garment is taken for another, patches are taken for what lies near or for nothing. Which
         part is taken for which was counted once on photos that the parser had learnt from, against their true masks.
Shapes   N maps, H, W height and width, 16 key points.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.key_points.drawn_people import OUTSIDE, DrawnPeople
from bottega.names import BoolArray

__all__ = ["MIRRORED", "slipped", "spoilt"]

_TAKEN_FOR = (
    (0, 4, 1, 2, 5, 5, 2, 3, 4),
    (28, 0, 24, 22, 20, 14, 8, 14, 14),
    (50, 33, 0, 10, 33, 1, 10, 1, 7),
    (20, 12, 6, 0, 148, 13, 20, 1, 10),
    (27, 6, 10, 21, 0, 14, 9, 1, 16),
    (25, 13, 1, 14, 19, 0, 13, 13, 12),
    (25, 8, 2, 30, 102, 19, 0, 2, 10),
    (70, 8, 1, 1, 1, 52, 12, 0, 1),
    (60, 34, 42, 50, 99, 55, 26, 3, 0),
)
"""Of a thousand pixels of each part (rows), how many the parser took for each other one on 232 photos."""
_WHOLE = ((3, 4, 0.1), (4, 3, 0.06), (3, 6, 0.06), (6, 3, 0.06), (5, 6, 0.09), (6, 4, 0.04), (4, 6, 0.03))
"""Garments taken for others as a whole: code, the other code, how often."""

MIRRORED = tuple(
    KEY_POINTS.index(name.replace("left", "right") if name.startswith("left") else name.replace("right", "left"))
    for name in KEY_POINTS
)
"""Which point each of the sixteen is in the mirror."""


def slipped(labels: Tensor, points: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Maps uint8 [N, H, W] and points [N, 16, 2] in their pixels, both moved and the maps spoilt.

    Also returns which maps were mirrored [N]: their points have changed sides already.
    """
    n, height, width = labels.shape

    def random(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    def waves(rows: int, columns: int, planes: int) -> Tensor:
        found = torch.randn(n, planes, rows, columns, generator=generator)
        return functional.interpolate(found, (height, width), mode="bilinear", align_corners=False)

    size = torch.tensor([width, height], dtype=torch.float32)
    scale = 1 + 0.16 * (random(n, 1, 1) - 0.5)
    shift = 0.06 * (random(n, 1, 2) - 0.5) * size
    mirrored = random(n) < 0.5
    sign = torch.where(mirrored, -1.0, 1.0)[:, None, None] * torch.tensor([1.0, 0.0]) + torch.tensor([0.0, 1.0])
    moved = (points - size / 2) * scale * sign + size / 2 + shift
    moved = torch.where(mirrored[:, None, None], moved[:, list(MIRRORED)], moved)

    across, down = torch.meshgrid(torch.arange(width) + 0.5, torch.arange(height) + 0.5, indexing="xy")
    grid = torch.stack([across, down], -1)[None].float()
    wobble = waves(10, 8, 2) * (1.6 * random(n, 1, 1, 1)) + waves(48, 36, 2) * (1.6 * random(n, 1, 1, 1))
    there = (grid - shift[:, None] - size / 2) / (scale * sign)[:, None] + size / 2 + wobble.permute(0, 2, 3, 1)
    inverted = (OUTSIDE - labels.int()).float()[:, None]  # what is sampled beyond the map is 0
    taken = functional.grid_sample(inverted, there / size * 2 - 1, mode="nearest", align_corners=False)
    codes = (OUTSIDE - taken[:, 0]).round().long()

    table = torch.arange(256).repeat(n, 1)
    for code, other, often in _WHOLE:
        table[:, code] = torch.where(random(n) < often, other, table[:, code])
    codes = table.gather(1, codes.flatten(1)).view_as(codes)
    chances = torch.tensor(_TAKEN_FOR, dtype=torch.float32) + 1e-3
    for rows, columns in ((12, 9), (24, 18)):
        table = torch.arange(256).repeat(n, 1)
        for code in range(len(_TAKEN_FOR)):
            table[:, code] = torch.multinomial(chances[code].expand(n, -1), 1, generator=generator)[:, 0]
        field = waves(rows, columns, 1)[:, 0]
        limit = 1.3 + 1.6 * random(n, 1, 1)
        limit = torch.where(codes == 0, limit + 1.2, limit)
        codes = torch.where(field > limit, table.gather(1, codes.flatten(1)).view_as(codes), codes)
    return codes.to(torch.uint8), moved, mirrored


def spoilt(people: DrawnPeople, *, seed: int) -> DrawnPeople:
    """Drawn people with the slips of a parser, and their points where the maps have them: to be judged by."""
    labels, points, mirrored = slipped(
        torch.from_numpy(people.labels), torch.from_numpy(people.points), torch.Generator().manual_seed(seed)
    )
    sides = mirrored.numpy()[:, None]

    def turned(found: BoolArray) -> BoolArray:
        return np.where(sides, found[:, list(MIRRORED)], found)

    return replace(
        people,
        labels=labels.numpy(),
        points=points.numpy(),
        visible=turned(people.visible),
        inside=turned(people.inside),
    )
