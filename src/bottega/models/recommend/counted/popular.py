"""Popular: what most shoppers choose now, the same for everybody.

Idea     Count the shoppers of each product; an event loses half its weight with every half-life that has passed.
Source   Weights that halve with age, in item recommendation: Ding & Li 2005,
         https://doi.org/10.1145/1099554.1099689, section 3.
Differs  Age is counted from the newest event, not from the clock, so that an old data set gives the same model on any
         day. A shopper counts once for a product, with the strongest event, so that no robot lifts one by itself; in
         months that the shop keeps as counts alone, once a day.
Serves   New shoppers: yes. Known shoppers: no, all get the same scores. New products: no (content.py does).
Costs    Fit: one sort of N events, some 40*N bytes. Scoring a batch needs 4*B*I bytes.
Shapes   B shoppers, I items, N events.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout, PastCounts
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.base import NEW_SHOPPER, Abilities, Packed
from bottega.names import DAY_MS, FloatArray
from bottega.progress import Progress, silent

__all__ = ["Popular", "PopularConfig"]


@dataclass(frozen=True, slots=True)
class PopularConfig:
    """How fast fame fades, and what counts."""

    half_life_days: float = 30.0
    """Days after which an event counts half."""
    use_kinds: bool = True
    """Whether a purchase counts more than a view."""


class Popular:
    """Time-decayed popularity. `shares_` [I]: each item's part of the whole, 0 where nobody chose it."""

    name: ClassVar[str] = "popular"
    abilities: ClassVar[Abilities] = Abilities(
        frozenset({NEW_SHOPPER}), usual_weight=0.0, quick=True, simple=True, stands_in=True
    )
    shares_: FloatArray

    def __init__(self, config: PopularConfig | None = None) -> None:
        self.config = config or PopularConfig()

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Count; nothing is drawn at random. Of the features only `past` is used, and the holdout is not."""
        past = features.past
        times = histories.times if past is None else np.concatenate([histories.times, past.times])
        newest = int(times.max()) if len(times) else 0
        half_lives = (newest - histories.times) / (DAY_MS * self.config.half_life_days)
        weights = np.exp2(-half_lives)
        if self.config.use_kinds:
            weights = weights * histories.weights()
        pairs = histories.shoppers * histories.n_items + histories.items
        order = np.lexsort((-weights, pairs))
        strongest = np.ones(len(order), dtype=np.bool_)
        strongest[1:] = pairs[order[1:]] != pairs[order[:-1]]
        once = order[strongest]
        totals = np.bincount(histories.items[once], weights=weights[once], minlength=histories.n_items)
        if past is not None:
            before = np.bincount(past.items, weights=self._past_weights(past, newest), minlength=histories.n_items)
            totals = totals + before
        shares = totals / totals.sum() if totals.sum() > 0 else totals
        floor = np.where(totals > 0, np.finfo(np.float32).tiny, 0.0)  # float32 must not lose what was chosen long ago
        self.shares_ = np.maximum(shares, floor).astype(np.float32)
        progress("counting shoppers", histories.n_events, histories.n_events)
        return self

    def _past_weights(self, past: PastCounts, newest: int) -> FloatArray:
        """What each row of folded counts adds [P]."""
        worth = past.weights() if self.config.use_kinds else past.shoppers.astype(np.float32)
        found: FloatArray = worth * np.exp2((past.times - newest) / (DAY_MS * self.config.half_life_days))
        return found

    def refit(self, histories: Histories, features: Features, *, rng: np.random.Generator) -> None:
        """Count everything."""
        self.fit(histories, features, rng=rng)

    def score(self, histories: Histories) -> FloatArray:
        """Scores [B, I]: each item's share, the same in every row; -inf for items that nobody chose."""
        known = len(self.shares_)
        assert known <= histories.n_items, "a model cannot score a smaller catalogue than it learnt"
        scores = np.full((len(histories), histories.n_items), -np.inf, dtype=np.float32)
        scores[:, :known] = np.where(self.shares_ > 0, self.shares_, -np.inf)
        return scores

    def packed(self) -> Packed:
        """The shares, and the items that have one in order."""
        order = np.argsort(-self.shares_, kind="stable").astype(np.int32)
        arrays = {"shares": self.shares_, "order": order[self.shares_[order] > 0]}
        return Packed("popular", self.abilities.serves, self.abilities.scale == "logits", arrays)

    def save(self, folder: Path) -> None:
        """Write config and shares into an existing empty folder."""
        save_arrays(folder, model=self.name, config=self.config, arrays={"shares": self.shares_})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(PopularConfig))
        model.shares_ = saved.array("shares")
        return model
