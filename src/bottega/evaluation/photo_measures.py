"""The measures of pictures: labels, how sure to be of them, search by likeness, and labels of pixels.

Each function says its formula, its source and its edge rules, and carries an example that the tests run. What is
counted photo by photo comes as one value a photo, so that `intervals` can resample it.

Shapes   N photos, C classes, G photos that can be found. Labels are class codes: -1 is unknown and leaves the photo
         out; a code of C or more is a class the model has never heard of, and whatever it says of the photo is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bottega.models.recommend.accuracy import Values
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = [
    "average_precision",
    "calibration_error",
    "confusion",
    "frequent_classes",
    "hits",
    "intersection_over_union",
    "macro_f1",
    "pixel_accuracy",
    "retrieval",
]

_CHUNK = 512


def hits(probabilities: FloatArray, labels: IntArray, k: int = 1) -> Values:
    """Top-k accuracy of each photo [N]: 1 when its label is among the k likeliest classes, else 0; NaN if unknown.

    Formula  1 if fewer than k classes are likelier than the label's.
    Source   Russakovsky et al. 2015, https://arxiv.org/abs/1409.0575, section 4.1 (its "top-5 error" is 1 - this).
    Edges    Among equal probabilities the lower code stands first, as for argmax.

    >>> sure = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.4, 0.5, 0.1], [1, 0, 0]], dtype=np.float32)
    >>> hits(sure, np.array([0, 0, -1, 3])).tolist(), hits(sure, np.array([0, 0, -1, 3]), 2).tolist()
    ([1.0, 0.0, nan, 0.0], [1.0, 1.0, nan, 0.0])
    """
    assert k >= 1 and probabilities.ndim == 2 and len(probabilities) == len(labels)
    heard = labels < probabilities.shape[1]
    own = np.where((labels >= 0) & heard, labels, 0).astype(np.int64)[:, None]
    value = np.take_along_axis(probabilities, own, axis=1)
    before = np.arange(probabilities.shape[1])[None, :] < own
    place = (probabilities > value).sum(axis=1) + ((probabilities == value) & before).sum(axis=1)
    return np.where(labels < 0, np.nan, ((place < k) & heard).astype(np.float64))


def frequent_classes(labels: IntArray, least: int) -> IntArray:
    """Codes of the classes that at least `least` photos have.

    >>> frequent_classes(np.array([2, 0, 2, -1, -1]), 2).tolist()
    [2]
    """
    classes, counts = np.unique(labels[labels >= 0], return_counts=True)
    return classes[counts >= least].astype(np.int32)


def macro_f1(predicted: IntArray, labels: IntArray, classes: IntArray) -> float:
    """F1 of each class, averaged over `classes`: rare classes count like common ones.

    Formula  mean of 2 TP / (2 TP + FP + FN).
    Source   Yang & Liu 1999, https://doi.org/10.1145/312624.312647, "macro-averaged F1"; as the mean of the classes' F1
             (Opitz & Burst 2019, https://arxiv.org/abs/1911.03347), not the F1 of mean precision and recall.
    Edges    A photo of a class that is not averaged still counts as a false positive of the class predicted for it.
             A class without photos and without predictions gives 0. No classes give NaN.

    >>> round(macro_f1(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), np.array([0, 1])), 4)  # 1/2 and 2/3
    0.5833
    """
    known = labels >= 0
    predicted, labels = predicted[known], labels[known]
    scores = []
    for code in np.asarray(classes).tolist():
        both = int(((predicted == code) & (labels == code)).sum())
        either = int((predicted == code).sum() + (labels == code).sum())
        scores.append(2 * both / either if either else 0.0)
    return float(np.mean(scores)) if scores else float("nan")


def calibration_error(probabilities: FloatArray, labels: IntArray, *, bins: int = 15) -> float:
    """Expected calibration error: how far from the truth the model's confidence is. 0 is best.

    Formula  sum over bins of (photos of the bin / N) * |accuracy of the bin - mean confidence of the bin|, in `bins`
             intervals of equal width over (0, 1]; the confidence is the highest probability.
    Source   Guo et al. 2017, https://arxiv.org/abs/1706.04599, section 2, equation 3.
    Edges    Photos of unknown label are left out. None left gives NaN. Few photos give more error than there is: each
             bin's accuracy is noisy, and the absolute value never cancels out.

    >>> sure = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.4, 0.6]], dtype=np.float32)
    >>> round(calibration_error(sure, np.array([0, 0, 1, 0])), 4)  # half of |1 - 0.9|, half of |0.5 - 0.6|
    0.1
    """
    known = labels >= 0
    if not known.any():
        return float("nan")
    confidence = probabilities[known].max(axis=1).astype(np.float64)
    right = hits(probabilities[known], labels[known])
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / known.sum())


def retrieval(
    likeness: Callable[[LongArray], FloatArray],
    groups: IntArray,
    *,
    ks: Sequence[int] = (1, 10),
    gallery: IntArray | None = None,
) -> dict[str, Values]:
    """How well a photo finds the others of its group: "recall@k" for each k, and "map", each one value a query [N].

    `likeness` scores queries [q] against every photo [q, G], more is liker. Without `gallery`, the photos that ask are
    those that are found, and each leaves itself out; else `gallery` [G] holds the groups of those that are found.

    Formula  recall@k: 1 when at least one of the first k is of the query's group, else 0. map: the average precision
             of the query's list, whose mean is mAP: mean over the group's others of (others of the group down to its
             place / its place).
    Source   Jégou, Douze & Schmid 2011, https://doi.org/10.1109/TPAMI.2010.57 (recall@k); Philbin et al. 2007,
             https://doi.org/10.1109/CVPR.2007.383172 (mean average precision of image search), as a plain sum.
    Edges    A query that has no other of its group, or a group below 0, is not asked: NaN. Among equal likenesses the
             lower row stands first.

    >>> vectors = np.array([[1, 0], [0.8, 0.6], [0.9, 0.4], [0, 1]], dtype=np.float32)
    >>> found = retrieval(lambda rows: vectors[rows] @ vectors.T, np.array([7, 7, 8, 9]), ks=(1, 2))
    >>> found["recall@1"].tolist(), found["recall@2"].tolist(), found["map"].tolist()
    ([0.0, 0.0, nan, nan], [1.0, 1.0, nan, nan], [0.5, 0.5, nan, nan])
    """
    owners = groups if gallery is None else gallery
    found = {f"recall@{k}": np.full(len(groups), np.nan) for k in ks} | {"map": np.full(len(groups), np.nan)}
    names, counts = np.unique(owners[owners >= 0], return_counts=True)
    asked = np.flatnonzero(np.isin(groups, names[counts > (gallery is None)]))
    for start in range(0, len(asked), _CHUNK):
        rows = asked[start : start + _CHUNK]
        scores = np.array(likeness(rows), dtype=np.float32)
        assert scores.shape == (len(rows), len(owners))
        if gallery is None:
            scores[np.arange(len(rows)), rows] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")[:, : len(owners) - (gallery is None)]
        same = owners[order] == groups[rows][:, None]
        for k in ks:
            found[f"recall@{k}"][rows] = same[:, :k].any(axis=1)
        precision = np.cumsum(same, axis=1) / np.arange(1, same.shape[1] + 1)
        found["map"][rows] = (precision * same).sum(axis=1) / same.sum(axis=1)
    return found


def average_precision(scores: NDArray[np.floating], wanted: BoolArray) -> float:
    """Average precision of one list, best score first: the area under its steps of precision and recall.

    Formula  sum over the different scores, falling, of (recall down to it - recall above it) * precision down to it:
             below, (1 + 2/3) / 2.
    Source   Manning, Raghavan & Schütze 2008, "Introduction to Information Retrieval", section 8.4; scores that are
             equal make one step, as in scikit-learn's average_precision_score.
    Edges    Nothing wanted gives NaN. A model that scores everything alike gets the share of what is wanted.

    >>> round(average_precision(np.array([0.9, 0.8, 0.7, 0.1]), np.array([True, False, True, False])), 4)
    0.8333
    """
    if not wanted.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    falls = np.append(np.diff(scores[order]) != 0, True)
    down_to = np.cumsum(wanted[order])[falls]
    precision = down_to / (np.flatnonzero(falls) + 1)
    return float((np.diff(down_to, prepend=0) * precision).sum() / wanted.sum())


def confusion(predicted: NDArray[np.integer], labels: NDArray[np.integer], n_classes: int) -> LongArray:
    """How many pixels (or photos) of each class were called each class: [C, C], rows the truth, columns the answer.

    Add up those of several photos. Labels outside 0..C-1 are left out.

    >>> confusion(np.array([0, 1, 1]), np.array([0, 0, -1]), 2).tolist()
    [[1, 1], [0, 0]]
    """
    predicted, labels = predicted.ravel().astype(np.int64), labels.ravel().astype(np.int64)
    known = (labels >= 0) & (labels < n_classes)
    pairs = labels[known] * n_classes + predicted[known]
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


def intersection_over_union(table: LongArray) -> Values:
    """IoU of each class [C] of a `confusion` table; the mean over classes (`np.nanmean`) is mIoU.

    Formula  TP / (TP + FP + FN), counted over the pixels of all photos together.
    Source   Everingham et al. 2010, https://doi.org/10.1007/s11263-009-0275-4, section 4.4; the mean as in Long,
             Shelhamer & Darrell 2015, https://arxiv.org/abs/1411.4038, section 5.
    Edges    A class that is neither there nor answered gives NaN.

    >>> intersection_over_union(np.array([[6, 2, 0], [1, 1, 0], [0, 0, 0]])).round(4).tolist()  # 6/9, 1/4
    [0.6667, 0.25, nan]
    """
    both = np.diag(table).astype(np.float64)
    either = table.sum(axis=0) + table.sum(axis=1) - both
    return np.where(either > 0, both / np.maximum(either, 1), np.nan)


def pixel_accuracy(table: LongArray) -> float:
    """Share of the pixels of a `confusion` table that were called what they are.

    Formula  sum of the diagonal / sum of the table.
    Source   Long, Shelhamer & Darrell 2015, https://arxiv.org/abs/1411.4038, section 5.
    Edges    An empty table gives NaN.

    >>> pixel_accuracy(np.array([[6, 2], [1, 1]]))
    0.7
    """
    total = int(table.sum())
    return float(np.trace(table) / total) if total else float("nan")
