"""The plain way to generate products: a conditional variational autoencoder, its generator the same as the GAN's.

Idea     An encoder presses the map of a product and its request into a few normal numbers, the generator draws the map
         again of these and the request. `beta` weighs how normal they are against how near what is drawn is.
Source   Kingma & Welling 2014, https://arxiv.org/abs/1312.6114; conditional: Sohn et al. 2015, "Learning Structured
         Output Representation using Deep Conditional Generative Models"; beta: Higgins et al. 2017, "beta-VAE".
Differs  What any generator has to beat: nothing about it is new.
Shapes   N maps, C channels, Z numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.photos.asked import AskedPictures
from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.modulated import Block
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.studio.products.asking import AskedCodes, RequestNetwork, lesson
from bottega.models.studio.products.gan import MapGenerator, MapShape
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["BETAS", "VaeTraining", "fit_vae"]

BETAS = (0.1, 0.3, 1.0)
"""Tried; the best by the judge stands for the way."""


@dataclass(frozen=True, slots=True)
class VaeTraining:
    """How it learns."""

    beta: float = 0.3
    """Weight of the numbers' distance from normal ones, of what a map's error weighs."""
    batch_size: int = 192
    """Maps a step."""
    steps: int = 60_000
    """Most steps; the clock ends it sooner."""
    learning_rate: float = 1e-3
    """Highest step size."""
    average: float = 0.999
    """What each step keeps of the averaged weights."""


class _Vae(nn.Module):
    def __init__(self, shape: MapShape, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.generator = MapGenerator(shape, sizes)
        self.condition = RequestNetwork(sizes, shape.request)
        self.see = nn.Conv2d(shape.channels, shape.width, 3, 1, 1)
        self.blocks = nn.ModuleList([Block(shape.width, shape.request) for _ in range(2)])
        self.tell = nn.Linear(shape.width * 16, 2 * shape.noise)

    def forward(self, maps: Tensor, asked: AskedCodes) -> tuple[Tensor, Tensor, Tensor]:
        """Maps drawn again, and mean and log variance of their numbers."""
        request = self.condition(asked)
        found = self.see(maps.contiguous(memory_format=torch.channels_last))
        found = functional.avg_pool2d(self.blocks[0](found, request), 2)
        found = self.blocks[1](found, request)
        mean, spread = self.tell(functional.leaky_relu(found, 0.2).flatten(1)).float().chunk(2, 1)
        spread = spread.clamp(-8, 4)
        numbers = mean + torch.exp(0.5 * spread) * torch.randn_like(mean)
        return self.generator(numbers, asked), mean, spread


def fit_vae(
    maps: FloatArray,
    asked: AskedPictures,
    sizes: Mapping[str, int],
    *,
    rng: np.random.Generator,
    shape: MapShape | None = None,
    config: VaeTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> MapGenerator:
    """Learn from standardised maps [N, C, 8, 8] and what each is; the generator draws of normal noise.

    `course` is by default the steps of the config.
    """
    config = config or VaeTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network = _Vae(shape or MapShape(channels=maps.shape[1]), sizes).to(where)
    course = course or Course(config.steps)
    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)

    def batches() -> Iterator[tuple[Tensor, AskedCodes]]:
        while True:
            yield lesson(maps, asked, config.batch_size, rng, where)

    def loss_of(batch: tuple[Tensor, AskedCodes]) -> Tensor:
        averaged.update(network, course.step)
        with autocast(where):
            made, mean, spread = network(*batch)
        # sums over a picture, halved as a normal error of 1 has it, both by the numbers of a map
        error = 0.5 * (made - batch[0]).square().flatten(1).mean(1)
        apart = 0.5 * (mean.square() + spread.exp() - 1 - spread).sum(1) / made[0].numel()
        total: Tensor = (error + config.beta * apart).mean()
        return total

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=max(1, len(maps) // config.batch_size),
        schedule=Schedule(
            epochs=config.steps, most_steps=config.steps, learning_rate=config.learning_rate, warmup_steps=200
        ),
        course=course,
        checkpoint=checkpoint,
        task="training the variational autoencoder",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return network.generator.to(CPU).eval()
