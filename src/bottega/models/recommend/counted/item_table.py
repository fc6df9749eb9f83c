"""An item table: what item_neighbours, transitions and linear_autoencoder share once they have learnt.

Each learns a sparse table [I, I] of what one item says for another in its own way; how fast a history fades, scores,
evidence, files are alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.base import Abilities, Evidence, Packed, flat
from bottega.models.recommend.counted.fades import learnt_fade, saved_fade
from bottega.models.recommend.counted.history_scores import ages, history_scores, strongest_positions
from bottega.names import FloatArray, IntArray, LongArray

__all__ = ["ItemTable"]


AGES = 4096
"""A packed table hears at most so many events."""


class ItemTable:
    """Scores by `weights_` [I, I]; an event counts `fade_` for each younger one, by `config.history_decay` at first."""

    name: ClassVar[str]
    abilities: ClassVar[Abilities]
    settings: ClassVar[type[Any]]
    """The class of `config`."""
    config: Any
    weights_: sparse.csr_matrix
    fade_: float

    def __init__(self, config: Any = None) -> None:
        self.config = config or self.settings()

    def fit(self, histories: Histories, features: Features, *, rng: np.random.Generator) -> Self:
        """Learn the table; each family has its way, and takes what a `Recommender` takes."""
        raise NotImplementedError

    def refit(self, histories: Histories, features: Features, *, rng: np.random.Generator) -> None:
        """Learn the table from everything; the fade stays."""
        fade = self.fade_
        self.fit(histories, features, rng=rng)
        self.fade_ = fade

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: the sum over the history of its items' rows, fading with age; -inf where no row has it."""
        return self._scored(histories, self.fade_)

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The positions of `history` [T] that give `item` the largest parts of its score."""
        values = _fading(np.arange(len(history))[::-1], self.fade_)
        return strongest_positions(self.weights_, history, values, item, count)

    def packed(self) -> Packed:
        """The table, and what an event counts by its age."""
        arrays = flat("weights", self.weights_) | {"fade": _fading(np.arange(AGES), self.fade_)}
        return Packed("item_table", self.abilities.serves, self.abilities.scale == "logits", arrays)

    def save(self, folder: Path) -> None:
        """Write config and weights into an existing empty folder."""
        save_arrays(
            folder,
            model=self.name,
            config=self.config,
            arrays={"weights": self.weights_, "fade": np.array([self.fade_])},
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(cls.settings))
        model.weights_ = saved.matrix("weights")
        model.fade_ = saved_fade(saved, model.config.history_decay)
        return model

    def _keep(self, weights: sparse.csr_matrix, holdout: Holdout | None) -> Self:
        """Take over the table, and learn its fade from the questions."""
        self.weights_ = weights
        usual = self.config.history_decay
        self.fade_ = usual if not self.config.learn_fade else learnt_fade(self._scored, holdout, usual=usual)
        return self

    def _scored(self, histories: Histories, fade: float) -> FloatArray:
        return history_scores(self.weights_, histories, _fading(ages(histories), fade))


def _fading(age: LongArray, fade: float) -> FloatArray:
    return np.asarray(np.power(fade, age, dtype=np.float64), dtype=np.float32)
