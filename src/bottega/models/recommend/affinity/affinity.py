"""Affinity: what is this shopper drawn to, in the words of the catalogue? And which products have it?

Idea     After every event an LSTM says, for each of a few product attributes, how probable each value is for the next
         product looked at and for the next one bought. It reads what products are, never their ids, and its answer
         leans on the shopper's own counts (network.py). A product's score is its share of all events times
         what its values' probabilities are against the shop's.
Source   Hidasi et al. 2016 (GRU4Rec with features), https://arxiv.org/abs/1511.06939, for the recurrence over a
         shopper's events; the score is naive Bayes: p(product | shopper) ~ p(product) *
         prod p(value | shopper) / p(value).
Differs  Predicts attribute values instead of products, for two kinds of event at once.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: yes, by their attributes.
Costs    Training: events x values x width x 12 operations an epoch, stopped at `most_steps` batches.
Shapes   B shoppers, T events, V values of G groups, H heads (view, purchase), N positions, I items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.batches import bucketed, pieces
from bottega.models.blocks.checkpoint import load_state
from bottega.models.blocks.device import CPU, device_of
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.blocks.train_loop import Schedule, TrainingReport, train
from bottega.models.recommend.affinity.declared_tastes import Declared, DeclaredGains, declared_gains
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.models.recommend.affinity.inputs import EventRows, dense_rows, next_items
from bottega.models.recommend.affinity.network import DECAYS, HEADS, AffinityNetwork, ValueEvents
from bottega.models.recommend.base import KNOWN_SHOPPER, NEW_PRODUCT, Abilities, Packed, flat
from bottega.names import FloatArray, IntArray, KindCode, LongArray
from bottega.progress import Progress, silent

__all__ = ["Affinities", "Affinity", "AffinityConfig"]

LOG_MAX = 80.0
"""Scores end here, short of the largest float32."""

Batch = tuple[ValueEvents, Tensor, LongArray]


@dataclass(frozen=True, slots=True)
class AffinityConfig:
    """Settings of `Affinity`."""

    groups: int = 6
    """Most attributes told apart."""
    values: int = 1000
    """Most values of one attribute."""
    width: int = 64
    """Width of the LSTM."""
    dropout: float = 0.3
    """Share of the inputs and states left out in training."""
    max_length: int = 64
    """Newest events of a history that are read."""
    epochs: int = 20
    """Most passes over the events."""
    most_steps: int = 400
    """Most batches learnt from; with 0 the answer is the shopper's counts, smoothed towards the shop."""
    batch_tokens: int = 1024
    """Events of a batch."""
    learning_rate: float = 3e-3
    """Highest step size."""
    declared_events: float = 4.0
    """A declared taste counts like so many events against those that came after it."""


@dataclass(frozen=True, slots=True)
class Affinities:
    """Probabilities of every value for the next product: `view` and `purchase` [B, V], each group summing to 1.

    `groups` names the values; `shop_view` and `shop_purchase` [V] are the shop's average; `counts` [B, V] says in how
    many of the shopper's events a value stood; `declared` [B, V] is 1 where the shopper named it.
    """

    groups: AttributeGroups
    view: FloatArray
    purchase: FloatArray
    shop_view: FloatArray
    shop_purchase: FloatArray
    counts: FloatArray
    declared: FloatArray


