"""What the parser's first stages see in pictures: a measure of likeness for networks that draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bottega.models.vision.parts.parser import Parts

__all__ = ["early_maps"]

_STAGES = 2
"""Stages of the trunk, which is the eye's, that are seen by: those that still know where things are."""


def early_maps(parser: Parts) -> Callable[[Tensor], Sequence[Tensor]]:
    """Pictures [N, 3, H, W] in 0..1 to maps of the parser's first stages; differentiable, and the parser stays.

    The weights of `parser` need no gradients afterwards.
    """
    network = parser.network.requires_grad_(False).eval()

    def maps_of(pictures: Tensor) -> list[Tensor]:
        maps = network.stem(((pictures - 0.5) / 0.25).contiguous(memory_format=torch.channels_last))
        kept = []
        for stage in network.stages[:_STAGES]:
            maps = stage(maps)
            kept.append(maps)
        return kept

    return maps_of
