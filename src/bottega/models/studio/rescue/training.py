"""Training of photo rescue: first the mean answer, then, against a critic, the likely one.

Idea     Trained on the distance to the sharp photo alone, a network answers with the mean of all sharp photos that
         could have been: right, and soft. A critic that says of every place whether it looks real then draws it to one
         of them, held by the distance, by its gradients and by the critic's own features. Both answers are kept: where
         something must not be made up, the mean one is taken.
Source   Wang et al. 2021, "Real-ESRGAN", https://arxiv.org/abs/2107.10833, section 3.4; relativistic loss: Jolicoeur-
         Martineau 2018, https://arxiv.org/abs/1807.00734; features of the critic as a loss: Wang et al. 2018,
         "pix2pixHD", https://arxiv.org/abs/1711.11585, section 3.2.
Differs  A critic of patches of a few hundred thousand numbers, and no network of others for the features.
Shapes   N patches, S pixels a side of the sharp one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.studio.rescue.material import Pairs, SharpPhotos, draw_pairs
from bottega.models.studio.rescue.network import RescueNetwork
from bottega.progress import Progress, silent

__all__ = ["Critic", "RescueTraining", "fit_likely", "fit_mean"]


@dataclass(frozen=True, slots=True)
class RescueTraining:
    """How rescue learns."""

    mean_steps: int = 30_000
    """Batches for the mean answer."""
    likely_steps: int = 6_000
    """Batches against the critic."""
    side: int = 96
    """Of the sharp patches."""
    twice: int = 8
    """Patches of a batch for twice the size."""
    fourfold: int = 16
    """Patches of a batch for four times the size, which every fourth batch is for."""
    clean: float = 0.35
    """Share of the patches that are only made smaller."""
    learning_rate: float = 2e-3
    """Highest step size for the mean answer."""
    likely_rate: float = 4e-4
    """Highest step size against the critic; the critic's is twice that."""
    average: float = 0.995
    """What each step keeps of the averaged weights."""
    critic: float = 0.05
    """Weight of the critic's opinion."""
    features: float = 0.2
    """Weight of the distance of the critic's features."""
    gradients: float = 0.5
    """Weight of the distance of the gradients."""


class Critic(nn.Module):
    """Pictures [N, 3, S, S] to an opinion for each of its patches, and the features that it is formed from."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        sizes = (3, width, 2 * width, 4 * width)
        self.layers = nn.ModuleList(norm(nn.Conv2d(before, after, 4, 2, 1)) for before, after in pairwise(sizes))
        self.last = norm(nn.Conv2d(sizes[-1], 1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        maps, kept = (pictures - 0.5).contiguous(memory_format=torch.channels_last), []
        for layer in self.layers:
            maps = functional.leaky_relu(layer(maps), 0.2)
            kept.append(maps)
        return self.last(maps).float(), kept


def fit_mean(
    network: RescueNetwork,
    material: SharpPhotos,
    *,
    rng: np.random.Generator,
    config: RescueTraining | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> RescueNetwork:
    """Learn the mean answer in place; returns the averaged network in eval mode."""
    config, where = config or RescueTraining(), device_of(device)
    torch.manual_seed(int(rng.integers(2**31)))
    keep_freed_memory()
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)
    course = Course(config.mean_steps, seconds, clock=_clock(where))

    def loss_of(pairs: Pairs) -> Tensor:
        averaged.update(network, course.step)
        with autocast(where):
            ours = network(pairs.small.to(where), pairs.factor)
        return _distance(ours, pairs.large.to(where))

    train(
        network,
        lambda: _lessons(material, config, course, rng),
        loss_of,
        steps_an_epoch=1000,
        schedule=Schedule(
            epochs=-(-config.mean_steps // 1000), learning_rate=config.learning_rate, weight_decay=1e-4, clip=1.0
        ),
        course=course,
        checkpoint=checkpoint,
        task="learning to rescue photos",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return network.to(CPU).eval()


def fit_likely(
    network: RescueNetwork,
    material: SharpPhotos,
    *,
    rng: np.random.Generator,
    config: RescueTraining | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> RescueNetwork:
    """From the mean answer to the likely one, in place; returns the averaged network in eval mode."""
    config, where = config or RescueTraining(), device_of(device)
    torch.manual_seed(int(rng.integers(2**31)))
    keep_freed_memory()
    critic = Critic()
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    critic.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    opposing = torch.optim.AdamW(critic.parameters(), lr=2 * config.likely_rate, betas=(0.5, 0.99), weight_decay=0)
    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)
    course = Course(config.likely_steps, seconds, clock=_clock(where))
    if checkpoint is not None:
        checkpoint.also("critic", critic.state_dict, lambda found: _fill(critic, found))

    def loss_of(pairs: Pairs) -> Tensor:
        averaged.update(network, course.step)
        large = pairs.large.to(where)
        with autocast(where):
            ours = network(pairs.small.to(where), pairs.factor)
            critic.requires_grad_(True)
            real, _ = critic(large)
            made, _ = critic(ours.detach())
        opposing.zero_grad(set_to_none=True)
        believed = functional.softplus(made.mean() - real).mean() + functional.softplus(made - real.mean()).mean()
        believed.backward()  # type: ignore[no-untyped-call]
        opposing.step()
        critic.requires_grad_(False)
        with autocast(where):
            made, made_maps = critic(ours)
            with torch.no_grad():
                real, real_maps = critic(large)
        fooled = functional.softplus(real.mean() - made).mean() + functional.softplus(real - made.mean()).mean()
        alike = torch.stack([functional.l1_loss(a, b) for a, b in zip(made_maps, real_maps, strict=True)]).mean()
        held = _distance(ours, large) + config.gradients * _gradient_distance(ours, large)
        grown = min(1.0, 10 * course.share)  # the critic has first to see something
        return held + grown * (config.critic * fooled + config.features * alike)

    train(
        network,
        lambda: _lessons(material, config, course, rng, share=2),
        loss_of,
        steps_an_epoch=1000,
        schedule=Schedule(
            epochs=-(-config.likely_steps // 1000), learning_rate=config.likely_rate, weight_decay=0.0, clip=1.0
        ),
        course=course,
        checkpoint=checkpoint,
        task="learning to draw what is likely",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return network.to(CPU).eval()


def _clock(device: torch.device) -> Callable[[], float]:
    """Seconds of the processor where that does the work, lest a busy machine shorten the training."""
    return time.process_time if device.type == "cpu" else time.perf_counter


def _lessons(
    material: SharpPhotos, config: RescueTraining, course: Course, rng: np.random.Generator, *, share: int = 1
) -> Iterator[Pairs]:
    """An epoch of a thousand batches, of a `share` of the patches each; every fourth for four times the size."""
    for _ in range(1000):
        factor = 4 if course.step % 4 == 3 else 2
        n = (config.fourfold if factor == 4 else config.twice) // share
        yield draw_pairs(material, n, config.side, factor, clean=config.clean, rng=rng)


def _distance(ours: Tensor, large: Tensor) -> Tensor:
    """Mean distance of colours, and of lightness once more: what the eye sees first."""
    lightness = ours.new_tensor([0.299, 0.587, 0.114])[:, None, None]
    apart = ours.float() - large
    return apart.abs().mean() + (apart * lightness).sum(1).abs().mean()


def _gradient_distance(ours: Tensor, large: Tensor) -> Tensor:
    apart = ours.float() - large
    return apart.diff(dim=2).abs().mean() + apart.diff(dim=3).abs().mean()


def _fill(critic: Critic, found: dict[str, Tensor]) -> None:
    critic.load_state_dict(found)
