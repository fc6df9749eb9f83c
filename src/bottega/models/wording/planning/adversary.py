"""A planner that learns by a game: a critic tells people's plans from drawn ones, and the planner learns to fool it.

Idea     Drawn numbers have no gradient, so the planner gives soft ones (Gumbel-softmax) that get sharper as the game
         goes on. The critic looks at pairs and longer runs of numbers through several sets of vectors, beside what
         was asked, and says which of two plans is the realer one. Before the game the planner is learnt by likelihood,
         as every text GAN is.
Source   RelGAN: Nie, Narodytska & Patel 2019, https://openreview.net/forum?id=rJedV3R5tm, sections 2.2 and 2.3;
         Jolicoeur-Martineau 2018, https://arxiv.org/abs/1807.00734 (relativistic standard loss).
Differs  The planner is the recurrent network of the autoregressive model and no relational memory, so that both are of
         one size; critic and planner see the product's keys; behind its STOP a plan is STOP, for either side. One
         step of a faster critic for one of the planner, of the same plans, where the authors take five.
Shapes   B plans, T places, V numbers, S sets of vectors, F filters.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bottega.models.wording.planning.network import KEYS, NUMBERS, ROLES, PlanBatch, PlanNetwork
from bottega.progress import Progress, silent

__all__ = ["AdversaryConfig", "PlanCritic", "play"]


@dataclass(frozen=True)
class AdversaryConfig:
    """How the game goes."""

    steps: int = 600
    batch: int = 64
    learning_rate: float = 1e-4
    critic_learning_rate: float = 4e-4
    """Higher than the planner's, so that one step of either is enough (Heusel et al. 2017, arXiv 1706.08500)."""
    sharpness: float = 100.0
    """Inverse temperature of the soft numbers at the end; it grows from 1 as a power of the share of steps made."""
    sets: int = 16
    """Of vectors, of four numbers each."""
    filters: int = 24
    """For each set, of each width."""
    clip: float = 5.0


class PlanCritic(nn.Module):
    """How real plans are, by each of its sets of vectors."""

    WIDTHS = (2, 3, 4)

    def __init__(self, config: AdversaryConfig) -> None:
        super().__init__()
        self.sets = config.sets
        width = 4
        self.vectors = nn.Linear(NUMBERS, config.sets * width, bias=False)
        # Sets of vectors are groups of channels: each has filters of its own.
        self.filters = nn.ModuleList(
            nn.Conv1d(config.sets * width, config.sets * config.filters, wide, groups=config.sets)
            for wide in self.WIDTHS
        )
        seen = len(self.WIDTHS) * config.filters
        self.asked = nn.Linear(KEYS + len(ROLES) + NUMBERS, seen)
        self.mix = nn.Linear(2 * seen, seen)
        self.verdict = nn.Linear(seen, 1)

    def forward(self, plans_BTV: Tensor, batch: PlanBatch) -> Tensor:
        """Verdicts [B, S]."""
        drawn_BXT = self.vectors(plans_BTV).transpose(1, 2)
        runs = [one(drawn_BXT).relu().amax(2).unflatten(1, (self.sets, -1)) for one in self.filters]
        seen_BSF = torch.cat(runs, dim=2)
        counts_BV = plans_BTV.sum(1).clamp(max=4)
        asked_B1F = self.asked(torch.cat([batch.asked_BQ, counts_BV], dim=1)).relu()[:, None]
        mixed_BSF = self.mix(torch.cat([seen_BSF, asked_B1F.expand_as(seen_BSF)], dim=2)).relu()
        verdicts_BS: Tensor = self.verdict(mixed_BSF).squeeze(2)
        return verdicts_BS


def play(
    network: PlanNetwork,
    learnt: PlanBatch,
    config: AdversaryConfig | None = None,
    *,
    seed: int,
    progress: Progress = silent,
) -> PlanNetwork:
    """A copy of a planner that was learnt by likelihood, after the game."""
    config = config or AdversaryConfig()
    torch.manual_seed(seed)
    player = copy.deepcopy(network)
    player.train()
    critic = PlanCritic(config)
    for one in critic.parameters():
        nn.init.trunc_normal_(one, std=0.1) if one.ndim > 1 else nn.init.zeros_(one)
    of_player = torch.optim.Adam(player.parameters(), lr=config.learning_rate)
    of_critic = torch.optim.Adam(critic.parameters(), lr=config.critic_learning_rate)
    for step in range(config.steps):
        sharpness = config.sharpness ** (step / max(1, config.steps))
        batch = learnt.take(torch.randint(len(learnt), (config.batch,)))
        real_BTV = nn.functional.one_hot(batch.plans_BT, NUMBERS).float()
        drawn_BTV = player.draw(batch, masked=False, sharpness=sharpness)
        lost = nn.functional.softplus(critic(drawn_BTV.detach(), batch) - critic(real_BTV, batch)).mean()
        _stepped(of_critic, lost, critic, config.clip)
        critic.requires_grad_(False)
        lost = nn.functional.softplus(critic(real_BTV, batch) - critic(drawn_BTV, batch)).mean()
        _stepped(of_player, lost, player, config.clip)
        critic.requires_grad_(True)
        if step % 20 == 0:
            progress("game", step, config.steps, f"the planner loses {float(lost.detach()):.3f}")
    player.eval()
    return player


def _stepped(optimiser: torch.optim.Optimizer, lost: Tensor, network: nn.Module, clip: float) -> None:
    optimiser.zero_grad(set_to_none=True)
    lost.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), clip)
    optimiser.step()
