"""How the judge learns: small whole photos and windows of larger ones, moved and mirrored, never blurred.

Idea     It is taught what the pictures show; to tell photos from what only resembles them it must notice how they are
         drawn, so nothing that a bad generator does (blur, noise, other colours) is done to its lessons.
Costs    About half an hour of one core.
Shapes   N photos, Q pixels a side of the larger ones; uint8 [N, Q, Q, 3].
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.judge.judge import PX, Judge, JudgeConfig
from bottega.models.judge.network import JudgeNetwork, JudgeShape
from bottega.names import IntArray
from bottega.progress import Progress, silent

__all__ = ["JudgeLessons", "JudgeTraining", "fit_judge"]

HEAD_WEIGHTS = {"type": 1.0, "gender": 0.5, "color": 0.5}
"""What each head's answers weigh in the loss."""
_MOVED_PX = 6


@dataclass(frozen=True, slots=True)
class JudgeTraining:
    """How the judge learns."""

    epochs: float = 20.0
    """Passes over the small photos."""
    batch_size: int = 96
    """Small photos a step."""
    windows: int = 32
    """Windows of larger photos a step."""
    learning_rate: float = 2e-3
    """Highest step size."""
    weight_decay: float = 0.05
    """Pull of the weights towards zero."""
    smoothing: float = 0.05
    """Of the labels."""
    average: float = 0.999
    """What each step keeps of the averaged weights."""
    shape: JudgeShape = field(default_factory=JudgeShape)
    """The network."""


@dataclass(frozen=True, slots=True)
class JudgeLessons:
    """Photos with the codes of their labels [N] by head, -1 unknown."""

    small: NDArray[np.uint8]
    """[N, 64, 64, 3]."""
    labels: Mapping[str, IntArray]
    larger: NDArray[np.uint8]
    """[M, Q, Q, 3], Q above 64; none where M is 0."""
    larger_labels: Mapping[str, IntArray]


class _Sampler:
    """Draws batches: small photos moved by some pixels, windows at random places of larger ones, half mirrored."""

    def __init__(self, lessons: JudgeLessons, config: JudgeTraining, rng: np.random.Generator) -> None:
        self.lessons, self.config, self.rng = lessons, config, rng
        self.order = np.zeros(0, dtype=np.int64)

    def draw(self) -> tuple[Tensor, dict[str, Tensor]]:
        lessons, config = self.lessons, self.config
        while len(self.order) < config.batch_size:
            self.order = np.concatenate([self.order, self.rng.permutation(len(lessons.small))])
        rows, self.order = self.order[: config.batch_size], self.order[config.batch_size :]
        edge = _MOVED_PX
        padded = np.pad(lessons.small[rows], ((0, 0), (edge, edge), (edge, edge), (0, 0)), mode="edge")
        pictures = self._windows(padded)
        larger = self.rng.integers(0, len(lessons.larger), config.windows if len(lessons.larger) else 0)
        if len(larger):
            pictures += self._windows(lessons.larger[larger])
        codes = {
            head: torch.from_numpy(np.concatenate([found[rows], lessons.larger_labels[head][larger]]).astype(np.int64))
            for head, found in lessons.labels.items()
        }
        return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255, codes

    def _windows(self, photos: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
        """A square of `PX` of each photo, half of them mirrored."""
        room = photos.shape[1] - PX
        found = []
        for photo in photos:
            top, left = self.rng.integers(0, room + 1, 2)
            window = photo[top : top + PX, left : left + PX]
            found.append(window[:, ::-1] if self.rng.random() < 0.5 else window)
        return found


def fit_judge(
    lessons: JudgeLessons,
    classes: Mapping[str, tuple[str, ...]],
    *,
    rng: np.random.Generator,
    version: str,
    config: JudgeTraining | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> Judge:
    """Learn `classes` (head -> names) from the lessons. `seconds`: the most that it learns for, of the processor's own
    time, which is the same however much else the machine does."""
    config = config or JudgeTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network = JudgeNetwork(config.shape, {head: len(names) for head, names in classes.items()})
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    sampler = _Sampler(lessons, config, rng)
    steps = max(1, round(config.epochs * len(lessons.small) / config.batch_size))
    course = Course(steps, seconds, clock=time.process_time if where == CPU else time.perf_counter)
    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)

    def batches() -> Iterator[tuple[Tensor, dict[str, Tensor]]]:
        while True:
            yield sampler.draw()

    def loss_of(batch: tuple[Tensor, dict[str, Tensor]]) -> Tensor:
        averaged.update(network, course.step)
        pictures, codes = batch[0].to(where), {head: found.to(where) for head, found in batch[1].items()}
        with autocast(where):
            logits, features = network(pictures)
        total: Tensor = features.sum() * 0
        for head, found in logits.items():
            if (codes[head] >= 0).any():
                lost = functional.cross_entropy(found, codes[head], ignore_index=-1, label_smoothing=config.smoothing)
                total = total + HEAD_WEIGHTS.get(head, 0.5) * lost
        return total

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=max(1, len(lessons.small) // config.batch_size),
        schedule=Schedule(
            epochs=max(1, round(config.epochs + 0.5)),
            most_steps=steps,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
        ),
        course=course,
        checkpoint=checkpoint,
        task="training the judge",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    network = network.to(CPU).eval()
    return Judge(JudgeConfig(dict(classes), version, config.shape), network)
