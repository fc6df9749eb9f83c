"""A training of two: a maker, and a critic whose opinion the maker learns from. Resumable, by the clock or by steps.

Idea     Each step the critic learns first, then the maker; now and then the critic's slope is held small at what is
         real and at what is made (both zero-centred), which is what lets the game settle.
Source   Huang et al. 2024, "The GAN is dead; long live the GAN!", https://arxiv.org/abs/2501.05441, sections 2 and 3;
         penalties each few steps: Karras et al. 2020, https://arxiv.org/abs/1912.04958, section 3.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.progress import Progress, silent

__all__ = ["GameSchedule", "play", "slopes", "which_is_real"]

Batch = TypeVar("Batch")


@dataclass(frozen=True, slots=True)
class GameSchedule:
    """How fast both learn."""

    learning_rate: tuple[float, float] = (5e-4, 5e-5)
    """Step size at the start and at the end, by a cosine."""
    betas: tuple[float, float] = (0.0, 0.99)
    """Of Adam."""
    warmup_steps: int = 200
    """Steps until the first step size."""
    penalty: tuple[float, float] = (1.0, 0.2)
    """Weight of the critic's slopes at the start and at the end."""
    penalty_every: int = 4
    """Steps between penalties, which then weigh so much more."""
    average: float = 0.998
    """What each step keeps of the maker's averaged weights."""
    clip: float = 20.0
    """Longest gradient."""


def which_is_real(real: Tensor, made: Tensor) -> Tensor:
    """The loss of whoever wants `real` above `made`, pair by pair: softplus of the difference."""
    return functional.softplus(made - real).mean()


def slopes(answers: Tensor, *pictures: Tensor) -> Tensor:
    """Mean squared slope of a critic's answers at pictures; differentiable."""
    found = torch.autograd.grad([answers.sum()], pictures, create_graph=True)
    return torch.stack([slope.float().square().flatten(1).sum(1).mean() for slope in found]).sum()


def play(
    maker: nn.Module,
    critic: nn.Module,
    draw: Callable[[], Batch],
    critic_loss: Callable[[Batch, float, float], Tensor],
    maker_loss: Callable[[Batch, float], Tensor],
    *,
    course: Course,
    schedule: GameSchedule,
    checkpoint: Checkpoint | None = None,
    critic_from: float = 0.0,
    task: str = "training",
    progress: Progress = silent,
) -> None:
    """Learn in place; the maker ends with its averaged weights, in eval mode.

    `critic_loss(batch, share of the course, weight of the slopes)`: the weight is 0 in steps without a penalty.
    `maker_loss(batch, share)`. `critic_from`: the share of the course from which there is a critic.
    """
    both = nn.ModuleDict({"maker": maker, "critic": critic})
    optimisers: list[torch.optim.Optimizer] = [
        torch.optim.Adam(one.parameters(), lr=1.0, betas=schedule.betas) for one in (maker, critic)
    ]
    averaged = AveragedWeights(schedule.average).kept_by(checkpoint, next(maker.parameters()).device)
    if checkpoint is not None:
        checkpoint.resume(both, optimisers, course)
    course.begin()
    both.train()
    told = [0.0, 0.0]
    while not course.over:
        share = course.share
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = _rate(course, schedule)
        batch = draw()
        if share >= critic_from:
            critic.requires_grad_(True)
            weight = _between(schedule.penalty, share) * schedule.penalty_every
            lost = critic_loss(batch, share, 0.0 if course.step % schedule.penalty_every else weight)
            told[0] = _step(lost, critic, optimisers[1], schedule.clip)
            critic.requires_grad_(False)
        told[1] = _step(maker_loss(batch, share), maker, optimisers[0], schedule.clip)
        averaged.update(maker, course.step)
        course.advance()
        if course.step % 8 == 0:
            progress(task, *course.shown, f"critic {told[0]:.3f}, maker {told[1]:.3f}")
        if checkpoint is not None:
            checkpoint.keep(both, optimisers, course)
    if checkpoint is not None:
        checkpoint.keep(both, optimisers, course, now=True)
    averaged.put_into(maker)
    both.eval()


def _rate(course: Course, schedule: GameSchedule) -> float:
    high, low = schedule.learning_rate
    warm = min(1.0, (course.step + 1) / schedule.warmup_steps)
    return warm * (low + (high - low) * 0.5 * (1 + math.cos(math.pi * course.share)))


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _step(lost: Tensor, network: nn.Module, optimiser: torch.optim.Optimizer, clip: float) -> float:
    optimiser.zero_grad(set_to_none=True)
    lost.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), clip)
    optimiser.step()
    return float(lost.detach())
