"""A planner learnt by likelihood: each number of people's plans from those before it (the autoregressive model)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from bottega.models.blocks.train_loop import Schedule, TrainingReport, train
from bottega.models.wording.planning.network import PlanBatch, PlanConfig, PlanNetwork
from bottega.models.wording.planning.plans import PlanQuestion
from bottega.progress import Progress, silent

__all__ = ["LikelihoodConfig", "fit_likelihood", "kinds_of", "plan_loss"]


@dataclass(frozen=True)
class LikelihoodConfig:
    """How long and how fast to learn."""

    epochs: int = 16
    batch: int = 128
    learning_rate: float = 4e-3
    weight_decay: float = 0.02
    patience: int = 3


def kinds_of(questions: Sequence[PlanQuestion], *, least: int = 30) -> tuple[str, ...]:
    """Kinds of things that stand in enough questions to learn from."""
    found = Counter(question.kind for question in questions if question.kind)
    return tuple(sorted(kind for kind, times in found.items() if times >= least))


def _short(batch: PlanBatch) -> PlanBatch:
    """Without the places where no plan stands any more."""
    longest = int(batch.weights_BT.sum(1).max())
    return replace(batch, plans_BT=batch.plans_BT[:, :longest], weights_BT=batch.weights_BT[:, :longest])


def plan_loss(network: PlanNetwork, batch: PlanBatch) -> Tensor:
    """Minus the logarithm of the chance of people's plans, a number of a plan."""
    scores_BTV = network(batch)
    losses_BT = nn.functional.cross_entropy(scores_BTV.transpose(1, 2), batch.plans_BT, reduction="none")
    return (losses_BT * batch.weights_BT).sum() / batch.weights_BT.sum()


def fit_likelihood(
    learnt: PlanBatch,
    chosen_by: PlanBatch,
    plan: PlanConfig,
    config: LikelihoodConfig | None = None,
    *,
    seed: int,
    progress: Progress = silent,
) -> tuple[PlanNetwork, TrainingReport]:
    """Learn from plans; `chosen_by` are others that say which epoch to keep."""
    config = config or LikelihoodConfig()
    torch.manual_seed(seed)
    network = PlanNetwork(plan)
    order = torch.Generator().manual_seed(seed)

    def batches() -> Iterator[PlanBatch]:
        for rows in torch.randperm(len(learnt), generator=order).split(config.batch):  # type: ignore[no-untyped-call]
            yield _short(learnt.take(rows))

    def judge() -> float:
        with torch.no_grad():
            return -float(plan_loss(network, chosen_by))

    report = train(
        network,
        batches,
        lambda batch: plan_loss(network, batch),
        steps_an_epoch=-(-len(learnt) // config.batch),
        schedule=Schedule(
            config.epochs, config.learning_rate, weight_decay=config.weight_decay, patience=config.patience
        ),
        judge=judge,
        task="plans",
        progress=progress,
    )
    return network, report
