"""Maps of product pictures by flow matching: the same requests and size as the GAN, and what ships.

Idea     A network says, for a map mixed with noise, which way the map lies; drawing follows that from noise in some
         steps. It is steadier to train than a game of two, and costs as many passes as steps to draw.
Source   Liu et al. 2023, https://arxiv.org/abs/2209.03003, section 2. Moments drawn more often in the middle: Esser et
         al. 2024, https://arxiv.org/abs/2403.03206, section 3.1. Guidance without a classifier: Ho & Salimans 2022,
         https://arxiv.org/abs/2207.12598.
Costs    A picture is two passes a step (with the request and without it), and two looks a step but in the last.
Shapes   N maps, C channels, W request and moment.
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
from bottega.models.blocks.modulated import Block, zeroed
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.studio.products.asking import AskedCodes, RequestNetwork, lesson
from bottega.models.studio.products.gan import MapShape
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["FlowTraining", "MapFlow", "draw_by_flow", "fit_flow"]

STEPS, GUIDANCE = 8, 2.5
"""Of drawing: steps from noise to map, and how much more the request counts than it does."""

FORMING = 0.4
"""Share of the way from noise to map in which outlines come up."""


@dataclass(frozen=True, slots=True)
class FlowTraining:
    """How it learns."""

    batch_size: int = 192
    """Maps a step."""
    steps: int = 60_000
    """Most steps; the clock ends it sooner."""
    learning_rate: float = 1e-3
    """Highest step size."""
    unasked: float = 0.12
    """Share of the maps learnt without a request, for guidance."""
    average: float = 0.999
    """What each step keeps of the averaged weights."""


class _Attention(nn.Module):
    """Every place of a map looks at every other."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.norm, self.heads = nn.GroupNorm(8, channels), heads
        self.ask, self.give = nn.Conv2d(channels, 3 * channels, 1), zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, maps: Tensor) -> Tensor:
        n, channels, height, width = maps.shape
        asked = self.ask(self.norm(maps)).reshape(n, 3, self.heads, channels // self.heads, height * width)
        query, key, value = asked.transpose(3, 4).unbind(1)
        seen = functional.scaled_dot_product_attention(query.contiguous(), key.contiguous(), value.contiguous())
        changed: Tensor = maps + self.give(seen.transpose(2, 3).reshape(n, channels, height, width))
        return changed


class MapFlow(nn.Module):
    """Maps with noise [N, C, 8, 8], moments [N] and requests to the direction of the map."""

    def __init__(self, shape: MapShape, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.shape = shape
        width = shape.request
        self.condition = RequestNetwork(sizes, width)
        self.nothing = nn.Parameter(torch.zeros(width))
        self.moment = nn.Sequential(nn.Linear(64, width), nn.SiLU(), nn.Linear(width, width))
        self.enter = nn.Conv2d(shape.channels, shape.width, 3, 1, 1)
        self.blocks = nn.ModuleList([Block(shape.width, width) for _ in range(shape.blocks + 1)])
        self.norms = nn.ModuleList([nn.GroupNorm(8, shape.width) for _ in self.blocks])
        self.attend = nn.ModuleList([_Attention(shape.width) for _ in range(2)])
        self.leave_norm = nn.GroupNorm(8, shape.width)
        self.leave = zeroed(nn.Conv2d(shape.width, shape.channels, 3, 1, 1))

    def forward(self, maps: Tensor, moments: Tensor, asked: AskedCodes, told: Tensor) -> Tensor:
        """`told` [N]: 1 where the request is told, else 0."""
        waves = moments[:, None] * torch.exp(torch.linspace(0, 6, 32, device=maps.device))[None]
        request = self.condition(asked) * told[:, None] + self.nothing * (1 - told[:, None])
        request = functional.silu(request + self.moment(torch.cat([waves.sin(), waves.cos()], 1)))
        found = self.enter(maps.contiguous(memory_format=torch.channels_last))
        for place, (block, norm) in enumerate(zip(self.blocks, self.norms, strict=True)):
            found = found + block(norm(found), request)
            if place % 2 and place // 2 < len(self.attend):
                found = self.attend[place // 2](found)
        direction: Tensor = self.leave(functional.silu(self.leave_norm(found))).float()
        return direction


@torch.inference_mode()
def draw_by_flow(
    network: MapFlow,
    asked: AskedCodes,
    noise: Tensor,
    *,
    form: AskedCodes | None = None,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
) -> Tensor:
    """Maps from noise, both [N, C, 8, 8], by Heun's rule without its second look in the last step.

    `form`: what is told in place of what is asked for in the first `FORMING` of the way, in which outlines come up.
    """
    n = len(noise)
    doubled = [tuple(torch.cat([one, one]) for one in said) for said in (form or asked, asked)]
    told = torch.cat([torch.ones(n), torch.zeros(n)]).to(noise.device)

    def direction(maps: Tensor, moment: float) -> Tensor:
        moments = torch.full((2 * n,), moment, device=noise.device)
        said = network(torch.cat([maps, maps]), moments, doubled[moment < 1 - FORMING], told)
        with_request, without = said.chunk(2)
        guided: Tensor = without + guidance * (with_request - without)
        return guided

    maps = noise
    for step in range(steps):
        here, there = 1 - step / steps, 1 - (step + 1) / steps
        first = direction(maps, here)
        guess = maps - (here - there) * first
        if step == steps - 1:
            return guess
        maps = maps - (here - there) * 0.5 * (first + direction(guess, there))
    return maps


def fit_flow(
    maps: FloatArray,
    asked: AskedPictures,
    sizes: Mapping[str, int],
    *,
    rng: np.random.Generator,
    shape: MapShape | None = None,
    config: FlowTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> MapFlow:
    """Learn from standardised maps [N, C, 8, 8] and what each is; `course` is by default the steps of the config."""
    config = config or FlowTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network = MapFlow(shape or MapShape(channels=maps.shape[1]), sizes).to(where)
    course = course or Course(config.steps)
    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)

    def batches() -> Iterator[tuple[Tensor, AskedCodes]]:
        while True:
            yield lesson(maps, asked, config.batch_size, rng, where)

    def loss_of(batch: tuple[Tensor, AskedCodes]) -> Tensor:
        averaged.update(network, course.step)
        real, codes = batch
        noise, moments = torch.randn_like(real), torch.sigmoid(torch.randn(len(real), device=where))
        told = (torch.rand(len(real), device=where) >= config.unasked).float()
        share = moments[:, None, None, None]
        with autocast(where):
            says = network(real * (1 - share) + noise * share, moments, codes, told)
        return functional.mse_loss(says, noise - real)

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=max(1, len(maps) // config.batch_size),
        schedule=Schedule(
            epochs=config.steps, most_steps=config.steps, learning_rate=config.learning_rate, warmup_steps=200, clip=1.0
        ),
        course=course,
        checkpoint=checkpoint,
        task="training the flow",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return network.to(CPU).eval()
