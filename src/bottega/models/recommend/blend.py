"""Blend: several recommenders asked at once, each counting for what it has proven to know. The default.

Idea     Every member scores every product; the logs of the scores are added up with weights found on questions with
         known answers. What one member misses another knows; who is often wrong is heard softly.
Source   A log-linear (product-of-experts) mixture: Hinton 2002, https://doi.org/10.1162/089976602760128018, section 2;
         weights by conditional logit (blend_weights.py).
Differs  Weights differ by how long a history is, and small shops stay near weights proven on public data.
Serves   Known shoppers; new shoppers, by what is popular; new products, through the members that can `extend`.
Costs    The sum of its members, and one pass over at most `weight_shoppers` holdout shoppers.
Shapes   B shoppers asked about, I items, M members, K items of a list, F = M features, G groups of history lengths.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.recommend.base import (
    KNOWN_SHOPPER,
    NEW_PRODUCT,
    NEW_SHOPPER,
    Evidence,
    Explains,
    Extends,
    Recommender,
)
from bottega.models.recommend.blend_questions import question, set_aside
from bottega.models.recommend.blend_weights import fit_grouped_weights
from bottega.models.recommend.registry import recommender_class
from bottega.names import FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["Blend", "BlendConfig"]

LENGTHS = (1, 3, 6, 11)
"""Shortest history of each group of weights: 1-2, 3-5, 6-10 and more than 10 events."""

MEMBERS: dict[str, dict[str, Any]] = {
    "next_item": {},
    "next_item_again": {"model": "next_item", "batch_tokens": 2048, "learning_rate": 1.5e-3},
    "transitions": {},
    "content": {},
    "item_neighbours": {},
    "popular": {},
}
"""The default's members. Two transformers that start from other numbers err differently: together they know more."""

_LOGITS = {"next_item"}
"""Members whose scores are logarithms already."""

_PRIOR = {"next_item": 0.4, "transitions": 0.25, "content": 0.35, "item_neighbours": 0.05, "popular": 0.0}
"""Weights that were found on Amazon Beauty and Toys; other members start at `_PRIOR_ELSE`."""
_PRIOR_ELSE = 0.1

_FLOOR = 0.1
"""The share of a member's high scores that counts as hardly anything."""
_WEIGHT_CELLS = 300_000_000
"""Most shoppers times products scored to learn weights."""
_BLOCK_CELLS = 20_000_000
"""Most numbers held at once while weights are learnt."""


@dataclass(frozen=True, slots=True)
class BlendConfig:
    """Settings of `Blend`."""

    members: Mapping[str, Mapping[str, Any]] = field(
        default_factory=lambda: {name: dict(s) for name, s in MEMBERS.items()}
    )
    """Label -> settings of the member. The label names the recommender, or its settings do under "model"."""
    candidates: int = 100
    """Best products of each member among which weights are learnt to choose."""
    weight_shoppers: int = 8000
    """Most holdout shoppers that weights are learnt from."""
    own_holdout_share: float = 0.2
    """Without a holdout, the last event of this share of shoppers becomes one."""
    own_holdout_shoppers: int = 5000
    """Most shoppers of that holdout."""
    budget_s: float = 180.0
    """Seconds for the members that take a `budget_s` themselves. A second member of a kind is left out when less than
    half of the first one's time remains."""
    pull: float = 30.0
    """Weights are drawn towards their prior as by this many questions."""