class Affinity:
    """`groups_`: the attributes; `values_` [I, V]: what products are; `prior_` [I]: their share of all events."""

    name: ClassVar[str] = "affinity"
    abilities: ClassVar[Abilities] = Abilities(frozenset({KNOWN_SHOPPER, NEW_PRODUCT}))

    def __init__(self, config: AffinityConfig | None = None) -> None:
        self.config = config or AffinityConfig()

    @staticmethod
    def suits(features: Features) -> bool:
        """Whether products are described by several named attributes; of bare codes `content` says as much."""
        return len({name.partition("=")[0] for name in features.attribute_names if "=" in name}) > 1

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
        """Choose the groups, then learn from what came after every event; the holdout is not used."""
        config, where = self.config, device_of(device)
        keep_freed_memory()
        self.groups_ = AttributeGroups.choose(histories, features, most=config.groups, most_values=config.values)
        counts = np.bincount(histories.items, minlength=histories.n_items)
        self.prior_ = ((counts + 1) / (counts.sum() + histories.n_items)).astype(np.float32)
        self._keep(self.groups_.matrix(features))
        torch.manual_seed(int(rng.integers(2**31)))
        self._build()
        self.network_.share_HV.copy_(torch.from_numpy(self._shares(histories)))
        events, following = EventRows(histories, self.values_), next_items(histories)
        spans = pieces(histories.offsets, config.max_length)
        lengths = spans[:, 1] - spans[:, 0]

        def batches() -> Iterator[Batch]:
            for index in bucketed(lengths, config.batch_tokens, rng):
                batch, where_BT = events.batch(spans[index])
                told_BT = (where_BT >= 0) & (following[:, where_BT] >= 0).any(axis=0)
                if told_BT.any():
                    yield batch.to(where), torch.from_numpy(told_BT).to(where), following[:, where_BT[told_BT]]

        self.network_.to(where)
        self.report_ = TrainingReport(0, 0, (), 0.0)
        if config.most_steps and (following >= 0).any() and len(self.groups_.values):
            self.report_ = train(
                self.network_,
                batches,
                self._loss,
                steps_an_epoch=sum(1 for _ in bucketed(lengths, config.batch_tokens, np.random.default_rng(0))),
                schedule=Schedule(config.epochs, learning_rate=config.learning_rate, most_steps=config.most_steps),
                task=self.name,
                progress=progress,
            )
        self.network_.to(CPU).eval()
        return self

    def _build(self) -> None:
        lengths = np.diff(self.groups_.offsets).tolist()
        self.network_ = AffinityNetwork(lengths, width=self.config.width, dropout=self.config.dropout)

    def _keep(self, values: sparse.csr_matrix) -> None:
        """`values` [I, V], and what follows from them: `_spread` [I, V] sums to 1 in each group that a product has."""
        self.values_ = values
        item = np.repeat(np.arange(values.shape[0]), np.diff(values.indptr))
        place = item * len(self.groups_.names) + self.groups_.group_of[values.indices]
        shares = (1.0 / np.bincount(place)[place]).astype(np.float32)
        self._spread = sparse.csr_matrix((shares, values.indices, values.indptr), shape=values.shape)

    def _shares(self, histories: Histories) -> FloatArray:
        """The shop's average [H, V]: how a value stands in all events, and in purchases; the catalogue counts as one
        event more."""
        group = self.groups_.group_of
        shares = np.tile(np.asarray(self._spread.sum(axis=0)).ravel() + 1.0, (len(HEADS), 1))
        shares /= np.bincount(group, weights=shares[0])[group]
        for head, counted in enumerate((np.ones(histories.n_events), histories.kinds == KindCode.PURCHASE)):
            shares[head] += self._spread.T @ np.bincount(histories.items, weights=counted, minlength=histories.n_items)
            shares[head] /= np.bincount(group, weights=shares[head])[group]
        return shares.astype(np.float32)

    def _loss(self, batch: Batch) -> Tensor:
        events, told_BT, next_HN = batch
        states_ND, counts_CNV = self.network_.states(events)[told_BT], self.network_.counts(events)[:, told_BT]
        targets_HNV = dense_rows(self._spread, next_HN.ravel()).view(*next_HN.shape, -1).to(states_ND.device)
        return self.network_.loss(self.network_.logits(states_ND, counts_CNV), targets_HNV)

    @torch.inference_mode()
    def _log_probabilities(self, histories: Histories) -> FloatArray:
        """[H, B, V] after the last event of each history; the shop's average where there is none."""
        recent = histories.keep(histories.items < self.values_.shape[0]).last(self.config.max_length)
        shares_HV = self.network_.share_HV
        out = shares_HV.log()[:, None, :].repeat(1, len(histories), 1).numpy()
        some = np.flatnonzero(recent.lengths)
        if len(some) and len(self.groups_.values):
            events = EventRows(recent, self.values_)
            spans = np.stack([recent.offsets[:-1], recent.offsets[1:]], axis=1)[some]
            for index in bucketed(spans[:, 1] - spans[:, 0], 2 * self.config.batch_tokens, np.random.default_rng(0)):
                batch, where_BT = events.batch(spans[index])
                row, last = torch.arange(len(index)), torch.from_numpy((where_BT >= 0).sum(axis=1) - 1)
                states, counts = self.network_.states(batch)[row, last], self.network_.counts(batch)[:, row, last]
                found = self.network_.log_probabilities(self.network_.logits(states, counts))
                out[:, some[index]] = found.numpy()
        return out

    def affinities(self, histories: Histories, declared: Sequence[Sequence[Declared]] | None = None) -> Affinities:
        """What each shopper is drawn to after their last event; the shop's average for an empty history.

        `declared` [B] are each shopper's own words, at most one `Declared` a group. They enter as a prior: a share
        weight / (weight + 1 + events since then) of the group's probability lies on the declared values, weight being
        `declared_events`.
        """
        chances_HBV, shares_HV = np.exp(self._log_probabilities(histories)), self.network_.share_HV.numpy()
        named_BV = np.zeros(chances_HBV.shape[1:], dtype=np.float32)
        for row, said in enumerate(declared or ()):
            times = histories.times[histories.offsets[row] : histories.offsets[row + 1]]
            for one in said:
                index = int(self.groups_.group_of[one.values[0]])
                span = slice(int(self.groups_.offsets[index]), int(self.groups_.offsets[index + 1]))
                named_BV[row, list(one.values)] = 1.0
                liked_HV = shares_HV[:, span] * named_BV[row, span]
                weight = one.weight(times, self.config.declared_events)
                chances_HBV[:, row, span] *= 1 - weight
                chances_HBV[:, row, span] += weight * liked_HV / liked_HV.sum(axis=1, keepdims=True)
        known = histories.keep(histories.items < self.values_.shape[0])
        events_BI = known.matrix(np.ones(known.n_events, dtype=np.float32))
        n_known = min(known.n_items, self.values_.shape[0])
        counts_BV = (events_BI[:, :n_known] @ self.values_[:n_known]).toarray()
        (view, purchase), (shop_view, shop_purchase) = chances_HBV, shares_HV
        return Affinities(self.groups_, view, purchase, shop_view, shop_purchase, counts_BV, named_BV)

    def declared_gains(self, declared: Sequence[Declared], items: IntArray, times: LongArray) -> DeclaredGains:
        """What a shopper's own words ask of some items [N], given the times of their events."""
        return declared_gains(declared, self.values_, items, times, worth=self.config.declared_events)

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: the product's share of all events, times the probability of each of its values for the next
        view against the shop's; -inf for an empty history."""
        scores = np.full((len(histories), histories.n_items), -np.inf, dtype=np.float32)
        n_known = min(len(self.prior_), histories.n_items)
        scores[:, :n_known] = self.score_items(histories, slice(0, n_known))
        return scores

    def score_items(self, histories: Histories, items: list[int] | slice) -> FloatArray:
        """`score` of a few items only [B, K]."""
        lifts_BV = (self._log_probabilities(histories) - self.network_.share_HV.log().numpy()[:, None])[0]
        whole = isinstance(items, slice) and items.stop == len(self.prior_)
        values = self.values_ if whole else self.values_[items]  # a slice of it is a copy
        spoken = histories.keep(histories.items < len(self.prior_)).lengths > 0
        scores = np.full((len(histories), values.shape[0]), -np.inf, dtype=np.float32)
        logs = (values @ lifts_BV[spoken].T).T + np.log(self.prior_[items])
        scores[spoken] = np.exp(np.minimum(logs, LOG_MAX))
        return scores

    def packed(self) -> Packed:
        """What products are, and the network its input side multiplied out: a row a value, kind and gap."""
        network, groups = self.network_, self.groups_
        state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
        n_values = len(groups.values)
        order = np.argsort(-self.prior_, kind="stable")  # of each value's items, the most chosen first
        holders = sparse.csr_matrix(self.values_[order].T)
        holders.sort_indices()
        inputs, bias = state["lstm.weight_ih_l0"].T, state["lstm.bias_ih_l0"] + state["lstm.bias_hh_l0"]
        arrays = flat("values", self.values_) | {
            "log_prior": np.log(self.prior_),
            "holders.indptr": holders.indptr.astype(np.int64),
            "holders.indices": order[holders.indices].astype(np.int32),
            "value_gates": np.ascontiguousarray(state["value_vectors.weight"].T @ inputs),
            "kind_gates": state["kind_vectors.weight"] @ inputs,
            "gap_gates": state["gap_vectors.weight"] @ inputs,
            "gate_bias": state["value_vectors.bias"] @ inputs + bias,
            "again": np.ascontiguousarray(state["lstm.weight_hh_l0"].T),
            "out": np.ascontiguousarray(state["out.weight"][:n_values].T),
            "out_bias": state["out.bias"][:n_values],
            "log_share": np.log(state["share_HV"][0]),
            "strength": network.strengths().detach().numpy(),
            "trust": network.trusts().detach().numpy()[0],
            "decays": np.array(DECAYS, dtype=np.float32),
            "group_columns": groups.columns,
            "group_offsets": groups.offsets,
            "group_edges": groups.edges,
        }
        settings = {
            "group_names": list(groups.names),
            "group_values": list(groups.values),
            "max_length": self.config.max_length,
            "log_most": LOG_MAX,
            "declared_events": self.config.declared_events,
        }
        grows = ("values.indptr", "values.indices", "values.data", "log_prior")
        return Packed("affinity", self.abilities.serves, self.abilities.scale == "logits", arrays, settings, grows)

    def extend(self, features: Features) -> None:
        """Cover the items behind those known, by their attributes; each gets the share of a product nobody took."""
        known = self.values_.shape[0]
        assert features.n_items >= known
        if features.n_items > known:
            self._keep(sparse.vstack([self.values_, self.groups_.matrix(features)[known:]], format="csr"))
            newer = np.full(features.n_items - known, self.prior_.min(initial=1.0), dtype=np.float32)
            self.prior_ = np.concatenate([self.prior_, newer])

    def save(self, folder: Path) -> None:
        """Write config, groups, products and network into an existing empty folder."""
        state = {name: value.numpy() for name, value in self.network_.state_dict().items()}
        arrays = self.groups_.arrays() | {"values": self.values_, "prior": self.prior_} | state
        save_arrays(folder, model=self.name, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(AffinityConfig))
        model.groups_, model.prior_ = AttributeGroups.of(saved), saved.array("prior")
        model._keep(saved.matrix("values"))
        model._build()
        load_state(model.network_, saved)
        return model
