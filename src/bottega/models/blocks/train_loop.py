"""The one training loop: AdamW, warm-up, cosine decay, early stopping; by steps, or as far as the clock allows.

Source   Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101 (AdamW, cosine decay).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import torch
from torch import Tensor, nn

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import has_fused
from bottega.progress import Progress, silent

__all__ = ["Schedule", "TrainingReport", "train"]

Batch = TypeVar("Batch")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn."""

    epochs: int
    """Most passes over the data."""
    learning_rate: float = 1e-3
    """Highest step size, reached after the warm-up."""
    warmup_steps: int = 100
    """Steps until the highest step size; at most a tenth of all steps."""
    weight_decay: float = 0.01
    """Pull of matrices towards zero; vectors (norms, biases) feel none."""
    patience: int = 2
    """Judged epochs without a better mark before the loop stops."""
    most_steps: int | None = None
    """Most steps, where they end before the epochs do."""
    clip: float = 5.0
    """Longest gradient."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training run did: `epochs` passes, the `best_epoch` kept, the judge's `marks`, `seconds`."""

    epochs: int
    best_epoch: int
    marks: tuple[float, ...]
    seconds: float


def _rate(course: Course, schedule: Schedule) -> float:
    """The share of the learning rate where the course stands."""
    warmup = max(1, min(schedule.warmup_steps, course.steps // 10))
    if course.seconds is not None:  # nobody knows how many steps there will be
        return min(1.0, (course.step + 1) / warmup) * 0.5 * (1 + math.cos(math.pi * course.share))
    if course.step < warmup:
        return (course.step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (course.step - warmup) / max(1, course.steps - warmup))))


def _optimisers(network: nn.Module, schedule: Schedule, sparse: list[Tensor]) -> list[torch.optim.Optimizer]:
    apart = {id(parameter) for parameter in sparse}
    dense = [parameter for parameter in network.parameters() if id(parameter) not in apart]
    matrices = [parameter for parameter in dense if parameter.ndim > 1]
    vectors = [parameter for parameter in dense if parameter.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    fused = all(has_fused(parameter.device) for parameter in dense)
    optimisers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=schedule.learning_rate, fused=fused)]
    if sparse:
        optimisers.append(torch.optim.SparseAdam(sparse, lr=schedule.learning_rate))
    return optimisers


def train(
    network: nn.Module,
    batches: Callable[[], Iterable[Batch]],
    loss_of: Callable[[Batch], Tensor],
    *,
    steps_an_epoch: int,
    schedule: Schedule,
    judge: Callable[[], float] | None = None,
    sparse: list[Tensor] | None = None,
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    task: str = "training",
    progress: Progress = silent,
) -> TrainingReport:
    """Learn in place, and leave the network at its best judged epoch (its last one without a judge), in eval mode.

    `batches()` gives one epoch's batches, `loss_of(batch)` a scalar, `judge()` a mark where higher is better, asked
    after each epoch of the second half. `sparse` are parameters with sparse gradients, stepped row by row. The network
    learns where it is (models/blocks/device.py). `course`: a course with seconds ends when they are over; by default it
    is the schedule's steps. `checkpoint`: where to write down now and then how far it came, and to go on from.
    """
    optimisers = _optimisers(network, schedule, sparse or [])
    total = schedule.epochs * steps_an_epoch
    if schedule.most_steps is not None:
        total = min(total, max(1, schedule.most_steps))
    course = course or Course(total)
    if checkpoint is not None:
        checkpoint.resume(network, optimisers, course)
    course.begin()
    started = time.perf_counter()
    best_mark, best_epoch, best_state = -math.inf, 0, None
    marks: list[float] = []
    epoch = 0
    while not course.over:
        network.train()
        total_loss, first = torch.zeros((), dtype=torch.float64), course.step
        for batch in islice(batches(), course.steps - course.step):
            for optimiser in optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = schedule.learning_rate * _rate(course, schedule)
                optimiser.zero_grad(set_to_none=True)
            loss = loss_of(batch)
            loss.backward()  # type: ignore[no-untyped-call]
            if not sparse:
                nn.utils.clip_grad_norm_(network.parameters(), schedule.clip)
            for optimiser in optimisers:
                optimiser.step()
            # Asking a graphics card for a number waits for all its work, so the sum stays with it.
            total_loss = total_loss.to(loss.device) + loss.detach()
            course.advance()
            if course.step % 8 == 0:
                progress(task, *course.shown, f"epoch {epoch + 1}")
            if checkpoint is not None:
                checkpoint.keep(network, optimisers, course)
            if course.over:
                break
        if course.step == first:  # an epoch without a batch: there is nothing to learn from
            break
        epoch += 1
        network.eval()
        note = f"epoch {epoch}, loss {float(total_loss) / (course.step - first):.3f}"
        if judge is not None and course.share > 0.5:
            mark = judge()
            marks.append(mark)
            note += f", mark {mark:.4f}"
            if mark > best_mark:
                best_mark, best_epoch = mark, epoch
                best_state = {name: value.clone() for name, value in network.state_dict().items()}
        progress(task, *course.shown, note)
        if judge is not None and best_epoch and epoch - best_epoch >= schedule.patience:
            break
    if best_state is not None and best_epoch < epoch:
        network.load_state_dict(best_state)
    network.eval()
    return TrainingReport(
        epochs=epoch, best_epoch=best_epoch or epoch, marks=tuple(marks), seconds=time.perf_counter() - started
    )
