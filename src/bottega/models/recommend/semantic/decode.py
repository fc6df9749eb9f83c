"""Decoding: log-probabilities of real products, level by level down the code tree, all of them or a beam's.

Idea     p(product) is the product of p(code | codes before it, history). A prefix speaks through its own vector, not
         through the query, so one product with all nodes of a level scores it exactly. A beam keeps the likeliest
         prefixes of each level and scores only their children.
         A new product leaves the tree at some node. There it competes with that node's old children as if it alone had
         been added, so old products and other new ones keep their scores.
Source   Beam search over codes: Rajput et al. 2023 (TIGER), https://arxiv.org/abs/2305.05065, section 3.2; only codes
         of real products: De Cao et al. 2021, https://arxiv.org/abs/2010.00904, section 3.2.
Shapes   B shoppers, D width, I items, N nodes of a level, M nodes with siblings, U their parents, W beam, Z children
         of a beam, Q their parents, J new items that leave at one level, P nodes they leave, S old children of these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bottega.models.recommend.semantic.mix import Siblings

__all__ = ["Branch", "Step", "item_scores"]


_AT_ONCE = 200_000
"""Children of a beam whose directions are gathered at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """One level: `parent` [N] and children `starts` of the level above's nodes, its `choice`, and the `directions`
    [M, D] of the nodes to choose from."""

    parent: Tensor
    starts: Tensor
    choice: Siblings
    directions: Tensor


@dataclass(frozen=True, slots=True)
class Branch:
    """New items that leave the tree at one level.

    `items` [J]: their codes; `directions` [J, D]; `above` [P]: the nodes they leave, `leaves` [J]: place in `above`;
    `rivals` [S, D]: directions of the old children of those nodes, `rival_of` [S]: place of their parent in `above`.
    """

    level: int
    items: Tensor
    directions: Tensor
    above: Tensor
    leaves: Tensor
    rivals: Tensor
    rival_of: Tensor


def item_scores(
    steps: Sequence[Step],
    branches: Sequence[Branch],
    query: Callable[[int], Tensor],
    *,
    node_of_item: Tensor,
    n_items: int,
    beam: int = 0,
) -> Tensor:
    """Log-probabilities [B, I]; with a `beam` above 0, -inf for what it does not reach.

    `query(level)` gives queries [B, D], `node_of_item` the node in the last level of each item of the tree; the items
    behind those are new, and -inf unless a branch has them.
    """
    above_NB = query(0).new_zeros(1, len(query(0)))
    scores_IB = above_NB.new_full((n_items, above_NB.shape[1]), -torch.inf)
    for level, step in enumerate(steps):
        queries_BD = query(level)
        for branch in branches:
            if branch.level == level:
                scores_IB[branch.items] = _newcomers(branch, queries_BD, above_NB)
        above_NB = _beam(step, queries_BD, above_NB, beam) if beam else _all(step, queries_BD, above_NB)
    scores_IB[: len(node_of_item)] = above_NB[node_of_item]
    return scores_IB.t()


def _all(step: Step, queries_BD: Tensor, above_NB: Tensor) -> Tensor:
    """Log-probabilities [N, B] of all nodes of a level; an only child has its parent's."""
    found_NB = above_NB[step.parent]
    if not len(step.choice.nodes):
        return found_NB
    logits_MB = step.directions @ queries_BD.t()
    group_M = step.choice.group
    sums_UB = logits_MB.new_zeros(len(step.choice.starts) - 1, len(queries_BD)).index_add_(0, group_M, logits_MB.exp())
    return found_NB.index_add_(0, step.choice.nodes, logits_MB - sums_UB.log_()[group_M])


def _beam(step: Step, queries_BD: Tensor, above_NB: Tensor, beam: int) -> Tensor:
    """The same for the children of the nodes that `above_NB` has, then -inf for all but the best `beam` of them."""
    kept_WB = torch.topk(above_NB, min(beam, len(above_NB)), dim=0).indices
    parent_Q = kept_WB.t().flatten()
    shopper_Q = torch.arange(len(queries_BD), device=parent_Q.device).repeat_interleave(len(kept_WB))
    reached_Q = torch.isfinite(above_NB[parent_Q, shopper_Q])
    parent_Q, shopper_Q = parent_Q[reached_Q], shopper_Q[reached_Q]
    counts_Q = step.starts[parent_Q + 1] - step.starts[parent_Q]
    of_Z = torch.arange(len(parent_Q), device=parent_Q.device).repeat_interleave(counts_Q)
    place_Z = torch.arange(len(of_Z), device=of_Z.device) - (counts_Q.cumsum(0) - counts_Q)[of_Z]
    child_Z = step.starts[parent_Q][of_Z] + place_Z
    logits_Z = queries_BD.new_zeros(len(of_Z))
    chosen_Z = torch.nonzero(counts_Q[of_Z] > 1).flatten()
    for part_Z in torch.split(chosen_Z, _AT_ONCE):
        directions_ZD = step.directions[step.choice.place[child_Z[part_Z]]]
        logits_Z[part_Z] = (directions_ZD * queries_BD[shopper_Q[of_Z[part_Z]]]).sum(dim=1)
    sums_Q = logits_Z.new_zeros(len(parent_Q)).index_add_(0, of_Z, logits_Z.exp())
    values_Z = above_NB[parent_Q, shopper_Q][of_Z] + logits_Z - sums_Q.log()[of_Z]
    found_NB = above_NB.new_full((len(step.parent), len(queries_BD)), -torch.inf)
    found_NB[child_Z, shopper_Q[of_Z]] = values_Z
    if len(found_NB) <= beam:
        return found_NB
    best_WB = torch.topk(found_NB, beam, dim=0)
    return torch.full_like(found_NB, -torch.inf).scatter_(0, best_WB.indices, best_WB.values)


def _newcomers(branch: Branch, queries_BD: Tensor, above_NB: Tensor) -> Tensor:
    """Log-probabilities [J, B] of new items, each beside the old children of the node it leaves."""
    logits_JB = branch.directions @ queries_BD.t()
    sums_PB = logits_JB.new_zeros(len(branch.above), len(queries_BD))
    sums_PB.index_add_(0, branch.rival_of, (branch.rivals @ queries_BD.t()).exp())
    rivals_JB = sums_PB.log_()[branch.leaves]
    return above_NB[branch.above][branch.leaves] + logits_JB - torch.logaddexp(rivals_JB, logits_JB)
