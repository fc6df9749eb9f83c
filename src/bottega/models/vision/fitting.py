"""From data sets to an eye: gather, keep some lines aside, train, calibrate.

Shapes   N photos, P pixels a side, C classes of a head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.models.vision.calibration import fit_temperature
from bottega.models.vision.eye import MANY, Eye, EyeConfig
from bottega.models.vision.material import Known, Material, gather
from bottega.models.vision.network import EyeNetwork
from bottega.models.vision.tasks import TASKS, PhotoSet, Task
from bottega.models.vision.training import Training, fit_network
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["STORED_PX", "fit_eye"]

STORED_PX = 160
"""Side of the photos that `Known` should hold: somewhat larger than the largest views."""
CALIBRATION_SHARE = 0.06
"""Share of the first set's photos, by whole groups, that temperatures are learnt on and nothing else."""


def fit_eye(
    data: Sequence[Known],
    *,
    marks: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
    version: str,
    config: Training | None = None,
    tasks: Sequence[Task] = TASKS,
    start: Eye | None = None,
    progress: Progress = silent,
) -> Eye:
    """Train an eye on all data sets; the first is the one whose classes get calibrated chances.

    `marks`: head -> the words (or garments) to predict. `start`: go on from this eye's trunk; heads are learnt anew
    where their classes differ. The same `rng` gives the same eye on the same machine.
    """
    config = config or Training()
    material = gather(data, marks=marks)
    aside = _aside(material.sets[0], rng)
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
        progress=progress,
    )
    px = config.sizes[-1][1]
    eye = Eye(EyeConfig(dict(material.heads), image_px=px, version=version, trunk=config.trunk), network)
    return _calibrated(eye, material, material.sets[0].take(aside))


def _aside(one: PhotoSet, rng: np.random.Generator) -> BoolArray:
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


def _calibrated(eye: Eye, material: Material, aside: PhotoSet) -> Eye:
    """The eye with temperatures that make its chances fit what was kept aside."""
    logits = eye.logits(_shrunk(aside.pictures[..., :3], eye.config.image_px))
    temperatures = {
        head: fit_temperature(logits[head], aside.labels[head])
        for head in material.heads
        if head not in MANY and head in aside.labels
    }
    right = {
        head: round(float((logits[head].argmax(1) == aside.labels[head])[aside.labels[head] >= 0].mean()), 4)
        for head in temperatures
        if (aside.labels[head] >= 0).any()
    }
    config = replace(eye.config, temperatures=temperatures, kept_aside=right)
    return Eye(config, eye.network, material.implies)


def _shrunk(photos: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    planes = torch.from_numpy(np.ascontiguousarray(photos)).permute(0, 3, 1, 2).float()
    small = torch.nn.functional.interpolate(planes, size=(px, px), mode="bilinear", antialias=True)
    return np.asarray(small.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy())
