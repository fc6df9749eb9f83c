"""The two players of `adversarial`: a generator of purchase vectors, and the critics that tell its products from real.

Source   CFGAN: Chae et al. 2018, https://doi.org/10.1145/3269206.3271743, sections 3.1 and 3.2;
         IRGAN: Wang et al. 2017, https://arxiv.org/abs/1705.10513, section 2.
Differs  The papers' networks are as wide as the catalogue on both ends. Here a purchase vector is the sum of the
         vectors of its products, going in and coming out, so a player needs no more than one vector a product.
Shapes   B questions, L events of a condition, R summaries, D width, I items, M items of a sample.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Generator", "PairCritic", "VectorCritic"]

_FADES = (1.5, 0.3, 0.05)
"""How fast each summary of a condition forgets at first, an event; what they become is learnt."""


class Condition(nn.Module):
    """What a shopper did, as R sums of product vectors, each weighing events by a learnt function of their age."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        ages_L = torch.arange(longest).float()
        self.log_weights = nn.Parameter(torch.stack([-fade * ages_L for fade in _FADES]))

    def forward(self, vectors_BLD: Tensor, counts_BL: Tensor) -> Tensor:
        """Summaries [B, R, D], each of length sqrt(D); the newest event first, `counts_BL` 0 where there is none."""
        weights_RL = self.log_weights[:, : counts_BL.shape[1]].exp()
        summaries_BRD = (counts_BL[:, None, :] * weights_RL) @ vectors_BLD
        scaled_BRD: Tensor = functional.normalize(summaries_BRD, dim=-1) * vectors_BLD.shape[-1] ** 0.5
        return scaled_BRD


class Generator(nn.Module):
    """Condition -> direction; the value of a product in the purchase vector is a function of its cosine with it."""

    def __init__(self, *, width: int, longest: int, dropout: float, temperature: float) -> None:
        super().__init__()
        self.condition = Condition(longest)
        self.dropout = nn.Dropout(dropout)
        self.widen = nn.Linear(len(_FADES) * width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.norm = nn.LayerNorm(width)
        self.threshold = nn.Parameter(torch.tensor(0.5))
        self.scale = 1.0 / temperature

    def forward(self, vectors_BLD: Tensor, counts_BL: Tensor) -> Tensor:
        """Queries [B, D], each of length 1 / temperature: times a product's direction, the product's score."""
        summaries_BRD = self.dropout(self.condition(vectors_BLD, counts_BL))
        deeper_BD = self.narrow(functional.gelu(self.widen(summaries_BRD.flatten(1))))
        return functional.normalize(self.norm(summaries_BRD.sum(dim=1) + deeper_BD), dim=-1) * self.scale

    def values(self, scores: Tensor) -> Tensor:
        """Scores as values of a purchase vector, 0 (not bought) to 1 (bought)."""
        return torch.sigmoid(scores - self.threshold * self.scale)


class VectorCritic(nn.Module):
    """CFGAN's discriminator: is this the purchase vector that followed this condition, or a generated one?"""

    def __init__(self, n_items: int, *, width: int, longest: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(n_items, width)
        nn.init.normal_(self.vectors.weight, std=0.1)
        self.condition = Condition(longest)
        self.judge = nn.Sequential(
            nn.Linear((len(_FADES) + 1) * width, 2 * width), nn.GELU(), nn.Linear(2 * width, width), nn.GELU()
        )
        self.verdict = nn.Linear(width, 1)

    def forward(self, items_BL: Tensor, counts_BL: Tensor, bought_BD: Tensor) -> Tensor:
        """Logits [B] that the vector is real; `bought_BD` is the sum of the vectors of its products."""
        summaries_BRD = self.condition(self.vectors(items_BL), counts_BL)
        together_BX = torch.cat([(summaries_BRD * bought_BD[:, None]).flatten(1), bought_BD], dim=1)
        logits_B: Tensor = self.verdict(self.judge(together_BX)).squeeze(1)
        return logits_B


class PairCritic(nn.Module):
    """IRGAN's discriminator: does this product follow this condition?"""

    def __init__(self, n_items: int, *, width: int, longest: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(n_items, width)
        self.biases = nn.Embedding(n_items, 1)
        nn.init.normal_(self.vectors.weight, std=0.1)
        nn.init.zeros_(self.biases.weight)
        self.condition = Condition(longest)
        self.mix = nn.Linear(len(_FADES) * width, width)

    def forward(self, items_BL: Tensor, counts_BL: Tensor, asked_BM: Tensor) -> Tensor:
        """Logits [B, M] that each product asked about is real."""
        summaries_BRD = self.condition(self.vectors(items_BL), counts_BL)
        query_BD = self.mix(summaries_BRD.flatten(1))
        logits_BM: Tensor = (self.vectors(asked_BM) @ query_BD[:, :, None]).squeeze(2)
        return logits_BM.add(self.biases(asked_BM).squeeze(2))
