"""The recipe of the key-point network: which bodies and poses are drawn to learn from, and which are kept to judge by.

Costs    Two to three minutes of drawing, then as long as it is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.studio.bodies.body import body_names
from bottega.models.studio.bodies.poses import pose_names
from bottega.models.studio.key_points.drawn_people import DrawnPeople, draw_people
from bottega.models.studio.key_points.key_points import KeyPointConfig, KeyPointReader
from bottega.models.studio.key_points.network import KeyPointNetwork, KeyPointShape
from bottega.models.studio.key_points.training import KeyPointTraining, fit_key_points
from bottega.progress import Progress, silent

__all__ = [
    "HELD_BODIES",
    "HELD_POSES",
    "LEARNT_BODIES",
    "LEARNT_POSES",
    "PEOPLE",
    "key_points_card",
    "train_key_points",
]

HELD_BODIES = (
    "woman_24", "woman_30_short", "woman_35_large", "woman_70", "man_21_slim", "man_36_large", "man_45", "man_64",
    "girl_11", "boy_8",
)  # fmt: skip
HELD_POSES = (
    "weight_right", "hands_low", "hand_at_chin", "one_arm_up", "strolling", "looking_back", "seated_leg_over",
    "leaning_forward",
)  # fmt: skip
LEARNT_BODIES = tuple(name for name in body_names() if name not in HELD_BODIES)
LEARNT_POSES = tuple(name for name in pose_names() if name not in HELD_POSES)
PEOPLE = 9500
_THINGS, _BESIDE = 0.1, 0.12
"""Shares of them that are nobody, and that have somebody else behind them."""
_EVERY_S = 60.0


def train_key_points(
    *,
    version: str,
    course: Course,
    seed: int = 0,
    device: str = "auto",
    people: int = PEOPLE,
    kept: Path | None = None,
    shape: KeyPointShape | None = None,
    config: KeyPointTraining | None = None,
    progress: Progress = silent,
) -> KeyPointReader:
    """A reader that learnt on so many drawn people; `kept`: where drawn people and a stopped training lie."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    drawn = _people(people, rng, kept, progress)
    network = KeyPointNetwork(shape or KeyPointShape())
    checkpoint = None if kept is None else Checkpoint(kept / "training.pt", rng=rng, every_s=_EVERY_S)
    network = fit_key_points(
        network, drawn, rng=rng, config=config, device=device, course=course, checkpoint=checkpoint, progress=progress
    )
    if checkpoint is not None:
        checkpoint.done()
    return KeyPointReader(KeyPointConfig(version, network.shape), network)


def _people(count: int, rng: np.random.Generator, kept: Path | None, progress: Progress) -> DrawnPeople:
    """Drawn people to learn from; they lie in a file for the next time."""
    file = None if kept is None else kept / f"people-{count}.npz"
    if file is not None and file.exists():
        with np.load(file, allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        return DrawnPeople(**arrays)
    drawn = draw_people(count, LEARNT_BODIES, LEARNT_POSES, rng=rng, things=_THINGS, beside=_BESIDE, progress=progress)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(file, **{name: getattr(drawn, name) for name in DrawnPeople.__dataclass_fields__})
    return drawn


def key_points_card() -> dict[str, Any]:
    """What the card says of the data, what was kept from it, and the limits."""
    drawn = (
        f"label maps of drawn people, {len(LEARNT_BODIES)} bodies in poses made of {len(LEARNT_POSES)}, in clothes at "
        "random (nothing but models/studio/bodies); no photo"
    )
    limits = (
        "It sees what the parser calls a part, and no more: where arms lie before a garment of the same part, or legs "
        "under a long skirt, places are guessed, and the confidence says so. Of several people the largest is read. "
        "People lying down or upside down were never there."
    )
    return {
        "trained_on": {"drawn": drawn},
        "split": {"held_out_bodies": list(HELD_BODIES), "held_out_poses": list(HELD_POSES)},
        "limits": limits,
    }
