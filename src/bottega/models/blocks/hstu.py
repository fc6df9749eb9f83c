"""A causal block of gated sums instead of softmax attention: how often something was heard counts, not only its share.

Idea     Each earlier position adds its value with a weight of its own (SiLU of query times key), and a gate made from
         the position itself decides what of the sum passes. One block does what attention and widening layer do in two.
Source   HSTU: Zhai et al. 2024, https://arxiv.org/abs/2402.17152, section 3.1, equations 1 to 3.
Differs  The bias is of distance alone (times enter a model as inputs), and sums are not divided by the length, which
         the normalisation behind them takes out again.
Shapes   B sequences, T positions, D width, H heads, E = D / H.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["HstuBlock"]


class HstuBlock(nn.Module):
    """states_BTD -> states_BTD; position t depends on positions 0 to t only."""

    def __init__(self, width: int, heads: int, *, max_length: int, dropout: float) -> None:
        super().__init__()
        assert width % heads == 0, f"width {width} must be a multiple of heads {heads}"
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.gate_value_query_key = nn.Linear(width, 4 * width)
        self.distance_bias = nn.Parameter(torch.zeros(heads, max_length))
        self.norm_sum = nn.LayerNorm(width)
        self.project = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states_BTD: Tensor) -> Tensor:
        batch, length, width = states_BTD.shape
        mixed_BTX = functional.silu(self.gate_value_query_key(self.norm(states_BTD)))
        gate_BTD, value_BTD, query_BTD, key_BTD = mixed_BTX.chunk(4, dim=-1)
        value_BHTE, query_BHTE, key_BHTE = (
            part.view(batch, length, self.heads, -1).transpose(1, 2) for part in (value_BTD, query_BTD, key_BTD)
        )
        position_T = torch.arange(length, device=states_BTD.device)
        distance_TT = position_T[:, None] - position_T[None, :]
        bias_HTT = self.distance_bias[:, distance_TT.clamp(min=0)]
        weights_BHTT = functional.silu(query_BHTE @ key_BHTE.transpose(2, 3) + bias_HTT)
        heard_BHTE = weights_BHTT.masked_fill(distance_TT < 0, 0.0) @ value_BHTE
        heard_BTD = self.norm_sum(heard_BHTE.transpose(1, 2).reshape(batch, length, width))
        deeper_BTD: Tensor = states_BTD + self.dropout(self.project(heard_BTD * gate_BTD))
        return deeper_BTD
