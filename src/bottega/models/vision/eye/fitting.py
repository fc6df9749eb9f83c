"""From data sets to an eye: gather, keep some lines aside, train, calibrate.

Shapes   N photos, P pixels a side, C classes of a head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.device import device_of
from bottega.models.vision.eye.calibration import fit_temperature
from bottega.models.vision.eye.config import EyeConfig
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.material import Known, Material, gather
from bottega.models.vision.eye.network import EyeNetwork
from bottega.models.vision.eye.outline import LEAST, Outline
from bottega.models.vision.eye.second_opinion import PX, SecondOpinion
from bottega.models.vision.eye.tasks import TASKS, PhotoSet, Task
from bottega.models.vision.eye.training import Training, fit_network
from bottega.models.vision.eye.views import shrink
from bottega.models.vision.tags import THRESHOLD, threshold_of
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["STORED_PX", "calibrated", "fit_eye", "judged", "kept_aside", "with_outline"]

STORED_PX = 160
"""Side of the photos that `Known` should hold: somewhat larger than the largest views."""
CALIBRATION_SHARE = 0.06
"""Share of the first set's photos, by whole groups, that temperatures are learnt on and nothing else."""


PRECISION = 0.85
"""Share of a head's tags that should be right; below the confidence that gives it, the head stays silent."""
LEAST_JUDGED = 50
"""Photos kept aside from which a threshold is learnt; with fewer, tags.THRESHOLD stands."""
OUTLINES = 4000
"""Most photos that outlines are learnt from."""
LOOK_SIZES = (0.75, 0.875, 1.0)
"""Sizes tried for looking, as shares of the largest size learnt from."""


