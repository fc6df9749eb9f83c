"""The network that sequence models share: event vectors in, an encoder over the history, one query a position out.

Shapes   B shoppers, T positions, D width.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from bottega.models.recommend.sequence.gaps import GAP_CODES
from bottega.models.recommend.sequence.inputs import Events
from bottega.models.recommend.sequence.item_vectors import ItemVectors
from bottega.names import KINDS_LEARNT

__all__ = ["SequenceNetwork"]


class SequenceNetwork(nn.Module):
    """An item's score is the cosine of its vector with the query, divided by the temperature.

    `encoder` maps states [B, T, D] to states of the same shape, each a function of its own position and those before.
    """

    def __init__(
        self, items: ItemVectors, encoder: nn.Module, *, gaps: bool, embedding_dropout: float, temperature: float
    ) -> None:
        super().__init__()
        width = items.id_vectors.embedding_dim
        self.items = items
        self.kind_vectors = nn.Embedding(KINDS_LEARNT, width)
        self.gap_vectors = nn.Embedding(GAP_CODES, width, padding_idx=0) if gaps else None
        nn.init.zeros_(self.kind_vectors.weight)
        if self.gap_vectors is not None:
            nn.init.zeros_(self.gap_vectors.weight)
        self.embedding_dropout = nn.Dropout(embedding_dropout)
        self.encoder = encoder
        self.norm = nn.LayerNorm(width)
        self.scale = 1.0 / temperature
        # Vectors start short, so that they learn fast; on the way in they are as long as what the blocks add to them.
        self.input_scale = width**0.5

    def inputs(self, vectors_BTD: Tensor, events_BT: Events) -> Tensor:
        """What the encoder reads [B, T, D]: the item's vector, its event's kind, the time since the event before."""
        vectors_BTD = vectors_BTD + self.kind_vectors(events_BT.kinds)
        if self.gap_vectors is not None:
            vectors_BTD = vectors_BTD + self.gap_vectors(events_BT.gaps)
        dropped: Tensor = self.embedding_dropout(vectors_BTD * self.input_scale)
        return dropped

    def point(self, states_BTD: Tensor) -> Tensor:
        """Queries of length 1 / temperature."""
        return functional.normalize(self.norm(states_BTD), dim=-1) * self.scale

    def queries(self, vectors_BTD: Tensor, events_BT: Events) -> Tensor:
        """Queries [B, T, D] after every position. Padding stands at the end."""
        return self.point(self.encoder(self.inputs(vectors_BTD, events_BT)))
