"""Outfits: what goes with this, learnt from what people wear together and buy together.

Idea     A garment is an eye's vector and its main colours. Each slot (top, shoes ...) has its own low-rank projection;
         two garments suit one another as far as their projections agree, dimension by dimension with a weight learnt
         for the pair of slots, and as far as their colours stand in relations that outfits favour (harmony.py). Trained
         against garments of the same slot, so that the score is the probability that two garments were worn together
         and not picked at random.
Source   Vasileva et al. 2018, "Learning Type-Aware Embeddings for Fashion Compatibility", section 3,
         https://arxiv.org/abs/1803.09196; logistic loss with sampled negatives: Mikolov et al. 2013, section 2.2,
         https://arxiv.org/abs/1310.4546.
Differs  A projection a slot and a diagonal a pair of slots instead of a mask a pair: a few hundred outfits must do.
         Colour relations stand beside the vectors and can be read. Logistic loss instead of a margin.
Serves   Any two garments with a photo, worn or bought before or not.
Costs    Trains in seconds on vectors that do not change; scoring A against B garments needs A*B*(rank + 24) products.
Shapes   N garments, E vector length, C colour numbers, X = E + C, S slots, R rank, F colour relations, P pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.device import device_of
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.vision.harmony import FEATURES, RELATIONS, harmony, stands
from bottega.models.vision.slots import SLOTS
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["Garments", "Outfits", "OutfitsConfig"]

_NAME = "outfits"
_LEARNT = ("project", "pair", "harmony", "harmony_pair")
_SCALES = ("mean", "spread", "harmony_mean", "harmony_spread")
_CUT = 4.0
"""No standardised number counts for more than so many standard deviations."""
_STAY = 0.1
"""How strongly a shop's own model stays near the one it begins at."""


@dataclass(frozen=True, slots=True)
class Garments:
    """`vectors` [N, E] of length 1, of one maker and version; `colours` [N, C] (harmony.colour_row); `slots` [N]: codes
    of `SLOTS`. A row of NaN where nothing is known, which then counts for nothing."""

    vectors: FloatArray
    colours: FloatArray
    slots: IntArray

    def __len__(self) -> int:
        return len(self.slots)

    def take(self, rows: IntArray | slice | BoolArray) -> Garments:
        """Only these garments, in this order."""
        return Garments(self.vectors[rows], self.colours[rows], self.slots[rows])

    def row(self, place: int) -> Garments:
        """One of them."""
        return self.take(slice(place, place + 1))


@dataclass(frozen=True, slots=True)
class OutfitsConfig:
    """How outfits are learnt."""

    rank: int = 16
    """Dimensions of a slot's projection (R)."""
    epochs: int = 30
    """Passes over the pairs, each with negatives drawn anew."""
    batch: int = 1024
    learning_rate: float = 5e-3
    weight_decay: float = 10.0
    """Pull of projections towards zero (towards `start` where there is one)."""
    vectors: bool = True
    """Whether the eye's vectors count."""
    colours: bool = True
    """Whether colours count: their relations, and the colours themselves in the projection."""
    eye: str = ""
    """Version of the eye whose vectors it reads; those of another mean nothing to it."""


class _Network(nn.Module):
    def __init__(self, width: int, config: OutfitsConfig) -> None:
        super().__init__()
        slots, features = len(SLOTS), len(FEATURES)
        self.project = nn.Parameter(torch.randn(slots, width, config.rank) * (0.5 / max(width, 1) ** 0.5))
        self.pair = nn.Parameter(torch.ones(slots, slots, config.rank))
        self.harmony = nn.Parameter(torch.zeros(features))
        self.harmony_pair = nn.Parameter(torch.zeros(slots, slots, features))

    def forward(self, one_PX: Tensor, other_PX: Tensor, slots_P2: Tensor, harmony_PF: Tensor) -> Tensor:
        first, second = slots_P2.T
        one_PR, other_PR = (
            torch.einsum("px,pxr->pr", side, self.project[slot]) for side, slot in ((one_PX, first), (other_PX, second))
        )
        pair_PR = (self.pair[first, second] + self.pair[second, first]) / 2
        learnt_PF = self.harmony + (self.harmony_pair[first, second] + self.harmony_pair[second, first]) / 2
        return (one_PR * other_PR * pair_PR).sum(1) + (harmony_PF * learnt_PF).sum(1)


