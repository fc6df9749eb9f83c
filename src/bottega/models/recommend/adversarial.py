"""Adversarial: a generator of purchase vectors that plays against a critic of purchases.

Idea     A generator reads what a shopper did and gives every product a value, as if it knew what comes next; a critic
         sees real and generated purchases after the same condition and learns to tell them apart; the generator
         learns from being caught, and from the likelihood of what was really bought.
Source   CFGAN: Chae et al. 2018, https://doi.org/10.1145/3269206.3271743, section 3.2 (variant "cfgan": partial
         masking, zero reconstruction); IRGAN: Wang et al. 2017, https://arxiv.org/abs/1705.10513, section 2 (variant
         "irgan": policy gradient). The games are in adversarial_game.py, the players in adversarial_networks.py.
Differs  The condition is the history up to a moment with weights by age, the vector what came next; players of low rank
         with attributes; the likelihood stays in the loss instead of a training before the game. With `adversary` off
         the same generator learns by likelihood alone: benchmarks/adversarial.md says what the adversary adds.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: no (content.py does).
Costs    Training: events x products x width x 6 operations an epoch for the likelihood, the game about a tenth more:
         some 75 s for Amazon Beauty on two cores. Memory: about 16 bytes x products x (width + critic_width).
Shapes   B questions, L events of a condition, D width, I items, N events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self, get_args

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import RequestInvalid
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.checkpoint import load_state
from bottega.models.blocks.device import CPU, device_of
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.blocks.softmax_loss import full_softmax_loss
from bottega.models.blocks.train_loop import Schedule, TrainingReport, train
from bottega.models.recommend.accuracy import ndcg, target_ranks
from bottega.models.recommend.adversarial_game import CfganGame, Game, IrganGame, Questions
from bottega.models.recommend.adversarial_networks import Generator, PairCritic, VectorCritic
from bottega.models.recommend.base import KNOWN_SHOPPER, Abilities, rank
from bottega.models.recommend.sequence.inputs import without_stutter
from bottega.models.recommend.sequence.item_properties import ItemProperties
from bottega.models.recommend.sequence.item_vectors import ItemVectors
from bottega.names import FloatArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["Adversarial", "AdversarialConfig"]

Variant = Literal["cfgan", "irgan"]

_MOST_WEIGHT = 5.0
"""Kinds weigh as in `names.KIND_WEIGHT`, a purchase 1."""


@dataclass(frozen=True, slots=True)
class AdversarialConfig:
    """Settings of `Adversarial`."""

    variant: Variant = "irgan"
    """Which game is played: "cfgan" judges vectors, "irgan" single products."""
    adversary: bool = True
    """Whether it is played at all; without it the generator learns by likelihood alone."""
    likelihood: bool = True
    """Whether the generator also learns by likelihood; off together with `adversary` on is the papers' bare game."""
    adversary_weight: float = 1.0
    """What the game counts beside the likelihood."""
    width: int = 128
    """Length of the generator's product vectors."""
    critic_width: int = 64
    """Length of the critic's product vectors."""
    longest: int = 20
    """Newest events of a history that make the condition."""
    dropout: float = 0.5
    """Share of entries of the condition dropped while learning."""
    temperature: float = 0.1
    """Cosines are divided by this."""
    masked: int = 256
    """cfgan: products not bought that the critic is shown a step (partial masking); as many are pulled to zero."""
    zero_weight: float = 0.03
    """cfgan: weight of zero reconstruction (alpha)."""
    draws: int = 16
    """irgan: products drawn a question."""
    pool: int = 4096
    """irgan: most products to draw from in a step; above that a random part."""
    epochs: int = 8
    """Passes over the events."""
    batch_events: int = 1024
    """Events a step."""
    learning_rate: float = 1e-3
    """Highest step size of the generator."""
    critic_rate: float = 1e-3
    """Step size of the critic."""
    weight_decay: float = 0.01
    """Pull of the generator's weights towards zero."""
    patience: int = 3
    """Epochs without a better NDCG@10 on the holdout before training stops."""
    judged_shoppers: int = 2000
    """Most holdout shoppers judged an epoch."""


