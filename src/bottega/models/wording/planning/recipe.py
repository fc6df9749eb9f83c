"""How the planner that comes along is learnt, and written with its card."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bottega.models.blocks.cards import bars, write_card
from bottega.models.wording.planning.likelihood import fit_likelihood, kinds_of, plan_loss
from bottega.models.wording.planning.network import PlanConfig, PlanNetwork, batch_of
from bottega.models.wording.planning.planner import NAME, Planner, PlannerConfig
from bottega.models.wording.planning.plans import PlanQuestion

__all__ = ["HELD_OUT_BAR", "Shown", "make_planner", "planner_of"]

Shown = tuple[PlanQuestion, tuple[int, ...]]
"""What is asked, and what a person made of it."""
HELD_OUT_BAR = 0.75
"""Nats a number of held-out people's plans, at most."""


def planner_of(network: PlanNetwork) -> Planner:
    """A network as who writes uses it."""
    weights = {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}
    return Planner(PlannerConfig(network.config.kinds), weights)


def make_planner(
    folder: Path,
    learnt: Sequence[Shown],
    chosen_by: Sequence[Shown],
    held_out: Sequence[Shown],
    *,
    trained_on: Mapping[str, str],
    split: Mapping[str, Any],
    seed: int = 0,
) -> Planner:
    """Learn a planner, judge it on plans that were not learnt from, and write it with its card."""
    folder.mkdir(parents=True, exist_ok=True)
    started = time.process_time()
    config = PlanConfig(kinds_of([question for question, _ in learnt]))
    shown = [
        batch_of([question for question, _ in some], [plan for _, plan in some], config)
        for some in (learnt, chosen_by, held_out)
    ]
    network, _ = fit_likelihood(shown[0], shown[1], config, seed=seed)
    train_s = time.process_time() - started
    planner = planner_of(network)
    planner.save(folder)
    measures = {"held_out_nats": round(float(plan_loss(network, shown[2]).detach()), 4)}
    write_card(
        folder,
        name=NAME,
        version="1",
        trained_on=trained_on,
        split={**split, "learnt": len(learnt), "chosen_by": len(chosen_by), "held_out": len(held_out)},
        seed=seed,
        train_s=train_s,
        device="cpu",
        measures=measures,
        bars=bars(measures, {}, {"held_out_nats": HELD_OUT_BAR}),
        languages=list(planner.config.languages),
        limits="Order and choice of facts in English titles; it holds no words. Kinds of things that it was not shown "
        "are planned as things of no kind.",
    )
    return planner
