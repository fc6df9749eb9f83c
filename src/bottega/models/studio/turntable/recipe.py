"""The recipe of the turntable: things are rendered, shape is learnt, other things are turned by it, views are mended.

Idea     The second network learns from things that the first has not seen, so that it meets reliefs as faulty as they
         will be in use.
Costs    A minute a 3,000 things; each network as long as it is told.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.turntable.calibration import (
    CHECKED,
    calibrated,
    calibration_lessons,
    rule_lessons,
    staying_found,
    staying_lessons,
)
from bottega.models.studio.turntable.lessons import TurnLessons, made_lessons
from bottega.models.studio.turntable.made_kinds import HELD_OUT, LEARNT
from bottega.models.studio.turntable.network import NetworkShape
from bottega.models.studio.turntable.training import Teaching, fit_relief, fit_views, told_views
from bottega.models.studio.turntable.turntable import Networks, Turntable, TurntableConfig
from bottega.progress import Progress, silent

__all__ = ["SECONDS", "THINGS", "train_turntable", "turntable_card"]

THINGS = (15_000, 5_000, 240)
"""Things that shape is learnt from, those that views are mended of, and those that trust is found with; as many as the
last for what stays, and a sixth of it for each rule."""
SECONDS = (800.0, 500.0)
"""Seconds that each network of what ships learnt for."""


def train_turntable(
    kept: Path,
    *,
    version: str,
    seed: int = 0,
    seconds: tuple[float, float] | None = SECONDS,
    things: tuple[int, int, int] = THINGS,
    shape: NetworkShape | None = None,
    device: str = "auto",
    progress: Progress = silent,
) -> Turntable:
    """Both networks; rendered things and the first network lie in the folder `kept`, for a training that goes on."""
    kept.mkdir(parents=True, exist_ok=True)
    networks = Networks(shape or NetworkShape())
    clock = time.process_time if device_of(device) == CPU else time.perf_counter
    teaching = Teaching()

    def course(which: int) -> Course:
        return Course(teaching.steps, None if seconds is None else seconds[which], clock=clock)

    torch.manual_seed(seed)
    first = kept / "relief.pt"
    if not first.exists():
        lessons = _lessons(kept / "shapes.npz", things[0], seed + 1, progress)
        rng = np.random.default_rng(seed)
        fit_relief(networks.relief, lessons, tuple(LEARNT), rng=rng, course=course(0), device=device, progress=progress)
        torch.save(networks.relief.state_dict(), first)
    networks.relief.load_state_dict(torch.load(first, weights_only=True))
    lessons = _lessons(kept / "views.npz", things[1], seed + 2, progress)
    views = told_views(networks.relief.eval(), lessons, progress=progress)
    rng = np.random.default_rng(seed + 3)
    fit_views(networks.view, lessons, views, rng=rng, course=course(1), device=device, progress=progress)
    found = Turntable(TurntableConfig(tuple(LEARNT), version, networks.shape), networks)
    found = staying_found(found, staying_lessons(things[2], seed + 4), progress=progress)
    rules = rule_lessons(things[2] // 6, seed + 6)
    return calibrated(found, calibration_lessons(things[2], seed + 4), rules, progress=progress)


def turntable_card(shapes: int, views: int, trust: int) -> dict[str, dict[str, Any]]:
    """What the card says of what was learnt from."""
    return {
        "trained_on": {
            "made-up things": f"{shapes + views} solids of {len(LEARNT)} kinds ({', '.join(LEARNT)}), rendered here by "
            f"made_kinds.py, made_looks.py and made_views.py; {trust} more for how far turns may be trusted, a third "
            f"of them of the kinds {' and '.join(CHECKED)}, {trust} for what of round things stays, half of them "
            f"fruit, and {trust // 6} for each rule. No photo of anything."
        },
        "split": {"kinds_held_out": list(HELD_OUT), "of_them_trust_was_found_with": list(CHECKED)},
    }


def _lessons(path: Path, count: int, seed: int, progress: Progress) -> TurnLessons:
    """Rendered things, from their file where they were rendered before."""
    if not path.exists():
        made_lessons(count, np.random.default_rng(seed), progress=progress).save(path)
    return TurnLessons.load(path)
