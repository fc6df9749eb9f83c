"""Recurrent: what a shopper wants next, read from a state that is carried from event to event.

Idea     A recurrent network reads a history and points, after every event, at the item that comes next. What it knows
         of a shopper is a few hundred numbers: keep them, and a new event costs one step instead of a whole history.
Source   GRU4Rec: Hidasi et al. 2016, https://arxiv.org/abs/1511.06939, section 3; the BPR-max loss of Hidasi &
         Karatzoglou 2018, https://arxiv.org/abs/1706.03847, section 3.3.
Differs  Whole histories instead of session-parallel batches; residual blocks with a widening layer; item vectors with
         attributes on both sides, cosine scores, full softmax; event kinds and time gaps as inputs.
Serves   Known shoppers; new products by their attributes (`extend`). An empty history gets no scores.
Costs    Training as `next_item`; memory 16 bytes x products x width. Kept state: 4 x blocks x width numbers a shopper.
Shapes   B shoppers, T positions, D width, I items.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from bottega.datasets.arrays import learnt_kinds
from bottega.errors import SettingsInvalid
from bottega.models.recommend.sequence.gaps import gap_codes
from bottega.models.recommend.sequence.inputs import Events
from bottega.models.recommend.sequence.model import SequenceModel
from bottega.models.recommend.sequence.plan import SequenceConfig
from bottega.models.recommend.sequence.recurrent_blocks import CELLS, Memory, RecurrentEncoder
from bottega.names import FloatArray, KindCode

__all__ = ["Recurrent", "RecurrentConfig", "ShopperState"]

LOSSES = ("softmax", "bpr_max")


@dataclass(frozen=True, slots=True)
class RecurrentConfig(SequenceConfig):
    """Settings of `Recurrent`."""

    cell: str = "gru"
    """"gru" or "lstm"."""
    blocks: int = 1
    """Recurrent blocks."""
    loss: str = "softmax"
    """"softmax" (the whole catalogue, where the plan allows) or "bpr_max" (always `sampled_items` negatives a step)."""

    def event_operations(self, width: int) -> int:
        """In each block three products with at most 16 matrices of width squared, two operations a multiplication."""
        return 96 * width**2 * self.blocks


@dataclass(frozen=True, slots=True, eq=False)
class ShopperState:
    """What the events of one shopper have come to; never changed, each event makes a new one.

    `memory` after the last event, `before` it; `query` [D] points at what comes next, None where nothing known has
    happened. `item` is the last event's. Times are counted from the first event: `now_ms`; `item_ms` of the last
    event with a known item; `before_ms` of the one before it, None where there is none.
    """

    memory: tuple[Memory, ...] | None = None
    before: tuple[Memory, ...] | None = None
    query: Tensor | None = None
    item: int = -1
    now_ms: int = 0
    item_ms: int | None = None
    before_ms: int | None = None


class Recurrent(SequenceModel[RecurrentConfig]):
    """A recurrent network over histories. Config: `RecurrentConfig`.

    States are of one fitted model: after training again, begin anew. `extend` leaves them valid.
    """

    name: ClassVar[str] = "recurrent"
    config_class: ClassVar[type[RecurrentConfig]] = RecurrentConfig
    forgets: ClassVar[bool] = False

    def _encoder(self, width: int) -> nn.Module:
        return RecurrentEncoder(width, self.config.blocks, self._chosen("cell", CELLS), dropout=self.config.dropout)

    def _bpr_max(self) -> bool:
        return self._chosen("loss", LOSSES) == "bpr_max"

    def _chosen(self, setting: str, allowed: Collection[str]) -> str:
        value = str(getattr(self.config, setting))
        if value not in allowed:
            raise SettingsInvalid(
                f"The {setting} of recurrent is {value!r}.",
                allowed=f"It is one of {', '.join(allowed)}.",
                next_step="Use one of these.",
            )
        return value

    def begin(self) -> ShopperState:
        """The state of a shopper without events."""
        return ShopperState()

    @torch.inference_mode()
    def step(self, state: ShopperState, item: int, kind: KindCode, gap_ms: int = 0) -> ShopperState:
        """The state after one more event, `gap_ms` after the one before (0: unknown). `state` itself stays.

        The same product again replaces the event before, as in `score`; an item this model does not know only lets
        time pass.
        """
        now_ms = state.now_ms + gap_ms
        if item >= len(self.vectors_):
            return replace(state, now_ms=now_ms)
        again = item == state.item
        memory, last_ms = (state.before, state.before_ms) if again else (state.memory, state.item_ms)
        gap = 0 if last_ms is None else now_ms - last_ms
        codes = (np.array([[item]]), learnt_kinds(np.array([[kind]], dtype=np.int8)), gap_codes(np.array([[gap]])))
        event = Events(*(torch.from_numpy(code.astype(np.int64)) for code in codes))
        network, encoder = self.network_, self.network_.encoder
        assert isinstance(encoder, RecurrentEncoder)
        inputs_11D = network.inputs(self.vectors_[event.items], event)
        states_11D, after = encoder.carry(inputs_11D, memory or [None] * len(encoder.blocks))
        return ShopperState(after, memory, network.point(states_11D)[0, 0], item, now_ms, now_ms, last_ms)

    @torch.inference_mode()
    def score_states(self, states: Sequence[ShopperState]) -> FloatArray:
        """Scores [B, I] of every item for every state, as `score` gives for the same events."""
        scores = np.full((len(states), len(self.directions_)), -np.inf, dtype=np.float32)
        queries = {row: state.query for row, state in enumerate(states) if state.query is not None}
        if queries:
            scores[list(queries)] = (torch.stack(list(queries.values())) @ self.directions_.t()).numpy()
        scores[:, ~self.scored_] = -np.inf
        return scores
