"""Losses of sequence models: the whole catalogue, a sample with log-Q correction, or a sample ranked by BPR-max.

Source   full_softmax_loss and sampled_softmax_loss: models/blocks/softmax_loss.py. BPR-max: Hidasi & Karatzoglou 2018,
         https://arxiv.org/abs/1706.03847, section 3.3.
Differs  One sample a step for all events of a batch (their targets and uniform draws) instead of draws by popularity.
Shapes   B sequences, T positions, D width, I items, M sampled items, N events of a batch.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.softmax_loss import full_softmax_loss, sampled_softmax_loss
from bottega.models.recommend.sequence.inputs import Batch, Events
from bottega.models.recommend.sequence.item_vectors import ItemVectors

__all__ = ["Points", "bpr_max_loss", "full_loss", "sampled_loss"]


class Points(Protocol):
    """What losses ask of a network: vectors of items, and queries that point at them (as `SequenceNetwork` has)."""

    @property
    def items(self) -> ItemVectors: ...

    def queries(self, vectors_BTD: Tensor, events_BT: Events) -> Tensor: ...


def full_loss(network: Points, batch: Batch) -> Tensor:
    """Cross-entropy of each next item among all items."""
    vectors_ID = network.items()
    queries_BTD = network.queries(functional.embedding(batch.events.items, vectors_ID), batch.events)
    real_BT = batch.targets >= 0
    return full_softmax_loss(queries_BTD[real_BT], functional.normalize(vectors_ID, dim=1), batch.targets[real_BT])


def sampled_loss(
    network: Points, batch: Batch, *, n_items: int, draws: int, rng: np.random.Generator, bpr_max: bool = False
) -> Tensor:
    """Loss of each next item among the batch's next items and uniform `draws` from all `n_items`."""
    items_BT, real_BT = batch.events.items, batch.targets >= 0
    drawn = torch.from_numpy(rng.integers(0, n_items, draws)).to(items_BT.device)
    targets_N = batch.targets[real_BT]
    items_M, code = torch.unique(torch.cat([drawn, targets_N, items_BT.flatten()]), return_inverse=True)
    n_targets = len(targets_N)
    code_targets_N = code[draws : draws + n_targets]
    vectors_MD = network.items(items_M)
    queries_BTD = network.queries(
        functional.embedding(code[draws + n_targets :].view_as(items_BT), vectors_MD), batch.events
    )
    # How often a step is expected to hold an item: uniform draws and targets. Mere inputs are not in the sample.
    counts_M = torch.bincount(code_targets_N, minlength=len(items_M)).float()
    sampled_M = torch.bincount(code[: draws + n_targets], minlength=len(items_M)) > 0
    directions_MD = functional.normalize(vectors_MD, dim=1)
    if bpr_max:
        return bpr_max_loss(queries_BTD[real_BT] @ directions_MD.t(), code_targets_N, sampled_M)
    expected_M = (counts_M + draws / n_items).masked_fill(~sampled_M, float("inf"))
    return sampled_softmax_loss(queries_BTD[real_BT], directions_MD, code_targets_N, items_M, expected_M.log())


def bpr_max_loss(scores_NM: Tensor, targets_N: Tensor, sampled_M: Tensor, *, pull: float = 0.0) -> Tensor:
    """-log sum_j softmax_j sigmoid(score of the target - score_j) + pull * sum_j softmax_j score_j^2, j the negatives.

    `targets_N` are columns of `scores_NM`; columns outside of `sampled_M` and a row's own target are no negatives.
    """
    target_N1 = scores_NM.gather(1, targets_N[:, None])
    others_NM = scores_NM.masked_fill(~sampled_M, float("-inf")).scatter(1, targets_N[:, None], float("-inf"))
    log_share_NM = others_NM.log_softmax(dim=1)
    beaten_N = torch.logsumexp(log_share_NM + functional.logsigmoid(target_N1 - scores_NM), dim=1)
    loss = -beaten_N.mean()
    return loss + pull * (log_share_NM.exp() * scores_NM**2).sum(dim=1).mean() if pull else loss
