"""Averaged weights: a network that is the mean of what training made of it lately, and steadier than its last step.

Source   Polyak & Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging"; the rise of what is kept
         follows tf.train.ExponentialMovingAverage, whose `num_updates` does the same.
Costs    A second copy of the weights, and one pass over them a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn

from bottega.models.blocks.checkpoint import Checkpoint

__all__ = ["AveragedWeights"]


class AveragedWeights:
    """The mean of a network's weights and running statistics; each step keeps the share `keep` of it, early ones less.

    Numbers that are no fractions (how many batches were seen) are those of the last step.
    """

    def __init__(self, keep: float) -> None:
        self.keep = keep
        self._mean: dict[str, Tensor] = {}

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move the mean towards the network as it is after `step` steps; the first call takes it as it is."""
        keep = min(self.keep, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            mean = self._mean.get(name)
            if mean is None:
                self._mean[name] = value.detach().clone()
            elif value.is_floating_point():
                mean.lerp_(value, 1 - keep)
            else:
                mean.copy_(value)

    def kept_by(self, checkpoint: Checkpoint | None, device: torch.device) -> Self:
        """The same; where there is a checkpoint, it keeps the mean and brings it back to this device."""
        if checkpoint is not None:
            checkpoint.also("averaged", self.state, lambda found: self.go_on(found, device))
        return self

    def state(self) -> dict[str, Tensor]:
        """What a checkpoint keeps."""
        return self._mean

    def go_on(self, state: Mapping[str, Tensor], device: torch.device) -> None:
        """From what a checkpoint kept."""
        self._mean = {name: value.to(device) for name, value in state.items()}

    def put_into(self, network: nn.Module) -> None:
        """Give the network its mean."""
        network.load_state_dict(self._mean)
