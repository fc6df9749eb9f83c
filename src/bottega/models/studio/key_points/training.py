"""Training of the key-point network on drawn people.

Idea     Each step takes drawn people, spoils their maps as a parser would (slips.py), and asks for a map of chances
         that peaks where each joint lies. What is hidden counts less: nobody can know it exactly. What lies beyond the
         photo is asked for by one answer alone: that it does.
Shapes   N people, P points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.studio.key_points.drawn_people import DRAWN_SIZE, DrawnPeople
from bottega.models.studio.key_points.network import KeyPointNetwork, places_of
from bottega.models.studio.key_points.seen import planes_of
from bottega.models.studio.key_points.slips import MIRRORED, slipped
from bottega.progress import Progress, silent

__all__ = ["NEAR", "KeyPointTraining", "fit_key_points"]

NEAR = 0.05
"""Share of the person's height within which a point counts as found."""


@dataclass(frozen=True, slots=True)
class KeyPointTraining:
    """How it learns."""

    batch_size: int = 32
    epochs: int = 60
    """Most times that every drawn person is seen; the clock ends it sooner."""
    hidden: float = 0.4
    """Weight of points that cannot be seen."""
    sure: float = 0.15
    """Weight of the three answers about each point."""
    schedule: Schedule = field(default_factory=lambda: Schedule(60, learning_rate=2e-3, warmup_steps=150))


Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


def fit_key_points(
    network: KeyPointNetwork,
    people: DrawnPeople,
    *,
    rng: np.random.Generator,
    config: KeyPointTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> KeyPointNetwork:
    """Learn in place; `course`: by default as many steps as the config says."""
    config = config or KeyPointTraining()
    where = device_of(device)
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    size = torch.tensor(DRAWN_SIZE, dtype=torch.float32)
    aspect = torch.tensor([DRAWN_SIZE[0] / DRAWN_SIZE[1], 1.0], device=where)

    def batches() -> Iterator[Batch]:
        order = rng.permutation(len(people))
        for start in range(0, len(order) - config.batch_size + 1, config.batch_size):
            rows = np.sort(order[start : start + config.batch_size])
            labels, points, mirrored = slipped(
                torch.from_numpy(people.labels[rows]), torch.from_numpy(people.points[rows]), generator
            )
            visible, inside = (torch.from_numpy(one[rows]) for one in (people.visible, people.inside))
            visible, inside = (torch.where(mirrored[:, None], one[:, list(MIRRORED)], one) for one in (visible, inside))
            places = points / size
            inside = inside & ((places > 0) & (places < 1)).all(2)
            tall = torch.from_numpy(people.height_px[rows]) / DRAWN_SIZE[1]
            told = (planes_of(labels), places, visible & inside, inside, tall)
            yield tuple(one.to(where) for one in told)  # type: ignore[misc]

    def loss_of(batch: Batch) -> Tensor:
        planes, places, visible, inside, tall = batch
        with autocast(where):
            heat, sure = network(planes)
        weight = torch.where(visible, 1.0, config.hidden) * inside
        aim = _aim(places, heat.shape[2], heat.shape[3])
        crossed = -(aim * heat.flatten(2).log_softmax(2)).sum(2)
        away = (places_of(heat) - places).mul(aspect).norm(dim=2) / tall[:, None]
        lost = (
            weight
            * (crossed + 4 * functional.smooth_l1_loss(away, torch.zeros_like(away), beta=0.05, reduction="none"))
        ).sum()
        with torch.no_grad():
            near = ((places_of(heat, near=2) - places).mul(aspect).norm(dim=2) < NEAR * tall[:, None]).float()
        asked = torch.stack([inside.float(), visible.float(), near], 2)
        known = torch.stack([torch.ones_like(near), inside.float(), inside.float()], 2)
        doubt = functional.binary_cross_entropy_with_logits(sure, asked, reduction="none")
        whole: Tensor = lost / weight.sum().clamp(min=1) + config.sure * (doubt * known).sum() / known.sum()
        return whole

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=len(people) // config.batch_size,
        schedule=config.schedule,
        course=course,
        checkpoint=checkpoint,
        task="training the key-point network",
        progress=progress,
    )
    return network.to(CPU).eval()


def _aim(places: Tensor, height: int, width: int) -> Tensor:
    """What the maps should say [N, P, h * w]: chances that fall off round each place, a cell wide."""
    x, y = places[..., 0] * width - 0.5, places[..., 1] * height - 0.5
    across = torch.exp(-((torch.arange(width, device=places.device) - x[..., None]) ** 2) / 2)
    down = torch.exp(-((torch.arange(height, device=places.device) - y[..., None]) ** 2) / 2)
    found = (down[..., :, None] * across[..., None, :]).flatten(2)
    return found / found.sum(2, keepdim=True).clamp(min=1e-6)