class Blend:
    """Members `members_`, scales `floors_` [M] and weights `weights_` [G, M]. Config: `BlendConfig`."""

    name: ClassVar[str] = "blend"
    serves: ClassVar[frozenset[str]] = frozenset({KNOWN_SHOPPER, NEW_SHOPPER, NEW_PRODUCT})

    def __init__(self, config: BlendConfig | None = None) -> None:
        self.config = config or BlendConfig()

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Fit every member on `histories`, then the weights on `holdout`, or on events put aside for it."""
        if holdout is None:
            histories, holdout = set_aside(
                histories, share=self.config.own_holdout_share, most=self.config.own_holdout_shoppers, rng=rng
            )
        self.members_: dict[str, Recommender] = {}
        self.n_items_ = histories.n_items
        spent: dict[str, float] = {}
        for label, settings in self.config.members.items():
            left_s = self.config.budget_s - sum(spent.values())
            if left_s < 0.5 * spent.get(_model_of(label, settings), 0.0):
                progress(f"leaving out {label}: no time left", 1, 1)
                continue
            member = _member(label, settings, left_s)
            started = time.perf_counter()
            self.members_[label] = member.fit(histories, features, rng=rng, holdout=holdout, progress=progress)
            if hasattr(member.config, "budget_s"):
                spent[member.name] = time.perf_counter() - started
        most = max(64, min(self.config.weight_shoppers, _WEIGHT_CELLS // max(1, histories.n_items)))
        chosen = np.sort(rng.permutation(len(holdout))[:most])
        self._weigh(Holdout(holdout.inputs.take(chosen), holdout.targets[chosen]), progress)
        return self

    def _weigh(self, questions: Holdout, progress: Progress) -> None:
        """Find each member's floor, then the weights of each group of history lengths."""
        block = max(1, min(256, _BLOCK_CELLS // (questions.inputs.n_items * len(self.members_))))
        self.floors_ = self._find_floors(questions.inputs.take(slice(0, block)))
        rows: list[FloatArray] = []
        for start in range(0, len(questions), block):
            inputs, targets = (
                questions.inputs.take(slice(start, start + block)),
                questions.targets[start : start + block],
            )
            levels_MBI = np.stack(list(self._levels(inputs)))
            rows += [
                question(levels_MBI[:, row], inputs.row(row), int(targets[row]), self.config.candidates)
                for row in range(len(inputs))
            ]
            progress("weighing the members", start + len(inputs), len(questions))
        group_Q = _group(questions.inputs)
        usable = np.array([len(row) > 0 for row in rows], dtype=np.bool_) & (group_Q >= 0)
        rows = [row for row, keep in zip(rows, usable, strict=True) if keep]
        widest = max((len(row) for row in rows), default=1)
        features_QCF = np.full((len(rows), widest, len(self.members_)), np.nan, dtype=np.float32)
        for index, row in enumerate(rows):
            features_QCF[index, : len(row)] = row
        priors = [_PRIOR.get(name, _PRIOR_ELSE) for name in self._names()]
        self.weights_ = fit_grouped_weights(
            features_QCF,
            np.zeros(len(rows), dtype=np.int32),
            group_Q[usable],
            len(LENGTHS),
            prior_F=np.array(priors, dtype=np.float32),
            pull=self.config.pull,
        )

    def _names(self) -> list[str]:
        """The recommender behind each member [M]."""
        return [_model_of(label, self.config.members[label]) for label in self.members_]

    def _find_floors(self, inputs: Histories) -> FloatArray:
        """For each member [M] the score that stands for "nothing to say": see `_level`."""
        floors = []
        for name, member in zip(self._names(), self.members_.values(), strict=True):
            scores = member.score(inputs)
            spoken = scores[np.isfinite(scores)]
            if name in _LOGITS:
                floors.append(float(np.quantile(spoken, 0.05)) if len(spoken) else 0.0)
            else:
                spoken = spoken[spoken > 0]
                floors.append(_FLOOR * float(np.quantile(spoken, 0.9)) if len(spoken) else 1.0)
        return np.array(floors, dtype=np.float32)

    def _level(self, index: int, scores: FloatArray) -> FloatArray:
        """Scores of member `index` as log evidence above its floor, of the same shape.

        Logits stay as they are; other scores s become log(1 + s / floor), so that little evidence counts little.
        """
        floor = self.floors_[index]
        if self._names()[index] in _LOGITS:
            return np.where(np.isfinite(scores), scores - floor, 0.0).astype(np.float32)
        levels: FloatArray = np.log1p(np.maximum(scores, 0.0) / floor, dtype=np.float32)
        return levels

    def _levels(self, histories: Histories) -> Iterator[FloatArray]:
        """Log evidence [B, I] of each member in turn."""
        for index, member in enumerate(self.members_.values()):
            yield self._level(index, member.score(histories))

    def _weights_for(self, histories: Histories) -> FloatArray:
        """Weights [B, M]; a shopper without events hears only what is popular (all members alike where none is)."""
        group = _group(histories)
        fallback = np.array([name == "popular" for name in self._names()], dtype=np.float32)
        fallback = fallback if fallback.any() else np.ones_like(fallback)
        return np.where((group >= 0)[:, None], self.weights_[np.maximum(group, 0)], fallback[None, :]).astype(
            np.float32
        )

    def score(self, histories: Histories) -> FloatArray:
        """Weighted log evidence [B, I] of all members, every product included."""
        weights = self._weights_for(histories)
        total = np.zeros((len(histories), histories.n_items), dtype=np.float32)
        for index, levels in enumerate(self._levels(histories)):
            levels *= weights[:, index, None]
            total += levels
        return total

    def parts(self, histories: Histories) -> FloatArray:
        """What each member adds to each score [B, M, I], members in the order of `members_`; their sum is `score`."""
        weights = self._weights_for(histories)
        levels = [levels * weights[:, m, None] for m, levels in enumerate(self._levels(histories))]
        return np.stack(levels, axis=1)

    def contributions(self, histories: Histories, items: IntArray) -> FloatArray:
        """What each member added to the score of each listed item: [B, K, M], members in the order of `members_`.

        `items` [B, K] as in a `Ranking`; empty places (-1) are 0 throughout.
        """
        weights = self._weights_for(histories)
        asked = np.maximum(items, 0).astype(np.int64)
        parts = [
            np.take_along_axis(levels, asked, axis=1) * weights[:, m, None]
            for m, levels in enumerate(self._levels(histories))
        ]
        return np.where((items >= 0)[:, :, None], np.stack(parts, axis=2), 0.0).astype(np.float32)

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The evidence of the member that added most to the item's score and can explain itself."""
        if not len(history):
            return []
        n_items = max(self.n_items_, int(history.max()) + 1, item + 1)
        asked = Histories.from_lists([history.tolist()], n_items=n_items)
        parts = self.contributions(asked, np.array([[item]], dtype=np.int32))[0, 0]
        members = list(self.members_.values())
        for index in np.argsort(-parts, kind="stable").tolist():
            member = members[index]
            if parts[index] > 0 and isinstance(member, Explains):
                found = member.evidence(history, item, count=count)
                if found:
                    return found
        return []

    def extend(self, features: Features) -> None:
        """Cover the items of `features` by the members that can; to the others new products are unknown."""
        self.n_items_ = features.n_items
        for member in self.members_.values():
            if isinstance(member, Extends):
                member.extend(features)

    def save(self, folder: Path) -> None:
        """Write config and weights into an existing empty folder, and each member into a folder of its own inside."""
        for index, member in enumerate(self.members_.values()):
            (folder / f"member_{index}").mkdir()
            member.save(folder / f"member_{index}")
        arrays = {"weights": self.weights_, "floors": self.floors_, "n_items": np.array([self.n_items_])}
        kept = {label: self.config.members[label] for label in self.members_}
        save_arrays(folder, model=self.name, config=replace(self.config, members=kept), arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        blend = cls(saved.settings(BlendConfig))
        blend.weights_, blend.floors_ = saved.array("weights", ndim=2), saved.array("floors")
        blend.n_items_ = int(saved.array("n_items")[0])
        blend.members_ = {}
        for index, (label, settings) in enumerate(blend.config.members.items()):
            blend.members_[label] = recommender_class(_model_of(label, settings)).load(folder / f"member_{index}")
        return blend


def _model_of(label: str, settings: Mapping[str, Any]) -> str:
    """The recommender's name behind a label."""
    return str(settings.get("model", label))


def _member(label: str, settings: Mapping[str, Any], left_s: float) -> Recommender:
    """An unfitted member; its config class is the default config's."""
    made = recommender_class(_model_of(label, settings))
    changes = {name: value for name, value in settings.items() if name != "model"}
    plain: Recommender = made()
    if hasattr(plain.config, "budget_s"):
        changes["budget_s"] = min(changes.get("budget_s", plain.config.budget_s), left_s)
    return made(replace(plain.config, **changes)) if changes else plain


def _group(histories: Histories) -> IntArray:
    """The group of weights of each history [B] by its length; -1 for an empty one."""
    return (np.searchsorted(LENGTHS, histories.lengths, side="right") - 1).astype(np.int32)
