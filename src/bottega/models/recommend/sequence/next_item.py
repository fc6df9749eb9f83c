"""Next item: which product will this shopper open after these ones?

Idea     A causal transformer reads a history and points, after every event, at the product that comes next. A product
         is its id vector plus the mean of its attribute vectors, so rare products borrow from their likes.
Source   Kang & McAuley 2018 (SASRec), https://arxiv.org/abs/1808.09781, section 3.
Differs  Cosine scores over the whole catalogue with full cross-entropy instead of one sampled negative, attributes on
         both sides, relative positions, half of the input vectors' entries dropped: benchmarks/next_item.md.
Serves   Known shoppers; new products by their attributes (`extend`). An empty history gets no scores.
Costs    Training: events x products x width x 6 operations an epoch up to `full_softmax_items` products, then
         events x `sampled_items`. Memory: 16 bytes x products x width. Answer: about 2 ms at 12,000 products.
Shapes   D width.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from torch import nn

from bottega.errors import SettingsInvalid
from bottega.models.blocks.attention import CausalBlock
from bottega.models.blocks.hstu import HstuBlock
from bottega.models.recommend.base import Abilities
from bottega.models.recommend.sequence.model import SequenceModel
from bottega.models.recommend.sequence.plan import SequenceConfig

__all__ = ["NextItem", "NextItemConfig"]


@dataclass(frozen=True, slots=True)
class NextItemConfig(SequenceConfig):
    """Settings of `NextItem`."""

    blocks: int = 2
    """Attention blocks."""
    heads: int = 2
    """Attention heads a block."""
    block: str = "attention"
    """What a block is made of: "attention" (softmax, then a widening layer) or "hstu" (gated sums: blocks/hstu.py)."""

    def event_operations(self, width: int) -> int:
        """In each block three products with twelve matrices of width squared, two operations a multiplication."""
        return 72 * width**2 * self.blocks


BLOCKS: dict[str, type[nn.Module]] = {"attention": CausalBlock, "hstu": HstuBlock}


class NextItem(SequenceModel[NextItemConfig]):
    """A causal transformer over histories. Config: `NextItemConfig`."""

    name: ClassVar[str] = "next_item"
    abilities: ClassVar[Abilities] = replace(SequenceModel.abilities, usual_weight=0.6)
    config_class: ClassVar[type[NextItemConfig]] = NextItemConfig

    def _encoder(self, width: int) -> nn.Module:
        config = self.config
        if config.block not in BLOCKS:
            raise SettingsInvalid(
                f"The block of next_item is {config.block!r}.",
                allowed=f"It is one of {', '.join(BLOCKS)}.",
                next_step="Use one of these.",
            )
        made = BLOCKS[config.block]
        sizes = {"max_length": config.max_length, "dropout": config.dropout}
        return nn.Sequential(*(made(width, config.heads, **sizes) for _ in range(config.blocks)))
