"""Training of the sketch network: by differences alone, or also in a game against a critic of patches.

Idea     Each step takes photos, one of their line drawings each, and draws that drawing again as a hand might. Type and
         colour are told for most and withheld for some, so that neither has to be known. Differences alone draw softly
         between the lines; a critic that sees drawing and picture together wants what could be a photo.
Source   Isola et al. 2017 (pix2pix), https://arxiv.org/abs/1611.07004; the game: models/blocks/game.py.
Shapes   N photos, P pixels a side, V drawings a photo.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.game import GameSchedule, play, slopes, which_is_real
from bottega.models.studio.pixels import PatchCritic, as_planes, differences
from bottega.models.studio.sketch.drawings import HandTremor, hand_drawn
from bottega.models.studio.sketch.network import SketchAsked, SketchNetwork
from bottega.names import FloatArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["SketchLessons", "SketchTraining", "fit_sketch"]


@dataclass(frozen=True, slots=True)
class SketchLessons:
    """Photos uint8 [N, P, P, 3], their drawings as packed bits [N, V, P * P / 8], types from 1 [N], CIE Lab [N, 3]."""

    photos: NDArray[np.uint8]
    drawings: NDArray[np.uint8]
    types: LongArray
    lab: FloatArray

    def __len__(self) -> int:
        return len(self.photos)


@dataclass(frozen=True, slots=True)
class SketchTraining:
    """How it learns."""

    batch_size: int = 16
    """Photos a step."""
    steps: int = 60_000
    """Most steps; the clock ends it sooner."""
    edges: float = 1.0
    """Weight of differences of edges, beside 1 for pixels."""
    critic: float = 0.0
    """Weight of the critic's opinion; 0 for no critic."""
    critic_from: float = 0.05
    """Share of the course from which there is one: before it has seen something its opinion is none."""
    untold: tuple[float, float] = (0.1, 0.2)
    """Shares of the lessons that are not told the type, and the colour."""
    as_found: float = 0.25
    """Share of the drawings that are left as they are."""
    tremor: HandTremor = field(default_factory=HandTremor)
    """How the others are drawn again."""
    schedule: GameSchedule = field(
        default_factory=lambda: GameSchedule((1.5e-3, 1e-4), (0.5, 0.99), penalty=(0.05, 0.05), penalty_every=8)
    )
    """How fast both learn."""


Lesson = tuple[Tensor, Tensor, SketchAsked]
"""Pictures -1..1 [N, 3, P, P], lines 0..1 [N, 1, P, P], and what is asked for."""


def fit_sketch(
    network: SketchNetwork,
    lessons: SketchLessons,
    *,
    rng: np.random.Generator,
    config: SketchTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> SketchNetwork:
    """Learn in place; `course`: by default as many steps as the config says."""
    config = config or SketchTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    critic = PatchCritic(channels=4).to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    course = course or Course(config.steps)

    def seen(pictures: Tensor, lines: Tensor) -> Tensor:
        return torch.cat([pictures, lines * 2 - 1], 1)

    def made_of(lesson: Lesson) -> Tensor:
        with autocast(where):
            made: Tensor = network(lesson[1], lesson[2])
        return made

    drawn: list[Tensor] = []  # what the critic was shown in this step is what the maker is taught by: drawn once

    def critic_loss(lesson: Lesson, _: float, weight: float) -> Tensor:
        real, lines = lesson[:2]
        drawn[:] = [made_of(lesson)]
        made = drawn[0].detach()
        if weight:
            real, made = real.detach().requires_grad_(True), made.requires_grad_(True)
            says, said = critic(seen(real, lines)), critic(seen(made, lines))
            return which_is_real(says, said) + weight * 0.5 * slopes(says.mean((1, 2)) + said.mean((1, 2)), real, made)
        with autocast(where):
            return which_is_real(critic(seen(real, lines)), critic(seen(made, lines)))

    def maker_loss(lesson: Lesson, share: float) -> Tensor:
        real, lines = lesson[:2]
        made = drawn.pop() if drawn else made_of(lesson)
        lost = differences(made, real, config.edges)
        if config.critic and share >= config.critic_from:
            with torch.no_grad(), autocast(where):
                says = critic(seen(real, lines))
            with autocast(where):
                lost = lost + config.critic * which_is_real(critic(seen(made, lines)), says)
        return lost

    play(
        network,
        critic,
        lambda: _draw(lessons, config, rng, where),
        critic_loss,
        maker_loss,
        course=course,
        schedule=config.schedule,
        checkpoint=checkpoint,
        critic_from=config.critic_from * 0.5 if config.critic else 2.0,
        task="training the sketch network",
        progress=progress,
    )
    return network.to(CPU).eval()


def _draw(lessons: SketchLessons, config: SketchTraining, rng: np.random.Generator, where: torch.device) -> Lesson:
    """Photos drawn with replacement, half of them mirrored, a drawing of each, and what may be told."""
    n, px = config.batch_size, lessons.photos.shape[1]
    rows = np.sort(rng.integers(0, len(lessons), n))
    packed = lessons.drawings[rows, rng.integers(0, lessons.drawings.shape[1], n)]
    drawn = np.unpackbits(packed, axis=1, count=px * px).reshape(n, 1, px, px)
    real, lines = as_planes(lessons.photos[rows]).to(where), torch.from_numpy(drawn).float().to(where)
    mirrored = torch.rand(n, 1, 1, 1, device=where) < 0.5
    real, lines = (torch.where(mirrored, planes.flip(3), planes) for planes in (real, lines))
    found = torch.rand(n, 1, 1, 1, device=where) < config.as_found
    lines = torch.where(found, lines, hand_drawn(lines, config.tremor))
    types = np.where(rng.random(n) < config.untold[0], 0, lessons.types[rows])
    coloured = rng.random(n) >= config.untold[1]
    return (
        real,
        lines,
        SketchAsked(
            torch.from_numpy(types.astype(np.int64)).to(where),
            torch.from_numpy(lessons.lab[rows]).to(where),
            torch.from_numpy(coloured.astype(np.float32)).to(where),
        ),
    )
