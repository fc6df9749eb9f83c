"""Trains the judge of pictures and measures it: what it tells of photos kept aside, and how the fences stand.

    python benchmarks/judge.py train --work FOLDER [--seconds N]     stopped, it goes on from there
    python benchmarks/judge.py measure --work FOLDER                 writes the card; --ship puts it into the package
    python benchmarks/judge.py measure [--ship]                      the judge that ships, its card written anew

The seconds are the processor's own, where it learns on one. Photos are those of --data (fashion/, with medium.zip and
small.zip); the lines that every training of what ships keeps aside are only measured on.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import torch
import typer

from bottega.datasets.photos.small_photos import small_photos
from bottega.evaluation.studio_figures import judge_the_judge
from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.judge import PX, Judge
from bottega.models.judge.recipe import LARGER_PX, SEED, judge_card, train_judge
from common import DATA, progress_lines

app = typer.Typer(add_completion=False, help=__doc__)
Work = Annotated[Path, typer.Option(help="Folder of the training.")]
Data = Annotated[Path, typer.Option(help="Folder of the public data sets.")]


@app.command()
def train(work: Work, data: Data = DATA, seconds: float = 1800, device: str = "auto", threads: int = 1) -> None:
    """Train a judge, or go on with it."""
    torch.set_num_threads(threads)
    photos = small_photos(data / "fashion", PX, kept=work / "photos", progress=progress_lines())
    larger = small_photos(data / "fashion", LARGER_PX, files=(), kept=work / "photos", progress=progress_lines())
    version = f"judge-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"
    kept = work / "training.pt"
    judge = train_judge(
        photos, larger, version=version, device=device, seconds=seconds, kept=kept, progress=progress_lines()
    )
    judge.save(work)
    (work / "trained.json").write_text(json.dumps({"train_s": seconds, "device": device}))


@app.command()
def measure(
    work: Annotated[Path | None, typer.Option(help="Folder of the training; the shipped judge where absent.")] = None,
    data: Data = DATA,
    kept: Annotated[Path | None, typer.Option("--photos", help="Folder of photos decoded before, or for now.")] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Write it and its card into the package.")] = False,
) -> None:
    """Measure a judge on photos kept aside, and write its card: beside what was trained, with --ship in the package."""
    there = shipped_folder("judge", "judge")
    if kept is None and work is not None:
        kept = work / "photos"
    photos = small_photos(data / "fashion", PX, kept=kept, progress=progress_lines())
    judge = Judge.load(work or there)
    measures, met = judge_the_judge(photos, judge, progress=progress_lines())
    trained = read_card(there) if work is None else json.loads((work / "trained.json").read_text())
    folders = ([] if work is None else [work]) + [there] * ship
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if folder != (work or there):
            judge.save(folder)
        write_card(
            folder,
            name="judge",
            version=judge.version,
            seed=SEED,
            train_s=trained["train_s"],
            device="cpu" if trained["device"] == "auto" else trained["device"],
            measures=measures,
            bars=met,
            **judge_card(photos),
        )
    typer.echo(json.dumps({"version": judge.version, "measures": measures, "bars": met}, indent=2))


if __name__ == "__main__":
    app()
