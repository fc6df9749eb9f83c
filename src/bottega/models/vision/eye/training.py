"""Training of the eye: all photo sets at once, each with its share of every batch, at growing picture sizes.

Idea     Half of each catalogue batch are photos, the other half their mates: another product of the same line, or the
         same product in another view, a part of them pasted on street photos. All of them teach the heads; the pairs
         teach the search vector. Small pictures first, because early steps need no detail and cost less.
Source   Bell et al. 2020, "GrokNet", sections 3 and 4. Growing sizes: Tan & Le 2021,
         https://arxiv.org/abs/2104.00298, section 4. Averaged weights: Polyak & Juditsky 1992.
Costs    Seconds: benchmarks/eye.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.vision.eye.config import TrunkConfig
from bottega.models.vision.eye.losses import Memory, class_weights, many_of, one_of, same
from bottega.models.vision.eye.network import EyeNetwork
from bottega.models.vision.eye.tasks import SHARES, TASKS, PhotoSet, Task
from bottega.models.vision.eye.views import draw_views, shrink
from bottega.progress import Progress, silent

__all__ = ["Sampler", "Training", "fit_network"]


LEAST_STEPS = 60
"""Steps that are made whatever the clock says: fewer teach nothing."""


@dataclass(frozen=True, slots=True)
class Training:
    """How the eye learns."""

    epochs: float = 46.0
    """Passes over the largest photo set."""
    batch_size: int = 64
    """Pictures a step."""
    sizes: tuple[tuple[float, int], ...] = ((0.35, 64), (0.45, 96), (0.2, 128))
    """Share of the steps, and the side of the pictures in them."""
    learning_rate: float = 2e-3
    """Highest step size."""
    weight_decay: float = 0.05
    """Pull of the weights towards zero."""
    average: float = 0.999
    """What each step keeps of the averaged weights."""
    mates: float = 0.5
    """Share of the pairs that are two products of a line, where the line has two; the others are two views of one."""
    on_street: float = 0.08
    """Share of the catalogue views that are pasted on a street photo."""
    remembered: int = 2048
    """Vectors of past batches kept for contrast."""
    second_opinion: bool = True
    """Whether edges and colours measured by hand are learnt from, too."""
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    """The network."""


@dataclass(frozen=True, slots=True)
class _Batch:
    views: Tensor
    labels: dict[str, Tensor]
    marks: dict[str, tuple[Tensor, Tensor]]
    """Multi-label head -> rows of the batch, and their marks."""
    groups: Tensor
    """Of the first pictures of the batch, which come in pairs."""


class Sampler:
    """Draws batches: each set's share, the grouped set in pairs. All photos lie on the device."""

    def __init__(
        self,
        sets: Sequence[PhotoSet],
        tasks: Sequence[Task],
        config: Training,
        rng: np.random.Generator,
        device: torch.device = CPU,
    ) -> None:
        self.sets, self.config, self.rng, self.device = sets, config, rng, device
        self.whole = [torch.from_numpy(one.pictures).to(device) for one in sets]
        self.px = 0
        self.heads = [task.name for task in tasks if task.kind == "one_of"]
        self.many = [task.name for task in tasks if task.kind == "many_of"]
        total = sum(SHARES.get(one.name, 0.1) for one in sets)
        self.counts = [max(2, round(config.batch_size * SHARES.get(one.name, 0.1) / total)) for one in sets]
        self.orders = [np.zeros(0, dtype=np.int64) for _ in sets]
        self.street = next((k for k, one in enumerate(sets) if one.name == "street"), None)
        self.mates = [self._mates_of(one) for one in sets]
        self.small: list[Tensor] = []

    @staticmethod
    def _mates_of(one: PhotoSet) -> tuple[np.ndarray, np.ndarray] | None:
        """Rows in order of their group, and where each group begins there."""
        if not len(one.groups):
            return None
        order = np.argsort(one.groups, kind="stable")
        return order, np.searchsorted(one.groups[order], np.arange(one.groups.max() + 2))

    def resize(self, px: int) -> None:
        """Photos a little larger than the views to be drawn from them."""
        if px == self.px:
            return
        self.px = px
        side = self.sets[0].pictures.shape[1]
        larger = min(side, round(px * 1.15))
        self.small = [shrink(pictures, larger) if larger < side else pictures for pictures in self.whole]

    def _next(self, k: int, count: int) -> np.ndarray:
        while len(self.orders[k]) < count:
            self.orders[k] = np.concatenate([self.orders[k], self.rng.permutation(len(self.sets[k]))])
        rows, self.orders[k] = self.orders[k][:count], self.orders[k][count:]
        return rows

    def _paired(self, k: int, count: int) -> np.ndarray:
        """`count` rows and behind each its mate: [2 * count], row, mate, row, mate ..."""
        found = self.mates[k]
        assert found is not None
        order, starts = found
        rows = self._next(k, count)
        groups = self.sets[k].groups[rows]
        place = starts[groups] + (self.rng.random(count) * (starts[groups + 1] - starts[groups])).astype(np.int64)
        mates = np.where(self.rng.random(count) < self.config.mates, order[place], rows)
        return np.stack([rows, mates], 1).ravel()

    def draw(self) -> _Batch:
        views, labels, groups, made = [], {head: [] for head in self.heads}, [], 0  # type: ignore[var-annotated]
        marks: dict[str, list[tuple[Tensor, Tensor]]] = {head: [] for head in self.many}
        order = sorted(range(len(self.sets)), key=lambda k: self.mates[k] is None)
        for k in order:
            one, count = self.sets[k], self.counts[k]
            paired = self.mates[k] is not None
            rows = self._paired(k, count // 2) if paired else self._next(k, min(count, len(one)))
            on_street = self._here(self.rng.random(len(rows)) < self.config.on_street) if paired else None
            street = self.small[self.street] if self.street is not None else None
            views.append(draw_views(self.small[k][self._here(rows)], self.px, street=street, on_street=on_street))
            for head in self.heads:
                codes = one.labels[head][rows] if head in one.labels else np.full(len(rows), -1)
                labels[head].append(self._here(codes.astype(np.int64)))
            for head in self.many:
                if head in one.marks:
                    place = torch.arange(made, made + len(rows), device=self.device)
                    marks[head].append((place, self._here(one.marks[head][rows].astype(np.float32))))
            if paired:
                groups.append(self._here(one.groups[rows].astype(np.int64)))
            made += len(rows)
        return _Batch(
            torch.cat(views),
            {head: torch.cat(codes) for head, codes in labels.items()},
            {head: _joined(found) for head, found in marks.items() if found},
            torch.cat(groups) if groups else torch.zeros(0, dtype=torch.long, device=self.device),
        )

    def _here(self, array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(self.device)


def _joined(found: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Rows and marks of all sets that know a head."""
    return torch.cat([rows for rows, _ in found]), torch.cat([marks for _, marks in found])


def fit_network(
    sets: Sequence[PhotoSet],
    heads: Mapping[str, int],
    *,
    rng: np.random.Generator,
    config: Training | None = None,
    tasks: Sequence[Task] = TASKS,
    start: EyeNetwork | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> EyeNetwork:
    """Train a network for `heads` (name -> number of classes or marks) on all `sets`; returns it in eval mode.

    At most one set may have groups (its batches come in pairs). `start` goes on from a trained network. With `seconds`
    the same course is run through in at most so many. The same `rng` gives the same weights on the same machine, if no
    clock ends it.
    """
    config = config or Training()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network = start or EyeNetwork(config.trunk, heads)
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    tasks = [task for task in tasks if task.kind == "same" or task.name in heads]
    sampler = Sampler(sets, tasks, config, rng, where)
    weights = {task.name: _weights(sets, task, heads[task.name]).to(where) for task in tasks if task.kind == "one_of"}
    memory = Memory(config.remembered)
    largest = max(range(len(sets)), key=lambda k: len(sets[k]))
    steps = max(1, round(config.epochs * len(sets[largest]) / sampler.counts[largest]))
    averaged = AveragedWeights(config.average).kept_by(checkpoint, where)
    course = Course(steps, seconds, least=LEAST_STEPS)

    def batches() -> Iterator[_Batch]:
        while True:
            with course.paused():
                sampler.resize(config.sizes[course.part([share for share, _ in config.sizes])][1])
            yield sampler.draw()

    def loss_of(batch: _Batch) -> Tensor:
        averaged.update(network, course.step)
        with autocast(where):
            logits, vectors = network(batch.views)
        total: Tensor = vectors.sum() * 0
        for task in tasks:
            if task.kind == "one_of":
                total = total + task.weight * one_of(logits[task.name], batch.labels[task.name], weights[task.name])
            elif task.kind == "many_of" and task.name in batch.marks:
                rows, marks = batch.marks[task.name]
                total = total + task.weight * many_of(logits[task.name].index_select(0, rows), marks)
            elif task.kind == "same" and len(batch.groups):
                paired = vectors[: len(batch.groups)]
                total = total + task.weight * same(paired, batch.groups, memory)
                memory.add(paired, batch.groups)
        return total

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=steps,
        schedule=Schedule(epochs=1, learning_rate=config.learning_rate, weight_decay=config.weight_decay),
        course=course,
        checkpoint=checkpoint,
        task="training the eye",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return network.to(CPU).eval()


def _weights(sets: Sequence[PhotoSet], task: Task, n_classes: int) -> Tensor:
    codes = [torch.from_numpy(one.labels[task.name]) for one in sets if task.name in one.labels]
    return class_weights(torch.cat(codes) if codes else torch.zeros(0), n_classes, task.rare)
