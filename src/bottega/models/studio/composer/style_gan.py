"""The rival: people drawn from a layout and an outfit, by styles, without any geometry.

Idea     A pyramid of the layout (which part is where, in the mean colour of its piece) says what is drawn where; a
         style, mapped from noise and from the colours of the outfit, says how. A critic that sees the layout, too,
         tells drawn from real.
Source   Styles, noise and weights without norms: Karras et al. 2020, https://arxiv.org/abs/1912.04958, section 2;
         layouts at every size: Park et al. 2019, https://arxiv.org/abs/1903.07291, section 3; outfits on poses by such
         a network: Yildirim et al. 2019, https://arxiv.org/abs/1908.08847. Augmentation for both sides: Zhao et al.
         2020, https://arxiv.org/abs/2006.10738.
Differs  1.4 million numbers and 96 x 64 pixels, for one processor core. The layout is beside the maps, not in a norm.
Serves   Measures alone: nothing that ships draws with it (benchmarks/composer.md).
Shapes   N people, H, W the frame, C channels, L layout channels, S style.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.photos.masks import PARTS
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.game import GameSchedule, play, slopes
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.studio.composer.lessons import FramedPeople
from bottega.progress import Progress, silent

__all__ = ["StyleGan", "StyleShape", "StyleTraining", "fit_style_gan", "layout_of"]

_LAYOUT = len(PARTS) + 3
Batch = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class StyleShape:
    """Sizes of the network."""

    size: tuple[int, int] = (64, 96)
    """Width and height; five halvings lead to the smallest map."""
    noise: int = 64
    """Random numbers a picture."""
    style: int = 128
    """Numbers of a style."""
    widths: tuple[int, ...] = (128, 128, 96, 64, 24)
    """Channels from the smallest maps to the picture."""


@dataclass(frozen=True, slots=True)
class StyleTraining:
    """How it learns."""

    batch_size: int = 16
    steps: int = 200_000
    """Most steps; the clock ends it sooner."""
    schedule: GameSchedule = field(
        default_factory=lambda: GameSchedule(
            learning_rate=(2.5e-3, 5e-4), penalty=(1.0, 0.5), penalty_every=8, average=0.998
        )
    )


class _Linear(nn.Module):
    """A layer whose weights are scaled as they are used, so that all learn at one pace."""

    def __init__(self, before: int, after: int, *, start: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(after, before))
        self.bias = nn.Parameter(torch.full((after,), start))
        self.scale = 1 / math.sqrt(before)

    def forward(self, values: Tensor) -> Tensor:
        return functional.linear(values, self.weight * self.scale, self.bias)


class _Conv(nn.Module):
    """A convolution of that kind; with a style it makes channels stronger or weaker, and keeps their size."""

    def __init__(self, before: int, after: int, *, style: int = 0, size: int = 3, kept: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(after, before, size, size))
        self.bias = nn.Parameter(torch.zeros(after))
        self.scale = 1 / math.sqrt(before * size * size)
        self.pad, self.kept = size // 2, kept
        self.strength = _Linear(style, before, start=1.0) if style else None

    def forward(self, maps: Tensor, style: Tensor | None = None) -> Tensor:
        weight = self.weight * self.scale
        if self.strength is None or style is None:
            return functional.conv2d(maps, weight, self.bias, padding=self.pad)
        strong = self.strength(style)
        found = functional.conv2d(maps * strong[:, :, None, None].to(maps.dtype), weight, padding=self.pad)
        if self.kept:
            size = strong.float().square() @ weight.float().square().sum((2, 3)).T
            found = found * (size + 1e-6).rsqrt()[:, :, None, None].to(found.dtype)
        return found + self.bias[:, None, None]


class _Level(nn.Module):
    """Maps of one size: the layout beside them, two convolutions, noise, and a picture to add."""

    def __init__(self, before: int, after: int, style: int, *, last: bool) -> None:
        super().__init__()
        self.first = _Conv(before + _LAYOUT, after, style=style)
        self.second = None if last else _Conv(after, after, style=style)
        self.grain = nn.Parameter(torch.zeros(after))
        self.colour = _Conv(after, 3, style=style, size=1, kept=False)

    def forward(self, maps: Tensor, layout: Tensor, style: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.first(torch.cat([maps, layout.to(maps.dtype)], 1), style)
        grain = torch.randn(len(maps), 1, *maps.shape[2:], device=maps.device)
        maps = functional.leaky_relu(maps + self.grain[:, None, None] * grain, 0.2) * math.sqrt(2)
        if self.second is not None:
            maps = functional.leaky_relu(self.second(maps, style), 0.2) * math.sqrt(2)
        return maps, self.colour(maps, style).float()


class StyleGan(nn.Module):
    """Noise [N, Z] and layouts [N, L, H, W] to pictures [N, 3, H, W], about 0 to 1."""

    def __init__(self, shape: StyleShape) -> None:
        super().__init__()
        self.shape = shape
        told = len(PARTS) * 4
        self.mapping = nn.Sequential(
            _Linear(shape.noise + told, shape.style), nn.LeakyReLU(0.2),
            _Linear(shape.style, shape.style), nn.LeakyReLU(0.2),
            _Linear(shape.style, shape.style), nn.LeakyReLU(0.2),
        )  # fmt: skip
        self.enter = _Conv(_LAYOUT, shape.widths[0])
        widths_before = (shape.widths[0], *shape.widths[:-1])
        last = len(widths_before) - 1
        self.levels = nn.ModuleList(
            _Level(before, after, shape.style, last=place == last)
            for place, (before, after) in enumerate(zip(widths_before, shape.widths, strict=True))
        )

    def forward(self, noise: Tensor, layout: Tensor) -> Tensor:
        style = self.mapping(torch.cat([functional.normalize(noise) * math.sqrt(noise.shape[1]), _outfit(layout)], 1))
        there = [functional.avg_pool2d(layout, 2**halved) for halved in range(len(self.levels) - 1, -1, -1)]
        maps = self.enter(there[0].contiguous(memory_format=torch.channels_last))
        picture: Tensor | None = None
        for level, at in zip(self.levels, there, strict=True):
            if picture is not None:
                maps, picture = _larger(maps), _larger(picture)
            maps, added = level(maps, at, style)
            picture = added if picture is None else picture + added
        assert picture is not None
        return 0.5 + 0.25 * picture

    @torch.inference_mode()
    def draw(self, photos: NDArray[np.uint8], parts: NDArray[np.uint8], *, seed: int) -> NDArray[np.uint8]:
        """People [N, H, W, 3] in these layouts [N, H, W], dressed in the colours that `photos` have there."""
        torch.manual_seed(seed)
        drawn = []
        for start in range(0, len(parts), 32):
            layout = layout_of(photos[start : start + 32], parts[start : start + 32])
            made = self(torch.randn(len(layout), self.shape.noise), layout)
            drawn.append((made.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).numpy())
        return np.concatenate(drawn)


class _Critic(nn.Module):
    """Pictures and their layouts to how real each is [N]."""

    def __init__(self, shape: StyleShape) -> None:
        super().__init__()
        widths = shape.widths[::-1]
        self.see = _Conv(3 + _LAYOUT, widths[0])
        afters = (*widths[1:], widths[-1])
        self.blocks = nn.ModuleList(
            _Conv(before, after) for before, after in zip(widths[:-1], afters[:-1], strict=True)
        )
        self.deep = _Conv(widths[-1] + 1, widths[-1])
        cells = (shape.size[0] >> len(self.blocks)) * (shape.size[1] >> len(self.blocks)) // 4
        self.last, self.answer = _Linear(widths[-1] * cells, 128), _Linear(128, 1)

    def forward(self, pictures: Tensor, layout: Tensor) -> Tensor:
        seen = torch.cat([(pictures - 0.5) * 4, layout], 1).contiguous(memory_format=torch.channels_last)
        maps = functional.leaky_relu(self.see(seen), 0.2) * math.sqrt(2)
        for block in self.blocks:
            maps = functional.avg_pool2d(functional.leaky_relu(block(maps), 0.2) * math.sqrt(2), 2)
        spread = maps.float().var(0, unbiased=False).add(1e-6).sqrt().mean()
        maps = torch.cat([maps, spread.to(maps.dtype).expand(len(maps), 1, *maps.shape[2:])], 1)
        maps = functional.avg_pool2d(functional.leaky_relu(self.deep(maps), 0.2) * math.sqrt(2), 2)
        said: Tensor = self.answer(functional.leaky_relu(self.last(maps.flatten(1)), 0.2)).float()[:, 0]
        return said


def layout_of(photos: NDArray[np.uint8], parts: NDArray[np.uint8]) -> Tensor:
    """Layouts [N, L, H, W]: each part's place, and everywhere the mean colour that its part has in the photo."""
    places = functional.one_hot(torch.from_numpy(parts.astype(np.int64)), len(PARTS)).permute(0, 3, 1, 2).float()
    colours = torch.from_numpy(np.array(photos)).permute(0, 3, 1, 2).float() / 255 - 0.5
    sums = torch.einsum("nphw,nchw->npc", places, colours)
    means = sums / places.sum((2, 3)).clamp(min=1)[..., None]
    return torch.cat([places, 2 * torch.einsum("nphw,npc->nchw", places, means)], 1)


