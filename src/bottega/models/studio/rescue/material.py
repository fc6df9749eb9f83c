"""Sharp photos to learn rescue from, and patches of them beside what harm leaves of these.

Shapes   N patches, S pixels a side of the sharp one, s = S/F of the small one, F the factor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bottega.datasets.photos.degraded import degraded, drawn_harm, shrunk
from bottega.datasets.photos.reading import Photo

__all__ = ["Pairs", "SharpPhotos", "draw_pairs", "tensor_of"]


@dataclass(frozen=True, slots=True)
class SharpPhotos:
    """Photos by where they come from, and the share of the patches that each source gives."""

    photos: Mapping[str, Sequence[Photo]]
    shares: Mapping[str, float]

    def patch(self, side: int, rng: np.random.Generator) -> Photo:
        """A patch [S, S, 3] of a random photo, turned and mirrored at random; at least `side` pixels are needed."""
        names = [name for name, found in self.photos.items() if found]
        weights = np.array([self.shares[name] for name in names])
        photos = self.photos[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
        photo = photos[int(rng.integers(len(photos)))]
        best: Photo | None = None
        for _ in range(2):  # of two places, the one where there is more to see: half of a catalogue is white
            top, left = (int(rng.integers(length - side + 1)) for length in photo.shape[:2])
            found = photo[top : top + side, left : left + side]
            if best is None or float(found[::4, ::4].std()) > float(best[::4, ::4].std()):
                best = found
        assert best is not None
        patch = best.swapaxes(0, 1) if rng.random() < 0.25 else best
        return np.ascontiguousarray(patch[:, ::-1] if rng.random() < 0.5 else patch)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Small pictures [N, 3, s, s] and what they were [N, 3, S, S], 0 to 1."""

    small: Tensor
    large: Tensor
    factor: int


def draw_pairs(
    material: SharpPhotos, n: int, side: int, factor: int, *, clean: float, rng: np.random.Generator
) -> Pairs:
    """`n` lessons; the share `clean` of them is only made smaller."""
    large, small = [], []
    for _ in range(n):
        patch = material.patch(side, rng)
        large.append(patch)
        only = rng.random() < clean
        small.append(shrunk(patch, factor) if only else degraded(patch, factor, drawn_harm(rng, factor), rng))
    return Pairs(tensor_of(np.stack(small)), tensor_of(np.stack(large)), factor)


def tensor_of(photos: np.ndarray) -> Tensor:
    """uint8 [N, H, W, 3] as colours 0 to 1 [N, 3, H, W]."""
    return torch.from_numpy(np.ascontiguousarray(photos)).permute(0, 3, 1, 2).float() / 255
