"""The recipe of the shipped eye's heads: learnt once more, from features of photos that the trunk never saw.

Idea     A trunk knows the photos it learnt from too well: heads that read its features there learn to trust it too
         much. The catalogue's small photos are four times as many, and new to it. Heads are fitted to both and mixed
         with those that the trunk brought; how much counts of each is chosen on photos kept aside for temperatures.
Source   Heads refitted on frozen features: Kang et al. 2020, https://arxiv.org/abs/1910.09217, section 4.1.
Shapes   N photos, F features, C classes of a head.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.datasets.photos.catalogue import PhotoCatalogue, codes_of
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.zipped import zipped_rows
from bottega.models.vision.eye.calibration import Fit, fit_temperature
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import judged, kept_aside
from bottega.models.vision.eye.tasks import PhotoSet
from bottega.models.vision.eye.things import fit_thing
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["HEADS", "SMALL", "Lessons", "catalogue_aside", "refit_heads", "with_heads"]

HEADS = ("type", "subcategory", "gender", "color")
SMALL = ("medium.zip", "small.zip")
"""More photos of the catalogue, beside it."""
SHARES = (0.2, 0.35, 0.5, 0.7)
"""How much of the new head may count in the mixture."""
SHARPER = 1.5
"""What the logits of the trunk's own head are multiplied by in it: they are smoothed."""
WOMEN = 3
"""How often each photo of something for women counts when types are learnt: theirs are finer and fewer."""
RIDGE, STEPS = 30.0, 60
AT_LEAST = 0.002
"""Nats that a mixture must gain on the photos kept aside."""
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Lessons:
    """Photos by their features [N, F], with labels by head."""

    features: FloatArray
    labels: Mapping[str, tuple[str, ...]]


def refit_heads(eye: Eye, folder: Path, *, seed: int, progress: Progress = silent) -> Eye:
    """The eye with heads mixed anew, for a catalogue's folder with `SMALL` beside its images."""
    catalogue = PhotoCatalogue.read(folder)
    learnt, held_out = lines_split(catalogue)
    mine = catalogue.take(learnt)
    rest = catalogue_aside(mine, seed)
    never = [catalogue.ids[row] for row in np.flatnonzero(held_out)]
    never += [mine.ids[row] for row in np.flatnonzero(rest)]
    photos = mine.photos(eye.config.image_px, progress=progress)
    features, labels = [eye.features(photos[~rest])], {head: list(mine.take(~rest).labels[head]) for head in HEADS}
    seen: set[str] = set()
    for file in SMALL:
        rows = zipped_rows(folder, file, held_out=never)
        rows = rows.take(np.array([name not in seen for name in rows.ids], dtype=bool))
        seen.update(rows.ids)
        for start in range(0, len(rows), CHUNK):
            some = rows.take(np.arange(start, min(start + CHUNK, len(rows))))
            features.append(eye.features(some.photos(eye.config.image_px)))
            for head in HEADS:
                labels[head] += some.labels[head]
            progress(f"looking at photos of {file}", min(start + CHUNK, len(rows)), len(rows))
    lessons = Lessons(np.concatenate(features), {head: tuple(said) for head, said in labels.items()})
    aside = mine.take(rest)
    codes = {head: codes_of(aside.labels[head], names) for head, names in eye.heads.items() if head in aside.labels}
    alone = np.concatenate([photos[rest], np.full((*photos[rest].shape[:3], 1), 255, dtype=np.uint8)], axis=3)
    return with_heads(eye, lessons, PhotoSet("catalogue", alone, labels=codes))


def catalogue_aside(learnt: PhotoCatalogue, seed: int) -> BoolArray:
    """Which photos [N] of the lines to learn from the eye's own training, of the same seed, kept aside."""
    groups = np.unique(learnt.lines, return_inverse=True)[1].astype(np.int32)
    blank = np.zeros((len(learnt), 1, 1, 4), dtype=np.uint8)
    return kept_aside(PhotoSet("catalogue", blank, groups=groups), np.random.default_rng(seed))


def with_heads(eye: Eye, lessons: Lessons, aside: PhotoSet) -> Eye:
    """Heads fitted to the lessons, mixed and calibrated on the photos kept `aside` (at the eye's size)."""
    squares = np.ascontiguousarray(aside.pictures[..., :3])
    features = eye.features(squares)
    second = eye.second.log_chances(list(squares)) if eye.second is not None else {}
    network = deepcopy(eye.network)
    temperatures, trust = dict(eye.config.temperatures), dict(eye.config.trust)
    for head in HEADS:
        found = _mixed(eye, head, lessons, features, aside.labels[head], second.get(head))
        if found is None:
            continue
        weights, bias, fit = found
        layer = network.heads[f"{head}_head"]
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights))  # type: ignore[operator]
            layer.bias.copy_(torch.from_numpy(bias))  # type: ignore[operator]
        temperatures[head] = fit.temperature
        if head in second:
            trust[head] = fit.trust
    config = replace(eye.config, temperatures=temperatures, trust=trust)
    made = Eye(config, network, eye.implies, eye.second, eye.gate, eye.things, eye.outline)
    shares, thresholds = judged(made, aside)
    config = replace(config, kept_aside=shares, thresholds=thresholds)
    return Eye(config, network, eye.implies, eye.second, eye.gate, eye.things, eye.outline)


def _mixed(
    eye: Eye, head: str, lessons: Lessons, features: FloatArray, codes: IntArray, second: FloatArray | None
) -> tuple[FloatArray, FloatArray, Fit] | None:
    """Weights [C, F] and bias [C] of the best mixture, and what calibrates it; None where the old head is best."""
    layer = eye.network.heads[f"{head}_head"]
    weights, bias = (_array(value) for value in (layer.weight, layer.bias))
    classes = eye.heads[head]
    targets = codes_of(lessons.labels[head], classes)
    rows = np.flatnonzero(targets >= 0)
    if head == "type":
        women = np.array(lessons.labels["gender"])[rows] == "Women"
        rows = np.concatenate([rows, *[rows[women]] * (WOMEN - 1)])
    new = fit_thing(lessons.features[rows], targets[rows], classes, ridge=RIDGE, steps=STEPS)
    best, least = None, fit_temperature(features @ weights.T + bias, codes, second).surprise - AT_LEAST
    for share in SHARES:
        mixed = (1 - share) * SHARPER * weights + share * new.weights[:-1].T
        constant = (1 - share) * SHARPER * bias + share * new.weights[-1]
        fit = fit_temperature(np.asarray(features @ mixed.T + constant, dtype=np.float32), codes, second)
        if fit.surprise < least:
            best, least = (mixed.astype(np.float32), constant.astype(np.float32), fit), fit.surprise
    return best


def _array(value: object) -> NDArray[np.float32]:
    assert isinstance(value, torch.Tensor)
    return np.asarray(value.detach().numpy(), dtype=np.float32)
