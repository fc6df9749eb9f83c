"""Blend: several recommenders asked at once, each counting for what it has proven to know. The default.

Idea     Every member scores every product; the logs of the scores, bent and multiplied (shape.py), are added up
         with weights found on questions with known answers. What one member misses another knows; who is often wrong
         is heard softly; who agrees with another is heard twice.
Source   A log-linear (product-of-experts) mixture: Hinton 2002, https://doi.org/10.1162/089976602760128018, section 2;
         weights by conditional logit (blocks/choice.py).
Differs  Products of members besides their sum; small shops stay near weights proven on public data; shoppers with few
         and with many events may hear members differently (states.py); popularity has to hold a period later, too
         (older.py).
Serves   Known shoppers; new shoppers, by what is popular; new products, through the members that can `extend`.
Costs    The sum of its members, and one pass over at most `weight_shoppers` holdout shoppers.
Shapes   B shoppers asked about, I items, M members, K items of a list or knots of a member, F features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.splits import some_last_out
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.choice import fit_choice
from bottega.models.blocks.device import device_of
from bottega.models.recommend.base import (
    KNOWN_SHOPPER,
    NEW_PRODUCT,
    NEW_SHOPPER,
    Abilities,
    Extends,
    Packed,
    Recommender,
    Refits,
    Suits,
    packed_of,
)
from bottega.models.recommend.blend.levels import find_silences, level
from bottega.models.recommend.blend.members import MEMBERS, made_member, model_of
from bottega.models.recommend.blend.older import asked_twice, impersonal, without_newest
from bottega.models.recommend.blend.questions import questions
from bottega.models.recommend.blend.shape import expand, feature_count, find_knots, shares
from bottega.models.recommend.blend.states import STATES, learn_states, state_of
from bottega.models.recommend.registry import recommender_class
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["Blend", "BlendConfig"]

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
    shown: int = 128
    """Wrong candidates of a question that weights are learnt from, drawn at random."""
    weight_shoppers: int = 8_000
    """Most holdout shoppers that weights are learnt from."""
    own_holdout_share: float = 0.2
    """Without a holdout, the last event of this share of shoppers becomes one."""
    own_holdout_shoppers: int = 5000
    """Most shoppers of that holdout."""
    pull: float = 10.0
    """Weights are drawn towards their prior as by this many questions."""
    shape_pull: float = 100.0
    """Weights of bends and products are drawn to 0 as by this many: there are many of them, and few questions hold
    that a member's level does not simply add up."""
    older_share: float = 0.125
    """Questions are also asked of what is popular as it was before the newest share of events; 0 asks them once."""
    by_state: bool = True
    """Whether members may count differently for shoppers with few and with many events, where that is proven."""
    state_pull: float = 100.0
    """What a state adds to the weights is drawn towards 0 as by this many questions."""


