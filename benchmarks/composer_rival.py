"""Trains the rival of dressed pictures: people drawn by styles from a layout and an outfit; page: composer.md.

    python benchmarks/composer_rival.py --work FOLDER [--seconds N]      stopped, it goes on from there

Seconds are those of the processor, where it learns on one. It learns from the street photos and worn photos that every
training of what ships learns from; those kept aside are only judged by. Nothing that ships draws with it.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.composer.lessons import FramedPeople
from bottega.models.studio.composer.recipe import RIVAL_FRAME, ComposerWork
from bottega.models.studio.composer.style_gan import StyleTraining, fit_style_gan
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import bar, guard
from common import DATA

SEED = 0


def main(
    work: Annotated[Path, typer.Option(help="Folder of the training.")] = Path("composer_work"),
    seconds: Annotated[float, typer.Option(help="In all.")] = 3600,
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    device: str = "auto",
) -> None:
    """Train the rival, or go on with it."""
    torch.set_num_threads(1)
    with guard(), bar() as progress:
        people = ComposerWork(work, data, Parts.shipped().parse_labels)
        lessons = FramedPeople.joined(people.people(RIVAL_FRAME, held_out=False, progress=progress))
        rng = np.random.default_rng(SEED)
        clock = time.process_time if device_of(device) == CPU else time.perf_counter
        course = Course(StyleTraining().steps, seconds, clock=clock)
        network = fit_style_gan(
            lessons,
            rng=rng,
            device=device,
            course=course,
            checkpoint=Checkpoint(work / "rival_training.pt", rng=rng),
            progress=progress,
        )
    torch.save(network.state_dict(), work / "rival.pt")
    told = {"steps": course.step, "seconds": round(course.spent_s), "people": len(lessons)}
    (work / "rival.json").write_text(json.dumps(told), encoding="utf-8")
    print(json.dumps(told))


if __name__ == "__main__":
    typer.run(main)
