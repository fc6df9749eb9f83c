"""Variational: a shopper's taste as a distribution, and the products it explains.

Idea     An encoder reads a history into a normal distribution over tastes; a draw of it must explain, by a softmax over
         the whole catalogue, what came next (or, as first published, the history itself). A penalty keeps it near a
         prior, so that tastes can be drawn: several draws give several honest lists.
Source   Mult-VAE: Liang et al. 2018, https://arxiv.org/abs/1802.05814, sections 2.1 to 2.3. The target "next": Sachdeva
         et al. 2019, https://arxiv.org/abs/1811.09975, section 4. The composite prior and a penalty that grows with the
         history: RecVAE, Shenbin et al. 2020, https://arxiv.org/abs/1912.11160, sections 3.3 and 3.4.
Differs  Products are id plus attribute vectors, shared by encoder and decoder; cosine scores; recency-weighted means
         instead of a bag of items: benchmarks/variational.md.
Serves   Known shoppers; new products by their attributes (`extend`). An empty history gets no scores.
Costs    Those of next_item.py less its attention.
Shapes   B shoppers, T positions, D width, I items, K draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.arrays import Histories
from bottega.errors import SettingsInvalid
from bottega.models.blocks.batches import bucketed
from bottega.models.recommend.base import Abilities, Packed
from bottega.models.recommend.sequence.clusters import Clusters
from bottega.models.recommend.sequence.eight_bits import in_eight_bits
from bottega.models.recommend.sequence.inputs import Batch, Events, padded, without_stutter
from bottega.models.recommend.sequence.losses import Points
from bottega.models.recommend.sequence.model import SequenceModel
from bottega.models.recommend.sequence.plan import Plan, SequenceConfig
from bottega.models.recommend.sequence.variational_network import TasteDraws, TasteEncoder
from bottega.models.recommend.sequence.variational_prior import (
    REMEMBERED,
    divergence,
    fixed_prior,
    log_marginal,
    mixture_log_density,
)
from bottega.names import FloatArray, LongArray

__all__ = ["Variational", "VariationalConfig"]


@dataclass(frozen=True, slots=True)
class VariationalConfig(SequenceConfig):
    """Settings of `Variational`."""

    target: str = "next"
    """What a taste must explain: "next" (at every position, what came after it) or "reconstruct" (the history)."""
    prior: str = "normal"
    """What a taste is held to: "normal" (standard normal) or "composite" (RecVAE's mixture; the penalty then grows with
    the number of events)."""
    beta: float = 0.0003
    """Weight of the penalty. At 0 nothing is drawn: a denoising autoencoder (Mult-DAE)."""
    anneal: float = 0.5
    """Share of the epochs over which the penalty rises from nothing to `beta`."""
    event_dropout: float = 0.0
    """Share of events not heard while learning; "reconstruct" needs some (0.5)."""
    channels: int = 3
    """Recency-weighted means of the history."""
    hidden: int = 256
    """Units of the encoder's hidden layer."""
    patience: int = 2
    """Epochs without a better NDCG@10 on the holdout before training stops."""

    def event_operations(self, width: int) -> int:
        """Three products with the encoder's matrices, at two operations a multiplication."""
        return 6 * width * ((self.channels + 1) * self.hidden + width)


