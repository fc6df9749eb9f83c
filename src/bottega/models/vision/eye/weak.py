"""Weak labels: what a title names and a teacher finds possible, or a teacher is sure of, becomes a student's label.

Idea     Most of a catalogue's rows lack an attribute or two, but have a photo and a title. Where the title names
         classes, the likeliest of them is the label if the teacher's calibrated chance does not rule it out; where it
         names none, the teacher must be sure.
Source   Noisy student: Xie et al. 2020, https://arxiv.org/abs/1911.04252, section 2. Titles as a second witness: Bell
         et al. 2020, "GrokNet", section 4.1 (weakly supervised data augmentation).
Serves   Photos without labels; `fit_eye` then learns from both.
Shapes   N photos, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray

__all__ = ["named_classes", "weak_labels"]

THRESHOLD = 0.9
"""Least chance of a label that the title says nothing of."""
NAMED_THRESHOLD = 0.05
"""Least chance of a label that the title names."""


def _stem(word: str) -> str:
    """A word without its plural: enough to meet "Tshirts" and "tshirt", "Watches" and "watch".

    >>> _stem("watches"), _stem("tshirts"), _stem("dress"), _stem("accessories")
    ('watch', 'tshirt', 'dress', 'accessory')
    """
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def named_classes(words: Sequence[frozenset[str]], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each title (its words, in small letters) names each class: has all words of its name [N, C].

    The longest name wins: "navy blue" names Navy Blue and not Blue.
    """
    names = [frozenset(map(_stem, name.lower().replace("-", " ").split())) for name in classes]
    named = np.zeros((len(words), len(classes)), dtype=bool)
    for row, title in enumerate(words):
        stems = frozenset(map(_stem, title))
        found = [code for code, name in enumerate(names) if name and name <= stems]
        named[row, [c for c in found if not any(names[c] < names[other] for other in found)]] = True
    return named


def weak_labels(
    chances: FloatArray,
    classes: Sequence[str],
    words: Sequence[frozenset[str]],
    *,
    threshold: float = THRESHOLD,
    named_threshold: float = NAMED_THRESHOLD,
) -> tuple[str, ...]:
    """A label for each photo [N] the teacher (`chances` [N, C], calibrated) may speak for; "" for the others."""
    named = named_classes(words, classes)
    titled: NDArray[np.bool_] = np.asarray(named.any(1))
    best = np.where(titled[:, None] & ~named, 0, chances).argmax(1)
    sure = chances[np.arange(len(chances)), best]
    kept = sure >= np.where(titled, named_threshold, threshold)
    return tuple(classes[code] if keep else "" for code, keep in zip(best.tolist(), kept.tolist(), strict=True))
