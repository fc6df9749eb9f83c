"""How generators of product pictures are judged: what was asked for, against photos kept aside, between fences.

Photos of lines that nobody learnt from are drawn, and a generator is asked for what each of them is. What it makes is
set against those photos by two kinds of features (the judge's, and edges and colours measured by hand). Beside it
stand what bounds the figures: other photos kept aside, the nearest photo that was learnt from, the photos themselves
blurred or in other colours, and the mean picture of each type.

Shapes   N photos judged, L learnt from; pictures are uint8 [N, 64, 64, 3].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bottega.datasets.photos.catalogue import codes_of
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.evaluation.hand_features import hand_features
from bottega.evaluation.intervals import Interval
from bottega.evaluation.photo_measures import hits
from bottega.evaluation.pictures import coverage, kid, nearer_than_real, precision_recall
from bottega.models.blocks.cards import bars
from bottega.models.judge.judge import Judge
from bottega.models.recommend.accuracy import Values
from bottega.names import FloatArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["FENCES", "KEYS", "Bench", "PictureFigures", "blurred", "fences_stand", "judge_the_judge", "sheet"]

KEYS = ("kid", "kid_by_hand", "precision", "recall", "coverage", "type", "color", "gender", "memorised")
"""The figures of one set of pictures, in this order."""
HEADS = ("type", "color", "gender")


@dataclass(frozen=True, slots=True)
class PictureFigures:
    """One figure a measure; `around`: the 95% interval of the two distances."""

    values: Mapping[str, float]
    around: Mapping[str, Interval]
    nearest_learnt: LongArray
    """The photo learnt from that each picture is nearest to [N]."""
    how_near: FloatArray
    """And how near [N]."""


class Bench:
    """Photos drawn from those kept aside (`asked`), all that were learnt from, and what the judge sees in them."""

    def __init__(
        self, photos: SmallPhotos, judge: Judge, *, sample: int = 1500, seed: int = 0, progress: Progress = silent
    ) -> None:
        self.judge, self.seed = judge, seed
        rng = np.random.default_rng(seed)
        known = np.array([label in judge.config.classes["type"] for label in photos.labels["type"]], dtype=bool)
        aside = rng.permutation(np.flatnonzero(photos.held_out & known))
        assert len(aside) > 8, "too few photos are kept aside"
        sample = min(sample, len(aside) // 2)
        self.asked = photos.take(aside[:sample])
        """The photos whose attributes are asked for [N]."""
        self.others = photos.take(aside[sample : 2 * sample])
        """As many others, kept aside as well."""
        self.learnt = photos.take(np.flatnonzero(~photos.held_out))
        """The photos that generators learn from [L]."""
        self._learnt_seen = judge.look(self.learnt.photos).features
        progress("looking at photos", 1, 2)
        self._seen = judge.look(self.asked.photos)
        self._by_hand = hand_features(self.asked.photos)
        progress("looking at photos", 2, 2)
        self.on_real = self._right(self._seen.chances)
        """Share of the photos themselves of which the judge tells each head's label."""

    def judge_pictures(self, pictures: NDArray[np.uint8], *, paired: bool = False) -> PictureFigures:
        """All figures of pictures made for `asked`, row by row. `paired`: each was made of that very photo."""
        assert pictures.shape == self.asked.photos.shape
        rng = np.random.default_rng(self.seed)
        seen, by_hand = self.judge.look(pictures), hand_features(pictures)
        rows = np.arange(len(pictures))
        groups = (rows, rows) if paired else None
        around = {
            "kid": kid(seen.features, self._seen.features, rng=rng, groups=groups),
            "kid_by_hand": kid(by_hand, self._by_hand, rng=rng, groups=groups),
        }
        precision, recall = precision_recall(seen.features, self._seen.features)
        memorised, _ = nearer_than_real(seen.features, self._seen.features, self._learnt_seen)
        values = {name: one.mean for name, one in around.items()} | {
            "precision": precision,
            "recall": recall,
            "coverage": coverage(seen.features, self._seen.features),
            "memorised": memorised,
            **self._right(seen.chances),
        }
        twin, near = _nearest_row(seen.features, self._learnt_seen)
        return PictureFigures({key: round(values[key], 5) for key in KEYS}, around, twin, near)

    def relative(self, figures: PictureFigures) -> dict[str, float]:
        """What the judge tells of each head, as a share of what it tells on the photos themselves."""
        return {head: figures.values[head] / max(self.on_real[head], 1e-9) for head in HEADS}

    def fence(self, name: str) -> PictureFigures:
        """The figures of one of `FENCES`."""
        make, paired = FENCES[name]
        return self.judge_pictures(make(self), paired=paired)

    def _right(self, chances: Mapping[str, FloatArray]) -> dict[str, float]:
        return {head: float(np.nanmean(self.right(chances, head))) for head in HEADS}

    def right(self, chances: Mapping[str, FloatArray], head: str) -> Values:
        """Whether the judge tells the label of each photo asked for [N]; NaN where it is unknown."""
        return hits(chances[head], codes_of(self.asked.labels[head], self.judge.config.classes[head]))