def fit_eye(
    data: Sequence[Known],
    *,
    marks: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
    version: str,
    config: Training | None = None,
    tasks: Sequence[Task] = TASKS,
    start: Eye | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> Eye:
    """Train an eye on all data sets; the first is the one whose classes get calibrated chances.

    `marks`: head -> the words (or garments) to predict. `start`: go on from this eye's trunk; heads are learnt anew
    where their classes differ. `seconds`: the most that its network learns for, and as much for its second opinion. The
    same `rng` gives the same eye on the same machine, if no clock ends it.
    """
    config = config or Training()
    device_of(device)
    material = gather(data, marks=marks)
    aside = kept_aside(material.sets[0], rng)
    learnt = [_regrouped(material.sets[0].take(~aside)), *material.sets[1:]]
    if start is not None:
        config = replace(config, trunk=start.config.trunk)
    network = fit_network(
        learnt,
        material.sizes,
        rng=rng,
        config=config,
        tasks=tasks,
        start=None if start is None else _warm(start, material),
        device=device,
        seconds=seconds,
        checkpoint=checkpoint,
        progress=progress,
    )
    second = _second_opinion(learnt, material.sizes, tasks, seconds, progress) if config.second_opinion else None
    eye = Eye(EyeConfig(dict(material.heads), version=version, trunk=config.trunk), network, material.implies, second)
    eye = calibrated(eye, material.sets[0].take(aside), largest_px=config.sizes[-1][1])
    return with_outline(eye, learnt[0].pictures[..., :3], rng=rng)


def with_outline(eye: Eye, photos: NDArray[np.uint8], *, rng: np.random.Generator) -> Eye:
    """The eye with the outline's say in its vectors, learnt from photos [N, P, P, 3] that it learnt from, or a sample.

    Without a second opinion, or with too few photos on a plain ground, it stays as it is.
    """
    if eye.second is None or len(photos) < LEAST:
        return eye
    some = _shrunk(photos[rng.permutation(len(photos))[:OUTLINES]], eye.config.image_px)
    measured = eye.second.measure(list(some))
    vectors, features = eye.vectors_and_features(some)
    outline = Outline.fit(vectors, features, measured.edges, measured.plain)
    config = replace(eye.config, outlined=outline is not None)
    return Eye(config, eye.network, eye.implies, eye.second, eye.gate, eye.things, outline)


def _second_opinion(
    learnt: Sequence[PhotoSet],
    sizes: Mapping[str, int],
    tasks: Sequence[Task],
    seconds: float | None,
    progress: Progress,
) -> SecondOpinion | None:
    """What all photos on a plain background teach by their edges and colours."""
    heads = [task.name for task in tasks if task.kind == "one_of" and task.name in sizes]
    labels = {
        head: np.concatenate([one.labels.get(head, np.full(len(one), -1, dtype=np.int32)) for one in learnt])
        for head in heads
    }
    photos = [photo for one in learnt for photo in _shrunk(one.pictures[..., :3], PX)]
    return SecondOpinion.fit(photos, labels, sizes, seconds=seconds, progress=progress)


def calibrated(eye: Eye, aside: PhotoSet, *, largest_px: int) -> Eye:
    """The eye with the picture size and the temperatures that fit best what was kept aside.

    The best size is often a little below that of the last steps (Touvron et al. 2019, https://arxiv.org/abs/1906.06423,
    find how a network's own size shifts), so three are tried.
    """
    found = []
    second = eye.second.log_chances(list(_shrunk(aside.pictures[..., :3], PX))) if eye.second is not None else {}
    for share in LOOK_SIZES:
        px = max(16, 16 * round(share * largest_px / 16))
        logits = eye.logits(_shrunk(aside.pictures[..., :3], px))
        heads = {head: codes for head, codes in aside.labels.items() if len(set(codes[codes >= 0].tolist())) > 1}
        fits = {head: fit_temperature(logits[head], codes, second.get(head)) for head, codes in heads.items()}
        surprise = sum(fit.surprise for fit in fits.values())
        temperatures = {head: fit.temperature for head, fit in fits.items()}
        trust = {head: fit.trust for head, fit in fits.items() if head in second}
        found.append((surprise, replace(eye.config, image_px=px, temperatures=temperatures, trust=trust)))
    _, config = min(found, key=lambda one: one[0])
    sees = Eye(config, eye.network, eye.implies, eye.second)
    right, thresholds = judged(sees, aside)
    return Eye(replace(config, kept_aside=right, thresholds=thresholds), eye.network, eye.implies, eye.second)


def judged(eye: Eye, aside: PhotoSet) -> tuple[dict[str, float], dict[str, float]]:
    """Of each calibrated head: its share of right answers, and the confidence from which `PRECISION` are right."""
    looks = eye.look_at_squares(_shrunk(aside.pictures[..., :3], eye.config.image_px))
    shares, thresholds = {}, {}
    for head in eye.config.temperatures:
        known = aside.labels[head] >= 0
        chances = looks.probabilities[head][known]
        right = chances.argmax(1) == aside.labels[head][known]
        shares[head] = round(float(right.mean()), 4)
        if known.sum() >= LEAST_JUDGED:
            thresholds[head] = round(max(THRESHOLD, threshold_of(chances.max(1), right, precision=PRECISION)), 4)
    return shares, thresholds


def kept_aside(one: PhotoSet, rng: np.random.Generator) -> BoolArray:
    """Whole groups with about `CALIBRATION_SHARE` of the photos."""
    groups = one.groups if len(one.groups) else np.arange(len(one))
    names, sizes = np.unique(groups, return_counts=True)
    order = rng.permutation(len(names))
    before = np.cumsum(sizes[order]) - sizes[order]
    return np.isin(groups, names[order[before < CALIBRATION_SHARE * len(one)]])


def _regrouped(one: PhotoSet) -> PhotoSet:
    """Groups numbered anew without gaps."""
    if not len(one.groups):
        return one
    return replace(one, groups=np.unique(one.groups, return_inverse=True)[1].astype(np.int32))


def _warm(start: Eye, material: Material) -> EyeNetwork:
    """A network with the trunk of `start`, and its heads where they name the same classes."""
    network = EyeNetwork(start.config.trunk, material.sizes)
    known = start.network.state_dict()
    same = {head for head, names in material.heads.items() if start.config.heads.get(head) == tuple(names)}
    kept = {
        name: value
        for name, value in known.items()
        if name.startswith("trunk.") or name.split(".")[1].removesuffix("_head") in same
    }
    network.load_state_dict(network.state_dict() | kept)
    return network


def _shrunk(photos: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    return np.asarray(shrink(torch.from_numpy(np.ascontiguousarray(photos)), px).numpy())
