"""Learnt vectors of items: an id vector plus the vectors of what the item is; rare ones borrow from their likes.

Idea     vector = id vector + weighted mean of its attributes' (and words') vectors + a linear map of the vector that
         another room made of it. A new item has no id vector, and is the rest.
Shapes   I items, M some of them, A attribute and word columns, E length of given vectors, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.recommend.sequence.item_properties import ItemProperties

__all__ = ["ItemVectors"]


class ItemVectors(nn.Module):
    """items -> vectors [M, D]. The properties of the catalogue [I] are kept out of the saved state.

    `sparse_gradients` is for steps that touch few items: the id vectors then need an optimiser of their own.
    """

    given_IE: Tensor

    def __init__(self, properties: ItemProperties, width: int, *, sparse_gradients: bool = False) -> None:
        super().__init__()
        self.id_vectors = nn.Embedding(len(properties), width, sparse=sparse_gradients)
        self.attribute_vectors = nn.Embedding(max(1, properties.weights.shape[1]), width)
        self.project = nn.Linear(properties.vectors.shape[1], width, bias=False) if properties.vectors.size else None
        nn.init.normal_(self.id_vectors.weight, std=0.02)
        nn.init.normal_(self.attribute_vectors.weight, std=0.02)
        if self.project is not None:
            nn.init.normal_(self.project.weight, std=0.02)
        self.weights = SparseRows(properties.weights)
        self.register_buffer("given_IE", torch.from_numpy(properties.vectors), persistent=False)

    def forward(self, items_M: Tensor | None = None) -> Tensor:
        """Vectors [M, D] of the items (all I when none are named)."""
        if items_M is None:
            ids_MD, weights, given_ME = self.id_vectors.weight, self.weights, self.given_IE
        else:
            ids_MD, weights, given_ME = self.id_vectors(items_M), self.weights.take(items_M), self.given_IE[items_M]
        return ids_MD + self._described(weights, given_ME)

    def of_properties(self, properties: ItemProperties) -> Tensor:
        """Vectors [M, D] of items this network never saw, by their properties alone."""
        device = self.id_vectors.weight.device
        rows, given = SparseRows(properties.weights).to(device), torch.from_numpy(properties.vectors).to(device)
        described = self._described(rows, given)
        return described.expand(len(properties), self.id_vectors.embedding_dim)

    def _described(self, weights: SparseRows, given_ME: Tensor) -> Tensor:
        """The part that is not the id [M, D]; a single 0 [1, 1] where there is none."""
        total = given_ME.new_zeros(1, 1)
        if weights.n_columns:
            total = weights @ self.attribute_vectors.weight
        if self.project is not None:
            total = total + self.project(given_ME)
        return total