def blurred(pictures: NDArray[np.uint8], sigma_px: float) -> NDArray[np.uint8]:
    """Each picture under a Gaussian of this width, edges continued."""
    soft = ndimage.gaussian_filter(pictures.astype(np.float32), (0, sigma_px, sigma_px, 0), mode="nearest")
    return np.asarray(np.rint(soft), np.uint8)


def sheet(pictures: NDArray[np.uint8], columns: int, *, gap_px: int = 4) -> NDArray[np.uint8]:
    """Pictures [N, P, P, 3] in rows of so many, as they come: one photo [H, W, 3] on white."""
    px = pictures.shape[1]
    step, rows = px + gap_px, -(-len(pictures) // columns)
    canvas = np.full((rows * step - gap_px, columns * step - gap_px, 3), 255, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = place // columns * step, place % columns * step
        canvas[top : top + px, left : left + px] = picture
    return canvas


def _means(bench: Bench) -> NDArray[np.uint8]:
    """For each photo asked for the mean of all photos of its type that were learnt from."""
    learnt, kinds = bench.learnt, np.array(bench.learnt.labels["type"])
    found = {
        kind: learnt.photos[np.flatnonzero(kinds == kind)].mean(0) if (kinds == kind).any() else learnt.photos.mean(0)
        for kind in sorted(set(bench.asked.labels["type"]))
    }
    return np.stack([np.rint(found[kind]).astype(np.uint8) for kind in bench.asked.labels["type"]])


def _retrieved(bench: Bench) -> NDArray[np.uint8]:
    """For each photo asked for one learnt from that has most of its labels, the type before all."""
    rng = np.random.default_rng(bench.seed)
    weights = {"type": 4, "color": 2, "gender": 1}
    learnt = {head: np.array(bench.learnt.labels[head]) for head in weights}
    order = rng.permutation(len(bench.learnt))
    found = []
    for row in range(len(bench.asked)):
        alike = sum(weight * (learnt[head][order] == bench.asked.labels[head][row]) for head, weight in weights.items())
        best = np.flatnonzero(alike == np.max(alike))
        found.append(order[best[row % len(best)]])
    return np.asarray(bench.learnt.photos[np.array(found)])


def _as_photos(bench: Bench) -> NDArray[np.uint8]:
    return bench.others.photos


def _in_other_colours(bench: Bench) -> NDArray[np.uint8]:
    """Red for green, green for blue, blue for red."""
    return np.ascontiguousarray(bench.asked.photos[:, :, :, [1, 2, 0]])


FENCES: dict[str, tuple[Callable[[Bench], NDArray[np.uint8]], bool]] = {
    "other photos": (_as_photos, False),
    "nearest photo learnt from": (_retrieved, False),
    "blurred by 1 px": (lambda bench: blurred(bench.asked.photos, 1.0), True),
    "blurred by 2 px": (lambda bench: blurred(bench.asked.photos, 2.0), True),
    "other colours": (_in_other_colours, True),
    "mean of the type": (_means, False),
}
"""Name -> the pictures, and whether each was made of the photo it is set against."""


def _nearest_row(points: FloatArray, others: FloatArray) -> tuple[LongArray, FloatArray]:
    lengths = np.square(others).sum(1)
    rows = [(lengths - 2 * (points[start : start + 512] @ others.T)).argmin(1) for start in range(0, len(points), 512)]
    row = np.concatenate(rows)
    return row, np.asarray(np.linalg.norm(points - others[row], axis=1), np.float32)


JUDGE_AIMS: Mapping[str, float] = {"type_top1": 0.7, "gender_top1": 0.8, "color_top1": 0.55, "fences_stand": 1.0}
"""What a judge should reach to be one."""
_FENCED = 600
"""Photos that the fences of a judge's card are measured with."""


def judge_the_judge(
    photos: SmallPhotos, judge: Judge, *, progress: Progress = silent
) -> tuple[dict[str, float | int], dict[str, dict[str, Any]]]:
    """What the card of a judge says: how it tells photos kept aside, where the fences stand in its eyes; and the bars
    of `JUDGE_AIMS`."""
    aside = photos.take(np.flatnonzero(photos.held_out))
    seen = judge.look(aside.photos)
    found: dict[str, float | int] = {"photos": len(aside)}
    for head, names in judge.config.classes.items():
        right = hits(seen.chances[head], codes_of(aside.labels[head], names))
        found[f"{head}_top1"] = round(float(np.nanmean(right)), 4)
    bench = Bench(photos, judge, sample=_FENCED, progress=progress)
    for name in FENCES:
        figures = bench.fence(name)
        found |= {f"{key}, {name}": round(figures.values[key], 5) for key in ("kid", "kid_by_hand")}
        found |= {f"{key}, {name}": round(figures.values[key], 4) for key in ("recall", "color", "memorised")}
    found["fenced_photos"] = len(bench.asked)
    return found, bars(found | {"fences_stand": int(fences_stand(found))}, JUDGE_AIMS)


def fences_stand(measures: Mapping[str, float | int]) -> bool:
    """Whether the fences of a judge's card are in the order that they have to be in."""
    order = ("other photos", "blurred by 1 px", "blurred by 2 px", "mean of the type")
    kids = [measures[f"kid, {name}"] for name in order]
    seen = measures["kid, other colours"] > measures["kid, other photos"]
    return all(one < other for one, other in pairwise(kids)) and seen
