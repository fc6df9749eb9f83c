"""An item table: what item_neighbours, transitions and linear_autoencoder share once they have learnt.

Each learns a sparse table [I, I] of what one item says for another in its own way; scores, evidence, files are alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.base import Abilities, Evidence, Packed, flat
from bottega.models.recommend.counted.history_scores import ages, history_scores, strongest_positions
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["ItemTable"]


AGES = 4096
"""A packed table hears at most so many events."""


class ItemTable:
    """Scores by `weights_` [I, I]; `config` has a `history_decay`, what an event counts for each younger one."""

    name: ClassVar[str]
    abilities: ClassVar[Abilities]
    settings: ClassVar[type[Any]]
    """The class of `config`."""
    config: Any
    weights_: sparse.csr_matrix

    def __init__(self, config: Any = None) -> None:
        self.config = config or self.settings()

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: the sum over the history of its items' rows, fading with age; -inf where no row has it."""
        return history_scores(self.weights_, histories, self._fade(ages(histories)))

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The positions of `history` [T] that give `item` the largest parts of its score."""
        values = self._fade(np.arange(len(history))[::-1])
        return strongest_positions(self.weights_, history, values, item, count)

    def packed(self) -> Packed:
        """The table, and what an event counts by its age."""
        arrays = flat("weights", self.weights_) | {"fade": self._fade(np.arange(AGES))}
        return Packed("item_table", self.abilities.serves, self.abilities.scale == "logits", arrays)

    def save(self, folder: Path) -> None:
        """Write config and weights into an existing empty folder."""
        save_arrays(folder, model=self.name, config=self.config, arrays={"weights": self.weights_})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(cls.settings))
        model.weights_ = saved.matrix("weights")
        return model

    def _fade(self, age: LongArray) -> FloatArray:
        return np.asarray(np.power(self.config.history_decay, age, dtype=np.float64), dtype=np.float32)