class Outfits:
    """Compatibility of garments. Its arrays are those of `_Network` and the scales of what goes in."""

    def __init__(self, config: OutfitsConfig | None = None) -> None:
        self.config = config or OutfitsConfig()
        self.arrays_: dict[str, FloatArray] = {}

    def fit(
        self,
        garments: Garments,
        pairs: IntArray,
        *,
        rng: np.random.Generator,
        groups: IntArray | None = None,
        start: Outfits | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Learn from `pairs` [P, 2] of rows of `garments` that go together, in different slots.

        `groups` [N]: garments of one group (one person's photo) are never each other's negatives. `start`: a model to
        begin at and stay near, as a shop does that has few outfits of its own.
        """
        config, where = self.config, device_of(device)
        if start is not None:
            config = self.config = start.config
            self.arrays_ = dict(start.arrays_)
        else:
            inputs, relations = (
                self._raw(garments),
                harmony(garments.colours[pairs[:, 0]], garments.colours[pairs[:, 1]]),
            )
            self.arrays_ = {
                "mean": inputs.mean(axis=0),
                "spread": inputs.std(axis=0) + 1e-6,
                "harmony_mean": relations.mean(axis=0),
                "harmony_spread": relations.std(axis=0) + 1e-6,
            }
        inputs_NX = torch.from_numpy(self._inputs(garments)).to(where)
        slots_N, colours_NC = torch.from_numpy(garments.slots).long().to(where), garments.colours
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(rng.integers(2**31)))
            network = _Network(inputs_NX.shape[1], config)
        if start is not None:
            network.load_state_dict({name: torch.from_numpy(start.arrays_[name]) for name in _LEARNT})
        network.to(where)
        begun = [parameter.detach().clone() for parameter in network.parameters()]
        negative = _Negatives(
            garments.slots, np.arange(len(garments), dtype=np.int32) if groups is None else groups, rng
        )

        def batches() -> list[IntArray]:
            return np.array_split(rng.permutation(len(pairs)).astype(np.int32), max(1, len(pairs) // config.batch))

        def loss_of(rows: IntArray) -> Tensor:
            wrong, usable = negative(pairs[rows])
            asked = np.concatenate([pairs[rows], wrong[usable]])
            asked_P2 = torch.from_numpy(asked).to(where)
            logits_P = network(
                inputs_NX[asked_P2[:, 0]],
                inputs_NX[asked_P2[:, 1]],
                slots_N[asked_P2],
                torch.from_numpy(self._relations(colours_NC[asked[:, 0]], colours_NC[asked[:, 1]])).to(where),
            )
            told_P = (torch.arange(len(asked), device=where) < len(rows)).float()
            loss = functional.binary_cross_entropy_with_logits(logits_P, told_P)
            if start is not None:
                for parameter, first in zip(network.parameters(), begun, strict=True):
                    loss = loss + _STAY * (parameter - first).square().sum()
            return loss

        train(
            network,
            batches,
            loss_of,
            steps_an_epoch=max(1, len(pairs) // config.batch),
            schedule=Schedule(
                config.epochs, config.learning_rate, weight_decay=config.weight_decay if start is None else 0.0
            ),
            task="learning outfits",
            progress=progress,
        )
        self.arrays_ |= {name: value.cpu().numpy() for name, value in network.state_dict().items()}
        return self

    def readable(self, garments: Garments, eye: str) -> Garments:
        """Garments that the eye of this version saw, as this model may read them: another eye's vectors are unknown."""
        if self.config.eye == eye or not self.config.vectors:
            return garments
        width = self.arrays_["mean"].shape[0] - garments.colours.shape[1] * self.config.colours
        return Garments(np.full((len(garments), width), np.nan, np.float32), garments.colours, garments.slots)

    def logits(self, ones: Garments, others: Garments) -> FloatArray:
        """Log odds [A, B] that two garments were worn together, against one picked at random for the slot."""
        arrays = self.arrays_
        projected = [
            np.einsum("nx,nxr->nr", self._inputs(side), arrays["project"][side.slots]) for side in (ones, others)
        ]
        pair = (arrays["pair"] + arrays["pair"].swapaxes(0, 1)) / 2
        found = np.zeros((len(ones), len(others)), dtype=np.float32)
        for row in range(len(ones)):
            slot = ones.slots[row]
            found[row] = ((projected[0][row] * pair[slot, others.slots]) * projected[1]).sum(axis=1)
            found[row] += self._colour_logits(ones.row(row), others).sum(axis=1)
        return found

    def score(self, worn: Garments, candidates: Garments) -> FloatArray:
        """Probability [B] that each candidate goes with all that is worn: its mean log odds with the garments of other
        slots, as a probability; a half where there are none."""
        other = worn.slots[:, None] != candidates.slots[None, :]
        total = (self.logits(worn, candidates) * other).sum(axis=0) / np.maximum(other.sum(axis=0), 1)
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float32)

    def relation(self, one: Garments, other: Garments) -> tuple[str, float] | None:
        """The colour relation in which two garments (one row each) stand that speaks most for them, and the log odds it
        adds; None where no relation in which they stand does."""
        count = len(RELATIONS)
        added = self._colour_logits(one, other)[0]
        added = np.where(stands(harmony(one.colours, other.colours)[0, :count]), added[:count] + added[count:], -np.inf)
        best = int(added.argmax())
        return (list(RELATIONS)[best], float(added[best])) if added[best] > 0 else None

    def _colour_logits(self, one: Garments, others: Garments) -> FloatArray:
        """What each colour feature adds to the log odds [B, F] of one garment beside the others."""
        weights = self.arrays_["harmony_pair"][one.slots[0], others.slots]
        weights = (weights + self.arrays_["harmony_pair"][others.slots, one.slots[0]]) / 2
        added: FloatArray = self._relations(one.colours, others.colours) * (weights + self.arrays_["harmony"])
        return added

    def _relations(self, ones: FloatArray, others: FloatArray) -> FloatArray:
        if not self.config.colours:
            return np.zeros((max(len(ones), len(others)), len(FEATURES)), dtype=np.float32)
        found = (harmony(ones, others) - self.arrays_["harmony_mean"]) / self.arrays_["harmony_spread"]
        return _cut(found)

    def _raw(self, garments: Garments) -> FloatArray:
        parts = [garments.vectors] * self.config.vectors + [garments.colours] * self.config.colours
        return np.concatenate(parts, axis=1).astype(np.float32)

    def _inputs(self, garments: Garments) -> FloatArray:
        """What the projections read [N, X]: every number with mean 0 and deviation 1 over the training garments."""
        return _cut((self._raw(garments) - self.arrays_["mean"]) / self.arrays_["spread"])

    def save(self, folder: Path) -> None:
        """Write into an existing folder."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=self.arrays_)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=_NAME)
        model = cls(saved.settings(OutfitsConfig))
        dims = {"project": 3, "pair": 3, "harmony_pair": 3}
        model.arrays_ = {name: saved.array(name, ndim=dims.get(name, 1)) for name in (*_LEARNT, *_SCALES)}
        return model

    @classmethod
    def shipped(cls) -> Self:
        """The weights that come with Bottega; card.json beside them says what they learnt from."""
        return cls.load(shipped_folder("vision", _NAME))


def _cut(standardised: FloatArray) -> FloatArray:
    """Standardised numbers within bounds; what is not known (NaN) is average."""
    return np.nan_to_num(standardised).clip(-_CUT, _CUT).astype(np.float32)


class _Negatives:
    """Pairs with one side replaced by another garment of its slot."""

    def __init__(self, slots: IntArray, groups: IntArray, rng: np.random.Generator) -> None:
        self._slots, self._groups, self._rng = slots, groups, rng
        self._of_slot = [np.flatnonzero(slots == slot) for slot in range(len(SLOTS))]

    def __call__(self, pairs: IntArray) -> tuple[IntArray, BoolArray]:
        """Wrong pairs [P, 2], and which of them [P] are wrong indeed: their garments are of different groups."""
        wrong, side = pairs.copy(), self._rng.integers(0, 2, len(pairs))
        rows = np.arange(len(pairs))
        slots = self._slots[pairs[rows, side]]
        drawn = self._rng.random(len(pairs))
        for slot in np.unique(slots):
            here, pool = slots == slot, self._of_slot[slot]
            wrong[rows[here], side[here]] = pool[(drawn[here] * len(pool)).astype(np.int64)]
        return wrong, self._groups[wrong[:, 0]] != self._groups[wrong[:, 1]]
