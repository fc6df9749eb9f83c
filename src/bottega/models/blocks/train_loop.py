"""The one training loop: AdamW, warm-up, cosine decay, early stopping, a clock.

Source   Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101 (AdamW, cosine decay).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from bottega.progress import Progress, silent

__all__ = ["Report", "Schedule", "train"]

MEASURED_STEPS = (5, 30)
"""Between these steps an epoch's time is measured; the first steps of all are slower than the others."""

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
    budget_s: float = math.inf
    """Seconds the loop may take. Fewer epochs are planned once the first steps show that all would not fit."""
    clip: float = 5.0
    """Longest gradient."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a training run did: `epochs` passes, the `best_epoch` kept, the judge's `marks`, `seconds`."""

    epochs: int
    best_epoch: int
    marks: tuple[float, ...]
    seconds: float


def _rate(step: int, total: int, schedule: Schedule) -> float:
    """The share of the learning rate at a step."""
    warmup = max(1, min(schedule.warmup_steps, total // 10))
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, total - warmup))))


def _optimisers(network: nn.Module, schedule: Schedule, sparse: list[Tensor]) -> list[torch.optim.Optimizer]:
    apart = {id(parameter) for parameter in sparse}
    dense = [parameter for parameter in network.parameters() if id(parameter) not in apart]
    matrices = [parameter for parameter in dense if parameter.ndim > 1]
    vectors = [parameter for parameter in dense if parameter.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    optimisers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=schedule.learning_rate, fused=True)]
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
    task: str = "training",
    progress: Progress = silent,
) -> Report:
    """Learn in place, and leave the network at its best judged epoch (its last one without a judge), in eval mode.

    `batches()` gives one epoch's batches, `loss_of(batch)` a scalar, `judge()` a mark where higher is better, asked
    after each epoch of the second half. `sparse` are parameters with sparse gradients, stepped row by row.
    """
    optimisers = _optimisers(network, schedule, sparse or [])
    epochs = schedule.epochs
    started = warm = time.perf_counter()
    best_mark, best_epoch, best_state = -math.inf, 0, None
    marks: list[float] = []
    step = epoch = 0
    while epoch < epochs:
        network.train()
        total_loss = 0.0
        for batch in batches():
            if step == MEASURED_STEPS[0]:
                warm = time.perf_counter()
            if step == MEASURED_STEPS[1]:
                step_s = (time.perf_counter() - warm) / (MEASURED_STEPS[1] - MEASURED_STEPS[0])
                epochs = max(1, int(min(epochs, schedule.budget_s / (step_s * steps_an_epoch))))
            for optimiser in optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = schedule.learning_rate * _rate(step, epochs * steps_an_epoch, schedule)
                optimiser.zero_grad(set_to_none=True)
            loss = loss_of(batch)
            loss.backward()  # type: ignore[no-untyped-call]
            if not sparse:
                nn.utils.clip_grad_norm_(network.parameters(), schedule.clip)
            for optimiser in optimisers:
                optimiser.step()
            total_loss += float(loss.detach())
            step += 1
            if step % 8 == 0:
                progress(task, step, epochs * steps_an_epoch, f"epoch {epoch + 1}")
        epoch += 1
        network.eval()
        note = f"epoch {epoch}, loss {total_loss / steps_an_epoch:.3f}"
        if judge is not None and epoch * 2 > epochs:
            mark = judge()
            marks.append(mark)
            note += f", mark {mark:.4f}"
            if mark > best_mark:
                best_mark, best_epoch = mark, epoch
                best_state = {name: value.clone() for name, value in network.state_dict().items()}
        progress(task, step, epochs * steps_an_epoch, note)
        elapsed = time.perf_counter() - started
        if judge is not None and best_epoch and epoch - best_epoch >= schedule.patience:
            break
        if epoch < epochs and elapsed * (epoch + 1) / epoch > 1.2 * schedule.budget_s:
            break
    if best_state is not None and best_epoch < epoch:
        network.load_state_dict(best_state)
    network.eval()
    return Report(
        epochs=epoch, best_epoch=best_epoch or epoch, marks=tuple(marks), seconds=time.perf_counter() - started
    )
