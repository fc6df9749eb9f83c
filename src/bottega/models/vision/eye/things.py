"""Things with names of their own: kinds that the eye's heads know nothing of, each with a linear head on its features.

Idea     The trunk learnt clothes; what it sees in groceries and furniture still tells them apart by a straight line.
Source   Linear heads on frozen features: Alain & Bengio 2016, https://arxiv.org/abs/1610.01644.
Shapes   N photos, F features of the trunk, C names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.logistic import fit_softmax
from bottega.names import FloatArray, IntArray

__all__ = ["ThingHead", "fit_thing"]

LEAST_SPREAD = 0.05
"""Deviation that a feature is divided by at least."""


@dataclass(frozen=True, slots=True)
class ThingHead:
    """Names of one kind of thing, and how to tell them from features."""

    classes: tuple[str, ...]
    weights: FloatArray
    """[F + 1, C], the last row is constant; of the features as they are."""
    threshold: float = 0.5
    """Least chance of a name that may be said."""

    def array(self) -> FloatArray:
        """As it is saved: [F + 2, C], the threshold in the last row."""
        last = np.full((1, len(self.classes)), self.threshold, dtype=np.float32)
        return np.asarray(np.vstack([self.weights, last]), dtype=np.float16)

    @classmethod
    def of_array(cls, array: NDArray[np.generic], classes: tuple[str, ...]) -> ThingHead:
        """As it was saved."""
        table = np.asarray(array, dtype=np.float32)
        return cls(classes, table[:-1], round(float(table[-1, 0]), 3))

    def chances(self, features: FloatArray) -> FloatArray:
        """[N, C], rows sum to 1."""
        logits = features @ self.weights[:-1] + self.weights[-1]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def fit_thing(
    features: FloatArray,
    labels: IntArray,
    classes: tuple[str, ...],
    *,
    ridge: float,
    evened: float = 0.0,
    steps: int = 100,
) -> ThingHead:
    """A head that learnt labels [N] (places among the classes) from features [N, F].

    `evened`: how far rare names are lifted, as a power of their share (Menon et al. 2021,
    https://arxiv.org/abs/2007.07314, section 4.1); 1 treats names alike, 0 photos.
    """
    centre = features.mean(0)
    spread = np.maximum(features.std(0), LEAST_SPREAD)
    table = fit_softmax(
        ((features - centre) / spread).astype(np.float32), labels, len(classes), ridge=ridge, steps=steps
    )
    weights = table[:-1] / spread[:, None]
    shares = np.bincount(labels, minlength=len(classes)) / len(labels)
    constant = table[-1:] - centre[None] @ weights - evened * np.log(np.maximum(shares, 1e-6))
    return ThingHead(classes, np.vstack([weights, constant]).astype(np.float32))
