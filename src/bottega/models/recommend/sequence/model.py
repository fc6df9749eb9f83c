"""What every sequence model does alike: learn to point at the next item, answer, explain, take in new items, be saved.

A model of this family (`next_item.py`, `recurrent.py`) adds its config and its encoder: how a history becomes states.

Shapes   B shoppers, T positions, D width, I items, M some of them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.batches import bucketed, pieces
from bottega.models.blocks.checkpoint import load_state
from bottega.models.blocks.device import CPU, device_of
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.blocks.train_loop import Schedule, TrainingReport, train
from bottega.models.recommend.accuracy import ndcg, target_ranks
from bottega.models.recommend.base import KNOWN_SHOPPER, NEW_PRODUCT, Abilities
from bottega.models.recommend.sequence.inputs import Batch, Events, padded, without_stutter
from bottega.models.recommend.sequence.item_properties import ItemProperties
from bottega.models.recommend.sequence.item_vectors import ItemVectors
from bottega.models.recommend.sequence.losses import Points, full_loss, sampled_loss
from bottega.models.recommend.sequence.network import SequenceNetwork
from bottega.models.recommend.sequence.plan import Plan, SequenceConfig, plan_for
from bottega.names import FloatArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["SequenceModel"]

ConfigT = TypeVar("ConfigT", bound=SequenceConfig)


class SequenceModel(Generic[ConfigT]):
    """A recommender with an encoder over histories. `vectors_` [I, D] go in, `directions_` [I, D] are pointed at."""

    name: ClassVar[str]
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER, NEW_PRODUCT}), scale="logits")
    config_class: ClassVar[type[Any]]
    forgets: ClassVar[bool] = True
    """Whether answers hear only the newest `max_length` events."""

    def __init__(self, config: ConfigT | None = None) -> None:
        self.config: ConfigT = config or self.config_class()

    @abstractmethod
    def _encoder(self, width: int) -> nn.Module:
        """A new encoder: states [B, T, D] -> states of the same shape, each hearing only what came before."""

    def _bpr_max(self) -> bool:
        """Whether the loss is BPR-max over a sample instead of cross-entropy."""
        return False

    def _plan(self, events: int) -> Plan:
        """What learning from so many events comes to."""
        return plan_for(self.config, events=events, n_items=self.n_trained_, always_sampled=self._bpr_max())

    def _batches(self, events: Events, spans: LongArray, plan: Plan, rng: np.random.Generator) -> Iterator[Batch]:
        """One epoch's batches of these stretches [S, 2] of all events."""
        for index in bucketed(spans[:, 1] - spans[:, 0] - 1, self.config.batch_tokens, rng):
            yield padded(events, spans[index])

    def _loss(self, network: Points, batch: Batch, plan: Plan, rng: np.random.Generator) -> Tensor:
        """What a step makes smaller."""
        if not plan.sampled:
            return full_loss(network, batch)
        draws, bpr_max = self.config.sampled_items, self._bpr_max()
        return sampled_loss(network, batch, n_items=self.n_trained_, draws=draws, rng=rng, bpr_max=bpr_max)

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
        """Learn from histories; with a holdout the epoch with the best NDCG@10 on it is kept."""
        config, where = self.config, device_of(device)
        keep_freed_memory()
        heard = without_stutter(histories)
        spans = pieces(heard.offsets, config.max_length + 1)
        spans = spans[spans[:, 1] - spans[:, 0] > 1]
        lengths = spans[:, 1] - spans[:, 0] - 1
        torch.manual_seed(int(rng.integers(2**31)))
        self.n_trained_ = histories.n_items
        events_learnt = int(lengths.sum())
        plan = self._plan(events_learnt)
        self.properties_ = self._properties(features)
        self._build(plan.width, sparse_gradients=plan.sampled)
        events = Events.of(heard)
        events.gaps[torch.from_numpy(spans[:, 0])] = 0  # a stretch knows nothing of what was before it
        events, network = events.to(where), self._move(where)

        judged = None
        if holdout is not None and len(holdout):
            some = np.sort(rng.permutation(len(holdout))[: config.judged_shoppers])
            judged = Holdout(holdout.inputs.take(some), holdout.targets[some])
        steps = sum(1 for _ in bucketed(lengths, config.batch_tokens, np.random.default_rng(0)))
        self.report_: TrainingReport = TrainingReport(0, 0, (), 0.0)
        if steps:
            self.report_ = train(
                network,
                lambda: self._batches(events, spans, plan, rng),
                lambda batch: self._loss(network, batch, plan, rng),
                steps_an_epoch=steps,
                schedule=Schedule(
                    epochs=config.epochs,
                    learning_rate=config.learning_rate,
                    weight_decay=config.weight_decay,
                    patience=config.patience,
                    most_steps=int(plan.epochs * steps),
                ),
                judge=None if judged is None else lambda: self._ndcg(judged),
                sparse=[network.items.id_vectors.weight] if plan.sampled else [],
                task=self.name,
                progress=progress,
            )
        self._move(CPU)
        self._settle()
        return self

    def _move(self, device: torch.device) -> SequenceNetwork:
        """Take everything that learns to a device."""
        return self.network_.to(device)

    def _properties(self, features: Features) -> ItemProperties:
        config = self.config
        return ItemProperties.of(features, attributes=config.attributes, text=config.text, vectors=config.vectors)

    def _build(self, width: int, *, sparse_gradients: bool = False) -> None:
        self.network_ = SequenceNetwork(
            ItemVectors(self.properties_.take(slice(self.n_trained_)), width, sparse_gradients=sparse_gradients),
            self._encoder(width),
            gaps=self.config.gaps,
            embedding_dropout=self.config.embedding_dropout,
            temperature=self.config.temperature,
        )

    @torch.inference_mode()
    def _settle(self) -> None:
        """Compute what answers need: every item's vector as input (`vectors_`) and as answer (`directions_`)."""
        newer = self.properties_.take(slice(self.n_trained_, None))
        items = self.network_.items
        self.vectors_ = torch.cat([items(), items.of_properties(newer)])
        self.directions_ = functional.normalize(self.vectors_, dim=1)
        self.scored_ = self.properties_.known | (np.arange(len(self.properties_)) < self.n_trained_)

    @torch.inference_mode()
    def score(self, histories: Histories) -> FloatArray:
        """Cosine / temperature [B, I]; -inf for empty histories and for items nothing is known of."""
        n_known = len(self.vectors_)
        scores = np.full((len(histories), max(n_known, histories.n_items)), -np.inf, dtype=np.float32)
        heard = self._heard(histories)
        events, where = Events.of(heard).to(self.vectors_.device), np.flatnonzero(heard.lengths)
        for index in bucketed(heard.lengths[where], 4096, np.random.default_rng(0)):
            rows = where[index]
            queries_BD = self._queries(events, heard.offsets[rows], heard.offsets[rows + 1], self.vectors_)
            scores[rows, :n_known] = self._matches(queries_BD).cpu().numpy()
        scores[:, :n_known][:, ~self.scored_] = -np.inf
        return scores

    def _heard(self, histories: Histories) -> Histories:
        """The events that answers depend on: of known items, without stutter, where the model forgets the newest."""
        heard = without_stutter(histories.keep(histories.items < len(self.vectors_)))
        return heard.last(self.config.max_length) if self.forgets else heard

    def _queries(self, events: Events, starts: LongArray, ends: LongArray, vectors_ID: Tensor) -> Tensor:
        """Query vectors [B, D] after the last event of each stretch."""
        device = vectors_ID.device
        starts_B, ends_B = torch.from_numpy(starts).to(device), torch.from_numpy(ends).to(device)
        length_B = ends_B - starts_B
        where_BT = starts_B[:, None] + torch.arange(int((ends - starts).max()), device=device)
        events_BT = events.at(torch.minimum(where_BT, ends_B[:, None] - 1))
        queries_BTD = self.network_.queries(functional.embedding(events_BT.items, vectors_ID), events_BT)
        return queries_BTD[torch.arange(len(length_B), device=device), length_B - 1]

    def _matches(self, queries_BD: Tensor) -> Tensor:
        """How well each item answers each query [B, I]."""
        return queries_BD @ self.directions_.t()

    def _ndcg(self, holdout: Holdout) -> float:
        """NDCG@10 over a holdout, what the shopper already has hidden."""
        self._settle()
        block = max(1, 32_000_000 // self.n_trained_)
        gains = []
        for start in range(0, len(holdout), block):
            inputs, targets = holdout.inputs.take(slice(start, start + block)), holdout.targets[start : start + block]
            scores = self.score(inputs)
            rows = np.arange(len(targets))
            of_target = scores[rows, targets].copy()
            scores[inputs.shoppers, inputs.items] = -np.inf
            scores[rows, targets] = of_target  # which may be there already
            gains.append(ndcg(target_ranks(scores, targets), 10))
        return float(np.concatenate(gains).mean())

    def extend(self, features: Features) -> None:
        """Cover the new items of `features` by their properties; a new item without any is never scored."""
        properties = self._properties(features)
        self.properties_ = self.properties_.stack(properties.take(slice(len(self.vectors_), None)))
        self._settle()

    def save(self, folder: Path) -> None:
        """Write config, weights and properties into an existing empty folder."""
        state = {name: value.numpy() for name, value in self.network_.state_dict().items()}
        properties = {"properties": self.properties_.weights, "given_vectors": self.properties_.vectors}
        save_arrays(folder, model=self.name, config=self.config, arrays=state | properties)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(cls.config_class))
        model.properties_ = ItemProperties(saved.matrix("properties"), saved.array("given_vectors", ndim=2))
        ids = saved.array("items.id_vectors.weight", ndim=2)
        model.n_trained_ = len(ids)
        model._build(ids.shape[1])
        load_state(model.network_, saved)
        model._settle()
        return model
