"""The recipe of the composer that ships: people of photos, dressed pictures for the critic, and how long.

Idea     People are those of people.py, which no shipped model is judged by; dressed pictures are of product lines that
         are learnt from. A training that was stopped goes on where it was.
Costs    As many seconds as it is told, of the processor's own where it learns on one.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bottega.datasets.photos.kept_aside import HELD_OUT, SPLIT_SEED, STREET_HELD_OUT
from bottega.models.blocks.cards import write_card
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.composer.composer import Composer, ComposerConfig
from bottega.models.studio.composer.lessons import FramedPeople
from bottega.models.studio.composer.network import ComposerShape
from bottega.models.studio.composer.training import ComposerTraining, Features, fit_composer
from bottega.progress import Progress, silent

__all__ = ["train_composer"]


def train_composer(
    photos: FramedPeople,
    features: Features | None,
    folder: Path,
    *,
    drawn: FramedPeople | None = None,
    seed: int = 0,
    seconds: float,
    shape: ComposerShape | None = None,
    config: ComposerTraining | None = None,
    device: str = "auto",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Train a composer, or go on with it, and write it and its card into `folder`/composer; returns its measures."""
    shape, config = shape or ComposerShape(), config or ComposerTraining()
    rng = np.random.default_rng(seed)
    clock = time.process_time if device_of(device) == CPU else time.perf_counter
    course = Course(config.steps, seconds, clock=clock)
    network = fit_composer(
        photos,
        features,
        drawn=drawn,
        rng=rng,
        shape=shape,
        config=config,
        device=device,
        course=course,
        checkpoint=Checkpoint(folder / "composer_training.pt", rng=rng),
        progress=progress,
    )
    made = folder / "composer"
    made.mkdir(parents=True, exist_ok=True)
    version = f"composer-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"
    Composer(ComposerConfig(version, shape=shape), network).save(made)
    street = sum(name.startswith("street/") for name in photos.names)
    measures = {"steps": course.step, "numbers": sum(value.numel() for value in network.parameters())}
    write_card(
        made,
        name="composer",
        version=version,
        trained_on={
            "street": f"parsing/, {street} people of four fifths of its photos, heads hidden",
            "worn": f"fashion/images, {len(photos) - street} worn photos of lines not kept aside, heads hidden",
            "drawn": f"{0 if drawn is None else len(drawn)} dressed pictures of such lines, for the critic alone",
        },
        split={"share": HELD_OUT, "street_share": STREET_HELD_OUT, "seed": SPLIT_SEED},
        seed=seed,
        train_s=course.spent_s,
        device=str(device_of(device)),
        measures=measures,
        threads=torch.get_num_threads(),
        limits="Cloth is lit anew and edges are coloured; folds of the outline, faces and hands stay as geometry drew.",
    )
    return measures | {"seconds": round(course.spent_s)}
