"""Trains the rescue of photos, from the beginning or on from where it was stopped; page: rescue.md.

    python benchmarks/rescue_training.py --seconds N [--likely-seconds N] [--start] [--data FOLDER] [--out FOLDER]

Seconds are those of the processor. A checkpoint is written every two minutes and taken up by the same command; what is
finished is `OUT/rescue`, a folder like the one that ships. `--start` begins with the shipped network.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import torch
import typer

from bottega.models.studio.rescue.recipe import train_rescue
from bottega.models.studio.rescue.rescue import Rescue
from bottega.serving.cli.console import bar, guard
from common import DATA


def main(
    seconds: Annotated[float, typer.Option(help="For the mean answer.")] = 60,
    likely_seconds: Annotated[float, typer.Option(help="For the likely one.")] = 60,
    start: Annotated[bool, typer.Option("--start", help="Go on from the shipped network.")] = False,
    data: Annotated[Path, typer.Option(help="Folder of the public data.")] = DATA,
    out: Annotated[Path, typer.Option(help="Where it is written.")] = Path("build"),
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
) -> None:
    """Train both answers, one after the other."""
    folder = out / "rescue"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    with guard(), bar() as progress:
        train_rescue(
            data,
            version=f"rescue-{time.strftime('%Y%m%d')}",
            seed=seed,
            start=Rescue.shipped().mean if start else None,
            seconds=seconds,
            likely_seconds=likely_seconds,
            kept=out,
            progress=progress,
        ).save(folder)
    print(f"{folder} holds both answers; judge it with benchmarks/rescue.py before it ships")


if __name__ == "__main__":
    typer.run(main)
