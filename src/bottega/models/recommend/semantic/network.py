"""The network of `semantic_ids`: a history becomes one query a level of the code tree, and a small softmax there.

Shapes   D width, V rows of the table, I items, G levels, N tokens, M nodes with siblings of one level, U parents among
         the targets, C children of one, R tokens of one parent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.recommend.semantic.mix import Siblings
from bottega.models.recommend.sequence.network import SequenceNetwork

__all__ = ["SemanticItems", "SemanticNetwork", "choice_loss"]


class SemanticItems(nn.Module):
    """The learnt table; items are mixes of its rows. The mix [I, V] is kept out of the saved state."""

    def __init__(self, rows: SparseRows, width: int) -> None:
        super().__init__()
        self.id_vectors = nn.Embedding(rows.n_columns, width)
        nn.init.normal_(self.id_vectors.weight, std=0.02)
        self.rows = rows

    def forward(self, table_VD: Tensor | None = None) -> Tensor:
        """Vectors [I, D] of all items learnt from, perhaps of a table with rows left out."""
        vectors_ID: Tensor = self.rows @ (self.id_vectors.weight if table_VD is None else table_VD)
        return vectors_ID


class SemanticNetwork(SequenceNetwork):
    """A sequence network whose queries are turned towards each level of the tree."""

    items: SemanticItems  # type: ignore[assignment]

    def __init__(
        self,
        items: SemanticItems,
        encoder: nn.Module,
        *,
        levels: int,
        gaps: bool,
        embedding_dropout: float,
        temperature: float,
    ) -> None:
        super().__init__(
            items,  # type: ignore[arg-type]
            encoder,
            gaps=gaps,
            embedding_dropout=embedding_dropout,
            temperature=temperature,
        )
        width = items.id_vectors.embedding_dim
        turns = [nn.Linear(width, width) for _ in range(levels)]
        for turn in turns:
            nn.init.zeros_(turn.weight)
        self.turns = nn.ModuleList(turns)

    def point(self, states_BTD: Tensor) -> Tensor:
        """What is known, before it is turned towards a level."""
        known_BTD: Tensor = self.norm(states_BTD)
        return known_BTD

    def at_level(self, states_ND: Tensor, level: int) -> Tensor:
        """Queries [N, D] of one level, each of length 1 / temperature."""
        return functional.normalize(states_ND + self.turns[level](states_ND), dim=-1) * self.scale


def choice_loss(queries_ND: Tensor, directions_MD: Tensor, choice: Siblings, items_N: Tensor) -> Tensor:
    """Sum over tokens of -log p(the item's node among its siblings); tokens without a choice add nothing.

    Tokens of one parent go through one product with its children, so no token gathers vectors of its own.
    """
    target_N = choice.of_item[items_N]
    chosen_N = torch.nonzero(target_N >= 0).flatten()
    if not len(chosen_N):
        return queries_ND.new_zeros(())
    target_N = target_N[chosen_N]
    parents_U, place_N = torch.unique(choice.group[target_N], return_inverse=True)
    order_N = torch.argsort(place_N)
    chosen_N, target_N, place_N = chosen_N[order_N], target_N[order_N], place_N[order_N]
    counts_U = torch.bincount(place_N, minlength=len(parents_U))
    slot_N = torch.arange(len(place_N), device=place_N.device) - (torch.cumsum(counts_U, 0) - counts_U)[place_N]
    states_URD = queries_ND.new_zeros(len(parents_U), int(counts_U.max()), queries_ND.shape[1])
    states_URD = states_URD.index_put((place_N, slot_N), queries_ND[chosen_N])
    first_U, end_U = choice.starts[parents_U], choice.starts[parents_U + 1]
    child_UC = first_U[:, None] + torch.arange(int((end_U - first_U).max()), device=first_U.device)
    beyond_UC = child_UC >= end_U[:, None]
    children_UCD = functional.embedding(child_UC.clamp(max=len(directions_MD) - 1), directions_MD)
    scores_URC = torch.bmm(states_URD, children_UCD.transpose(1, 2)).masked_fill(beyond_UC[:, None], float("-inf"))
    return functional.cross_entropy(scores_URC[place_N, slot_N], target_N - first_U[place_N], reduction="sum")
