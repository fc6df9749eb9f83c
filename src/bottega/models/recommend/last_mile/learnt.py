"""What the last mile learns: where a list had better end, and how varied shoppers usually are.

Idea     The chance that a product is the one wanted falls with its rank and with how far its score lies below the
         best. A logistic curve over both, learnt on questions with known answers, says how fast in this shop and for
         this model; a list ends where the chance falls under a share of the first product's.
Source   Truncating a ranking at learnt chances of relevance: Arampatzis et al. 2009,
         https://doi.org/10.1145/1571941.1572031.
Costs    Scores for at most `QUESTIONS` shoppers at training; ten numbers at an answer.
Shapes   B shoppers, I items, K places, N places of all questions, F = 4 features.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.logistic import chance, fit_odds
from bottega.models.recommend.base import Recommender, top
from bottega.models.recommend.last_mile.diversity import own_spread, unit_rows
from bottega.models.recommend.last_mile.rules import calibrated
from bottega.names import BoolArray, FloatArray
from bottega.saved import ModelFile

__all__ = ["LastMile", "fit_cutoff", "usual_spread"]

QUESTIONS = 2000
"""Most shoppers that the cut-off is learnt from."""
SPREAD_SHOPPERS = 1000
"""Most shoppers that the usual spread is measured on."""
PLACES = 50
"""Places of each list that it is learnt from."""
LEAST_HITS = 50
"""With fewer answers found in these places nothing is learnt, and nothing is cut."""
RIDGE = 1.0
"""Pull of the curve towards 0."""
BLOCK = 128


@dataclass(frozen=True, slots=True)
class LastMile:
    """`curve` [F]: log odds of relevance are curve . (1, log rank, gap, gap * log rank), where gap is how far a
    calibrated score is below 1; empty where too little was known. `usual_spread`: mean of the shoppers' own."""

    curve: tuple[float, ...] = ()
    usual_spread: float | None = None

    @classmethod
    def fit(
        cls,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        model: Recommender | None = None,
        holdout: Holdout | None = None,
    ) -> Self:
        """Learn the spread from `histories`, and the curve from what `model` says to a `holdout` it never learnt.

        Without a model, nothing.
        """
        if model is None:
            return cls()
        curve = fit_cutoff(model, holdout, rng=rng) if holdout is not None else ()
        return cls(curve, usual_spread(histories, features, rng=rng))

    def chances(self, values: FloatArray) -> FloatArray:
        """Chance of each place of a list [K] to be the one wanted, never rising; `values` [K]: calibrated, falling."""
        return np.asarray(np.minimum.accumulate(chance(_features(values[None])[0], np.array(self.curve))), np.float32)

    def worth_showing(self, values: FloatArray, share: float) -> int:
        """How many of the first places reach `share` of the first one's chance; all where nothing was learnt.

        Never fewer than one of a list that has any.
        """
        if not self.curve or not len(values):
            return len(values)
        chances = self.chances(values)
        return max(1, int((chances >= share * chances[0]).sum()))

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote; a run from before there was such a file has learnt nothing. `ModelFileBroken`."""
        if not path.exists():
            return cls()
        with ModelFile(path):
            table = json.loads(path.read_text())
            usual = table["usual_spread"]
            return cls(tuple(float(one) for one in table["curve"]), None if usual is None else float(usual))


def usual_spread(histories: Histories, features: Features, *, rng: np.random.Generator) -> float | None:
    """Mean spread of what shoppers chose, over those of whom it can be told; None where there are none."""
    rows = unit_rows(features.attributes)
    asked = rng.permutation(len(histories))[:SPREAD_SHOPPERS].tolist()
    found = [own_spread(rows, histories.row(shopper), usual=None) for shopper in asked]
    known = [one for one in found if one is not None]
    return float(np.mean(known)) if known else None


def fit_cutoff(model: Recommender, holdout: Holdout, *, rng: np.random.Generator) -> tuple[float, ...]:
    """The curve [F] of `LastMile`, learnt from lists of `model` for `holdout`; empty where it found too few answers."""
    chosen = np.sort(rng.permutation(len(holdout))[:QUESTIONS])
    values, hits = [], []
    for start in range(0, len(chosen), BLOCK):
        part = chosen[start : start + BLOCK]
        found, hit = _lists(model, Holdout(holdout.inputs.take(part), holdout.targets[part]))
        values.append(found)
        hits.append(hit)
    if not values:
        return ()
    values_NK, hits_NK = np.concatenate(values), np.concatenate(hits)
    if hits_NK.sum() < LEAST_HITS:
        return ()
    shown = np.isfinite(values_NK)
    places = _features(np.where(shown, values_NK, 0.0))[shown]
    weights = fit_odds(places, hits_NK[shown].astype(np.float64), ridge=RIDGE)
    return tuple(round(float(one), 6) for one in weights)


def _lists(model: Recommender, asked: Holdout) -> tuple[FloatArray, BoolArray]:
    """Calibrated scores [B, K] of the best new items, -inf behind a list's end, and which place holds the answer."""
    inputs = asked.inputs
    scores = model.score(inputs)
    fresh = np.ones(scores.shape, dtype=np.bool_)
    fresh[inputs.shoppers, inputs.items] = False
    values = np.stack([calibrated(row, allowed) for row, allowed in zip(scores, fresh, strict=True)])
    best = top(values, PLACES)
    return best.scores, best.items == asked.targets[:, None]


def _features(values_BK: FloatArray) -> NDArray[np.float64]:
    rank = np.log(np.arange(1, values_BK.shape[1] + 1))
    gap = 1.0 - np.clip(values_BK, 0.0, 1.0).astype(np.float64)
    ones = np.ones_like(gap)
    return np.stack([ones, ones * rank, gap, gap * rank], axis=-1)
