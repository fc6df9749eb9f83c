"""How near made pictures are to photos: measures on features, one set against another.

Each function says its formula, its source and its edge rules, and carries an example that the tests run. Features are
those of the judge (`bottega.models.judge`), which no loss may look through, or those measured by hand
(hand_features.py). `kid_of_photos` takes two stacks of photos and does all of it. No figure here may be set beside a
published FID or KID: those look through another network, at other photos.

Shapes   N made pictures, M photos, F features, R halves drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.reading import Photo
from bottega.evaluation.intervals import Interval
from bottega.models.judge.judge import PX, Judge
from bottega.names import BoolArray, FloatArray, LongArray

__all__ = ["coverage", "kid", "kid_of_photos", "nearer_than_real", "nearest", "precision_recall", "windows"]

_CHUNK = 1024
_LEAST_SPREAD = 4.0
"""A window whose lightness varies by less (in 255ths) shows nothing but background."""


def kid_of_photos(
    made: Sequence[Photo],
    real: Sequence[Photo],
    judge: Judge,
    *,
    rng: np.random.Generator,
    paired: bool = False,
    windows_each: int = 4,
) -> Interval:
    """Kernel distance of two stacks of photos [H, W, 3], as the judge sees them, with an interval; 0 is no distance.

    Squares of 64 px are seen whole (`square(photo, 64)` makes them). Of larger photos the judge sees `windows_each`
    windows of 64 px each, at their own scale, where there is something to see: sharpness is not lost by shrinking.
    `paired`: made[k] was made of real[k]; both are cut at the same places, and no picture is compared with its own
    original, which it is of course near to.

        judge = Judge.shipped()
        rng = np.random.default_rng(0)
        kid_of_photos(restored, originals, judge, rng=rng, paired=True).mean
    """
    seed = int(rng.integers(2**31))
    if paired:
        assert len(made) == len(real)
        theirs, owners, places = windows(real, windows_each, rng=np.random.default_rng(seed))
        ours = np.stack(
            [made[owner][top : top + PX, left : left + PX] for owner, (top, left) in zip(owners, places, strict=True)]
        )
        return kid(judge.look(ours).features, judge.look(theirs).features, rng=rng, groups=(owners, owners))
    ours, our_owners, _ = windows(made, windows_each, rng=np.random.default_rng(seed))
    theirs, their_owners, _ = windows(real, windows_each, rng=np.random.default_rng(seed))
    groups = our_owners, their_owners + len(made)
    return kid(judge.look(ours).features, judge.look(theirs).features, rng=rng, groups=groups)


def windows(
    photos: Sequence[Photo], each: int, *, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], LongArray, list[tuple[int, int]]]:
    """Squares of 64 px [K, 64, 64, 3] of photos, the photo of each [K], and its place (top, left).

    A photo of 64 px is one window; of each larger one the likeliest to show something of several drawn are taken.
    """
    found, owners, places = [], [], []
    for owner, photo in enumerate(photos):
        height, width = photo.shape[:2]
        assert min(height, width) >= PX, "pad smaller photos by square() first"
        if (height, width) == (PX, PX):
            drawn = [(0, 0)]
        else:
            tops, lefts = rng.integers(0, height - PX + 1, 4 * each), rng.integers(0, width - PX + 1, 4 * each)
            drawn = list(zip(tops.tolist(), lefts.tolist(), strict=True))
            spread = [float(photo[top : top + PX, left : left + PX].mean(2).std()) for top, left in drawn]
            shows = [place for place, much in zip(drawn, spread, strict=True) if much >= _LEAST_SPREAD]
            drawn = (shows or drawn)[:each]
        for top, left in drawn:
            found.append(photo[top : top + PX, left : left + PX])
            owners.append(owner)
            places.append((top, left))
    return np.stack(found), np.array(owners, dtype=np.int64), places


def kid(
    made_NF: FloatArray,
    real_MF: FloatArray,
    *,
    rng: np.random.Generator,
    groups: tuple[LongArray, LongArray] | None = None,
    halves: int = 200,
    level: float = 0.95,
) -> Interval:
    """Kernel distance of two samples: their squared maximum mean discrepancy. 0 for samples of one distribution.

    `groups`: of what photo each row is [N], [M]; rows of one group are never compared with each other.

    Formula  mean k(x, x') + mean k(y, y') - 2 mean k(x, y) over different rows, k(x, y) = (x.y / F + 1)^3. The interval
             comes of the same figure on random halves of both samples: drawn without repetition, halves scatter about
             the whole as the whole does about the truth.
    Source   Binkowski et al. 2018, https://arxiv.org/abs/1801.01401, section 4; halves: Politis & Romano 1994,
             https://doi.org/10.1214/aos/1176325770.
    Edges    Unbiased, so it may lie below 0 where there is no difference. Fewer than four groups give NaN bounds.

    >>> rng = np.random.default_rng(0)
    >>> one, same, other = (rng.normal(at, 1, (300, 8)).astype(np.float32) for at in (0, 0, 1))
    >>> found = kid(one, same, rng=rng)
    >>> found.low < 0 < found.high, kid(one, other, rng=rng).low > found.high
    (True, True)
    """
    assert made_NF.shape[1] == real_MF.shape[1] and 0 < level < 1
    if groups is None:
        groups = np.arange(len(made_NF)), len(made_NF) + np.arange(len(real_MF))
    blocks = [_kernel(made_NF, made_NF), _kernel(real_MF, real_MF), _kernel(made_NF, real_MF)]
    apart = [_differ(groups[0], groups[0]), _differ(groups[1], groups[1]), _differ(groups[0], groups[1])]
    blocks = [block * rows for block, rows in zip(blocks, apart, strict=True)]

    def distance(ours_RN: FloatArray, theirs_RM: FloatArray) -> NDArray[np.float64]:
        sides = (ours_RN, ours_RN), (theirs_RM, theirs_RM), (ours_RN, theirs_RM)
        means = [
            _sums(left, block, right) / np.maximum(_sums(left, rows, right), 1)
            for (left, right), block, rows in zip(sides, blocks, apart, strict=True)
        ]
        return means[0] + means[1] - 2 * means[2]

    whole = distance(np.ones((1, len(made_NF)), np.float32), np.ones((1, len(real_MF)), np.float32))[0]
    drawn = _halves(*groups, rng, halves)
    if drawn is None:
        return Interval(float(whole), float("nan"), float("nan"))
    found = distance(*drawn)
    low, high = np.quantile(found - found.mean(), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(whole), float(whole + low), float(whole + high))


def precision_recall(made_NF: FloatArray, real_MF: FloatArray, *, k: int = 3) -> tuple[float, float]:
    """Share of the made that lie among the real, and share of the real that lie among the made.

    Formula  A point lies among others when it is no farther from one of them than that one's k-th nearest of its own.
    Source   Kynkäänniemi et al. 2019, https://arxiv.org/abs/1904.06991, section 2.
    Edges    Both want samples of one size, more than k. Single far-out photos reach far: `coverage` does not mind them.

    >>> real = np.array([[0.0], [1.0], [2.0], [3.0]], dtype=np.float32)
    >>> precision_recall(np.array([[0.5], [0.6], [0.7], [9.0]], dtype=np.float32), real, k=1)  # 9 reaches down to 1
    (0.75, 0.75)
    """
    assert min(len(made_NF), len(real_MF)) > k
    return _among(made_NF, real_MF, k), _among(real_MF, made_NF, k)


def coverage(made_NF: FloatArray, real_MF: FloatArray, *, k: int = 5) -> float:
    """Share of the photos that a made picture is as near to as the k-th nearest photo is.

    Source   Naeem et al. 2020, https://arxiv.org/abs/2002.09797, section 3.2.
    Edges    Photos against others of the same kind reach about 1 - 2^-k where the samples are of one size.

    >>> real = np.array([[0.0], [1.0], [2.0], [10.0]], dtype=np.float32)
    >>> coverage(np.array([[0.9]], dtype=np.float32), real, k=1)
    0.5
    """
    assert len(real_MF) > k
    reach_M = nearest(real_MF, real_MF, k + 1)[:, -1]
    return float((nearest(real_MF, made_NF, 1)[:, 0] <= reach_M).mean())


def nearer_than_real(
    made_NF: FloatArray, real_MF: FloatArray, learnt_LF: FloatArray, *, share: float = 0.01
) -> tuple[float, BoolArray]:
    """Share of the made that are nearer to a picture learnt from than all but `share` of real pictures are; which [N].

    Formula  The distance of each made picture to the nearest one learnt from, against the `share` quantile of the
             distances of real pictures that were not learnt from.
    Edges    A generator that draws photos anew, learning nothing by heart, gets `share`; one that copies gets 1.

    >>> learnt, real = np.array([[0.0], [4.0]]), np.array([[1.0], [2.0], [3.0]])
    >>> nearer_than_real(np.array([[0.1], [2.0]]), real, learnt)[0]
    0.5
    """
    bound = np.quantile(nearest(real_MF, learnt_LF, 1)[:, 0], share)
    nearer = nearest(made_NF, learnt_LF, 1)[:, 0] < bound
    return float(nearer.mean()), nearer


def nearest(points_NF: FloatArray, others_MF: FloatArray, k: int) -> FloatArray:
    """Distances [N, k] of each point to the nearest of the others, nearest first."""
    lengths = np.square(others_MF).sum(1)
    found = np.empty((len(points_NF), k), np.float32)
    for start in range(0, len(points_NF), _CHUNK):
        part = points_NF[start : start + _CHUNK]
        squares = np.square(part).sum(1)[:, None] + lengths - 2 * (part @ others_MF.T)
        found[start : start + _CHUNK] = np.sqrt(np.maximum(np.sort(np.partition(squares, k - 1, 1)[:, :k], 1), 0))
    return found


def _among(points_NF: FloatArray, others_MF: FloatArray, k: int) -> float:
    reach_M = nearest(others_MF, others_MF, k + 1)[:, -1]
    lengths = np.square(others_MF).sum(1)
    inside = []
    for start in range(0, len(points_NF), _CHUNK):
        part = points_NF[start : start + _CHUNK]
        squares = np.square(part).sum(1)[:, None] + lengths - 2 * (part @ others_MF.T)
        inside.append((squares <= np.square(reach_M)).any(1))
    return float(np.concatenate(inside).mean())


def _kernel(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray((one.astype(np.float64) @ other.T.astype(np.float64) / one.shape[1] + 1) ** 3, np.float32)


def _differ(one: LongArray, other: LongArray) -> FloatArray:
    return np.asarray(one[:, None] != other[None], np.float32)


def _sums(left_RN: FloatArray, block_NM: FloatArray, right_RM: FloatArray) -> NDArray[np.float64]:
    """Sum over the rows and columns of a block that each draw has [R]."""
    return np.asarray(((left_RN @ block_NM).astype(np.float64) * right_RM).sum(1))


def _halves(
    ours: LongArray, theirs: LongArray, rng: np.random.Generator, count: int
) -> tuple[FloatArray, FloatArray] | None:
    """Marks of the rows in random halves of both sides' groups [R, N], [R, M]; groups on both sides go together."""
    names = np.unique(np.concatenate([ours, theirs]))
    either = [np.isin(names, side) for side in (ours, theirs)]
    kinds = either[0] + 2 * either[1].astype(int)
    if any(0 < (kinds == kind).sum() < 4 for kind in (1, 2, 3)):
        return None
    order = rng.random((count, len(names)))
    chosen = np.zeros((count, len(names)), dtype=bool)
    for kind in np.unique(kinds):
        columns = np.flatnonzero(kinds == kind)
        chosen[:, columns] = order[:, columns].argsort(1).argsort(1) < len(columns) / 2
    return tuple(chosen[:, np.searchsorted(names, side)].astype(np.float32) for side in (ours, theirs))  # type: ignore[return-value]
