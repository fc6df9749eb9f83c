"""The network that plans: which number comes next, given the product's keys and what was said so far.

Idea     One recurrent network reads the plan so far. At every step it also sees which keys of the product are still
         unsaid, so it need not remember them. It learns without knowing what is allowed; whoever draws from it may
         forbid what the product has no fact for.
Source   Cho et al. 2014, https://arxiv.org/abs/1406.1078 (GRU).
Costs    Some 70,000 numbers; planner.py computes the same without torch.
Shapes   B plans, T places, V numbers of plans, K keys, R roles, D width, E width of a number, C of a condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from bottega.models.wording.planning.plans import ID_NAMES, LONGEST, MARKS, PLAN_KEYS, STOP, PlanQuestion, PlanRole

__all__ = ["PlanBatch", "PlanConfig", "PlanNetwork", "batch_of"]

NUMBERS, KEYS = len(ID_NAMES), len(PLAN_KEYS)
ROLES = tuple(PlanRole)


@dataclass(frozen=True)
class PlanConfig:
    """The size of a planner, and the kinds of things that it tells apart."""

    kinds: tuple[str, ...] = ()
    """Broadest names of things; any other is none of them."""
    width: int = 96
    number_width: int = 32
    condition_width: int = 48


@dataclass(frozen=True, slots=True)
class PlanBatch:
    """Questions, and the plans that people made [B, T], filled up with STOP; `weights_BT` is 0 behind a plan's end."""

    asked_BQ: Tensor
    """Keys [K] and role [R] of each, 0 or 1."""
    kinds_B: Tensor
    plans_BT: Tensor
    weights_BT: Tensor
    allowed_BV: Tensor

    def take(self, rows: Tensor) -> PlanBatch:
        """Some of them."""
        return PlanBatch(
            self.asked_BQ[rows],
            self.kinds_B[rows],
            self.plans_BT[rows],
            self.weights_BT[rows],
            self.allowed_BV[rows],
        )

    def __len__(self) -> int:
        return len(self.kinds_B)


def batch_of(questions: Sequence[PlanQuestion], plans: Sequence[Sequence[int]], config: PlanConfig) -> PlanBatch:
    """Questions and plans as tensors."""
    asked = np.zeros((len(questions), KEYS + len(ROLES)), dtype=np.float32)
    kinds = np.zeros(len(questions), dtype=np.int64)
    numbers = np.full((len(questions), LONGEST), STOP, dtype=np.int64)
    weights = np.zeros((len(questions), LONGEST), dtype=np.float32)
    allowed = np.zeros((len(questions), NUMBERS), dtype=bool)
    place_of = {kind: place + 1 for place, kind in enumerate(config.kinds)}
    for row, (question, plan) in enumerate(zip(questions, plans, strict=True)):
        asked[row, [number - len(MARKS) for number in question.keys]] = 1
        asked[row, KEYS + ROLES.index(question.role)] = 1
        kinds[row] = place_of.get(question.kind, 0)
        numbers[row, : len(plan)] = plan
        weights[row, : len(plan)] = 1
        allowed[row, list(question.allowed())] = True
    return PlanBatch(*map(torch.from_numpy, (asked, kinds, numbers, weights, allowed)))


