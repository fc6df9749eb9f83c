"""Trains the rescue of photos, from the beginning or on from where it was stopped; page: rescue.md.

    python benchmarks/rescue_training.py --seconds N [--likely-seconds N] [--start] [--data FOLDER] [--out FOLDER]

Seconds are those of the processor. A checkpoint is written every two minutes and taken up by the same command; what is
finished is `OUT/rescue`, a folder like the one that ships. `--start` begins with the shipped network.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.studio.rescue.network import RescueNetwork, RescueShape
from bottega.models.studio.rescue.recipe import blended, rescue_material
from bottega.models.studio.rescue.rescue import Rescue, RescueConfig
from bottega.models.studio.rescue.training import fit_likely, fit_mean
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
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    with guard(), bar() as progress:
        network = Rescue.shipped().mean if start else RescueNetwork(RescueShape())
        material = rescue_material(data, seed=seed, progress=progress)
        mean_kept = Checkpoint(out / "mean.pt", rng=rng)
        mean = fit_mean(network, material, rng=rng, seconds=seconds, checkpoint=mean_kept, progress=progress)
        likely = RescueNetwork(network.shape)
        likely.load_state_dict(mean.state_dict())
        likely_kept = Checkpoint(out / "likely.pt", rng=rng)
        fit_likely(likely, material, rng=rng, seconds=likely_seconds, checkpoint=likely_kept, progress=progress)
        folder = out / "rescue"
        folder.mkdir(parents=True, exist_ok=True)
        Rescue(RescueConfig(f"rescue-{time.strftime('%Y%m%d')}", network.shape), mean, blended(mean, likely)).save(
            folder
        )
        for one in (mean_kept, likely_kept):
            one.done()
    print(f"{folder} holds both answers; judge it with benchmarks/rescue.py before it ships")


if __name__ == "__main__":
    typer.run(main)
