"""Next item: which product will this shopper open after these ones?

Idea     A causal transformer reads a history and points, after every event, at the product that comes next. A product
         is its id vector plus the mean of its attribute vectors, so rare products borrow from their likes.
Source   Kang & McAuley 2018 (SASRec), https://arxiv.org/abs/1808.09781, section 3.
Differs  Cosine scores over the whole catalogue with full cross-entropy instead of one sampled negative, attributes on
         both sides, relative positions, half of the input vectors' entries dropped: benchmarks/next_item.md.
Serves   Known shoppers; new products by their attributes (`extend`). An empty history gets no scores.
Costs    Training: events x products x width x 6 operations an epoch up to `full_softmax_items` products, then
         events x `sampled_items`. Memory: 16 bytes x products x width. Answer: about 2 ms at 12,000 products.
Shapes   B shoppers, T positions, D width, I items, M sampled items, N events of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.batches import bucketed, pieces
from bottega.models.blocks.checkpoint import load_state
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.blocks.softmax_loss import full_softmax_loss, sampled_softmax_loss
from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.blocks.train_loop import Report, Schedule, train
from bottega.models.recommend.base import KNOWN_SHOPPER, NEW_PRODUCT, Evidence
from bottega.models.recommend.next_item_inputs import attribute_weights, padded, without_stutter
from bottega.models.recommend.next_item_network import NextItemNetwork
from bottega.models.recommend.next_item_plan import NextItemConfig, plan_for
from bottega.names import FloatArray, IntArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["NextItem", "NextItemConfig"]

Batch = tuple[Tensor, Tensor, Tensor]


class NextItem:
    """A causal transformer over histories. Config: `NextItemConfig`."""

    name: ClassVar[str] = "next_item"
    serves: ClassVar[frozenset[str]] = frozenset({KNOWN_SHOPPER, NEW_PRODUCT})

    def __init__(self, config: NextItemConfig | None = None) -> None:
        self.config = config or NextItemConfig()

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn from histories; with a holdout the epoch with the best NDCG@10 on it is kept."""
        config = self.config
        keep_freed_memory()
        events = without_stutter(histories)
        spans = pieces(events.offsets, config.max_length + 1)
        spans = spans[spans[:, 1] - spans[:, 0] > 1]
        torch.manual_seed(int(rng.integers(2**31)))
        self.n_trained_ = histories.n_items
        plan = plan_for(config, events=int((spans[:, 1] - spans[:, 0] - 1).sum()), n_items=histories.n_items)
        self.attributes_ = self._weights(features)
        self._build(self.attributes_, plan.width, sparse_gradients=plan.sampled)
        network = self.network_
        items, kinds = torch.from_numpy(events.items.astype(np.int64)), torch.from_numpy(events.kinds.astype(np.int64))

        def batches() -> Iterator[Batch]:
            for index in bucketed(spans[:, 1] - spans[:, 0] - 1, config.batch_tokens, rng):
                yield padded(items, kinds, spans[index])

        def loss_of(batch: Batch) -> Tensor:
            return self._sampled_loss(batch, rng) if plan.sampled else self._full_loss(batch)

        judged = None
        if holdout is not None and len(holdout):
            some = np.sort(rng.permutation(len(holdout))[: config.judged_shoppers])
            judged = Holdout(holdout.inputs.take(some), holdout.targets[some])
        steps = sum(1 for _ in bucketed(spans[:, 1] - spans[:, 0] - 1, config.batch_tokens, np.random.default_rng(0)))
        self.report_: Report = Report(0, 0, (), 0.0)
        if steps:
            self.report_ = train(
                network,
                batches,
                loss_of,
                steps_an_epoch=steps,
                schedule=Schedule(
                    epochs=config.epochs,
                    learning_rate=config.learning_rate,
                    weight_decay=config.weight_decay,
                    patience=config.patience,
                    most_steps=int(plan.epochs * steps),
                ),
                judge=None if judged is None else lambda: self._ndcg(judged),
                sparse=[network.id_vectors.weight] if plan.sampled else [],
                task="next_item",
                progress=progress,
            )
        self._settle()
        return self

    def _weights(self, features: Features) -> sparse.csr_matrix:
        weights = attribute_weights(features)
        return weights if self.config.attributes else weights[:, :0]

    def _build(self, attributes: sparse.csr_matrix, width: int, *, sparse_gradients: bool = False) -> None:
        config = self.config
        self.network_ = NextItemNetwork(
            attributes,
            width=width,
            blocks=config.blocks,
            heads=config.heads,
            max_length=config.max_length,
            dropout=config.dropout,
            embedding_dropout=config.embedding_dropout,
            temperature=config.temperature,
            sparse_gradients=sparse_gradients,
        )

    def _full_loss(self, batch: Batch) -> Tensor:
        items_BT, kinds_BT, targets_BT = batch
        vectors_ID = self.network_.item_vectors()
        queries_BTD = self.network_.queries(functional.embedding(items_BT, vectors_ID), kinds_BT)
        real_BT = targets_BT >= 0
        return full_softmax_loss(queries_BTD[real_BT], functional.normalize(vectors_ID, dim=1), targets_BT[real_BT])

    def _sampled_loss(self, batch: Batch, rng: np.random.Generator) -> Tensor:
        items_BT, kinds_BT, targets_BT = batch
        real_BT = targets_BT >= 0
        n_items = self.n_trained_
        drawn = torch.from_numpy(rng.integers(0, n_items, self.config.sampled_items))
        targets_N = targets_BT[real_BT]
        items_M, code = torch.unique(torch.cat([drawn, targets_N, items_BT.flatten()]), return_inverse=True)
        n_drawn, n_targets = len(drawn), len(targets_N)
        # How often a step is expected to hold an item: uniform draws and targets. Mere inputs are not in the sample.
        counts_M = torch.bincount(code[n_drawn : n_drawn + n_targets], minlength=len(items_M)).float()
        sampled_M = torch.bincount(code[: n_drawn + n_targets], minlength=len(items_M)) > 0
        expected_M = (counts_M + n_drawn / n_items).masked_fill(~sampled_M, float("inf"))
        vectors_MD = self.network_.item_vectors(items_M)
        queries_BTD = self.network_.queries(
            functional.embedding(code[n_drawn + n_targets :].view_as(items_BT), vectors_MD), kinds_BT
        )
        return sampled_softmax_loss(
            queries_BTD[real_BT],
            functional.normalize(vectors_MD, dim=1),
            code[n_drawn : n_drawn + n_targets],
            items_M,
            expected_M.log(),
        )

    @torch.inference_mode()
    def _settle(self) -> None:
        """Compute what answers need: every product's vector as input (`vectors_`) and as answer (`directions_`)."""
        trained_ID = self.network_.item_vectors()
        newer = SparseRows(self.attributes_[self.n_trained_ :])
        newer_MD = newer @ self.network_.attribute_vectors.weight
        self.vectors_ = torch.cat([trained_ID, newer_MD]) if newer.n_rows else trained_ID.clone()
        self.directions_ = functional.normalize(self.vectors_, dim=1)
        lengths = np.diff(self.attributes_.indptr)
        self.scored_ = (lengths > 0) | (np.arange(len(lengths)) < self.n_trained_)

    def score(self, histories: Histories) -> FloatArray:
        """Cosine / temperature [B, I]; -inf for empty histories and for products nothing is known of."""
        scores = self._scores(histories, slice(None))
        scores[:, ~self.scored_] = -np.inf
        missing = histories.n_items - scores.shape[1]
        return np.pad(scores, ((0, 0), (0, missing)), constant_values=-np.inf) if missing else scores

    @torch.inference_mode()
    def _scores(self, histories: Histories, items: slice | list[int]) -> FloatArray:
        """Scores [B, M] of some items; -inf rows for histories without a product this model knows."""
        directions_MD = self.directions_[items]
        scores = np.full((len(histories), len(directions_MD)), -np.inf, dtype=np.float32)
        known = histories.keep(histories.items < len(self.vectors_))
        events = without_stutter(known).last(self.config.max_length)
        where = np.flatnonzero(events.lengths)
        for index in bucketed(events.lengths[where], 4096, np.random.default_rng(0)):
            rows = where[index]
            scores[rows] = (self._queries(events, rows) @ directions_MD.t()).numpy()
        return scores

    def _queries(self, events: Histories, rows: LongArray) -> Tensor:
        """Query vectors [B, D] after the last event of each of these shoppers."""
        items, kinds = torch.from_numpy(events.items.astype(np.int64)), torch.from_numpy(events.kinds.astype(np.int64))
        starts, ends = torch.from_numpy(events.offsets[rows]), torch.from_numpy(events.offsets[rows + 1])
        length_B = ends - starts
        where_BT = starts[:, None] + torch.arange(int(length_B.max()))
        where_BT = torch.minimum(where_BT, ends[:, None] - 1)
        queries_BTD = self.network_.queries(functional.embedding(items[where_BT], self.vectors_), kinds[where_BT])
        return queries_BTD[torch.arange(len(rows)), length_B - 1]

    def _ndcg(self, holdout: Holdout) -> float:
        """NDCG@10 over a holdout, what the shopper already has hidden."""
        self._settle()
        block = max(1, 32_000_000 // self.n_trained_)
        gains = []
        for start in range(0, len(holdout), block):
            inputs, targets = holdout.inputs.take(slice(start, start + block)), holdout.targets[start : start + block]
            scores = self.score(inputs)
            of_target = scores[np.arange(len(targets)), targets].copy()
            scores[inputs.shoppers, inputs.items] = -np.inf
            rank = (scores > of_target[:, None]).sum(axis=1)
            gains.append(np.where(rank < 10, 1 / np.log2(rank + 2), 0.0))
        return float(np.concatenate(gains).mean())

    def extend(self, features: Features) -> None:
        """Cover the new items of `features` by their attributes; a new item without any is never scored."""
        weights = self._weights(features)
        known = len(self.vectors_)
        self.attributes_ = sparse.vstack([self.attributes_, weights[known:]], format="csr")
        self._settle()

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The positions of `history` [T] without which `item` would score lower, and by how much."""
        if item >= len(self.vectors_) or not len(history):
            return []
        n_items = max(len(self.vectors_), int(history.max()) + 1)
        recent = [int(code) for code in history[-self.config.max_length :]]
        start = len(history) - len(recent)
        without = [recent[:position] + recent[position + 1 :] for position in range(len(recent))]
        scores = self._scores(Histories.from_lists([recent, *without], n_items=n_items), [item])[:, 0]
        if len(recent) == 1:
            return [Evidence(start, float(scores[0]))] if scores[0] > 0 else []
        lost = scores[0] - scores[1:]
        order = np.argsort(-lost, kind="stable")[:count]
        return [Evidence(start + int(position), float(lost[position])) for position in order if lost[position] > 0]

    def save(self, folder: Path) -> None:
        """Write config, weights and attributes into an existing empty folder."""
        state = {name: value.numpy() for name, value in self.network_.state_dict().items()}
        save_arrays(folder, model=self.name, config=self.config, arrays=state | {"attributes": self.attributes_})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(NextItemConfig))
        model.attributes_ = saved.matrix("attributes")
        ids = saved.array("id_vectors.weight", ndim=2)
        model.n_trained_ = len(ids)
        model._build(model.attributes_[: len(ids)], ids.shape[1])
        load_state(model.network_, saved)
        model._settle()
        return model