class PlanNetwork(nn.Module):
    """Scores of the next number."""

    def __init__(self, config: PlanConfig) -> None:
        super().__init__()
        self.config = config
        self.numbers = nn.Linear(NUMBERS, config.number_width, bias=False)
        self.asked = nn.Linear(KEYS + len(ROLES), config.condition_width)
        self.kinds = nn.Embedding(len(config.kinds) + 1, config.condition_width)
        self.cell = nn.GRU(config.number_width + config.condition_width + KEYS, config.width, batch_first=True)
        self.start = nn.Linear(config.condition_width, config.width)
        self.out = nn.Linear(config.width, NUMBERS)
        nn.init.normal_(self.kinds.weight, std=0.1)

    def condition(self, asked_BQ: Tensor, kinds_B: Tensor) -> Tensor:
        """What is asked, as [B, C]."""
        found_BC: Tensor = torch.tanh(self.asked(asked_BQ) + self.kinds(kinds_B))
        return found_BC

    def forward(self, batch: PlanBatch) -> Tensor:
        """Scores [B, T, V] of the number at each place, given those before it."""
        said_BTV = nn.functional.one_hot(batch.plans_BT, NUMBERS).float()
        before_BTV = torch.cat([torch.zeros_like(said_BTV[:, :1]), said_BTV[:, :-1]], dim=1)
        left_BTK = batch.asked_BQ[:, None, :KEYS] * (1 - before_BTV[..., len(MARKS) :].cumsum(1).clamp(max=1))
        condition_BC = self.condition(batch.asked_BQ, batch.kinds_B)
        repeated_BTC = condition_BC[:, None].expand(-1, before_BTV.shape[1], -1)
        read_BTX = torch.cat([self.numbers(before_BTV), repeated_BTC, left_BTK], dim=2)
        states_BTD, _ = self.cell(read_BTX, torch.tanh(self.start(condition_BC))[None])
        scores_BTV: Tensor = self.out(states_BTD)
        return scores_BTV

    def step(self, before_BV: Tensor, left_BK: Tensor, condition_BC: Tensor, state_BD: Tensor) -> tuple[Tensor, Tensor]:
        """Scores [B, V] of the next number and the new state; `before_BV` may be soft."""
        read_BX = torch.cat([self.numbers(before_BV), condition_BC, left_BK], dim=1)
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        state_BD = torch.gru_cell(read_BX, state_BD, *(getattr(self.cell, name) for name in names))
        return self.out(state_BD), state_BD

    def draw(
        self,
        batch: PlanBatch,
        *,
        temperature: float = 1.0,
        masked: bool = True,
        sharpness: float | None = None,
    ) -> Tensor:
        """Plans drawn for the questions: numbers [B, T], or with `sharpness` soft ones [B, T, V] that gradients pass
        (Gumbel-softmax); behind its STOP a plan holds STOP alone."""
        n = len(batch)
        condition_BC = self.condition(batch.asked_BQ, batch.kinds_B)
        state_BD = torch.tanh(self.start(condition_BC))
        before_BV = torch.zeros(n, NUMBERS)
        left_BK = batch.asked_BQ[:, :KEYS]
        stop_V = nn.functional.one_hot(torch.tensor(STOP), NUMBERS).float()
        over_B = torch.zeros(n, dtype=torch.bool)
        made: list[Tensor] = []
        for _ in range(LONGEST):
            scores_BV, state_BD = self.step(before_BV, left_BK, condition_BC, state_BD)
            if masked:
                scores_BV = scores_BV.masked_fill(~batch.allowed_BV, -1e9)
            noise_BV = -torch.log(-torch.log(torch.rand_like(scores_BV).clamp(1e-20, 1 - 1e-7)))
            if sharpness is None:
                chosen_B = (scores_BV / temperature + noise_BV).argmax(1)
                before_BV = nn.functional.one_hot(chosen_B, NUMBERS).float()
            else:
                before_BV = torch.softmax(sharpness * (scores_BV + noise_BV), dim=1)
            before_BV = torch.where(over_B[:, None], stop_V, before_BV)
            left_BK = left_BK * (1 - before_BV[:, len(MARKS) :])
            made.append(before_BV)
            over_B = over_B | (before_BV.argmax(1) == STOP)
            if bool(over_B.all()):
                break
        drawn_BTV = torch.stack(made, dim=1)
        rest = LONGEST - drawn_BTV.shape[1]
        drawn_BTV = torch.cat([drawn_BTV, stop_V.expand(n, rest, NUMBERS)], dim=1)
        return drawn_BTV if sharpness is not None else drawn_BTV.argmax(2)