def _outfit(layout: Tensor) -> Tensor:
    """How much of each part there is, and its colour [N, 4 * parts]."""
    places, colours = layout[:, : len(PARTS)], layout[:, len(PARTS) :]
    size = places.sum((2, 3))
    means = torch.einsum("nphw,nchw->npc", places, colours) / size.clamp(min=1)[..., None]
    share = (size / (layout.shape[2] * layout.shape[3])).sqrt()
    return torch.cat([share, means.flatten(1)], 1)


def _larger(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2, mode="bilinear", align_corners=False)


def fit_style_gan(
    lessons: FramedPeople,
    *,
    rng: np.random.Generator,
    shape: StyleShape | None = None,
    config: StyleTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> StyleGan:
    """Learn from people in frames of the shape's size; `course` is by default the steps of the config."""
    shape, config = shape or StyleShape(), config or StyleTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    keep_freed_memory()
    where = device_of(device)
    maker, critic = StyleGan(shape).to(where), _Critic(shape).to(where)
    course = course or Course(config.steps)

    def draw() -> tuple[Tensor, Tensor]:
        rows = rng.integers(0, len(lessons), config.batch_size)
        photos, parts = lessons.photos[rows], lessons.parts[rows]
        mirrored = rng.random(len(rows)) < 0.5
        photos[mirrored], parts[mirrored] = photos[mirrored, :, ::-1], parts[mirrored, :, ::-1]
        real = torch.from_numpy(photos).permute(0, 3, 1, 2).float() / 255
        return real.to(where), layout_of(photos, parts).to(where)

    def made(layout: Tensor) -> Tensor:
        with autocast(where):
            return maker(torch.randn(len(layout), shape.noise, device=where), layout)  # type: ignore[no-any-return]

    def critic_loss(batch: tuple[Tensor, Tensor], _: float, weight: float) -> Tensor:
        real, layout = batch
        with torch.no_grad():
            drawn = made(layout)
        real, at = _augmented(real, layout)
        drawn, there = _augmented(drawn, layout)
        if weight:
            real = real.requires_grad_(True)
            says, said = critic(real, at), critic(drawn, there)
            return _against(said) + _for(says) + weight * 0.5 * slopes(says, real)
        with autocast(where):
            return _against(critic(drawn, there)) + _for(critic(real, at))

    def maker_loss(batch: tuple[Tensor, Tensor], _: float) -> Tensor:
        drawn, layout = _augmented(made(batch[1]), batch[1])
        with autocast(where):
            return _for(critic(drawn, layout))

    play(
        maker,
        critic,
        draw,
        critic_loss,
        maker_loss,
        course=course,
        schedule=config.schedule,
        checkpoint=checkpoint,
        task="training the rival",
        progress=progress,
    )
    return maker.to(CPU).eval()


def _for(answers: Tensor) -> Tensor:
    return functional.softplus(-answers).mean()


def _against(answers: Tensor) -> Tensor:
    return functional.softplus(answers).mean()


def _augmented(pictures: Tensor, layout: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures in other light, colour and contrast, moved with their layout, with a piece cut out; differentiable."""
    n, _, height, width = pictures.shape
    dev = pictures.device

    def some(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, 1, 1, 1, device=dev)

    pictures = pictures + some(-0.25, 0.25)
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * some(0.4, 1.6)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = mean + (pictures - mean) * some(0.7, 1.3)
    both = torch.cat([pictures, layout], 1)
    down, across = height // 8, width // 8
    padded = functional.pad(both, (across, across, down, down))
    rows = torch.randint(0, 2 * down + 1, (n, 1), device=dev) + torch.arange(height, device=dev)
    columns = torch.randint(0, 2 * across + 1, (n, 1), device=dev) + torch.arange(width, device=dev)
    batch = torch.arange(n, device=dev)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    top = torch.randint(0, height - height // 3, (n, 1, 1), device=dev)
    left = torch.randint(0, width - width // 3, (n, 1, 1), device=dev)
    at_y, at_x = torch.arange(height, device=dev)[None, :, None], torch.arange(width, device=dev)[None, None, :]
    cut = (at_y >= top) & (at_y < top + height // 3) & (at_x >= left) & (at_x < left + width // 3)
    cut = cut & (torch.rand(n, 1, 1, device=dev) < 0.5)
    moved = moved.masked_fill(cut[:, None], 0.0)
    return moved[:, :3], moved[:, 3:]
