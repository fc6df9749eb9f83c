"""The network of `next_item`: product vectors from ids and attributes, causal attention over a history.

Shapes   B shoppers, T positions, D width, I items, M some items, A attribute columns, N events of a batch.
"""

from __future__ import annotations

from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.attention import CausalBlock
from bottega.models.blocks.sparse_product import SparseRows
from bottega.names import KindCode

__all__ = ["NextItemNetwork"]


class NextItemNetwork(nn.Module):
    """Items of a history in, one query vector a position out; a product's score is its cosine with the query.

    `attributes` [I, A] holds the weights with which attribute vectors enter a product's vector.
    """

    def __init__(
        self,
        attributes: sparse.csr_matrix,
        *,
        width: int,
        blocks: int,
        heads: int,
        max_length: int,
        dropout: float,
        embedding_dropout: float,
        temperature: float,
        sparse_gradients: bool = False,
    ) -> None:
        super().__init__()
        n_items, n_attributes = attributes.shape
        self.id_vectors = nn.Embedding(n_items, width, sparse=sparse_gradients)
        self.attribute_vectors = nn.Embedding(max(1, n_attributes), width)
        self.kind_vectors = nn.Embedding(len(KindCode), width)
        nn.init.normal_(self.id_vectors.weight, std=0.02)
        nn.init.normal_(self.attribute_vectors.weight, std=0.02)
        nn.init.zeros_(self.kind_vectors.weight)
        self.embedding_dropout = nn.Dropout(embedding_dropout)
        self.blocks = nn.ModuleList(
            [CausalBlock(width, heads, max_length=max_length, dropout=dropout) for _ in range(blocks)]
        )
        self.norm = nn.LayerNorm(width)
        self.scale = 1.0 / temperature
        # Vectors start short, so that they learn fast; on the way in they are as long as what the blocks add to them.
        self.input_scale = width**0.5
        self.set_attributes(attributes)

    def set_attributes(self, attributes: sparse.csr_matrix) -> None:
        """Take the attribute weights of the catalogue [I, A]; kept out of the saved state."""
        self.attributes = SparseRows(attributes)

    def item_vectors(self, items_M: Tensor | None = None) -> Tensor:
        """Vectors [M, D] of the items (all I when none are named): id vector plus weighted attribute vectors."""
        ids_MD = self.id_vectors.weight if items_M is None else self.id_vectors(items_M)
        if not len(self.attributes.columns):
            return ids_MD
        rows = self.attributes if items_M is None else self.attributes.take(items_M)
        return ids_MD + rows @ self.attribute_vectors.weight

    def queries(self, vectors_BTD: Tensor, kinds_BT: Tensor) -> Tensor:
        """Queries [B, T, D], each of length 1 / temperature, after every position. Padding stands at the end."""
        states_BTD = self.embedding_dropout((vectors_BTD + self.kind_vectors(kinds_BT)) * self.input_scale)
        for block in self.blocks:
            states_BTD = block(states_BTD)
        return functional.normalize(self.norm(states_BTD), dim=-1) * self.scale
