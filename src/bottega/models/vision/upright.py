"""Upright: does a photo lie on its side or stand on its head, as the eye's features tell?

Idea     What is upright the eye was never told, but all that it learnt from was: what its features hold of a photo that
         was turned is unlike what they hold of others. One softmax on them says which of three a photo is. The
         features are those of a picture and its mirror image together, so left and right are one.
Serves   Photos of clothes, shoes and bags before a plain background. Of what has no up (a belt, a ring) it is not
         sure, and says nothing.
Costs    One look of the eye.
Shapes   N photos, F features of the eye.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.logistic import fit_softmax
from bottega.models.blocks.shipped import shipped_folder
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["TURNS", "Upright", "UprightConfig", "turned"]

TURNS = ("upright", "side", "head")
"""As it should be; a quarter turn to either side; on its head."""
_NAME = "upright"


@dataclass(frozen=True, slots=True)
class UprightConfig:
    """What is saved beside the weights."""

    eye: str = ""
    """Version of the eye whose features it reads; another eye's say nothing to it."""
    sure: float = 1.0
    """Chance of not being upright at which it says so."""
    scale: float = 1.0
    """What features are divided by."""
    ridge: float = 1.0
    """Weight of the squared weights."""


class Upright:
    """A fitted one."""

    def __init__(self, config: UprightConfig, weights: FloatArray) -> None:
        self.config = config
        self.weights = weights
        """[F + 1, 3], the last row is constant."""

    @classmethod
    def fitted(
        cls, features: FloatArray, turns: IntArray, *, eye: str, sure: float = 1.0, ridge: float = 1.0
    ) -> Upright:
        """Of features [N, F] and what each photo is, by its place in `TURNS` [N]."""
        scale = float(np.abs(features).std()) or 1.0
        weights = fit_softmax(features / np.float32(scale), turns, len(TURNS), ridge=ridge, steps=200)
        return cls(UprightConfig(eye, sure, scale, ridge), weights)

    def sure_at(self, chance: float) -> Upright:
        """The same one, which says so from this chance of not being upright."""
        return Upright(replace(self.config, sure=chance), self.weights)

    def chances(self, features: FloatArray) -> FloatArray:
        """Of each turn [N, 3]."""
        scores = features / np.float32(self.config.scale) @ self.weights[:-1] + self.weights[-1]
        return np.asarray(softmax(scores, axis=1), np.float32)

    def is_turned(self, features: FloatArray) -> BoolArray:
        """Whether each photo is surely not upright [N]."""
        return np.asarray(1 - self.chances(features)[:, 0] >= self.config.sure)

    def save(self, folder: Path) -> None:
        """Write into an existing folder."""
        save_arrays(folder, model=_NAME, config=self.config, arrays={"weights": self.weights.astype(np.float16)})

    @classmethod
    def load(cls, folder: Path) -> Upright:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        try:
            return cls(UprightConfig(**saved.config), saved.arrays["weights"].astype(np.float32))
        except (TypeError, KeyError) as error:
            raise ModelFileBroken(
                f"The saved model in {folder} cannot be used: it is not whole ({error}).",
                next_step="Train it again, or install Bottega again where this is the shipped one.",
            ) from error

    @classmethod
    def shipped(cls) -> Upright:
        """The one that comes with Bottega."""
        return cls.load(shipped_folder("vision", _NAME))


def turned(squares: NDArray[np.uint8], turn: int) -> NDArray[np.uint8]:
    """Square photos [N, P, P, 3] turned by so many quarters."""
    return np.ascontiguousarray(np.rot90(squares, turn, (1, 2)))