class Blend:
    """Members `members_`; `silences_` and `scales_` [M] and `knots_` [M, K] of their levels; `weights_` [F].

    `state_weights_` [2, M] adds to the members' own weights for shoppers of up to `state_bound_` events, and of more.
    """

    name: ClassVar[str] = "blend"
    abilities: ClassVar[Abilities] = Abilities(
        frozenset({KNOWN_SHOPPER, NEW_SHOPPER, NEW_PRODUCT}), scale="logits", quick=True
    )

    def __init__(self, config: BlendConfig | None = None) -> None:
        self.config = config or BlendConfig()

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
        """Fit every member on `histories`, then the weights on `holdout`, or on events put aside for it."""
        device_of(device)  # whoever asks for a card that is not there hears of it before anything is learnt
        if holdout is None:
            histories, holdout = some_last_out(
                histories, share=self.config.own_holdout_share, most=self.config.own_holdout_shoppers, rng=rng
            )
        self.members_: dict[str, Recommender] = {}
        self.n_items_ = histories.n_items
        for label, settings in self.config.members.items():
            one = made_member(label, settings)
            if isinstance(one, Suits) and not one.suits(features):
                continue
            self.members_[label] = one.fit(
                histories, features, rng=rng, holdout=holdout, device=device, progress=progress
            )
        older = self._older(histories, features, rng)
        most = max(64, min(self.config.weight_shoppers, _WEIGHT_CELLS // max(1, histories.n_items)))
        chosen = np.sort(rng.permutation(len(holdout))[:most])
        self._weigh(Holdout(holdout.inputs.take(chosen), holdout.targets[chosen]), older, rng, progress)
        return self

    def refit(self, histories: Histories, features: Features, *, rng: np.random.Generator) -> None:
        """Let the members that can learn from everything, once the weights are known; these and the fades stay."""
        for member in self.members_.values():
            if isinstance(member, Refits):
                member.refit(histories, features, rng=rng)

    def _older(self, histories: Histories, features: Features, rng: np.random.Generator) -> dict[str, Recommender]:
        """The members that hear no shopper, as they were before the newest events."""
        before = without_newest(histories, self.config.older_share)
        if before is None:
            return {}
        settings = self.config.members
        return {
            label: made_member(label, settings[label]).fit(before, features, rng=rng)
            for label in impersonal(self.members_)
        }

    def _weigh(
        self, asked: Holdout, older: Mapping[str, Recommender], rng: np.random.Generator, progress: Progress
    ) -> None:
        """Find each member's silence and scale, the knots, then the weights."""
        config, members = self.config, len(self.members_)
        places = [list(self.members_).index(label) for label in older]
        block = max(1, min(256, _BLOCK_CELLS // (asked.inputs.n_items * (members + len(older)))))
        self.scales_ = np.ones(members, dtype=np.float32)
        self.silences_ = find_silences(self.members_.values(), asked.inputs.take(slice(0, block)))
        made = [np.zeros((0, config.shown + 1, members + len(older)), dtype=np.float32)]
        lengths = [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(asked), block):
            inputs, targets = asked.inputs.take(slice(start, start + block)), asked.targets[start : start + block]
            levels_MBI = self._levels(inputs)
            if older:
                own = [self._level(one.score(inputs), at) for at, one in zip(places, older.values(), strict=True)]
                levels_MBI = np.concatenate([levels_MBI, np.stack(own)])
            levels_QCM, rows = questions(
                levels_MBI, inputs, targets, best=config.candidates, shown=config.shown, rng=rng, naming=members
            )
            made.append(levels_QCM)
            lengths.append(inputs.lengths[rows])
            progress("weighing the members", start + len(inputs), len(asked))
        questions_Q = np.concatenate(lengths)
        levels_QCM = asked_twice(np.concatenate(made), members, places)
        flat_CM = levels_QCM.reshape(-1, members)
        if len(flat_CM):
            self.scales_ = np.maximum(flat_CM.std(axis=0), 1e-3).astype(np.float32)
        flat_CM = flat_CM / self.scales_
        self.knots_ = find_knots(flat_CM)
        features_QCF = expand(flat_CM, self.knots_).reshape(*levels_QCM.shape[:2], feature_count(members))
        prior = np.zeros(feature_count(members), dtype=np.float32)
        prior[:members] = [one.abilities.usual_weight for one in self.members_.values()]
        prior[:members] *= self.scales_
        pulls = np.full(len(prior), config.shape_pull, dtype=np.float32)
        pulls[:members] = config.pull
        pulls *= len(levels_QCM) / max(1, len(questions_Q))  # a question asked twice is one question
        answers = np.zeros(len(features_QCF), dtype=np.int32)
        self.weights_ = fit_choice(features_QCF, answers, prior_F=prior, pull=pulls)
        once = slice(0, len(questions_Q))
        self.state_bound_, self.state_weights_ = learn_states(
            flat_CM.reshape(levels_QCM.shape)[once],
            features_QCF[once] @ self.weights_,
            questions_Q if config.by_state else questions_Q[:0],
            pull=config.state_pull,
            rng=rng,
        )

    def _levels(self, histories: Histories) -> FloatArray:
        """What each member says of each item [M, B, I]: 0 for nothing, 1 for as much as candidates differ by."""
        levels = np.empty((len(self.members_), len(histories), histories.n_items), dtype=np.float32)
        for index, member in enumerate(self.members_.values()):
            levels[index] = self._level(member.score(histories), index)
        return levels

    def _level(self, scores: FloatArray, index: int) -> FloatArray:
        """What scores of the member at `index` say [B, I]."""
        scale = list(self.members_.values())[index].abilities.scale
        return level(scores, scale, self.silences_[index], self.scales_[index])

    def shares(self, histories: Histories) -> FloatArray:
        """What each member adds to each score [B, M, I], members in the order of `members_`; their sum is `score`.

        A shopper without events hears only members that serve new shoppers (all alike where none does).
        """
        levels_MBI = self._levels(histories)
        added_MBI = shares(levels_MBI, self.knots_, self.weights_)
        if self.state_weights_.any():
            own_BM = self.state_weights_[state_of(histories.lengths, self.state_bound_)]
            added_MBI += own_BM.T[:, :, None] * levels_MBI
        nameless = histories.lengths == 0
        if nameless.any():
            able = np.array([NEW_SHOPPER in one.abilities.serves for one in self.members_.values()])
            able = able if able.any() else ~able
            added_MBI[:, nameless] = levels_MBI[:, nameless] * able[:, None, None]
        return added_MBI.transpose(1, 0, 2)

    def score(self, histories: Histories) -> FloatArray:
        """What the members say together [B, I], every product included."""
        total: FloatArray = self.shares(histories).sum(axis=1)
        return total

    def packed(self) -> Packed:
        """The members as far as they can be packed, and what makes one score of their levels."""
        members, knots = self.knots_.shape
        together = np.zeros((members, members), dtype=np.float32)
        together[np.triu_indices(members)] = self.weights_[members + members * knots :]
        arrays = {
            "silences": self.silences_,
            "scales": self.scales_,
            "knots": self.knots_,
            "weights": self.weights_[:members],
            "bends": self.weights_[members : members + members * knots].reshape(members, knots),
            "together": (together + together.T) / 2,
            "state_weights": self.state_weights_,
        }
        return Packed(
            "mixture",
            self.abilities.serves,
            self.abilities.scale == "logits",
            {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()},
            {"state_bound": float(self.state_bound_)},
            members={label: packed_of(one) for label, one in self.members_.items()},
        )

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
        arrays = {
            "weights": self.weights_,
            "silences": self.silences_,
            "scales": self.scales_,
            "knots": self.knots_,
            "state_weights": self.state_weights_,
            "state_bound": np.array([self.state_bound_]),
            "n_items": np.array([self.n_items_]),
        }
        labels = list(self.config.members)
        arrays["present"] = np.array([labels.index(label) for label in self.members_])
        save_arrays(folder, model=self.name, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        blend = cls(saved.settings(BlendConfig))
        blend.weights_, blend.knots_ = saved.array("weights"), saved.array("knots", ndim=2)
        silences = "silences" if "silences" in saved.arrays else "floors"  # as a model saved by 0.3.0 has them
        blend.silences_, blend.scales_ = saved.array(silences), saved.array("scales")
        blend.n_items_ = int(saved.array("n_items")[0])
        blend.state_bound_, blend.state_weights_ = 0.0, np.zeros((len(STATES), len(blend.silences_)), dtype=np.float32)
        if "state_weights" in saved.arrays:  # written before states were learnt, a model has none
            blend.state_bound_ = float(saved.array("state_bound")[0])
            blend.state_weights_ = saved.array("state_weights", ndim=2)
        blend.members_ = {}
        labels = list(blend.config.members)
        for index, place in enumerate(saved.array("present").tolist()):
            settings = blend.config.members[labels[place]]
            made = recommender_class(model_of(labels[place], settings))
            blend.members_[labels[place]] = made.load(folder / f"member_{index}")
        return blend