class Variational(SequenceModel[VariationalConfig]):
    """A variational autoencoder over histories. Config: `VariationalConfig`."""

    name: ClassVar[str] = "variational"
    abilities: ClassVar[Abilities] = replace(SequenceModel.abilities, usual_weight=0.6)
    config_class: ClassVar[type[VariationalConfig]] = VariationalConfig

    def _encoder(self, width: int) -> nn.Module:
        config = self.config
        for field, allowed in {"target": ("next", "reconstruct"), "prior": ("normal", "composite")}.items():
            if getattr(config, field) not in allowed:
                raise SettingsInvalid(
                    f"The {field} of variational is {getattr(config, field)!r}.",
                    allowed=f"It is one of {', '.join(allowed)}.",
                    next_step="Use one of these.",
                )
        self.steps_ = 0
        return TasteEncoder(
            width,
            channels=config.channels,
            hidden=config.hidden,
            max_length=config.max_length,
            dropout=config.dropout,
        )

    @property
    def _whole(self) -> bool:
        return self.config.target == "reconstruct"

    def _batches(self, events: Events, spans: LongArray, plan: Plan, rng: np.random.Generator) -> Iterator[Batch]:
        if self.config.beta and self.config.prior == "composite":
            self.old_ = deepcopy(self.network_).eval()
        lengths = spans[:, 1] - spans[:, 0]
        batches = list(bucketed(lengths if self._whole else lengths - 1, self.config.batch_tokens, rng))
        self.rising_ = max(1.0, self.config.anneal * plan.epochs * len(batches))
        for index in batches:
            yield whole_batch(events, spans[index]) if self._whole else padded(events, spans[index])

    def _loss(self, network: Points, batch: Batch, plan: Plan, rng: np.random.Generator) -> Tensor:
        config, real_BT = self.config, batch.targets >= 0
        draws = TasteDraws(
            self.network_, real_BT, whole=self._whole, noise=config.beta > 0, dropout=config.event_dropout
        )
        loss = super()._loss(draws, batch, plan, rng)
        if not config.beta:
            return loss
        self.steps_ += 1
        beta = config.beta * min(1.0, self.steps_ / self.rising_)
        # Events behind each taste [B, T], or [B, 1] of whole histories; 0 at padding, where there is no taste.
        counts_BT = real_BT.sum(dim=1, keepdim=True) if self._whole else real_BT.cumsum(dim=1) * real_BT
        if config.prior == "normal":
            penalty_BT = divergence(draws.means, draws.log_variances) * (counts_BT > 0)
        else:
            posterior_BT = mixture_log_density(draws.tastes, [(1.0, draws.means, draws.log_variances)])
            penalty_BT = (posterior_BT - self._composite(draws, batch)) * counts_BT
        return loss + beta * penalty_BT.sum() / real_BT.sum()

    def _composite(self, draws: TasteDraws, batch: Batch) -> Tensor:
        """Log density of the drawn tastes under the composite prior."""
        with torch.no_grad():
            old = TasteDraws(self.old_, draws.real_BT, whole=self._whole, noise=False)
            old.queries(functional.embedding(batch.events.items, self.old_.items()), batch.events)
        remembered = (REMEMBERED, old.means, old.log_variances)
        return mixture_log_density(draws.tastes, [*fixed_prior("composite"), remembered])

    @torch.inference_mode()
    def score_items(self, histories: Histories, items: list[int]) -> FloatArray:
        """`score` of a few items only [B, K]."""
        heard = self._heard(histories)
        events, rows = Events.of(heard), np.flatnonzero(heard.lengths)
        scores = np.full((len(histories), len(items)), -np.inf, dtype=np.float32)
        if len(rows):
            queries_BD = self._queries(events, heard.offsets[rows], heard.offsets[rows + 1], self.vectors_)
            scores[rows] = (queries_BD @ self.directions_[items].t()).numpy()
        scores[:, ~self.scored_[items]] = -np.inf
        return scores

    def packed(self) -> Packed | None:
        """Every item's vectors and the encoder's weights; none where times between events are heard."""
        network, config = self.network_, self.config
        if network.gap_vectors is not None:
            return None
        state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
        directions = self.directions_.numpy()
        clusters = Clusters.of(directions)
        project = state.get("items.project.weight", np.zeros((directions.shape[1], 0), dtype=np.float32))
        arrays = {
            "vectors": self.vectors_.numpy(),
            "directions": directions,
            "slots": clusters.order,
            "small": in_eight_bits(directions)[clusters.order],
            "centres": clusters.centres,
            "starts": clusters.starts,
            "scored": np.asarray(self.scored_, dtype=np.bool_),
            "kinds": state["kind_vectors.weight"],
            "by_age": np.exp(state["encoder.age_weights"]),
            "shares": state["encoder.shares"],
            "norm.weight": state["encoder.change.0.weight"],
            "norm.bias": state["encoder.change.0.bias"],
            "first": np.ascontiguousarray(state["encoder.change.1.weight"].T),
            "first.bias": state["encoder.change.1.bias"],
            "second": np.ascontiguousarray(state["encoder.change.4.weight"].T),
            "second.bias": state["encoder.change.4.bias"],
            "last.weight": state["norm.weight"],
            "last.bias": state["norm.bias"],
            "attribute_vectors": state["items.attribute_vectors.weight"],
            "project": np.ascontiguousarray(project.T),
        }
        settings = {
            "input_scale": network.input_scale,
            "scale": network.scale,
            "max_length": config.max_length,
            "reads": [config.attributes, config.text, config.vectors],
        }
        grows = ("vectors", "directions", "slots", "small", "scored")
        return Packed("taste", self.abilities.serves, self.abilities.scale == "logits", arrays, settings, grows)

    @torch.inference_mode()
    def posterior(self, histories: Histories) -> tuple[Tensor, Tensor, LongArray]:
        """Mean and log-variance [M, D] of the tastes of all who have an event this model knows, and their rows [M]."""
        heard = self._heard(histories)
        events, rows = Events.of(heard), np.flatnonzero(heard.lengths)
        means, log_variances = torch.zeros(2, len(rows), self.vectors_.shape[1])
        for index in bucketed(heard.lengths[rows], 4096, np.random.default_rng(0)):
            batch = whole_batch(events, np.stack([heard.offsets[rows[index]], heard.offsets[rows[index] + 1]], axis=1))
            taste = TasteDraws(self.network_, batch.targets >= 0, whole=True, noise=False)
            taste.queries(functional.embedding(batch.events.items, self.vectors_), batch.events)
            means[index], log_variances[index] = taste.means[:, 0], taste.log_variances[:, 0]
        return means, log_variances, rows

    def _heard(self, histories: Histories) -> Histories:
        """What answers go by."""
        return without_stutter(histories.keep(histories.items < len(self.vectors_))).last(self.config.max_length)

    @torch.inference_mode()
    def sample(self, histories: Histories, rng: np.random.Generator, count: int) -> FloatArray:
        """Scores [K, B, I] of `count` tastes drawn from what is known of each shopper; -inf where `score` has it.

        `score` answers with the mean taste. Lists from draws differ the more, the less a history says.
        """
        means, log_variances, rows = self.posterior(histories)
        noise = torch.from_numpy(rng.standard_normal((count, *means.shape), dtype=np.float32))
        n_items = max(histories.n_items, len(self.directions_))
        scores = np.full((count, len(histories), n_items), -np.inf, dtype=np.float32)
        for draw, tastes in enumerate(means + noise * (0.5 * log_variances).exp()):
            scores[draw, rows, : len(self.directions_)] = (self.network_.point(tastes) @ self.directions_.t()).numpy()
        scores[:, :, : len(self.scored_)][:, :, ~self.scored_] = -np.inf
        return scores

    @torch.inference_mode()
    def log_evidence(self, histories: Histories, rng: np.random.Generator, samples: int = 256) -> FloatArray:
        """log f(H) [B], in nats: the log-likelihood of each history with the taste W integrated out.

        f(H) = integral f(H|W) p(W) dW, where W is the taste, f(H|W) the product over the history's events of the
        softmax of their products, and p(W) the prior (of the composite one, the two parts that know no history). The
        integral is estimated with `samples` draws (`log_marginal`): a lower bound in expectation, tighter with more. 0
        for a history without an event this model knows.
        """
        heard = self._heard(histories)
        means, log_variances, rows = self.posterior(histories)
        scored = torch.from_numpy(np.flatnonzero(self.scored_))
        directions_MD, prior = self.directions_[scored], fixed_prior(self.config.prior)
        found = np.zeros(len(histories), dtype=np.float32)
        for row, mean_D, log_variance_D in zip(rows.tolist(), means, log_variances, strict=True):
            items_T = heard.row(row)
            events_TD = self.directions_[torch.from_numpy(items_T[self.scored_[items_T]].astype(np.int64))]

            def log_likelihood(tastes_KD: Tensor, events_TD: Tensor = events_TD) -> Tensor:
                queries_KD = self.network_.point(tastes_KD)
                totals_K = torch.logsumexp(queries_KD @ directions_MD.t(), dim=1)
                return (queries_KD @ events_TD.t()).sum(dim=1) - len(events_TD) * totals_K

            noise_KD = torch.from_numpy(rng.standard_normal((samples, len(mean_D)), dtype=np.float32))
            found[row] = float(log_marginal(log_likelihood, noise_KD, prior, (1.0, mean_D, log_variance_D)))
        return found


def whole_batch(events: Events, spans: LongArray) -> Batch:
    """Stretches [B, 2] of all events, every event its own target; padding at the end."""
    starts, ends = torch.from_numpy(spans).to(events.items.device).unbind(1)
    longest = int((spans[:, 1] - spans[:, 0]).max())
    where_BT = starts[:, None] + torch.arange(longest, device=starts.device)
    found = events.at(torch.minimum(where_BT, ends[:, None] - 1))
    return Batch(found, torch.where(where_BT < ends[:, None], found.items, -1))
