"""The recipe of what tells turned photos: the catalogue's photos, turned; a limit set on half of those kept aside.

Shapes   N photos, P pixels a side of the eye's squares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.upright import TURNS, Upright, turned
from bottega.progress import Progress, silent

__all__ = ["FOR_NOTHING", "train_upright", "upright_card"]

FOR_NOTHING = 0.01
"""Share of upright photos that it may call turned, on the half that the limit is set on."""
_RIDGE = 200.0
_QUARTERS = ((0, 0), (1, 1), (2, 2), (3, 1))
"""Quarters that a photo is turned by, and what it is then, by its place in `TURNS`."""
LEARNT, ASIDE = 600, 600
"""Photos that it learns from, and that the limit is set on and it is measured on."""


def train_upright(
    learnt: PhotoCatalogue,
    aside: PhotoCatalogue,
    eye: Eye,
    *,
    seed: int = 0,
    most: tuple[int, int] = (LEARNT, ASIDE),
    progress: Progress = silent,
) -> tuple[Upright, dict[str, float | int]]:
    """What is fitted on photos learnt from, its limit set on every second photo kept aside, and how it does on the
    others: the share of those called turned as they are, on their side, and on their head."""
    rng = np.random.default_rng(seed)
    ours, others = (_squares(one, count, eye, rng) for one, count in zip((learnt, aside), most, strict=True))
    features, turns = [], []
    for quarters, turn in _QUARTERS:
        features.append(eye.features(turned(ours, quarters)))
        turns.append(np.full(len(ours), turn, np.int32))
        progress("looking at turned photos", quarters + 1, len(_QUARTERS))
    found = Upright.fitted(np.concatenate(features), np.concatenate(turns), eye=eye.version, ridge=_RIDGE)
    sure = 1 - found.chances(eye.features(others[::2]))[:, 0]
    found = found.sure_at(float(np.quantile(sure, 1 - FOR_NOTHING)))
    half = others[1::2]
    said = {quarters: found.is_turned(eye.features(turned(half, quarters))) for quarters, _ in _QUARTERS}
    side = np.concatenate([said[1], said[3]])
    measures = {
        "photos": len(half),
        "upright_called_turned": round(float(said[0].mean()), 4),
        "side_found": round(float(side.mean()), 4),
        "head_found": round(float(said[2].mean()), 4),
    }
    return found, measures


def upright_card(learnt: PhotoCatalogue, aside: PhotoCatalogue) -> dict[str, Any]:
    """What the card says of its data and split."""
    return {
        "trained_on": {"catalogue": f"{min(LEARNT, len(learnt))} photos of fashion/images, turned to all four sides"},
        "split": {"held_out_photos": min(ASIDE, len(aside)), "limit_set_on": "every second of them", "seed": 0},
        "limits": f"Tells {', '.join(TURNS[1:])} of what is worn before a plain background; things without an up "
        "(belts, rings) it leaves alone. It reads the features of one version of the eye, and none of another.",
    }


def _squares(photos: PhotoCatalogue, most: int, eye: Eye, rng: np.random.Generator) -> NDArray[np.uint8]:
    rows = np.sort(rng.permutation(len(photos))[:most])
    return np.asarray(photos.take(rows).photos(eye.config.image_px))
