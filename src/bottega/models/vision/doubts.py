"""Label doubts: which products carry a label that their picture and their neighbours speak against?

Idea     Every label is judged by models that never saw it: a softmax regression and the nearest neighbours, both on
         frozen features, both over folds that keep a product line together. Where they together are as confident of
         another class as they are of the products labelled so, the label is doubted.
Source   Northcutt, Jiang & Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels",
         https://arxiv.org/abs/1911.00068, sections 3 and 4: out-of-fold probabilities, thresholds a class, the
         confident joint (equations 1 and 2), an order of doubts.
Differs  Folds by product line, not by row, because variants share their mistakes. Probabilities are the mean of two
         experts. The order is by log-odds of the label against the best other class: by self-confidence or by the
         difference, what is impossible and what is merely unlikely come mixed (benchmarks/doubts.md).
Serves   Any labels of any shop: the classes are the shop's own. Products of a class of one line cannot be judged.
Costs    Seconds for 8,000 products, a hundred classes and five folds; the similarities take chunk*N floats at a time.
Shapes   N products, D features, C classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from bottega.models.blocks.logistic import fit_softmax
from bottega.names import BoolArray, FloatArray, IntArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["Doubts", "DoubtsConfig", "confident_joint", "features_of", "find_doubts", "out_of_fold"]

_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class DoubtsConfig:
    """How labels are judged."""

    folds: int = 5
    """Parts of the product lines; each is judged by what the other parts teach."""
    scale: float = 4.0
    """Length of the features that the regression sees."""
    ridge: float = 2.0
    """Weight of the squared coefficients against the summed log-loss of the regression."""
    steps: int = 30
    """Most steps of L-BFGS a fold."""
    neighbours: int = 100
    """Nearest products that vote."""
    sharpness: float = 10.0
    """A neighbour's vote is exp(sharpness * cosine)."""
    neighbour_share: float = 0.2
    """Weight of the neighbours in the mixture; the regression has the rest."""
    odds: float = 0.1
    """A label is doubted when it is less than so many times as probable as the best other class."""
    smoothing: float = 1e-3
    """Added to probabilities before their logarithm: below it, unlikely is unlikely."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Every label judged."""

    order: LongArray
    """[N], the worst label first; those that cannot be judged last."""
    log_odds: FloatArray
    """[N], of the label against the best other class; low is doubtful, infinite where it cannot be judged."""
    proposed: IntArray
    """[N], the best other class."""
    confidence: FloatArray
    """[N], probability of the best other class."""
    doubted: BoolArray
    """[N], the worst of them: at most as many as the confident joint says are mislabelled, and below `odds`."""
    joint: LongArray
    """[C, C], products labelled row that are confidently column."""


def features_of(vectors: FloatArray, probabilities: Mapping[str, FloatArray]) -> FloatArray:
    """What judges labels [N, D]: the unit vectors [N, E] of an eye, and for each head the roots of its probabilities.

    Roots, because they too have length one, and their cosine is the Bhattacharyya coefficient of two predictions. The
    vectors alone would not do for colours: they are trained to bring the colours of one product together.
    """
    return np.concatenate([vectors, *(np.sqrt(table) for table in probabilities.values())], axis=1)


def find_doubts(
    features: FloatArray,
    labels: IntArray,
    lines: IntArray,
    *,
    rng: np.random.Generator,
    config: DoubtsConfig | None = None,
    progress: Progress = silent,
) -> Doubts:
    """Judge `labels` [N] (0..C-1) of products with `features` [N, D] whose product `lines` [N] stay in one fold."""
    config = config or DoubtsConfig()
    probabilities = out_of_fold(features, labels, lines, rng=rng, config=config, progress=progress)
    rows = np.arange(len(labels))
    own = probabilities[rows, labels]
    others = probabilities.copy()
    others[rows, labels] = -1
    proposed = others.argmax(1).astype(np.int32)
    confidence = others[rows, proposed]
    pairs = np.unique(np.stack([labels, lines.astype(np.int32)], axis=1), axis=0)
    judged = np.bincount(pairs[:, 0], minlength=probabilities.shape[1])[labels] > 1
    log_odds = np.log(own + config.smoothing) - np.log(confidence + config.smoothing)
    log_odds[~judged] = np.inf
    order = np.argsort(log_odds, kind="stable")
    joint, _ = confident_joint(probabilities[judged], labels[judged])
    share = 1 - np.trace(joint) / max(int(joint.sum()), 1)
    doubted = np.zeros(len(labels), dtype=np.bool_)
    doubted[order[: round(share * judged.sum())]] = True
    doubted &= log_odds < np.log(config.odds)
    return Doubts(order, log_odds, proposed, confidence, doubted, joint)


def confident_joint(probabilities: FloatArray, labels: IntArray) -> tuple[LongArray, IntArray]:
    """Products labelled row that are confidently column [C, C], and each product's confident class [N] (-1: none).

    A product is confidently of class j when its probability there reaches the mean of the products labelled j
    (equation 2); of several such classes the most probable one counts.
    """
    classes = probabilities.shape[1]
    sums = np.bincount(labels, weights=probabilities[np.arange(len(labels)), labels], minlength=classes)
    sizes = np.bincount(labels, minlength=classes)
    thresholds = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    reached = np.where(probabilities >= thresholds, probabilities, -1.0)
    guess = np.where(reached.max(1) > 0, reached.argmax(1), -1).astype(np.int32)
    joint = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(joint, (labels[guess >= 0], guess[guess >= 0]), 1)
    return joint, guess


def out_of_fold(
    features: FloatArray,
    labels: IntArray,
    lines: IntArray,
    *,
    rng: np.random.Generator,
    config: DoubtsConfig | None = None,
    progress: Progress = silent,
) -> FloatArray:
    """Probabilities [N, C] of every product by models that saw no product of its line."""
    config = config or DoubtsConfig()
    classes = int(labels.max(initial=0)) + 1
    names, line = np.unique(lines, return_inverse=True)
    fold = (rng.permutation(len(names)) % config.folds)[line]
    length = np.linalg.norm(features, axis=1, keepdims=True)
    unit = (features / np.maximum(length, np.finfo(np.float32).tiny)).astype(np.float32)
    found = np.zeros((len(labels), classes), dtype=np.float32)
    for each in range(config.folds):
        progress("judging labels", each, config.folds)
        held = fold == each
        if not held.any() or held.all():
            continue
        table = fit_softmax(
            config.scale * unit[~held],
            labels[~held],
            classes,
            ridge=config.ridge,
            constant_ridge=1e-3,
            steps=config.steps,
        )
        learnt = softmax(config.scale * unit[held] @ table[:-1] + table[-1], axis=1)
        voted = _votes(unit[held], unit[~held], labels[~held], classes, config)
        found[held] = config.neighbour_share * voted + (1 - config.neighbour_share) * learnt
    progress("judging labels", config.folds, config.folds)
    return found


def _votes(asked: FloatArray, known: FloatArray, labels: IntArray, classes: int, config: DoubtsConfig) -> FloatArray:
    """Share of the nearest known products in each class [N, C], the nearer the weightier."""
    count = min(config.neighbours, len(known))
    found = np.zeros((len(asked), classes), dtype=np.float32)
    for start in range(0, len(asked), _CHUNK):
        likeness = asked[start : start + _CHUNK] @ known.T
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        weights = softmax(config.sharpness * np.take_along_axis(likeness, nearest, axis=1), axis=1)
        rows = np.repeat(np.arange(start, start + len(likeness)), count)
        np.add.at(found, (rows, labels[nearest].ravel()), weights.ravel())
    return found
