"""The adversary of `adversarial`: what a critic learns at a step, and what it tells the generator.

CFGAN    The critic sees whole purchase vectors, so the generator gets a gradient through every value it gave. Only the
         products bought and a sample of others (partial masking) are shown; a second sample is pulled towards zero
         (zero reconstruction), or else a generator that answers 1 to everything is never caught.
IRGAN    The critic sees single products. A draw has no gradient, so the generator is told how good each drawn product
         was, and makes the good ones more likely (REINFORCE, the mean of its draws as the baseline).
Differs  CFGAN's generator raises log D instead of lowering log(1 - D) (Goodfellow et al. 2014, section 3), and the
         sampled products are the same for all questions of a step.
Source   Chae et al. 2018, https://doi.org/10.1145/3269206.3271743, section 3.2 (CFGAN_ZP); Wang et al. 2017,
         https://arxiv.org/abs/1705.10513, sections 2.2 and 3; its reward 2 * (sigmoid(f) - 1/2) from the authors' code.
Shapes   B questions, L events of a condition, D width, I items, M sampled items, K drawn items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional  # embedding: the gradient of plain indexing depends on how threads meet

from bottega.models.blocks.device import has_fused
from bottega.models.recommend.adversarial_networks import Generator, PairCritic, VectorCritic

__all__ = ["CfganGame", "Game", "IrganGame", "Questions"]


@dataclass(frozen=True, slots=True)
class Questions:
    """Conditions `items` and `counts` [B, L], newest first (count 0: no event), and the product bought next [B]."""

    items: Tensor
    counts: Tensor
    targets: Tensor

    def to(self, device: torch.device) -> Questions:
        """The same on another device."""
        return Questions(self.items.to(device), self.counts.to(device), self.targets.to(device))


def _device_of(critic: nn.Module) -> torch.device:
    return next(critic.parameters()).device


class Game(Protocol):
    """An adversary with a critic and an optimiser of its own."""

    def loss(self, asked: Questions, queries_BD: Tensor, directions_ID: Tensor) -> Tensor:
        """Teach the critic one step, then say what the generator has to lose."""
        ...


def _real_or_not(real: Tensor, made: Tensor) -> Tensor:
    """Cross-entropy of logits that should say 1 and logits that should say 0."""
    return functional.softplus(-real).mean() + functional.softplus(made).mean()


class CfganGame:
    """`masked` products a step are shown to the critic besides the one bought, as many others are pulled to zero."""

    def __init__(
        self, generator: Generator, critic: VectorCritic, *, masked: int, zero_weight: float, learning_rate: float
    ) -> None:
        self.generator, self.critic, self.masked, self.zero_weight = generator, critic, masked, zero_weight
        self.optimiser = torch.optim.Adam(critic.parameters(), lr=learning_rate, fused=has_fused(_device_of(critic)))

    def loss(self, asked: Questions, queries_BD: Tensor, directions_ID: Tensor) -> Tensor:
        n_items = len(directions_ID)
        sampled_M = torch.randint(n_items, (2 * self.masked,), device=queries_BD.device)
        values_BM = self.generator.values(queries_BD @ functional.embedding(sampled_M, directions_ID).t())
        values_BM = values_BM * (sampled_M != asked.targets[:, None])
        shown_BM, zeroed_BM = values_BM[:, : self.masked], values_BM[:, self.masked :]
        value_B1 = self.generator.values(
            (queries_BD * functional.embedding(asked.targets, directions_ID)).sum(1, keepdim=True)
        )

        def verdict(value_B1: Tensor, shown_BM: Tensor | None) -> Tensor:
            bought_BD = value_B1 * self.critic.vectors(asked.targets)
            if shown_BM is not None:
                bought_BD = bought_BD + shown_BM @ self.critic.vectors(sampled_M[: self.masked])
            logits_B: Tensor = self.critic(asked.items, asked.counts, bought_BD)
            return logits_B

        self.optimiser.zero_grad(set_to_none=True)
        told = _real_or_not(verdict(torch.ones_like(value_B1), None), verdict(value_B1.detach(), shown_BM.detach()))
        told.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.critic.requires_grad_(False)
        fooled = functional.softplus(-verdict(value_B1, shown_BM)).mean()
        self.critic.requires_grad_(True)
        return fooled + self.zero_weight * zeroed_BM.square().sum(1).mean()


class IrganGame:
    """The generator draws `draws` products a question from its own softmax over at most `pool` products."""

    def __init__(self, critic: PairCritic, *, draws: int, pool: int, learning_rate: float) -> None:
        self.critic, self.draws, self.pool = critic, draws, pool
        self.optimiser = torch.optim.Adam(critic.parameters(), lr=learning_rate, fused=has_fused(_device_of(critic)))

    def loss(self, asked: Questions, queries_BD: Tensor, directions_ID: Tensor) -> Tensor:
        n_items = len(directions_ID)
        device = queries_BD.device
        few = n_items <= self.pool
        pool_P = torch.arange(n_items, device=device) if few else torch.randint(n_items, (self.pool,), device=device)
        with torch.no_grad():
            chances_BP = functional.softmax(queries_BD @ directions_ID[pool_P].t(), dim=1)
            drawn_BK = pool_P[torch.multinomial(chances_BP, self.draws, replacement=True)]
        self.optimiser.zero_grad(set_to_none=True)
        logits_BX = self.critic(asked.items, asked.counts, torch.cat([asked.targets[:, None], drawn_BK], dim=1))
        told = _real_or_not(logits_BX[:, 0], logits_BX[:, 1:])
        told.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        rewards_BK = 2 * torch.sigmoid(logits_BX.detach()[:, 1:]) - 1
        advantages_BK = rewards_BK - rewards_BK.mean(1, keepdim=True)
        drawn_scores_BK = (functional.embedding(drawn_BK, directions_ID) @ queries_BD[:, :, None]).squeeze(2)
        # Advantages of a question add up to nothing, so the logarithm of the softmax's total drops out.
        return -(advantages_BK * drawn_scores_BK).mean()