class Adversarial:
    """Learnt: `vectors_` and `directions_` [I, D], `generator_`, `report_`. Config: `AdversarialConfig`."""

    name: ClassVar[str] = "adversarial"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER}), scale="logits")

    def __init__(self, config: AdversarialConfig | None = None) -> None:
        self.config = config or AdversarialConfig()

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Play; with a holdout the epoch with the best NDCG@10 on it is kept. `RequestInvalid` on a bad config."""
        config, where = self.config, device_of(device)
        _check(config)
        keep_freed_memory()
        torch.manual_seed(int(rng.integers(2**31)))
        events = without_stutter(histories)
        asked = np.flatnonzero(np.arange(events.n_events) > np.repeat(events.offsets[:-1], events.lengths))
        vectors = ItemVectors(ItemProperties.of(features), config.width).to(where)
        self.generator_ = self._generator().to(where)
        game = self._game(histories.n_items, where) if config.adversary else None

        def batches() -> Iterator[Questions]:
            shuffled = rng.permutation(asked)
            for start in range(0, len(shuffled), config.batch_events):
                yield self._questions(events, shuffled[start : start + config.batch_events]).to(where)

        def loss_of(asked: Questions) -> Tensor:
            vectors_ID = vectors()
            directions_ID = functional.normalize(vectors_ID, dim=1)
            queries_BD = self.generator_(functional.embedding(asked.items, vectors_ID), asked.counts)
            loss: Tensor = queries_BD.new_zeros(())
            if config.likelihood:
                loss = loss + full_softmax_loss(queries_BD, directions_ID, asked.targets)
            if game is not None:
                loss = loss + config.adversary_weight * game.loss(asked, queries_BD, directions_ID)
            return loss

        def settle() -> None:
            with torch.inference_mode():
                self.vectors_ = vectors().clone()
                self.directions_ = functional.normalize(self.vectors_, dim=1)

        def mark() -> float:
            settle()
            return self._ndcg(judged)

        most = config.judged_shoppers
        judged = holdout
        if holdout is not None and len(holdout) > most:
            some = np.sort(rng.permutation(len(holdout))[:most])
            judged = Holdout(holdout.inputs.take(some), holdout.targets[some])
        self.report_: TrainingReport = TrainingReport(0, 0, (), 0.0)
        if len(asked):
            self.report_ = train(
                nn.ModuleList([vectors, self.generator_]),
                batches,
                loss_of,
                steps_an_epoch=-(-len(asked) // config.batch_events),
                schedule=Schedule(
                    epochs=config.epochs,
                    learning_rate=config.learning_rate,
                    weight_decay=config.weight_decay,
                    patience=config.patience,
                ),
                judge=mark if judged is not None and len(judged) else None,
                task="adversarial",
                progress=progress,
            )
        vectors.to(CPU)
        self.generator_.to(CPU).eval()
        settle()
        return self

    def _generator(self) -> Generator:
        config = self.config
        return Generator(
            width=config.width, longest=config.longest, dropout=config.dropout, temperature=config.temperature
        )

    def _game(self, n_items: int, device: torch.device) -> Game:
        config = self.config
        if config.variant == "cfgan":
            return CfganGame(
                self.generator_,
                VectorCritic(n_items, width=config.critic_width, longest=config.longest).to(device),
                masked=config.masked,
                zero_weight=config.zero_weight,
                learning_rate=config.critic_rate,
            )
        critic = PairCritic(n_items, width=config.critic_width, longest=config.longest).to(device)
        return IrganGame(critic, draws=config.draws, pool=config.pool, learning_rate=config.critic_rate)

    def _questions(self, events: Histories, positions: LongArray) -> Questions:
        """What stood before each of these positions, newest first, and what stands there."""
        starts = events.offsets[np.searchsorted(events.offsets, positions, side="right") - 1]
        items_BL, counts_BL = self._conditions(events, starts, positions)
        return Questions(items_BL, counts_BL, torch.from_numpy(events.items[positions].astype(np.int64)))

    def _conditions(self, events: Histories, starts: LongArray, ends: LongArray) -> tuple[Tensor, Tensor]:
        """Items and weights [B, L] of the newest events from `starts` up to before `ends`, newest first."""
        longest = int(min(self.config.longest, max(1, (ends - starts).max(initial=1))))
        where_BL = ends[:, None] - 1 - np.arange(longest)
        there_BL = where_BL >= starts[:, None]
        where_BL = np.where(there_BL, where_BL, ends[:, None] - 1)
        counts_BL = np.where(there_BL, events.weights()[where_BL] / _MOST_WEIGHT, 0.0).astype(np.float32)
        return torch.from_numpy(events.items[where_BL].astype(np.int64)), torch.from_numpy(counts_BL)

    @torch.inference_mode()
    def score(self, histories: Histories) -> FloatArray:
        """The generator's scores [B, I]; -inf for products it never saw and for histories of only such products."""
        scores = np.full((len(histories), histories.n_items), -np.inf, dtype=np.float32)
        events = without_stutter(histories.keep(histories.items < len(self.vectors_)))
        rows = np.flatnonzero(events.lengths)
        if len(rows):
            items_BL, counts_BL = self._conditions(events, events.offsets[rows], events.offsets[rows + 1])
            items_BL, counts_BL = items_BL.to(self.vectors_.device), counts_BL.to(self.vectors_.device)
            queries_BD = self.generator_(functional.embedding(items_BL, self.vectors_), counts_BL)
            scores[rows, : len(self.directions_)] = (queries_BD @ self.directions_.t()).cpu().numpy()
        return scores

    def _ndcg(self, holdout: Holdout | None) -> float:
        """NDCG@10 over a holdout, what the shopper already has hidden."""
        assert holdout is not None
        self.generator_.eval()
        gains = []
        for start in range(0, len(holdout), 512):
            best = rank(self, holdout.inputs.take(slice(start, start + 512)), count=10)
            gains.append(ndcg(target_ranks(best, holdout.targets[start : start + 512]), 10))
        return float(np.concatenate(gains).mean())

    def save(self, folder: Path) -> None:
        """Write config, generator and item vectors into an existing empty folder; the critic has done its work."""
        state = {name: value.numpy() for name, value in self.generator_.state_dict().items()}
        save_arrays(folder, model=self.name, config=self.config, arrays=state | {"vectors": self.vectors_.numpy()})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(AdversarialConfig))
        model.generator_ = model._generator()
        load_state(model.generator_, saved)
        model.vectors_ = torch.from_numpy(saved.array("vectors", ndim=2))
        model.directions_ = functional.normalize(model.vectors_, dim=1)
        return model


def _check(config: AdversarialConfig) -> None:
    if config.variant not in get_args(Variant):
        raise RequestInvalid(
            f"There is no variant {config.variant!r} of adversarial.",
            allowed=f"The variants are {', '.join(get_args(Variant))}.",
            next_step="Use one of these.",
        )
    if not (config.adversary or config.likelihood):
        raise RequestInvalid(
            "adversarial has neither an adversary nor a likelihood to learn from.",
            next_step="Switch on `adversary`, `likelihood` or both.",
        )
