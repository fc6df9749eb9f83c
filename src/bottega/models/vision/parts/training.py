"""Training of the parser: street photos with pixel labels, and shop photos of which only the outline is known.

Idea     Both passes learn by cross-entropy, in which rare parts weigh more, plus the overlap of each part (Dice), which
         is what is judged. Where only "something" is known, the chance of background is driven to zero.
Source   Dice: Milletari et al. 2016, https://arxiv.org/abs/1606.04797, section 3. Averaged weights: Polyak & Juditsky
         1992. Growing sizes: Tan & Le 2021, https://arxiv.org/abs/2104.00298, section 4.
Costs    benchmarks/parts.md.
Shapes   N views, C parts, H, W sides of the views.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.vision.parts.network import PartsNetwork
from bottega.models.vision.parts.views import ANY_PART, IGNORED, PartsMaterial, Views, draw_views, paste, plain
from bottega.progress import Progress, silent

__all__ = ["PartsTraining", "fit_parts", "part_weights", "parts_loss"]


LEAST_STEPS = 20
"""Steps of a round that are made whatever the clock says: fewer teach nothing."""


@dataclass(frozen=True, slots=True)
class PartsTraining:
    """How the parser learns."""

    steps: int = 1500
    """Batches."""
    batch_size: int = 16
    """Views a batch."""
    sizes: tuple[tuple[float, int, int], ...] = ((0.5, 144, 96), (0.35, 192, 128), (0.15, 288, 192))
    """Share of the steps, and height and width of the views in them; multiples of the network's stride."""
    learning_rate: float = 2e-3
    """Highest step size."""
    weight_decay: float = 0.05
    """Pull of the weights towards zero."""
    average: float = 0.995
    """What each step keeps of the averaged weights."""
    rare: float = 0.35
    """Power by which rare parts weigh more: 0 all pixels alike, 1 all parts alike."""
    dice: float = 0.5
    """Weight of the overlap beside the cross-entropy."""
    first: float = 0.4
    """Weight of the first pass's loss."""
    frozen: bool = False
    """Whether the trunk stays as it is."""
    zoom: tuple[float, float] = (0.8, 1.4)
    """How near street views may be; at 1 a view is as high as its photo."""
    on_plain: float = 0.1
    """Share of street views whose background is made plain."""
    pasted: float = 0.15
    """Share of street views that are pasted into another."""
    shop: float = 0.125
    """Share of the batch that are shop photos, where there are any; half of them pasted into street views."""


def fit_parts(
    network: PartsNetwork,
    street: PartsMaterial,
    *,
    rng: np.random.Generator,
    config: PartsTraining | None = None,
    shop: PartsMaterial | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> PartsNetwork:
    """Train in place; returns the averaged network in eval mode. The same `rng` gives the same weights.

    With `seconds` the same course is run through in at most so many.
    """
    config, where = config or PartsTraining(), device_of(device)
    torch.manual_seed(int(rng.integers(2**31)))
    keep_freed_memory()
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]

    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)
    n_parts = network.first.out_channels
    for parameter in network.trunk_parameters():
        parameter.requires_grad = not config.frozen
    weights = part_weights(street, n_parts, config.rare).to(where)
    streets_held, shop_held = street.on(where), None if shop is None else shop.on(where)
    course = Course(config.steps, seconds, least=LEAST_STEPS)

    def batches() -> Iterator[Views]:
        many = round(config.batch_size * config.shop) if shop is not None and len(shop) else 0
        streets, shops = _rows(len(street), rng), _rows(len(shop) if shop is not None else 1, rng)
        while True:
            _, *size = config.sizes[course.part([share for share, *_ in config.sizes])]
            yield draw(_next(streets, config.batch_size - many), _next(shops, many), (size[0], size[1]))

    def draw(rows: np.ndarray, shop_rows: np.ndarray, size: tuple[int, int]) -> Views:
        views = draw_views(streets_held, rows, size, config.zoom)
        around = torch.arange(len(rows), device=where).roll(1)
        mixed = plain(paste(views, (views[0][around], views[1][around]), config.pasted), config.on_plain)
        if shop_held is None or not len(shop_rows):
            return mixed
        chosen = torch.randint(len(rows), (len(shop_rows),), device=where)
        products = paste(draw_views(shop_held, shop_rows, size, (0.7, 1.2)), (views[0][chosen], views[1][chosen]), 0.5)
        return torch.cat([mixed[0], products[0]]), torch.cat([mixed[1], products[1]])

    def loss_of(batch: Views) -> Tensor:
        averaged.update(network, course.step)
        with autocast(where):
            first, refined = network(batch[0])
        codes = batch[1].long()
        return parts_loss(refined, codes, weights, config.dice) + config.first * parts_loss(
            first, codes, weights, config.dice
        )

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=config.steps,
        schedule=Schedule(epochs=1, learning_rate=config.learning_rate, weight_decay=config.weight_decay),
        course=course,
        checkpoint=checkpoint,
        task="training the parser",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return network.to(CPU).eval()


def parts_loss(logits: Tensor, codes: Tensor, weights: Tensor, dice: float) -> Tensor:
    """Weighted cross-entropy plus `dice` times (1 - overlap), of logits [N, C, H, W] and codes [N, H, W]."""
    chances = functional.log_softmax(logits, 1)
    known = codes < ANY_PART
    told = torch.where(known, codes, 0)
    weight = weights[told] * known
    loss = -(chances.gather(1, told[:, None])[:, 0] * weight).sum() / weight.sum().clamp(min=1)
    something = codes == ANY_PART
    if something.any():
        not_background = torch.log((-torch.expm1(chances[:, 0])).clamp(min=1e-4))
        loss = loss - (not_background * something).sum() / (codes != IGNORED).sum()
    if dice:
        n_parts = logits.shape[1]
        held = chances.exp() * known[:, None]
        truth = functional.one_hot(told, n_parts).permute(0, 3, 1, 2) * known[:, None]
        both = (held * truth).sum((0, 2, 3))
        either = held.sum((0, 2, 3)) + truth.sum((0, 2, 3))
        there = (truth.sum((0, 2, 3)) > 0).float()
        overlap = (2 * both + 1) / (either + 1)
        loss = loss + dice * ((1 - overlap) * there).sum() / there.sum().clamp(min=1)
    return loss


def part_weights(street: PartsMaterial, n_parts: int, rare: float) -> Tensor:
    """What each part weighs in the cross-entropy [C]: (share of all pixels) ** -rare, mean 1 over the pixels."""
    counts = np.bincount(street.codes.ravel(), minlength=256)[:n_parts]
    shares = np.maximum(counts / counts.sum(), 1e-4)
    weights = shares**-rare
    return torch.tensor(weights / (weights * shares).sum(), dtype=torch.float32)


def _rows(count: int, rng: np.random.Generator) -> Iterator[int]:
    while True:
        yield from rng.permutation(count).tolist()


def _next(rows: Iterator[int], count: int) -> np.ndarray:
    """The next `count` of them."""
    return np.array([next(rows) for _ in range(count)], np.int64)
