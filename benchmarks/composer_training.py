"""Trains the composer of dressed pictures, from the beginning or on from where it was stopped; page: composer.md.

    python benchmarks/composer_training.py --work FOLDER [--seconds N] [--outfits N]

The same recipe as `make weights` has, in a folder that composer.py judges in as well. Seconds are those of the
processor, where it learns on one. What is finished is `FOLDER/composer`, like the one that ships.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import torch
import typer

from bottega.models.blocks.cards import write_card
from bottega.models.blocks.device import device_of
from bottega.models.studio.composer.recipe import FRAME, OUTFITS, SECONDS, ComposerWork, composer_card
from bottega.models.studio.composer.training import ComposerTraining
from bottega.models.vision.parts.early_maps import early_maps
from bottega.models.vision.parts.parser import Parts
from bottega.serving.cli.console import bar, guard
from common import DATA


def main(
    work: Annotated[Path, typer.Option(help="Folder of the training.")] = Path("composer_work"),
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    seconds: Annotated[float, typer.Option(help="In all.")] = SECONDS,
    outfits: Annotated[int, typer.Option(help="Dressed pictures for the critic.")] = OUTFITS,
    critic: Annotated[float, typer.Option(help="Weight of the critic's opinion.")] = ComposerTraining().critic,
    device: str = "auto",
) -> None:
    """Train the composer, or go on with it."""
    torch.set_num_threads(1)
    parser = Parts.shipped()
    making = ComposerWork(work, data, parser.parse_labels, outfits=outfits)
    version = f"composer-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"
    made = work / "composer"
    with guard(), bar() as progress:
        photos = making.people(FRAME, held_out=False, progress=progress)
        drawn = making.drawn(progress=progress)
        composer, course = making.train(
            photos,
            drawn,
            early_maps(parser),
            version=version,
            seconds=seconds,
            config=ComposerTraining(critic=critic),
            device=device,
            progress=progress,
        )
    made.mkdir(parents=True, exist_ok=True)
    composer.save(made)
    write_card(
        made,
        name="composer",
        version=version,
        seed=making.seed,
        train_s=course.spent_s,
        device=str(device_of(device)),
        measures={"steps": course.step},
        threads=torch.get_num_threads(),
        **composer_card(photos, drawn),
    )
    print(json.dumps({"steps": course.step, "seconds": round(course.spent_s)}))


if __name__ == "__main__":
    typer.run(main)
