"""A causal self-attention block with relative positions.

Idea     Each position looks at itself and what came before; a learnt bias a head and distance says how far back
         to look. Normalisation stands before each part (pre-norm), so deep stacks train without care.
Source   Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.2; the bias is that of T5 (Raffel et al. 2020,
         https://arxiv.org/abs/1910.10683, section 2.1), one entry a distance.
Shapes   B sequences, T positions, D width, H heads, E = D / H.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["CausalBlock"]


class CausalBlock(nn.Module):
    """states_BTD -> states_BTD; position t depends on positions 0 to t only."""

    def __init__(self, width: int, heads: int, *, max_length: int, dropout: float, widen: int = 4) -> None:
        super().__init__()
        assert width % heads == 0, f"width {width} must be a multiple of heads {heads}"
        self.heads = heads
        self.norm_attention = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.distance_bias = nn.Parameter(torch.zeros(heads, max_length))
        self.norm_feed = nn.LayerNorm(width)
        self.widen = nn.Linear(width, widen * width)
        self.narrow = nn.Linear(widen * width, width)
        self.dropout = nn.Dropout(dropout)

    def _bias(self, length: int) -> Tensor:
        """[H, T, T]: the bias of each distance back, -inf for what lies ahead."""
        position_T = torch.arange(length, device=self.distance_bias.device)
        distance_TT = position_T[:, None] - position_T[None, :]
        bias_HTT = self.distance_bias[:, distance_TT.clamp(min=0)]
        return bias_HTT.masked_fill(distance_TT < 0, float("-inf"))

    def forward(self, states_BTD: Tensor) -> Tensor:
        batch, length, width = states_BTD.shape
        mixed_BT3HE = self.query_key_value(self.norm_attention(states_BTD)).view(batch, length, 3, self.heads, -1)
        query_BHTE, key_BHTE, value_BHTE = mixed_BT3HE.permute(2, 0, 3, 1, 4)
        heard_BHTE = functional.scaled_dot_product_attention(
            query_BHTE, key_BHTE, value_BHTE, attn_mask=self._bias(length)[None]
        )
        heard_BTD = self.project(heard_BHTE.transpose(1, 2).reshape(batch, length, width))
        states_BTD = states_BTD + self.dropout(heard_BTD)
        widened = functional.gelu(self.widen(self.norm_feed(states_BTD)))
        deeper_BTD: Tensor = states_BTD + self.dropout(self.narrow(widened))
        return deeper_BTD
