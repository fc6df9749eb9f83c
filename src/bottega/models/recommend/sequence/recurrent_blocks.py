"""Recurrent blocks: a state that is carried from event to event, so that one more event costs one step.

Idea     As in a transformer, each block adds to what came in: first what a recurrent cell remembers, then what a
         widening layer makes of it. Normalisation stands before each part (pre-norm).
Source   GRU: Cho et al. 2014, https://arxiv.org/abs/1406.1078, section 2.3. LSTM: Hochreiter & Schmidhuber 1997,
         https://doi.org/10.1162/neco.1997.9.8.1735.
Shapes   B sequences, T positions, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.nn import functional

__all__ = ["CELLS", "Memory", "RecurrentBlock", "RecurrentEncoder"]

CELLS: dict[str, Any] = {"gru": nn.GRU, "lstm": nn.LSTM}
"""The cells by name."""

Memory = tuple[Tensor, ...]
"""What one block carries on: the state of a GRU [1, B, D], state and cell of an LSTM."""


class RecurrentBlock(nn.Module):
    """states [B, T, D] and the memory before them -> states [B, T, D] and the memory after them."""

    def __init__(self, width: int, cell: str, *, dropout: float, widen: int = 4) -> None:
        super().__init__()
        self.norm_cell = nn.LayerNorm(width)
        self.cell = CELLS[cell](width, width, batch_first=True)
        self.norm_feed = nn.LayerNorm(width)
        self.widen = nn.Linear(width, widen * width)
        self.narrow = nn.Linear(widen * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states_BTD: Tensor, memory: Memory | None = None) -> tuple[Tensor, Memory]:
        before = memory if memory is None or len(memory) > 1 else memory[0]
        heard_BTD, after = self.cell(self.norm_cell(states_BTD), before)
        states_BTD = states_BTD + self.dropout(heard_BTD)
        widened = functional.gelu(self.widen(self.norm_feed(states_BTD)))
        return states_BTD + self.dropout(self.narrow(widened)), after if isinstance(after, tuple) else (after,)


class RecurrentEncoder(nn.Module):
    """Blocks one after another: states [B, T, D] -> states [B, T, D]."""

    def __init__(self, width: int, blocks: int, cell: str, *, dropout: float) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([RecurrentBlock(width, cell, dropout=dropout) for _ in range(blocks)])

    def forward(self, states_BTD: Tensor) -> Tensor:
        return self.carry(states_BTD, [None] * len(self.blocks))[0]

    def carry(self, states_BTD: Tensor, memories: Sequence[Memory | None]) -> tuple[Tensor, tuple[Memory, ...]]:
        """Go on from the memory of each block (None: from nothing); states and the memories after them."""
        carried = []
        for block, memory in zip(self.blocks, memories, strict=True):
            states_BTD, after = block(states_BTD, memory)
            carried.append(after)
        return states_BTD, tuple(carried)
