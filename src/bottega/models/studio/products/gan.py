"""Maps of product pictures out of a type, a colour, a gender, a use: a small generator, trained against a critic.

Idea     One pass of a residual network without norms draws the 8 x 8 map of a product; every block is told what was
         asked for. A critic sees a real map and a drawn one of the same request and says which is more real; its slope
         at both is kept small. It may begin with a generator that another way has taught to draw (vae.py): softly, but
         what was asked for. Begun from nothing, the request fades in, so that rare types share what common ones teach.
Source   Loss and network: Huang et al. 2024 (R3GAN), https://arxiv.org/abs/2501.05441, sections 2 to 4. Fading in:
         Shahbazi et al. 2022, https://arxiv.org/abs/2201.06578. Augmentation for both sides: Zhao et al. 2020,
         https://arxiv.org/abs/2006.10738. The critic answers by projection: Miyato & Koyama 2018,
         https://arxiv.org/abs/1802.05637.
         A game that begins with a variational decoder: Larsen et al. 2016, https://arxiv.org/abs/1512.09300.
Differs  Maps of an autoencoder instead of pixels (product_autoencoder.py); blocks of plain convolutions, modulated.
Shapes   N maps, C channels, Z noise, W request.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.photos.asked import AskedPictures
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.game import GameSchedule, play, slopes, which_is_real
from bottega.models.blocks.modulated import Block
from bottega.models.studio.products.asking import AskedCodes, RequestNetwork, lesson
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["GanTraining", "MapGenerator", "MapShape", "fit_gan"]


@dataclass(frozen=True, slots=True)
class MapShape:
    """Sizes of a generator of maps."""

    channels: int = 12
    """Numbers a place of the map."""
    noise: int = 64
    """Random numbers a picture."""
    request: int = 96
    """Numbers that say what is asked for."""
    width: int = 128
    """Channels of every block."""
    blocks: int = 3
    """Blocks at 8 x 8, behind one at 4 x 4."""


@dataclass(frozen=True, slots=True)
class GanTraining:
    """How it learns."""

    batch_size: int = 96
    """Maps a step, real and drawn each."""
    steps: int = 60_000
    """Most steps; the clock ends it sooner."""
    fade: tuple[float, float] = (0.05, 0.25)
    """Shares of the course between which requests fade in."""
    moved: float = 0.5
    """Share of the maps that critics see moved by a place."""
    covered: float = 0.25
    """Share of the maps that critics see with a patch of zeros."""
    schedule: GameSchedule = field(default_factory=GameSchedule)
    """How fast both learn."""


class MapGenerator(nn.Module):
    """Noise [N, Z] and requests to maps [N, C, 8, 8]. `strength` 0 asks for nothing, 1 for everything."""

    def __init__(self, shape: MapShape, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.shape = shape
        self.condition = RequestNetwork(sizes, shape.request)
        self.mix = nn.Sequential(
            nn.Linear(shape.noise + shape.request, shape.request), nn.SiLU(), nn.Linear(shape.request, shape.request)
        )
        self.start = nn.Linear(shape.noise + shape.request, shape.width * 16)
        self.blocks = nn.ModuleList([Block(shape.width, shape.request) for _ in range(shape.blocks + 1)])
        self.leave = nn.Conv2d(shape.width, shape.channels, 3, 1, 1)

    def forward(
        self, noise: Tensor, asked: AskedCodes, strength: float = 1.0, form: AskedCodes | None = None
    ) -> Tensor:
        """`form`: what the first layer is told in place of what is asked for, so that an outline stays."""
        together = torch.cat([noise, strength * self.condition(asked)], 1)
        request = self.mix(together)
        if form is not None:
            together = torch.cat([noise, strength * self.condition(form)], 1)
        maps = self.start(together).unflatten(1, (-1, 4, 4)).contiguous(memory_format=torch.channels_last)
        for place, block in enumerate(self.blocks):
            maps = block(maps, request)
            if place == 0:
                maps = functional.interpolate(maps, scale_factor=2, mode="bilinear", align_corners=False)
        found: Tensor = self.leave(functional.leaky_relu(maps, 0.2)).float()
        return found


class _Critic(nn.Module):
    """Maps [N, C, 8, 8] and requests to how real each is [N]."""

    def __init__(self, shape: MapShape, sizes: Mapping[str, int]) -> None:
        super().__init__()
        width = shape.width
        self.condition = RequestNetwork(sizes, shape.request)
        self.project = nn.Linear(shape.request, width)
        self.see = nn.Conv2d(shape.channels, width, 3, 1, 1)
        self.blocks = nn.ModuleList([Block(width) for _ in range(3)])
        self.last = nn.Sequential(nn.Linear(width * 16, width), nn.LeakyReLU(0.2))
        self.answer = nn.Linear(width, 1)

    def forward(self, maps: Tensor, asked: AskedCodes, strength: float) -> Tensor:
        found = self.see(maps.contiguous(memory_format=torch.channels_last))
        found = self.blocks[1](self.blocks[0](found))
        found = self.blocks[2](functional.avg_pool2d(found, 2))
        features = self.last(functional.leaky_relu(found, 0.2).flatten(1)).float()
        asks = self.project(self.condition(asked)).float()
        said: Tensor = self.answer(features).float()[:, 0]
        matched: Tensor = (features * asks).sum(1) / math.sqrt(features.shape[1])
        return said + strength * matched


def fit_gan(
    maps: FloatArray,
    asked: AskedPictures,
    sizes: Mapping[str, int],
    *,
    rng: np.random.Generator,
    shape: MapShape | None = None,
    config: GanTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    start: MapGenerator | None = None,
    progress: Progress = silent,
) -> MapGenerator:
    """Learn from standardised maps [N, C, 8, 8] and what each is; `course` is by default the steps of the config.

    `start`: a generator that draws already (vae.py), which goes on in the game; its requests need no fading in.
    """
    config = config or GanTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    shape = shape or MapShape(channels=maps.shape[1])
    maker, critic = MapGenerator(shape, sizes).to(where), _Critic(shape, sizes).to(where)
    if start is not None:
        maker.load_state_dict(start.state_dict())
    fade = config.fade if start is None else (-1.0, -0.5)
    course = course or Course(config.steps)

    def draw() -> tuple[Tensor, AskedCodes]:
        return lesson(maps, asked, config.batch_size, rng, where)

    def made(codes: AskedCodes, strength: float) -> Tensor:
        noise = torch.randn(len(codes[0]), shape.noise, device=where)
        with autocast(where):
            found: Tensor = maker(noise, codes, strength)
        return found

    def critic_loss(batch: tuple[Tensor, AskedCodes], share: float, weight: float) -> Tensor:
        real, codes = batch
        strength = _faded(share, fade)
        with torch.no_grad():
            drawn = made(codes, strength)
        real, drawn = _augmented(real, config), _augmented(drawn, config)
        if weight:
            real, drawn = real.requires_grad_(True), drawn.requires_grad_(True)
            says, said = critic(real, codes, strength), critic(drawn, codes, strength)
            return which_is_real(says, said) + weight * 0.5 * slopes(says + said, real, drawn)
        with autocast(where):
            return which_is_real(critic(real, codes, strength), critic(drawn, codes, strength))

    def maker_loss(batch: tuple[Tensor, AskedCodes], share: float) -> Tensor:
        real, codes = batch
        strength = _faded(share, fade)
        drawn = made(codes, strength)
        with autocast(where):
            with torch.no_grad():
                says = critic(_augmented(real, config), codes, strength)
            return which_is_real(critic(_augmented(drawn, config), codes, strength), says)

    play(
        maker,
        critic,
        draw,
        critic_loss,
        maker_loss,
        course=course,
        schedule=config.schedule,
        checkpoint=checkpoint,
        task="training the generator",
        progress=progress,
    )
    return maker.to(CPU).eval()


def _faded(share: float, fade: tuple[float, float]) -> float:
    """How much of the request is told at this share of the course."""
    return min(1.0, max(0.0, (share - fade[0]) / max(fade[1] - fade[0], 1e-6)))


def _augmented(maps: Tensor, config: GanTraining) -> Tensor:
    """Maps moved by up to a place (their edge comes in), some with a patch of zeros; differentiable."""
    n, _, side, _ = maps.shape
    device = maps.device
    edged = functional.pad(maps, (1, 1, 1, 1), mode="replicate")
    move = torch.randint(0, 3, (n, 2), device=device)
    move = torch.where(torch.rand(n, 1, device=device) < config.moved, move, torch.ones_like(move))
    place = torch.arange(side, device=device)
    rows, columns = move[:, :1] + place, move[:, 1:] + place
    batch = torch.arange(n, device=device)[:, None, None]
    moved = edged.permute(0, 2, 3, 1)[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    at = torch.randint(0, side - 2, (n, 2, 1), device=device)
    inside = (place >= at) & (place < at + 3)
    patch = inside[:, 0, :, None] & inside[:, 1, None, :]
    patch = patch & (torch.rand(n, 1, 1, device=device) < config.covered)
    return moved.masked_fill(patch[:, None], 0.0)
